//! The life of a delivery window.

mod allocate;
mod cancel_orders;
mod clear;
mod meter;
mod open_window;
mod place_orders;
mod release_skipped;
mod settle;

pub use allocate::*;
pub use cancel_orders::*;
pub use clear::*;
pub use meter::*;
pub use open_window::*;
pub use place_orders::*;
pub use release_skipped::*;
pub use settle::*;
