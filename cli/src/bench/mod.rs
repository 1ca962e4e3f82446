//! Compute units of the market's operations: against the targets, and against the last baseline.

mod baseline;
mod render;

pub use baseline::{load, regressions, save, Regression};
pub use render::{missed, render};
