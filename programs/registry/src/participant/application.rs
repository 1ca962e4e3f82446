//! What an application says, and whether it still says it.

use anchor_lang::prelude::*;
use joulebook_common::{clock::now, emit_numbered, stored::pubkey};
use joulebook_layout::registry::{ParticipantStatus, Pause, Roles};

use crate::authority::check_roles;
use crate::{
    errors::RegistryError,
    events::ParticipantApplied,
    state::{Community, Participant, Preferences},
};

/// Makes `participant`, whose addresses are set, an applicant with this application.
///
/// # Errors
/// [`RegistryError`] if registration is paused, or the community has no such roles or zone.
pub fn record_application(
    community: &mut Community,
    participant: &mut Participant,
    roles: u16,
    zone: u8,
    balancing_group: u16,
    identity_hash: [u8; 32],
    preferences: Preferences,
) -> Result<()> {
    require!(
        !community.is_paused(Pause::REGISTRATION),
        RegistryError::RegistrationPaused
    );
    check_roles(Roles(roles))?;
    require!(zone < community.zone_count, RegistryError::NoSuchZone);
    let participants = community.participants.checked_add(1);
    let now = now()?.0;

    community.participants = participants.ok_or(RegistryError::Overflow)?;
    participant.identity_hash = identity_hash;
    participant.applied_at = now;
    participant.changed_at = now;
    participant.preferences = preferences.sanitized();
    participant.roles = roles;
    participant.balancing_group = balancing_group;
    participant.status = ParticipantStatus::Applied as u8;
    participant.zone = zone;
    emit_numbered!(
        community,
        ParticipantApplied {
            community: pubkey(participant.community),
            wallet: pubkey(participant.wallet),
            identity_hash,
            index: participant.index,
            roles,
            balancing_group,
            zone,
        }
    );
    Ok(())
}

/// # Errors
/// [`RegistryError`] if registration is paused, `participant` waits for no approval, or its application is not the
/// one that was reviewed.
pub fn check_reviewed(
    community: &Community,
    participant: &Participant,
    zone: u8,
    balancing_group: u16,
    identity_hash: &[u8; 32],
) -> Result<()> {
    require!(
        !community.is_paused(Pause::REGISTRATION),
        RegistryError::RegistrationPaused
    );
    require!(
        participant.is(ParticipantStatus::Applied),
        RegistryError::NotApplied
    );
    // The roles asked for are left out: those that are granted are the approval's own.
    let is_unchanged = participant.zone == zone
        && participant.balancing_group == balancing_group
        && participant.identity_hash == *identity_hash;
    require!(is_unchanged, RegistryError::ApplicationChanged);
    Ok(())
}
