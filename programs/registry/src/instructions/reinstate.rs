use anchor_lang::prelude::*;

use super::ManageParticipant;
use crate::{errors::RegistryError, events::ParticipantStatusChanged, state::Status};

pub fn reinstate(ctx: Context<ManageParticipant>) -> Result<()> {
    ctx.accounts.authorize()?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        participant.status == Status::Suspended as u8,
        RegistryError::NotSuspended
    );
    participant.status = Status::Active as u8;
    participant.changed_at = Clock::get()?.unix_timestamp;
    emit!(ParticipantStatusChanged {
        community: participant.community,
        wallet: participant.wallet,
        actor: ctx.accounts.actor.key(),
        index: participant.index,
        status: participant.status,
        reason: 0,
        evidence: None,
    });
    Ok(())
}
