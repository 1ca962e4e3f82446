//! Meters: registered by whoever verified them, with their owner's consent; kept in service or taken out of it.

mod change_device;
mod details;
mod final_registers;
mod quarantine_meter;
mod register_meter;
mod restore_meter;
mod retire_meter;
mod set_power_limits;
mod set_standard_draw;
mod unique;

pub use change_device::*;
pub use details::MeterDetails;
pub use final_registers::FinalRegisters;
pub use quarantine_meter::*;
pub use register_meter::*;
pub use restore_meter::*;
pub use retire_meter::*;
pub use set_power_limits::*;
pub use set_standard_draw::*;
