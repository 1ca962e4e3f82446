//! Standing orders: entered once, placed in every window that they name.

mod apply_standing_orders;
mod close_standing_orders;
mod create_standing_orders;
mod earlier;
mod placing;
mod review_participant;
mod set_standing_orders;

pub use apply_standing_orders::*;
pub use close_standing_orders::*;
pub use create_standing_orders::*;
pub use review_participant::*;
pub use set_standing_orders::*;
