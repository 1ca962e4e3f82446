//! Accounts of the market: orders, contracts and money.

mod book;
mod door;
mod history;
mod ledger;
#[allow(
    clippy::module_inception,
    reason = "the account is called as the program is"
)]
mod market;
mod order;
mod page;
mod phase;
mod position;
mod standing_orders;

pub use book::{block_count, Book, BookRows, BookSeat, Level, NodeState, Ration, TICKS_PER_BLOCK};
pub use door::{Admission, SeatHold};
pub use history::{History, HistoryRecord};
pub use ledger::{DelegateBounds, Ledger, Owing, Seat, SeatStatus, Supplier};
pub use market::{DayTariff, ImbalancePrices, Market, MarketTerms, WindowPrices};
pub use order::{NewOrder, Order, OrderRef, OrderState, Side};
pub use page::{Page, PageRows, PageWindow, WindowStatus};
pub use phase::{Phase, Standing, Transition};
pub use position::{Position, PositionStatus};
pub use standing_orders::{
    LimitKind, QuantityKind, StandingOrder, StandingOrders, StandingOutcome, StandingRule,
    StandingSeat,
};

use crate::describe::Interface;

/// Address rules; each address is that of the program and these seeds.
pub mod seeds {
    seeds! {
        /// `["market", community, number as u16 little endian]`: one market at a time settles a community's meters.
        pub const MARKET = b"market";
        /// `["vault", market]`
        pub const VAULT = b"vault";
        /// `["ledger", market]`
        pub const LEDGER = b"ledger";
        /// `["history", market]`
        pub const HISTORY = b"history";
        /// `["standing", market]`
        pub const STANDING = b"standing";
        /// `["book", market, slot as u16 little endian]`; that of the window that starts at t is in slot
        /// (t / length) mod books.
        pub const BOOK = b"book";
        /// `["page", market, slot as u16 little endian]`; that of the window that starts at t is in slot
        /// (t / (length · page_windows)) mod pages.
        pub const PAGE = b"page";
        /// `["admission", market, program]`
        pub const ADMISSION = b"admission";
        /// `["hold", admission, seat as u16 little endian]`
        pub const HOLD = b"hold";
        /// `["joulebook", market]` under the admitted program, not under the market; no account is there
        pub const PROGRAM_SIGNER = b"joulebook";
    }
}

pub mod limits {
    limits! {
        /// The shortest delivery window, seconds.
        pub const MIN_WINDOW_SECONDS: u32 = 60;
        /// The longest delivery window, seconds.
        pub const MAX_WINDOW_SECONDS: u32 = 86_400;
        /// Slots that a book ring has at least.
        pub const MIN_BOOKS: u16 = 2;
        /// Slots that a book ring can have.
        pub const MAX_BOOKS: u16 = 1024;
        /// Positions that one instruction settles, or makes final, at most: what is known of them must fit the memory of a
        /// program, and each may end in a debt or a claim that is reported.
        pub const MAX_SETTLED: u16 = 1024;
        /// Seats that one instruction makes final at most.
        pub const MAX_FINAL_SEATS: u16 = 64;
        /// Entries of meters that one instruction makes final at most, but for those of one seat; one less for each two meters
        /// that the table has.
        pub const MAX_FINAL_ENTRIES: u16 = 4096;
        /// Debts and claims that one instruction pays at most.
        pub const MAX_PAYMENTS: u16 = 3072;
        /// Seats between the two suppliers by which one instruction sets off at most what these owe each other, each way.
        pub const MAX_SET_OFF: u16 = 1024;
        /// Debts and claims that the naming of a supplier pays at most: it looks at every seat for other reasons as well.
        pub const MAX_NAMING_PAYMENTS: u16 = 512;
        /// Seats that a ledger can have.
        pub const MAX_SEATS: u16 = 16_384;
        /// Orders that a book can have room for.
        pub const MAX_ORDERS: u16 = 16_384;
        /// Ticks that a price grid can have.
        pub const MAX_TICKS: u16 = 8192;
        /// Records that a history can keep.
        pub const MAX_HISTORY: u16 = 32_768;
        /// The highest market fee, basis points.
        pub const MAX_FEE_BPS: u16 = 1000;
        /// Fourteen hours, the furthest that a clock is from UTC either way, seconds.
        pub const MAX_UTC_OFFSET: u32 = 50_400;
        /// Nodes of a window; the layout holds more.
        pub const NODES: u8 = 1;
        /// The uniform-price auction, the only rule.
        pub const RULE_UNIFORM_PRICE: u8 = 0;
        /// Days of a market's terms that can be holidays.
        pub const MAX_HOLIDAYS: u8 = 16;
        /// Half hours of a day, each of which has a tariff.
        pub const HALF_HOURS_PER_DAY: u8 = 48;
        /// Standing orders that a seat may have.
        pub const STANDING_ORDERS: u8 = 8;
        /// Ticks that one block sums.
        pub const TICKS_PER_BLOCK: u16 = 64;
        /// The end of the list of free order slots.
        pub const NO_ORDER: u16 = 65_535;
        /// Basis points of a whole.
        pub const BASIS_POINTS: u32 = 10_000;
        /// How long a retired program may still use what is held for it, seconds.
        pub const RETIREMENT_NOTICE: u32 = 604_800;
        /// How long debts and claims are kept once nothing is added to them any more, seconds: 92 days. Whoever is needed for
        /// the next supplier, or for the end of a market, does not wait for them longer.
        pub const LIMITATION_PERIOD: u32 = 7_948_800;
    }
}

pub(crate) const INTERFACE: Interface = Interface {
    program: "market",
    seeds: seeds::ALL,
    accounts: &[
        Market::LAYOUT,
        Ledger::LAYOUT,
        Book::LAYOUT,
        Page::LAYOUT,
        History::LAYOUT,
        StandingOrders::LAYOUT,
        Admission::LAYOUT,
        SeatHold::LAYOUT,
    ],
    messages: &[],
    codes: &[
        SeatStatus::CODE,
        Phase::CODE,
        Side::CODE,
        OrderState::CODE,
        WindowStatus::CODE,
        PositionStatus::CODE,
        LimitKind::CODE,
        QuantityKind::CODE,
        StandingOutcome::CODE,
    ],
    constants: &[limits::CONSTANTS],
};
