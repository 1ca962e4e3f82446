//! What the tests of the market share: a village that trades, the market's instructions, and a second
//! market to mix it up with.

pub mod abroad;
pub mod bend;
pub mod make;
pub mod named;
pub mod village;

pub use abroad::{beside, Abroad};
pub use village::*;
