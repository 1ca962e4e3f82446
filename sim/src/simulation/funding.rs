use anyhow::{Context, Result};
use joulebook_units::{Atoms, MILLI_ATOMS_PER_ATOM};

use super::{scenario::Reserve, Party, Venue};

/// What a party has brought into the market, and how much it keeps there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funding {
    who: Party,
    reserve: Reserve,
    pub deposited: Atoms,
}

impl Funding {
    pub fn new(who: Party, reserve: Reserve) -> Funding {
        Funding {
            who,
            reserve,
            deposited: Atoms(0),
        }
    }

    /// Deposits when the free money has fallen below the reserve, or there is debt: so much more that it is not needed every
    /// time.
    ///
    /// # Errors
    /// Those of the venue, or amounts that do not fit 64 bits.
    pub fn top_up(&mut self, venue: &mut impl Venue) -> Result<()> {
        let balance = venue.balance(self.who)?;
        let free = balance.free.whole_atoms().0;
        let debt = balance.debt.0.div_ceil(MILLI_ATOMS_PER_ATOM);
        if free >= self.reserve.least.0 && debt == 0 {
            return Ok(());
        }
        let amount = self
            .reserve
            .full
            .0
            .saturating_sub(free)
            .saturating_add(debt);
        venue.deposit(self.who, Atoms(amount))?;
        let deposited = self.deposited.0.checked_add(amount);
        self.deposited = Atoms(deposited.context("the deposits add up to more than 64 bits hold")?);
        Ok(())
    }
}
