//! The table of a community's meters.

mod close_meter_table;
mod create_meter_table;
mod grow_table;
mod params;
mod release_settlement;
mod set_settlement;

pub use close_meter_table::*;
pub use create_meter_table::*;
pub use grow_table::*;
pub use params::MeterTableParams;
pub use release_settlement::*;
pub use set_settlement::*;
