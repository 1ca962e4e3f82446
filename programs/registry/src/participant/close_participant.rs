use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::registry::Roles;

use crate::authority::may_change;
use crate::{
    errors::RegistryError,
    events::ParticipantClosed,
    state::{Community, Participant},
};

#[accounts]
pub struct CloseParticipant<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the OPERATOR role; left out when the wallet or the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(
        mut,
        constraint = actor.key() == wallet.key()
            || access::permits(&community, &actor, &acting, Roles::OPERATOR)? @ RegistryError::NotPermitted,
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        close = wallet,
        constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity,
        constraint = participant.load()?.wallet == wallet.address() @ RegistryError::WrongWallet,
        constraint = actor.key() == wallet.key()
            || may_change(&community, &actor, &participant)? @ RegistryError::PrivilegedRoles,
    )]
    pub participant: AccountLoader<'info, Participant>,
    /// CHECK: the participant's own wallet; it gets the rent, whoever acts.
    #[account(mut)]
    pub wallet: UncheckedAccount<'info>,
}

pub fn close_participant(ctx: Context<CloseParticipant>) -> Result<()> {
    let accounts = &ctx.accounts;
    let (actor, wallet) = (accounts.actor.key(), accounts.wallet.key());
    let participant = accounts.participant.load()?;
    require!(
        actor == wallet || !participant.is_active(),
        RegistryError::StillActive
    );
    let mut community = accounts.community.load_mut()?;
    community.participants = community
        .participants
        .checked_sub(1)
        .ok_or(RegistryError::Overflow)?;
    emit!(ParticipantClosed {
        community: accounts.community.key(),
        wallet,
        actor,
        index: participant.index,
    });
    Ok(())
}
