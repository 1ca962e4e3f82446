//! The values of a column in the order of time: which are registers, what is missing, and what stands for it.

mod fill;
mod register;
mod sample;
mod span;

pub use fill::{fill, CannotFill};
pub use register::{can_fill, differences, Differences, Kind, Shape};
pub use sample::Sample;
pub use span::{spans, Span};

/// The most a household can be: 10 MW.
pub const MAX_WATTS: u32 = 10_000_000;
