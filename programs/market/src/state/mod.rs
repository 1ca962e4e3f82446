//! The accounts that the market reads and writes, as Anchor knows them, and its tables cut into header and rows.

mod ledger;
mod window;

pub use ledger::LedgerView;
pub use window::{load_window, require_open, terms_of, HistoryView};

joulebook_common::stored! {
    market::{History, Ledger, Market, MarketTerms, NewOrder, OrderRef, TariffEntry, Window},
    oracle::{Interval, MeterTable},
    registry::{Community, Participant},
}
