//! What a market may be: its mint, its sizes, its terms; what may leave a seat.

mod ending;
mod mint;
mod operators;
mod outflow;
mod supplier_agrees;
mod terms;

pub use ending::{is_idle, require_ended};
pub use mint::validate_mint;
pub use operators::operator_seat;
pub use outflow::{take_free, too_little};
pub use supplier_agrees::require_supplier;
pub use terms::*;
