//! The accounts that the market reads and writes, as Anchor knows them, and its tables cut into header and rows.

mod book;
mod history;
mod ledger;
mod page;

pub use book::{is_due, load_book, require_open};
pub use history::HistoryView;
pub use ledger::{LedgerView, Paid};
pub use page::{load_page, Readings};

joulebook_common::stored! {
    market::{Admission, Book, History, ImbalancePrices, Ledger, Market, MarketTerms, NewOrder, OrderRef, Page, SeatHold, WindowPrices},
    oracle::{IntervalPage, MeterTable},
    registry::{Community, Participant},
}
