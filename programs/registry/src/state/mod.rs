mod community;
mod participant;
mod role;

pub use community::{pause, Community, Zone, MAX_ZONES, NAME_LEN};
pub use participant::{Participant, Preferences, Status, NO_INDEX};
pub use role::Roles;
