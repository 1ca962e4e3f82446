//! The accounts that the market reads and writes, as Anchor knows them, and its tables cut into header and rows.

mod ledger;
mod window;

pub use ledger::LedgerView;
pub use window::{load_window, require_open, terms_of, HistoryView};

use joulebook_common::Stored;
use joulebook_layout::{market, oracle, registry};

pub type Market = Stored<market::Market>;
pub type Ledger = Stored<market::Ledger>;
pub type Window = Stored<market::Window>;
pub type History = Stored<market::History>;
pub type MarketTerms = Stored<market::MarketTerms>;
pub type TariffEntry = Stored<market::TariffEntry>;
pub type NewOrder = Stored<market::NewOrder>;
pub type OrderRef = Stored<market::OrderRef>;

pub type MeterTable = Stored<oracle::MeterTable>;
pub type Interval = Stored<oracle::Interval>;
pub type Community = Stored<registry::Community>;
pub type Participant = Stored<registry::Participant>;
