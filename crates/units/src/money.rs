use core::ops::Mul;

use crate::{Price, Wh, WhSum};

/// Milli-atoms in one quote atom.
pub const MILLI_ATOMS_PER_ATOM: u64 = 1000;

/// Whole atoms of the quote token, as the SPL token counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Atoms(pub u64);

/// Money with a sign, in thousandths of a quote atom: what somebody pays, or, below zero, receives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetMilliAtoms(pub i64);

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

impl NetMilliAtoms {
    pub const ZERO: NetMilliAtoms = NetMilliAtoms(0);

    /// The size of the amount, whoever pays it.
    pub fn magnitude(self) -> MilliAtoms {
        MilliAtoms(self.0.unsigned_abs())
    }

    /// What is paid; nothing if it is received.
    #[inline(always)]
    pub fn paid(self) -> MilliAtoms {
        MilliAtoms(self.0.max(0).unsigned_abs())
    }

    /// What is received; nothing if it is paid.
    #[inline(always)]
    pub fn received(self) -> MilliAtoms {
        MilliAtoms(self.0.min(0).unsigned_abs())
    }

    /// `None` on overflow.
    pub fn checked_add(self, other: NetMilliAtoms) -> Option<NetMilliAtoms> {
        self.0.checked_add(other.0).map(NetMilliAtoms)
    }

    /// `None` on overflow.
    pub fn checked_sub(self, other: NetMilliAtoms) -> Option<NetMilliAtoms> {
        self.0.checked_sub(other.0).map(NetMilliAtoms)
    }
}

impl Mul<Price> for Wh {
    type Output = NetMilliAtoms;

    /// Exact, and never overflows: the factors have 32 and 31 bits.
    #[inline(always)]
    fn mul(self, price: Price) -> NetMilliAtoms {
        // Fits; a checked product with a sign is dear on chain.
        NetMilliAtoms(i64::from(self.0).wrapping_mul(i64::from(price.0)))
    }
}

impl WhSum {
    /// The value of this energy at `price`, exactly; `None` on overflow.
    #[inline(always)]
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "energy times price never overflows"
    )]
    pub fn value(self, price: Price) -> Option<NetMilliAtoms> {
        // A checked product of 64 bits is dear on chain, and nearly every sum fits 32.
        match u32::try_from(self.0) {
            Ok(wh) => Some(Wh(wh) * price),
            Err(_) => i64::try_from(self.0)
                .ok()?
                .checked_mul(i64::from(price.0))
                .map(NetMilliAtoms),
        }
    }
}
