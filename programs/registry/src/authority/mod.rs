//! Who may change what.

mod govern;
mod manage_participant;

pub use govern::*;
pub use manage_participant::*;
