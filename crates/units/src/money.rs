use core::ops::Mul;

use crate::{Price, Wh, WhSum};

/// Milli-atoms in one quote atom.
pub const MILLI_ATOMS_PER_ATOM: u64 = 1000;

/// Whole atoms of the quote token, as the SPL token counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atoms(pub u64);

/// Money inside the ledger: thousandths of a quote atom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct MilliAtoms(pub u64);

impl Atoms {
    /// `None` on overflow.
    pub fn to_milli(self) -> Option<MilliAtoms> {
        self.0.checked_mul(MILLI_ATOMS_PER_ATOM).map(MilliAtoms)
    }
}

impl MilliAtoms {
    pub const ZERO: MilliAtoms = MilliAtoms(0);

    /// Whole atoms, the rest left behind.
    pub fn whole_atoms(self) -> Atoms {
        Atoms(self.0 / MILLI_ATOMS_PER_ATOM)
    }

    /// `None` on overflow.
    pub fn checked_add(self, other: MilliAtoms) -> Option<MilliAtoms> {
        self.0.checked_add(other.0).map(MilliAtoms)
    }

    /// `None` if `other` is larger.
    pub fn checked_sub(self, other: MilliAtoms) -> Option<MilliAtoms> {
        self.0.checked_sub(other.0).map(MilliAtoms)
    }
}

impl Mul<Price> for Wh {
    type Output = MilliAtoms;

    /// Exact, and never overflows: both factors have 32 bits.
    #[expect(clippy::arithmetic_side_effects, reason = "two factors of 32 bits")]
    fn mul(self, price: Price) -> MilliAtoms {
        MilliAtoms(u64::from(self.0) * u64::from(price.0))
    }
}

impl WhSum {
    /// The value of this energy at `price`, exactly; `None` on overflow.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "energy times price never overflows"
    )]
    pub fn value(self, price: Price) -> Option<MilliAtoms> {
        // A checked product of 64 bits is dear on chain, and nearly every sum fits 32.
        match u32::try_from(self.0) {
            Ok(wh) => Some(Wh(wh) * price),
            Err(_) => self.0.checked_mul(u64::from(price.0)).map(MilliAtoms),
        }
    }
}
