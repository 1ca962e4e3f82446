use anchor_lang::prelude::*;
use joulebook_common::counted_by;
use joulebook_layout::registry::Community;

counted_by! {
    Community:
        CommunityCreated, AuthorityProposed, AuthorityChanged, PauseChanged, ZoneChanged, ParticipantApplied, ParticipantApproved,
        ApprovalsChanged, ParticipantStatusChanged, RolesChanged, MembershipChanged, ParticipantLeft, ParticipantClosed,
        CommunityClosed;
}

#[event]
pub struct CommunityCreated {
    pub community: Pubkey,
    pub number: u64,
    pub authority: Pubkey,
    pub quote_mint: Pubkey,
    pub id: u64,
    pub name: String,
}

/// `proposed` is `None` when an offer was withdrawn.
#[event]
pub struct AuthorityProposed {
    pub community: Pubkey,
    pub number: u64,
    pub authority: Pubkey,
    pub proposed: Option<Pubkey>,
}

#[event]
pub struct AuthorityChanged {
    pub community: Pubkey,
    pub number: u64,
    pub previous: Pubkey,
    pub authority: Pubkey,
}

#[event]
pub struct PauseChanged {
    pub community: Pubkey,
    pub number: u64,
    pub actor: Pubkey,
    pub paused: u8,
}

/// A zone was added or renamed.
#[event]
pub struct ZoneChanged {
    pub community: Pubkey,
    pub number: u64,
    pub zone: u8,
    pub name: String,
}

/// The first time or again; `index` is the one it keeps, 65,535 for none.
#[event]
pub struct ParticipantApplied {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub identity_hash: [u8; 32],
    pub index: u16,
    pub roles: u16,
    pub balancing_group: u16,
    pub zone: u8,
}

/// `predecessor` is the wallet that lost the index to this one, if there is one.
#[event]
pub struct ParticipantApproved {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub actor: Pubkey,
    pub predecessor: Option<Pubkey>,
    pub index: u16,
    pub generation: u16,
    pub roles: u16,
}

/// How many more applicants operators may approve.
#[event]
pub struct ApprovalsChanged {
    pub community: Pubkey,
    pub number: u64,
    pub approvals: u16,
}

/// A participant was suspended or reinstated. `evidence` hashes a record kept off chain.
#[event]
pub struct ParticipantStatusChanged {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub actor: Pubkey,
    pub index: u16,
    pub status: u8,
    pub reason: u16,
    pub evidence: Option<[u8; 32]>,
}

#[event]
pub struct RolesChanged {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub actor: Pubkey,
    pub index: u16,
    pub roles: u16,
}

#[event]
pub struct MembershipChanged {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub actor: Pubkey,
    pub index: u16,
    pub balancing_group: u16,
    pub zone: u8,
}

#[event]
pub struct ParticipantLeft {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub actor: Pubkey,
    pub index: u16,
    pub generation: u16,
}

#[event]
pub struct ParticipantClosed {
    pub community: Pubkey,
    pub number: u64,
    pub wallet: Pubkey,
    pub actor: Pubkey,
}

#[event]
pub struct CommunityClosed {
    pub community: Pubkey,
    pub number: u64,
    pub authority: Pubkey,
}
