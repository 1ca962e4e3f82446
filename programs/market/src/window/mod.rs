//! A window's auction: from its opening until each order has its fill.

mod allocate;
mod clear;
mod open_window;

pub use allocate::*;
pub use clear::*;
pub use open_window::*;
