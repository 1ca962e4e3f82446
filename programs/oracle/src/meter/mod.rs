//! Meters: registered by whoever verified them, kept in service or taken out of it.

mod quarantine_meter;
mod register_meter;
mod restore_meter;
mod retire_meter;
mod set_power_limits;

pub use quarantine_meter::*;
pub use register_meter::*;
pub use restore_meter::*;
pub use retire_meter::*;
pub use set_power_limits::*;
