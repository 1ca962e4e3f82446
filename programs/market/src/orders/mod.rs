//! Orders, as long as their window is open.

mod cancel_orders;
mod place_orders;

pub use cancel_orders::*;
pub use place_orders::*;
