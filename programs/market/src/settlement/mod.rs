//! What settling comes to: what meters say of positions, and money between seats and the supplier.

mod counterparty;
mod flows;
mod owed_event;
mod paid_event;

pub use counterparty::Counterparty;
pub use flows::{draw_of, flow_of, Draws, Flows, Rectangle};
pub use paid_event::{report_paid, report_set_off};
