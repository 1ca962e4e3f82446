//! Participants: who they are, and what they may do.

mod apply;
mod approve;
mod close_participant;
mod reinstate;
mod set_membership;
mod set_preferences;
mod set_roles;
mod suspend;

pub use apply::*;
pub use approve::*;
pub use close_participant::*;
pub use reinstate::*;
pub use set_membership::*;
pub use set_preferences::*;
pub use set_roles::*;
pub use suspend::*;
