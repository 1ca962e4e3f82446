//! Signed readings: as they are sent, and what becomes of them.

mod intake;
mod record;
mod signed;

pub use intake::Intake;
pub use signed::{ReadingOutcome, ReadingResult, SignedReading};
