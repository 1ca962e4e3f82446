//! The accounts that the market reads and writes, as Anchor knows them, and its tables cut into header and rows.

mod history;
mod ledger;
mod window;

pub use history::HistoryView;
pub use ledger::LedgerView;
pub use window::{is_due, load_window, require_open};

joulebook_common::stored! {
    market::{Admission, History, SeatHold, Ledger, Market, MarketTerms, NewOrder, OrderRef, ImbalancePrices, Window},
    oracle::{Interval, MeterTable},
    registry::{Community, Participant},
}
