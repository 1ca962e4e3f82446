use anchor_lang::{prelude::*, Discriminator};
use joulebook_common::counted_by;
use joulebook_layout::market::{Ledger, Market};

use crate::state::{DelegateBounds, ImbalancePrices, MarketTerms, OrderRef, WindowPrices};

counted_by! {
    Market:
        MarketCreated, TermsChanged, TariffChanged, MarketEnds, MarketClosed, ProgramAdmitted, ProgramRetired;
    Ledger:
        PageOpened, PricesPosted, SeatOpened, SeatClosed, DelegateChanged, Deposited, Withdrawn, PaidOut, FeesWithdrawn, SurplusSwept,
        Held, Released, Captured, TakenBack, StandingOrdersSet, StandingOrdersPlaced,
        OrdersPlaced, OrdersCancelled, OrdersAllocated, WindowAllocated, PositionsSettled,
        SeatsFinal, PageFinished, ClaimIncurred, ClaimsPaid, DebtIncurred, DebtsPaid, OwingSetOff,
        KeeperRewarded, SupplierReplaced, OwingDropped;
}

/// What an event that is encoded by hand starts with.
pub fn discriminator<T: Discriminator>() -> [u8; 8] {
    T::DISCRIMINATOR.try_into().unwrap_or_default()
}

#[event]
pub struct MarketCreated {
    pub market: Pubkey,
    pub number: u64,
    pub community: Pubkey,
    pub quote_mint: Pubkey,
}

#[event]
pub struct TermsChanged {
    pub market: Pubkey,
    pub number: u64,
    /// Start of the first window that they hold for.
    pub from: i64,
    pub terms: MarketTerms,
}

#[event]
pub struct TariffChanged {
    pub market: Pubkey,
    pub number: u64,
    /// Start of the first window that it holds for.
    pub from: i64,
    /// Whether the half hours are those of working days.
    pub working_day: bool,
    pub first_half_hour: u8,
    pub entries: Vec<ImbalancePrices>,
}

/// Prices of consecutive windows, from the one that starts at `window` on.
#[event]
pub struct PricesPosted {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub prices: Vec<WindowPrices>,
}

#[event]
pub struct MarketEnds {
    pub market: Pubkey,
    pub number: u64,
    /// No page that starts then or later is opened, unix seconds.
    pub ends_at: i64,
}

#[event]
pub struct MarketClosed {
    pub market: Pubkey,
    pub number: u64,
}

#[event]
pub struct SeatOpened {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    pub owner: Pubkey,
}

#[event]
pub struct SeatClosed {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    pub owner: Pubkey,
}

#[event]
pub struct DelegateChanged {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    /// All zero for nobody.
    pub delegate: Pubkey,
    pub bounds: DelegateBounds,
}

#[event]
pub struct Deposited {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    /// What arrived in the vault, atoms.
    pub amount: u64,
    /// Of it, what paid debt, milli-atoms.
    pub debt_paid: u64,
}

#[event]
pub struct Withdrawn {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    /// What left the vault, atoms.
    pub amount: u64,
    /// Debt paid first, milli-atoms.
    pub debt_paid: u64,
}

/// What a seat of an ended market had went to its owner.
#[event]
pub struct PaidOut {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    pub owner: Pubkey,
    /// Atoms.
    pub amount: u64,
}

#[event]
pub struct FeesWithdrawn {
    pub market: Pubkey,
    pub number: u64,
    /// Atoms.
    pub amount: u64,
}

#[event]
pub struct SurplusSwept {
    pub market: Pubkey,
    pub number: u64,
    /// Tokens that someone sent to the vault directly, now fees, milli-atoms.
    pub amount: u64,
}

#[event]
pub struct ProgramAdmitted {
    pub market: Pubkey,
    pub number: u64,
    pub program: Pubkey,
    /// Signs for the program.
    pub signer: Pubkey,
}

#[event]
pub struct ProgramRetired {
    pub market: Pubkey,
    pub number: u64,
    pub program: Pubkey,
    /// When the program can capture no more, and anyone may give back what it still holds, unix seconds.
    pub ends_at: i64,
}

/// Not numbered: it says that an account is gone, which is plain to see.
#[event]
pub struct AdmissionClosed {
    pub market: Pubkey,
    pub program: Pubkey,
}

#[event]
pub struct Held {
    pub market: Pubkey,
    pub number: u64,
    pub program: Pubkey,
    pub seat: u16,
    /// What it holds more, milli-atoms.
    pub amount: u64,
}

#[event]
pub struct Released {
    pub market: Pubkey,
    pub number: u64,
    pub program: Pubkey,
    /// Which held it, and has it back.
    pub seat: u16,
    /// Milli-atoms.
    pub amount: u64,
    /// Of it, what paid debt, milli-atoms.
    pub debt_paid: u64,
}

#[event]
pub struct Captured {
    pub market: Pubkey,
    pub number: u64,
    pub program: Pubkey,
    /// Which held it.
    pub seat: u16,
    /// Which has it now.
    pub to_seat: u16,
    /// Milli-atoms.
    pub amount: u64,
    /// Of it, what paid debt of the seat that has it now, milli-atoms.
    pub debt_paid: u64,
}

/// What was held for a retired program went back without its signature.
#[event]
pub struct TakenBack {
    pub market: Pubkey,
    pub number: u64,
    pub program: Pubkey,
    /// Which held it, and has it back.
    pub seat: u16,
    /// Milli-atoms.
    pub amount: u64,
    /// Of it, what paid debt, milli-atoms.
    pub debt_paid: u64,
}

