//! What an approval makes of an applicant.

use anchor_lang::prelude::*;
use joulebook_common::{clock::now, emit_numbered, stored::pubkey};
use joulebook_layout::registry::ParticipantStatus;

use crate::{
    events::ParticipantApproved,
    state::{Community, Participant},
};

/// Makes `participant`, whose application was checked, active under this index and generation.
///
/// # Errors
/// Those of reading the clock.
pub fn admit(
    community: &mut Community,
    participant: &mut Participant,
    roles: u16,
    index: u16,
    generation: u16,
    actor: Pubkey,
    predecessor: Option<Pubkey>,
) -> Result<()> {
    let now = now()?.0;
    participant.index = index;
    participant.generation = generation;
    participant.roles = roles;
    participant.status = ParticipantStatus::Active as u8;
    participant.approved_at = now;
    participant.changed_at = now;
    emit_numbered!(
        community,
        ParticipantApproved {
            community: pubkey(participant.community),
            wallet: pubkey(participant.wallet),
            actor,
            predecessor,
            index,
            generation,
            roles,
        }
    );
    Ok(())
}
