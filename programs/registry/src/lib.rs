//! Who may do what in a community: authority, zones, pauses, participants and their roles.
#![forbid(unsafe_code)]
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::expect_used,
        clippy::float_arithmetic,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::todo,
        clippy::unimplemented,
        clippy::unreachable,
        clippy::unwrap_used,
    )
)]

use anchor_lang::prelude::*;

mod authority;
mod community;
pub mod errors;
pub mod events;
mod name;
mod participant;
pub mod state;
#[cfg(not(feature = "idl-build"))]
mod text;

use authority::*;
use community::*;
use participant::*;
use state::Preferences;
// Under this name, because that is all the IDL knows of an argument's type: to clients it is a string.
#[cfg(not(feature = "idl-build"))]
use text::Text as String;

declare_id!(joulebook_common::stored::pubkey(
    joulebook_layout::programs::REGISTRY
));
joulebook_common::how_to_report!("Joulebook registry");

#[program]
pub mod registry {
    use super::*;

    /// Creates a community; the founder pays and is its first authority.
    ///
    /// `id`: any number the founder has not used yet, part of the address. `name`: 1 to 32 bytes of
    /// UTF-8. `zones`: 1 to 16 names of 1 to 16 bytes each. The quote mint can't be changed later.
    pub fn create_community(
        ctx: Context<CreateCommunity>,
        id: u64,
        name: String,
        zones: Vec<String>,
    ) -> Result<()> {
        community::create_community(ctx, id, name, zones)
    }

    /// Offers the authority to `new_authority`, who must accept it; `None` withdraws the offer.
    pub fn propose_authority(ctx: Context<Govern>, new_authority: Option<Pubkey>) -> Result<()> {
        community::propose_authority(ctx, new_authority)
    }

    /// Takes over the authority that was offered to the signer.
    pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
        community::accept_authority(ctx)
    }

    /// Pauses, and lifts pauses: each the sum of 1 (registration) and 2 (trading), or 0; what neither names stays as it is. A
    /// participant with the EMERGENCY role lifts nothing.
    pub fn set_pause(ctx: Context<SetPause>, pause: u8, lift: u8) -> Result<()> {
        community::set_pause(ctx, pause, lift)
    }

    /// Adds a zone behind the others. `name`: 1 to 16 bytes of UTF-8.
    pub fn add_zone(ctx: Context<Govern>, name: String) -> Result<()> {
        community::add_zone(ctx, name)
    }

    /// Renames the zone with this index. `name`: 1 to 16 bytes of UTF-8.
    pub fn rename_zone(ctx: Context<Govern>, index: u8, name: String) -> Result<()> {
        community::rename_zone(ctx, index, name)
    }

    /// Sets how many more applicants operators may approve.
    pub fn set_approvals(ctx: Context<Govern>, approvals: u16) -> Result<()> {
        community::set_approvals(ctx, approvals)
    }

    /// Applies for membership; the wallet pays the rent.
    ///
    /// `roles`: bits asked for, approval decides. `zone`: index below the community's zone_count.
    /// `balancing_group`: 0 for none. `identity_hash`: SHA-256 of the identity check's record, which
    /// stays off chain; all zero for none.
    pub fn apply(
        ctx: Context<Apply>,
        roles: u16,
        zone: u8,
        balancing_group: u16,
        identity_hash: [u8; 32],
        preferences: Preferences,
    ) -> Result<()> {
        participant::apply(
            ctx,
            roles,
            zone,
            balancing_group,
            identity_hash,
            preferences,
        )
    }

    /// Applies again, by the wallet of a participant who left; arguments as in `apply`. What it had
    /// said before is replaced. It keeps its index, if it has one still.
    pub fn apply_again(
        ctx: Context<ApplyAgain>,
        roles: u16,
        zone: u8,
        balancing_group: u16,
        identity_hash: [u8; 32],
        preferences: Preferences,
    ) -> Result<()> {
        participant::apply_again(
            ctx,
            roles,
            zone,
            balancing_group,
            identity_hash,
            preferences,
        )
    }

    /// Makes an applicant an active participant with these roles, under the index it had, or else the
    /// next free one. By the authority or an operator, each of whose approvals uses up one of
    /// `set_approvals`; OPERATOR, EMERGENCY, VERIFIER and AUDITOR by the authority alone.
    ///
    /// `zone`, `balancing_group`, `identity_hash`: what the application said when it was reviewed.
    pub fn approve(
        ctx: Context<Approve>,
        roles: u16,
        zone: u8,
        balancing_group: u16,
        identity_hash: [u8; 32],
    ) -> Result<()> {
        participant::approve(ctx, roles, zone, balancing_group, identity_hash)
    }

    /// Makes an applicant without an index an active participant under the index of `predecessor`, who
    /// left, in the next generation. By the authority, which must have seen that the index's seat is
    /// empty and owes nothing, and that none of its meters is in service. The predecessor loses the
    /// index; if it comes back, it gets another.
    ///
    /// `zone`, `balancing_group`, `identity_hash`: as in `approve`. `approved_at`: the predecessor's, as
    /// it was when its seat was looked at.
    pub fn approve_successor(
        ctx: Context<ApproveSuccessor>,
        roles: u16,
        zone: u8,
        balancing_group: u16,
        identity_hash: [u8; 32],
        approved_at: i64,
    ) -> Result<()> {
        participant::approve_successor(
            ctx,
            roles,
            zone,
            balancing_group,
            identity_hash,
            approved_at,
        )
    }

    /// Suspends an active participant. `reason`: a code of the community's own list. `evidence`:
    /// SHA-256 of a record kept off chain.
    pub fn suspend(
        ctx: Context<ManageParticipant>,
        reason: u16,
        evidence: Option<[u8; 32]>,
    ) -> Result<()> {
        participant::suspend(ctx, reason, evidence)
    }

    /// Makes a suspended participant active again, with the roles and index it had.
    pub fn reinstate(ctx: Context<ManageParticipant>) -> Result<()> {
        participant::reinstate(ctx)
    }

    /// Replaces the roles of an active or suspended participant.
    pub fn set_roles(ctx: Context<ManageParticipant>, roles: u16) -> Result<()> {
        participant::set_roles(ctx, roles)
    }

    /// Moves a participant who has not left to another zone or balancing group (0 for none).
    pub fn set_membership(
        ctx: Context<ManageParticipant>,
        zone: u8,
        balancing_group: u16,
    ) -> Result<()> {
        participant::set_membership(ctx, zone, balancing_group)
    }

    /// Replaces the participant's own preferences. `local_premium`: quote atoms per kWh.
    pub fn set_preferences(ctx: Context<SetPreferences>, preferences: Preferences) -> Result<()> {
        participant::set_preferences(ctx, preferences)
    }

    /// Lets a participant with an index go, or turns down its application to come back. Its roles are
    /// gone; the account stays, so that it finds its index, its seat and its debt again. By the wallet
    /// at any time, by the authority or an operator unless it is active.
    pub fn leave(ctx: Context<Leave>) -> Result<()> {
        participant::leave(ctx)
    }

    /// Closes a participant without an index: an applicant that was never approved, or one who left and
    /// was succeeded. The rent goes to its wallet. By the wallet, the authority or an operator.
    pub fn close_participant(ctx: Context<CloseParticipant>) -> Result<()> {
        participant::close_participant(ctx)
    }

    /// Closes a community that never approved anyone; the rent goes to the authority.
    pub fn close_community(ctx: Context<CloseCommunity>) -> Result<()> {
        community::close_community(ctx)
    }
}