/// Not numbered: it says that an account is gone, which is plain to see.
#[event]
pub struct HoldClosed {
    pub market: Pubkey,
    pub program: Pubkey,
    pub seat: u16,
}

/// Encoded by hand in `place_orders`: the struct is what clients decode.
#[event]
pub struct OrdersPlaced {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub seat: u16,
    /// Keeps the orders on a multiple of their own length.
    pub reserved: u16,
    pub orders: Vec<PlacedOrder>,
}

#[derive(Clone, Copy, Debug, AnchorSerialize, AnchorDeserialize)]
pub struct PlacedOrder {
    /// Wh.
    pub quantity: u32,
    pub tick: u16,
    pub client_id: u16,
    /// 0 buy, 1 sell.
    pub side: u8,
    pub node: u8,
    pub reserved: u16,
    pub index: u16,
    pub sequence: u16,
}

#[event]
pub struct OrdersCancelled {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub seat: u16,
    pub orders: Vec<OrderRef>,
}

/// Not numbered: what it says stands in the book until the window is allocated, its prices in the page.
#[event]
pub struct WindowOpened {
    pub market: Pubkey,
    pub window: i64,
    pub slot: u16,
    pub gate: i64,
    /// Imbalance prices, quote atoms per kWh.
    pub short: i32,
    pub long: i32,
}

/// Not numbered: what it says stands in the book until the window is allocated, and then in the page and the history.
#[event]
pub struct WindowCleared {
    pub market: Pubkey,
    pub window: i64,
    /// Wh.
    pub volume: u64,
    /// Quote atoms per kWh; 0 if nothing traded.
    pub price: i32,
    /// The clearing interval, ticks.
    pub low: u16,
    pub high: u16,
}

#[event]
pub struct OrdersAllocated {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    /// Order slots `from` to before `to` have their fills now.
    pub from: u16,
    pub to: u16,
    pub done: bool,
}

/// A window's contracts are in its page.
#[event]
pub struct WindowAllocated {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    /// Wh.
    pub volume: u64,
    /// Quote atoms per kWh; 0 if nothing traded.
    pub price: i32,
    /// Milli-atoms.
    pub grid_fees: u64,
    pub market_fees: u64,
}

#[event]
pub struct PageOpened {
    pub market: Pubkey,
    pub number: u64,
    /// Start of its first window.
    pub page: i64,
    pub slot: u16,
}

/// Which places of a seat have a standing order now, a bit for each.
#[event]
pub struct StandingOrdersSet {
    pub market: Pubkey,
    pub number: u64,
    pub seat: u16,
    pub entered: u8,
    /// The owner or the delegate.
    pub by: Pubkey,
}

/// Standing orders of these seats were placed; the book has them.
#[event]
pub struct StandingOrdersPlaced {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub first_seat: u16,
    pub seats: u16,
    pub orders: u16,
    /// Wh that buys are for.
    pub bought: u64,
    /// Wh that sells are for.
    pub sold: u64,
}

/// Positions of these windows and seats were brought in line with what is known of their meters.
#[event]
pub struct PositionsSettled {
    pub market: Pubkey,
    pub number: u64,
    pub page: i64,
    pub first_window: u16,
    pub windows: u16,
    pub first_seat: u16,
    pub seats: u16,
}

/// Positions of the seats `from` to before `to` change no more.
#[event]
pub struct SeatsFinal {
    pub market: Pubkey,
    pub number: u64,
    pub page: i64,
    pub from: u16,
    pub to: u16,
}

#[event]
pub struct PageFinished {
    pub market: Pubkey,
    pub number: u64,
    pub page: i64,
}

/// Encoded by hand: the struct is what clients decode.
/// The supplier could not pay the seat this much of what it owes it, milli-atoms.
#[event]
pub struct ClaimIncurred {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub seat: u16,
    pub amount: u64,
}

/// `amount`: what the supplier paid of the claims on it; `left`: what it still owes, milli-atoms.
#[event]
pub struct ClaimsPaid {
    pub market: Pubkey,
    pub number: u64,
    pub amount: u64,
    pub left: u64,
}

/// `amount`: what each of the two suppliers owes the other less, by itself or by seats between them, milli-atoms: it would have
/// gone round.
#[event]
pub struct OwingSetOff {
    pub market: Pubkey,
    pub number: u64,
    pub amount: u64,
}

/// `amount`: what seats paid of their debts when somebody asked for it, milli-atoms.
#[event]
pub struct DebtsPaid {
    pub market: Pubkey,
    pub number: u64,
    pub amount: u64,
}

/// From the page that starts at `from` on, or the next one that is opened, `supplier` is the other side of every imbalance;
/// before that it is `former`.
#[event]
pub struct SupplierReplaced {
    pub market: Pubkey,
    pub number: u64,
    pub former: u16,
    pub supplier: u16,
    pub from: i64,
}

/// What seats owed a former supplier, `debts`, and it them, `claims`, was dropped 92 days after its last page became final,
/// milli-atoms.
#[event]
pub struct OwingDropped {
    pub market: Pubkey,
    pub number: u64,
    pub supplier: u16,
    pub debts: u64,
    pub claims: u64,
}

/// Encoded by hand: the struct is what clients decode.
#[event]
pub struct DebtIncurred {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub seat: u16,
    /// Milli-atoms.
    pub amount: u64,
}

#[event]
pub struct KeeperRewarded {
    pub market: Pubkey,
    pub number: u64,
    pub window: i64,
    pub seat: u16,
    /// Milli-atoms.
    pub amount: u64,
}
