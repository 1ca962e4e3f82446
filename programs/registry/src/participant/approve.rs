use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, stored::pubkey, Addressed};
use joulebook_layout::registry::{limits::NO_INDEX, ParticipantStatus, Pause, Roles};

use crate::authority::check_grant;
use crate::{
    errors::RegistryError,
    events::ParticipantApproved,
    state::{Community, Participant},
};

#[accounts]
pub struct Approve<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the OPERATOR role; left out when the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(
        mut,
        constraint = access::permits(&community, &actor, &acting, Roles::OPERATOR)? @ RegistryError::NotPermitted,
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
}

pub fn approve(ctx: Context<Approve>, roles: u16) -> Result<()> {
    let actor = &ctx.accounts.actor;
    let mut community = ctx.accounts.community.load_mut()?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        !community.is_paused(Pause::REGISTRATION),
        RegistryError::RegistrationPaused
    );
    check_grant(Roles(roles), community.authority == actor.address())?;
    require!(
        participant.is(ParticipantStatus::Applied),
        RegistryError::NotApplied
    );
    let index = community.next_index;
    require!(index < NO_INDEX, RegistryError::CommunityFull);

    community.next_index = index.checked_add(1).ok_or(RegistryError::CommunityFull)?;
    participant.index = index;
    participant.roles = roles;
    participant.status = ParticipantStatus::Active as u8;
    participant.changed_at = Clock::get()?.unix_timestamp;
    emit!(ParticipantApproved {
        community: pubkey(participant.community),
        wallet: pubkey(participant.wallet),
        actor: actor.key(),
        index,
        roles,
    });
    Ok(())
}
