//! The accounts that the market reads and writes, as Anchor knows them, and its tables cut into header and rows.

mod book;
mod history;
mod ledger;
mod page;
mod standing_orders;

pub use book::{is_due, load_book, require_open};
pub use history::HistoryView;
pub use ledger::{LedgerView, Paid};
pub use page::{load_page, Readings};
pub use standing_orders::StandingView;

joulebook_common::stored! {
    market::{Admission, Book, DelegateBounds, History, ImbalancePrices, Ledger, Market, MarketTerms, NewOrder, OrderRef, Page, SeatHold, StandingOrders, StandingRule, WindowPrices},
    oracle::{IntervalPage, MeterTable},
    registry::{Community, Participant},
}
