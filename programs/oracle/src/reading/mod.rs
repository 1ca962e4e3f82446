//! Signed readings: as they are sent, and what becomes of them.

mod contradiction;
mod intake;
mod precompile;
mod prove_checked_key_copied;
mod prove_key_copied;
mod signature;
mod signed;
mod submit_checked_profiles;
mod submit_profiles;
mod submit_readings;
mod take_profile;
mod take_reading;

pub use prove_checked_key_copied::*;
pub use prove_key_copied::*;
pub use signed::{ReadingOutcome, ReadingResult, SignedMessage, SignedProfile, SignedReading};
pub use submit_checked_profiles::*;
pub use submit_profiles::*;
pub use submit_readings::*;
