//! Slots of the interval ring.

mod close_interval;
mod create_interval;
mod open_interval;
mod release_interval;
mod return_interval;
mod submit_readings;

pub use close_interval::*;
pub use create_interval::*;
pub use open_interval::*;
pub use release_interval::*;
pub use return_interval::*;
pub use submit_readings::*;
