use anchor_lang::prelude::*;
use joulebook_common::Addressed;

use crate::authority::authorize;
use crate::{
    errors::RegistryError,
    events::ParticipantClosed,
    state::{Community, Participant},
};

#[derive(Accounts)]
pub struct CloseParticipant<'info> {
    #[account(mut)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        close = wallet,
        constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity,
        constraint = participant.load()?.wallet == wallet.address() @ RegistryError::WrongWallet,
    )]
    pub participant: AccountLoader<'info, Participant>,
    /// CHECK: the participant's own wallet; it gets the rent, whoever acts.
    #[account(mut)]
    pub wallet: UncheckedAccount<'info>,
    pub actor: Signer<'info>,
    /// The actor's own record, with the OPERATOR role; left out when the wallet or the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
}

pub fn close_participant(ctx: Context<CloseParticipant>) -> Result<()> {
    let CloseParticipant {
        community,
        participant,
        wallet,
        actor,
        acting,
    } = &ctx.accounts;
    if actor.key() != wallet.key() {
        authorize(community, participant, actor, acting)?;
        require!(!participant.load()?.is_active(), RegistryError::StillActive);
    }
    let mut record = community.load_mut()?;
    record.participants = record
        .participants
        .checked_sub(1)
        .ok_or(RegistryError::Overflow)?;
    emit!(ParticipantClosed {
        community: community.key(),
        wallet: wallet.key(),
        actor: actor.key(),
        index: participant.load()?.index,
    });
    Ok(())
}
