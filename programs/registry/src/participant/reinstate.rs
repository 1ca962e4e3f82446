use anchor_lang::prelude::*;
use joulebook_common::{clock::now, emit_numbered, stored::pubkey};
use joulebook_layout::registry::ParticipantStatus;

use crate::authority::ManageParticipant;
use crate::{errors::RegistryError, events::ParticipantStatusChanged};

pub fn reinstate(ctx: Context<ManageParticipant>) -> Result<()> {
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        participant.is(ParticipantStatus::Suspended),
        RegistryError::NotSuspended
    );
    participant.status = ParticipantStatus::Active as u8;
    participant.changed_at = now()?.0;
    emit_numbered!(
        &mut *ctx.accounts.community.load_mut()?,
        ParticipantStatusChanged {
            community: pubkey(participant.community),
            wallet: pubkey(participant.wallet),
            actor: ctx.accounts.actor.key(),
            index: participant.index,
            status: participant.status,
            reason: 0,
            evidence: None,
        }
    );
    Ok(())
}
