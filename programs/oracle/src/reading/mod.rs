//! Signed readings: as they are sent, and what becomes of them.

mod intake;
mod signed;
mod submit_readings;

pub use signed::{ReadingOutcome, ReadingResult, SignedReading};
pub use submit_readings::*;
