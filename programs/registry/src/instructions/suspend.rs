use anchor_lang::prelude::*;

use super::ManageParticipant;
use crate::{errors::RegistryError, events::ParticipantStatusChanged, state::Status};

pub fn suspend(
    ctx: Context<ManageParticipant>,
    reason: u16,
    evidence: Option<[u8; 32]>,
) -> Result<()> {
    ctx.accounts.authorize()?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        participant.status == Status::Active as u8,
        RegistryError::NotActive
    );
    participant.status = Status::Suspended as u8;
    participant.changed_at = Clock::get()?.unix_timestamp;
    emit!(ParticipantStatusChanged {
        community: participant.community,
        wallet: participant.wallet,
        actor: ctx.accounts.actor.key(),
        index: participant.index,
        status: participant.status,
        reason,
        evidence,
    });
    Ok(())
}
