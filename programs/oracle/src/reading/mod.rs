//! Signed readings: as they are sent, and what becomes of them.

mod intake;
mod prove_key_copied;
mod signature;
mod signed;
mod submit_readings;

pub use prove_key_copied::*;
pub use signed::{ReadingOutcome, ReadingResult, SignedReading};
pub use submit_readings::*;
