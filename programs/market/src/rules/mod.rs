//! What a market may be: its mint, its sizes, its terms; what may leave a seat.

mod ending;
mod mint;
mod outflow;
mod terms;

pub use ending::{is_idle, require_ended};
pub use mint::validate_mint;
pub use outflow::take_free;
pub use terms::*;
