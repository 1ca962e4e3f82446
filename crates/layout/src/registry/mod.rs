//! Accounts of the registry: who may do what.

mod community;
mod participant;

pub use community::{Community, Pause, Zone};
pub use participant::{Participant, ParticipantStatus, Preferences, Roles};

use crate::describe::Interface;

/// Address rules; each address is that of the program and these seeds.
pub mod seeds {
    seeds! {
        /// `["community", founder, id as u64 little endian]`
        pub const COMMUNITY = b"community";
        /// `["participant", community, wallet]`
        pub const PARTICIPANT = b"participant";
    }
}

pub mod limits {
    limits! {
        /// Zones that a community can have.
        pub const MAX_ZONES: u8 = 16;
        /// Bytes of a community's name, UTF-8.
        pub const MAX_COMMUNITY_NAME: u8 = 32;
        /// Bytes of a zone's name, UTF-8.
        pub const MAX_ZONE_NAME: u8 = 16;
        /// The index of a participant who has none: never approved, or succeeded by another.
        pub const NO_INDEX: u16 = u16::MAX;
        /// How long after somebody has left its index can be given to another, seconds: 92 days, the longest that values of
        /// its meters can be corrected.
        pub const SUCCESSION_NOTICE: u32 = 7_948_800;
    }
}

pub(crate) const INTERFACE: Interface = Interface {
    program: "registry",
    seeds: seeds::ALL,
    accounts: &[Community::LAYOUT, Participant::LAYOUT],
    messages: &[],
    codes: &[ParticipantStatus::CODE],
    constants: &[limits::CONSTANTS, Roles::CONSTANTS, Pause::CONSTANTS],
};
