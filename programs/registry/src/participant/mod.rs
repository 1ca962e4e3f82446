//! Participants: who they are, and what they may do.

mod admission;
mod application;
mod apply;
mod apply_again;
mod approve;
mod approve_successor;
mod close_participant;
mod leave;
mod reinstate;
mod set_membership;
mod set_preferences;
mod set_roles;
mod suspend;

pub use apply::*;
pub use apply_again::*;
pub use approve::*;
pub use approve_successor::*;
pub use close_participant::*;
pub use leave::*;
pub use reinstate::*;
pub use set_membership::*;
pub use set_preferences::*;
pub use set_roles::*;
pub use suspend::*;
