use anchor_lang::prelude::*;
use joulebook_common::{emit_numbered, stored::pubkey};
use joulebook_layout::registry::ParticipantStatus;

use crate::authority::ManageParticipant;
use crate::{errors::RegistryError, events::MembershipChanged};

pub fn set_membership(
    ctx: Context<ManageParticipant>,
    zone: u8,
    balancing_group: u16,
) -> Result<()> {
    require!(
        zone < ctx.accounts.community.load()?.zone_count,
        RegistryError::NoSuchZone
    );
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        !participant.is(ParticipantStatus::Left),
        RegistryError::HasLeft
    );
    participant.zone = zone;
    participant.balancing_group = balancing_group;
    emit_numbered!(
        &mut *ctx.accounts.community.load_mut()?,
        MembershipChanged {
            community: pubkey(participant.community),
            wallet: pubkey(participant.wallet),
            actor: ctx.accounts.actor.key(),
            index: participant.index,
            balancing_group,
            zone,
        }
    );
    Ok(())
}
