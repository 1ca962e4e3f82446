use anchor_lang::prelude::*;
use joulebook_common::{clock::now, emit_numbered, stored::pubkey};
use joulebook_layout::registry::ParticipantStatus;

use crate::authority::ManageParticipant;
use crate::{errors::RegistryError, events::ParticipantStatusChanged};

pub fn suspend(
    ctx: Context<ManageParticipant>,
    reason: u16,
    evidence: Option<[u8; 32]>,
) -> Result<()> {
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        participant.is(ParticipantStatus::Active),
        RegistryError::NotActive
    );
    participant.status = ParticipantStatus::Suspended as u8;
    participant.changed_at = now()?.0;
    emit_numbered!(
        &mut *ctx.accounts.community.load_mut()?,
        ParticipantStatusChanged {
            community: pubkey(participant.community),
            wallet: pubkey(participant.wallet),
            actor: ctx.accounts.actor.key(),
            index: participant.index,
            status: participant.status,
            reason,
            evidence,
        }
    );
    Ok(())
}
