use anchor_lang::prelude::*;

use super::{check_grant, ManageParticipant};
use crate::{
    errors::RegistryError,
    events::RolesChanged,
    state::{Roles, Status},
};

pub fn set_roles(ctx: Context<ManageParticipant>, roles: u16) -> Result<()> {
    ctx.accounts.authorize()?;
    check_grant(Roles(roles), ctx.accounts.actor_is_authority()?)?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        participant.status != Status::Applied as u8,
        RegistryError::NotApproved
    );
    participant.roles = roles;
    emit!(RolesChanged {
        community: participant.community,
        wallet: participant.wallet,
        actor: ctx.accounts.actor.key(),
        index: participant.index,
        roles,
    });
    Ok(())
}
