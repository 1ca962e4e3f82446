use super::limits::{MAX_COMMUNITY_NAME, MAX_ZONES, MAX_ZONE_NAME};
use crate::Address;

bits! {
    /// What can be paused.
    pub struct Pause(u8), prefix "PAUSE_" {
        /// New applications and approvals.
        REGISTRATION = 1 << 0,
        /// New orders. Cancels, deposits, withdrawals and the settling of windows are never paused.
        TRADING = 1 << 1,
    }
}

layout! {
    /// A community: who governs it and what is paused. Address: `["community", founder, id]`.
    #[size = 4 * 32 + 2 * 8 + 32 + 16 * 16 + 4 + 2 * 2 + 4 + 52]
    pub struct Community {
        /// Who governs it.
        pub authority: Address,
        /// Who was offered the authority and has not accepted yet; zeros for nobody.
        pub pending_authority: Address,
        /// Who created it; part of the address.
        pub founder: Address,
        /// The SPL token its money is in.
        pub quote_mint: Address,
        /// The founder's number for it; part of the address.
        pub id: u64,
        /// Events it has counted: those of the registry about it.
        pub events: u64,
        /// UTF-8, filled up with zeros.
        pub name: [u8; MAX_COMMUNITY_NAME as usize],
        /// Those in use first.
        pub zones: [Zone; MAX_ZONES as usize],
        /// Participants who have applied and not left.
        pub participants: u32,
        /// Index that the next approved participant gets that has none.
        pub next_index: u16,
        /// Applicants that operators may still approve; the authority's own approvals are not counted.
        pub approvals: u16,
        /// Zones in use.
        pub zone_count: u8,
        /// Bits of [`Pause`].
        pub paused: u8,
        /// 1.
        pub version: u8,
        /// Of the address.
        pub bump: u8,
        /// Zeros.
        pub reserved: [u8; 52],
    }
}

account!(Community of REGISTRY);

layout! {
    /// Part of a community's grid.
    #[size = 16]
    pub struct Zone {
        /// UTF-8, filled up with zeros.
        pub name: [u8; MAX_ZONE_NAME as usize],
    }
}

impl Community {
    pub fn is_paused(&self, what: Pause) -> bool {
        Pause(self.paused).intersects(what)
    }
}
