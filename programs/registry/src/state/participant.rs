use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};

use super::Roles;

/// The index of a participant who was never approved.
pub const NO_INDEX: u16 = u16::MAX;

/// Where a participant stands. `Closed` is an account that is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Status {
    Applied = 1,
    Active = 2,
    Suspended = 3,
}

/// A member of a community. Address: `["participant", community, wallet]`. Holds no personal data.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Participant {
    pub community: Pubkey,
    pub wallet: Pubkey,
    /// Hash of the identity check's record, kept off chain by whoever made it.
    pub identity_hash: [u8; 32],
    pub applied_at: i64,
    /// When the status last changed.
    pub changed_at: i64,
    pub preferences: Preferences,
    /// Seat in the ledger and owner in the meter table; [`NO_INDEX`] before approval.
    pub index: u16,
    /// Bits of [`Roles`]: asked for while applied, granted once active.
    pub roles: u16,
    /// Balancing group, as its members number it; 0 for none.
    pub balancing_group: u16,
    /// A [`Status`].
    pub status: u8,
    /// Index into the community's zones.
    pub zone: u8,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 30],
}

/// What a participant would rather have; shown to others, binding for nobody.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable, AnchorSerialize, AnchorDeserialize,
)]
#[repr(C)]
pub struct Preferences {
    /// The most to pay above the feed-in tariff for local energy, quote atoms per kWh; 0 for no say.
    pub local_premium: u32,
    /// Energy sources preferred, a set of bits in the oracle's numbering; 0 for any.
    pub sources: u16,
    pub reserved: u16,
}

const _: () = assert!(size_of::<Participant>() == 3 * 32 + 16 + 8 + 6 + 4 + 30);

impl Participant {
    pub const VERSION: u8 = 1;

    pub fn roles(&self) -> Roles {
        Roles(self.roles)
    }

    pub fn is_active(&self) -> bool {
        self.status == Status::Active as u8
    }

    /// Whether it has been granted a role that is the authority's to grant.
    pub fn is_privileged(&self) -> bool {
        self.status != Status::Applied as u8 && self.roles().intersects(Roles::PRIVILEGED)
    }
}

impl Preferences {
    /// With the reserved part as this version knows it: zero.
    pub fn sanitized(self) -> Preferences {
        Preferences {
            reserved: 0,
            ..self
        }
    }
}
