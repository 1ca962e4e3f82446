mod history;
mod ledger;
mod market;
mod order;
mod position;
mod window;

pub use history::{History, HistoryRecord, HistoryView};
pub use ledger::{Ledger, LedgerView, Seat, SeatStatus};
pub use market::{DayTariff, Limits, Market, MarketParams, MarketTerms, TariffEntry, MAX_HOLIDAYS};
pub use order::{Order, OrderState, MAX_SEQUENCE};
pub use position::{position_flags, Position};
pub use window::{price, NodeState, Phase, Window, WindowView, NO_ORDER};
