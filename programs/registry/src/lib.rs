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

    /// Sets what is paused: the sum of 1 (registration), 2 (metering) and 4 (trading), or 0. A
    /// participant with the EMERGENCY role may only add to what is paused.
    pub fn set_pause(ctx: Context<SetPause>, paused: u8) -> Result<()> {
        community::set_pause(ctx, paused)
    }

    /// Adds a zone behind the others. `name`: 1 to 16 bytes of UTF-8.
    pub fn add_zone(ctx: Context<Govern>, name: String) -> Result<()> {
        community::add_zone(ctx, name)
    }

    /// Renames the zone with this index. `name`: 1 to 16 bytes of UTF-8.
    pub fn rename_zone(ctx: Context<Govern>, index: u8, name: String) -> Result<()> {
        community::rename_zone(ctx, index, name)
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

    /// Makes an applicant an active participant with these roles and the next free index. By the
    /// authority or an operator; OPERATOR, EMERGENCY, VERIFIER and AUDITOR by the authority alone.
    pub fn approve(ctx: Context<Approve>, roles: u16) -> Result<()> {
        participant::approve(ctx, roles)
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

    /// Replaces the roles of an approved participant.
    pub fn set_roles(ctx: Context<ManageParticipant>, roles: u16) -> Result<()> {
        participant::set_roles(ctx, roles)
    }

    /// Moves a participant to another zone or balancing group (0 for none).
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

    /// Closes a participant; the rent goes to its wallet. By the wallet at any time, by the authority
    /// or an operator unless it is active. Its index is never given to another.
    pub fn close_participant(ctx: Context<CloseParticipant>) -> Result<()> {
        participant::close_participant(ctx)
    }

    /// Closes a community that never approved anyone; the rent goes to the authority.
    pub fn close_community(ctx: Context<CloseCommunity>) -> Result<()> {
        community::close_community(ctx)
    }
}
