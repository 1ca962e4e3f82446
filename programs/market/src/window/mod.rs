//! The life of a delivery window.

mod allocate;
mod clear;
mod meter;
mod open_window;
mod release_skipped;
mod settle;

pub use allocate::*;
pub use clear::*;
pub use meter::*;
pub use open_window::*;
pub use release_skipped::*;
pub use settle::*;
