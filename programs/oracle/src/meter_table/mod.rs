//! The table of a community's meters.

mod close_meter_table;
mod create_meter_table;
mod grow_table;
mod release_settlement;
mod params;
mod set_settlement;

pub use close_meter_table::*;
pub use create_meter_table::*;
pub use grow_table::*;
pub use release_settlement::*;
pub use params::MeterTableParams;
pub use set_settlement::*;
