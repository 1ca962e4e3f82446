//! A community: who governs it, its zones, what is paused.

mod accept_authority;
mod add_zone;
mod close_community;
mod create_community;
mod propose_authority;
mod rename_zone;
mod set_approvals;
mod set_pause;

pub use accept_authority::*;
pub use add_zone::*;
pub use close_community::*;
pub use create_community::*;
pub use propose_authority::*;
pub use rename_zone::*;
pub use set_approvals::*;
pub use set_pause::*;
