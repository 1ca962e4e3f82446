//! A market comes to be, is governed, and ends.

mod close_book;
mod close_history;
mod close_ledger;
mod close_market;
mod close_page;
mod create_book;
mod create_history;
mod create_ledger;
mod create_market;
mod create_page;
mod end_market;
mod grow_table;
mod release_meter_table;
mod replace_supplier;
mod set_tariff;
mod set_terms;

pub use close_book::*;
pub use close_history::*;
pub use close_ledger::*;
pub use close_market::*;
pub use close_page::*;
pub use create_book::*;
pub use create_history::*;
pub use create_ledger::*;
pub use create_market::*;
pub use create_page::*;
pub use end_market::*;
pub use grow_table::*;
pub use release_meter_table::*;
pub use replace_supplier::*;
pub use set_tariff::*;
pub use set_terms::*;
