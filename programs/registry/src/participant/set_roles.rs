use anchor_lang::prelude::*;
use joulebook_common::{emit_numbered, stored::pubkey};
use joulebook_layout::registry::{ParticipantStatus, Roles};

use crate::authority::{check_grant, ManageParticipant};
use crate::{errors::RegistryError, events::RolesChanged};

pub fn set_roles(ctx: Context<ManageParticipant>, roles: u16) -> Result<()> {
    check_grant(Roles(roles), ctx.accounts.actor_is_authority()?)?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        !participant.is(ParticipantStatus::Applied),
        RegistryError::NotApproved
    );
    require!(
        !participant.is(ParticipantStatus::Left),
        RegistryError::HasLeft
    );
    participant.roles = roles;
    emit_numbered!(
        &mut *ctx.accounts.community.load_mut()?,
        RolesChanged {
            community: pubkey(participant.community),
            wallet: pubkey(participant.wallet),
            actor: ctx.accounts.actor.key(),
            index: participant.index,
            roles,
        }
    );
    Ok(())
}
