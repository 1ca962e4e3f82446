//! The commands on the real programs, in a virtual machine on this computer.

mod bench;
mod clear;
mod community;
mod scale;

pub use bench::measure;
pub use clear::clear;
pub use community::Community;
pub use scale::{Scale, TooLarge, MAX_ORDERS};
