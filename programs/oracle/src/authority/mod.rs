//! Who may change what.

mod manage_owned_meter;
mod settlement_key;

pub use manage_owned_meter::*;
pub use settlement_key::{check_settlement_gone, is_market_of, opens_pages};
