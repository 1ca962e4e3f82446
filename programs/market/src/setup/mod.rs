//! A market comes to be, is governed, and ends.

mod close_history;
mod close_ledger;
mod close_market;
mod close_window;
mod create_history;
mod create_ledger;
mod create_market;
mod create_window;
mod grow_table;
mod set_tariff;
mod set_terms;

pub use close_history::*;
pub use close_ledger::*;
pub use close_market::*;
pub use close_window::*;
pub use create_history::*;
pub use create_ledger::*;
pub use create_market::*;
pub use create_window::*;
pub use grow_table::*;
pub use set_tariff::*;
pub use set_terms::*;
