use anyhow::Result;
use joulebook_client::order_packing::OrderBytes;
use joulebook_metering::register::Registers;
use joulebook_strategy::{StandingOrder, ENTERED};
use joulebook_units::{Atoms, MilliAtoms, Price, UnixTime, WhSum};

use super::{totals::Flow, Costs};
use crate::{
    auction::{AuctionResult, TickOrder},
    AccountRent, Payouts,
};

/// Where a market runs. A venue is made from a [`super::Scenario`]: the community is registered, its
/// meters are in service at the scenario's start and show zero, every party has a seat without money, and the clock
/// shows that start. Windows are named by their start, households by their place in the scenario.
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

    /// Places a household's orders, all in one instruction.
    fn place(&mut self, household: usize, window: UnixTime, orders: &[TickOrder]) -> Result<()>;

    /// Has every household name one delegate for all of them, who enters their standing orders from now on.
    fn name_delegate(&mut self) -> Result<()>;

    /// Bytes that the delegate's orders take of a transaction.
    fn order_bytes(&self) -> OrderBytes;

    /// Places households' orders, in that sequence, by their delegate, in as few transactions as they fit into.
    fn place_as_delegate(
        &mut self,
        window: UnixTime,
        orders: &[(usize, Vec<TickOrder>)],
    ) -> Result<()>;

    /// Enters a household's standing orders in the place of those that it had.
    fn enter_standing_orders(
        &mut self,
        household: usize,
        orders: &[Option<StandingOrder>; ENTERED],
    ) -> Result<()>;

    /// Has every household's device sign its registers at `boundary` and delivers the readings; returns
    /// how many were counted.
    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64>;

    /// Has every household's device sign what flowed in the last intervals up to `boundary`, which are all on one page, oldest
    /// first, and delivers that; returns how many households' were counted.
    fn deliver_profiles(&mut self, boundary: UnixTime, flows: &[Vec<Flow>]) -> Result<u64>;

    /// Does all that is due now: opens windows of the scenario for orders, applies standing orders, clears and allocates those whose gate has
    /// closed, settles what meters have told, makes pages final that take no more values.
    fn keep(&mut self) -> Result<()>;

    /// The auction of a window that was just allocated. The fills are in the sequence in which its orders were placed.
    fn allocation(&mut self, window: UnixTime) -> Result<Allocation>;

    /// What a window was settled with, before its page is final.
    fn settlement(&mut self, window: UnixTime) -> Result<Settlement>;

    /// Lets the time pass in which values can still come, and makes all pages final.
    fn finish(&mut self) -> Result<()>;

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
    fn costs(&self) -> Costs;
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

/// The energy that a window was settled with, and how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settlement {
    pub imported: WhSum,
    pub exported: WhSum,
    /// Households whose contracts no meter has confirmed.
    pub unconfirmed: u64,
}

/// Both sides of the ledger's balance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LedgerTotals {
    /// Free and locked money of all seats, escrow and fees.
    pub owed: MilliAtoms,
    pub vault: Atoms,
}
