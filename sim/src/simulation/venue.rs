use anyhow::Result;
use joulebook_metering::register::Registers;
use joulebook_units::{Atoms, MilliAtoms, Price, UnixTime, WhSum};

use crate::{
    auction::{AuctionResult, TickOrder},
    AccountRent, Payouts,
};

/// Where a market runs. A venue is made from a [`super::Scenario`]: the community is registered, its
/// meters show zero at the scenario's start, every party has a seat without money, and the clock shows that
/// start. Windows are named by their start, households by their place in the scenario.
///
/// Every method fails if the market refuses; the error says what was tried and the market's reason.
pub trait Venue {
    /// The accounts that the market keeps, and the rent they lock.
    fn account_rents(&self) -> Vec<AccountRent>;

    /// Sets the clock, which never goes back.
    fn advance_to(&mut self, time: UnixTime) -> Result<()>;

    /// A party's money in the market.
    fn balance(&mut self, who: Party) -> Result<SeatBalance>;

    /// Gives a party tokens and deposits them.
    fn deposit(&mut self, who: Party, amount: Atoms) -> Result<()>;

    /// Opens a window for orders.
    fn open(&mut self, window: UnixTime) -> Result<()>;

    /// Places a household's orders, all in one instruction.
    fn place(&mut self, household: usize, window: UnixTime, orders: &[TickOrder]) -> Result<()>;

    /// Clears and allocates a window to the end. The fills are in the sequence in which the window's
    /// orders were placed.
    fn clear(&mut self, window: UnixTime) -> Result<Allocation>;

    /// Has every household's device sign its registers at `boundary` and delivers the readings; returns
    /// how many were counted.
    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64>;

    /// Settles a window to the end.
    fn settle(&mut self, window: UnixTime) -> Result<Settlement>;

    /// Withdraws all that a household has and closes its seat; returns what its wallet received.
    fn leave(&mut self, household: usize) -> Result<Atoms>;

    /// Closes the market: the other parties withdraw what they have, the authority the fees, and the rent
    /// goes back to who paid it. The last step.
    fn close(&mut self) -> Result<Payouts>;

    /// What the ledger says it owes, and what the vault holds.
    fn ledger(&mut self) -> Result<LedgerTotals>;

    /// Looks at everything that the market keeps, and says the first thing that does not add up.
    fn audit(&mut self) -> Result<(), String>;

    /// What all transactions so far have cost.
    fn cost(&self) -> Cost;
}

/// Who has a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    Household(usize),
    /// The other side of every imbalance.
    Supplier,
    /// Receives the grid fees.
    GridOperator,
}

/// Money of one seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SeatBalance {
    pub free: MilliAtoms,
    pub locked: MilliAtoms,
    /// Owed to the supplier.
    pub debt: MilliAtoms,
}

/// A window's auction, as the market held it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allocation {
    /// `None` if nothing traded.
    pub price: Option<Price>,
    pub result: AuctionResult,
}

/// The energy that a window was settled with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    pub imported: WhSum,
    pub exported: WhSum,
}

/// Both sides of the ledger's balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerTotals {
    /// Free and locked money of all seats, escrow and fees.
    pub owed: MilliAtoms,
    pub vault: Atoms,
}

/// What running the market cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    pub transactions: u64,
    pub compute_units: u64,
    /// Transaction fees, without rent.
    pub lamports: u64,
}

impl Cost {
    /// What came on top of `before`.
    pub fn since(self, before: Cost) -> Cost {
        Cost {
            transactions: self.transactions.saturating_sub(before.transactions),
            compute_units: self.compute_units.saturating_sub(before.compute_units),
            lamports: self.lamports.saturating_sub(before.lamports),
        }
    }
}
