use anchor_lang::prelude::*;

use super::Roles;

pub const MAX_ZONES: usize = 16;
pub const NAME_LEN: usize = 32;

/// What can be paused, a set of bits.
pub mod pause {
    /// New applications and approvals.
    pub const REGISTRATION: u8 = 1 << 0;
    /// New readings.
    pub const METERING: u8 = 1 << 1;
    /// New orders. Cancels, deposits, withdrawals and the settling of windows are never paused.
    pub const TRADING: u8 = 1 << 2;
    pub const ALL: u8 = 0b111;
}

/// A community: who governs it and what is paused. Address: `["community", founder, id]`.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Community {
    /// Who governs it now.
    pub authority: Pubkey,
    /// Who has been offered the authority and not accepted yet; all zero for nobody.
    pub pending_authority: Pubkey,
    /// Who created it, part of its address.
    pub founder: Pubkey,
    /// The SPL token its money is in.
    pub quote_mint: Pubkey,
    /// Chosen by the founder, part of the address.
    pub id: u64,
    /// UTF-8, filled up with zeros.
    pub name: [u8; NAME_LEN],
    pub zones: [Zone; MAX_ZONES],
    /// Participants now registered, of any status.
    pub participants: u32,
    /// The index the next approved participant gets; an index is never given twice.
    pub next_index: u16,
    pub zone_count: u8,
    /// Bits of [`pause`].
    pub paused: u8,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 62],
}

/// Part of a community's grid.
#[zero_copy]
#[derive(Debug, Default)]
pub struct Zone {
    /// UTF-8, filled up with zeros.
    pub name: [u8; 16],
}

const _: () = assert!(size_of::<Community>() == 4 * 32 + 8 + NAME_LEN + MAX_ZONES * 16 + 72);

impl Community {
    pub const VERSION: u8 = 1;

    pub fn is_paused(&self, what: u8) -> bool {
        self.paused & what != 0
    }

    /// Whether `signer` is the authority, or acts through a participant record of this community at
    /// `community` that is active, its own, and bears one of `roles`.
    pub fn permits(
        &self,
        community: &Pubkey,
        signer: &Pubkey,
        acting: Option<&super::Participant>,
        roles: Roles,
    ) -> bool {
        if self.authority == *signer {
            return true;
        }
        acting.is_some_and(|participant| {
            participant.community == *community
                && participant.wallet == *signer
                && participant.is_active()
                && participant.roles().intersects(roles)
        })
    }
}
