use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, emit_numbered, Addressed};
use joulebook_layout::registry::{ParticipantStatus, Roles};

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
    // A debtor would otherwise come back under another index, without its debt.
    require!(!participant.has_index(), RegistryError::HasIndex);
    let mut community = accounts.community.load_mut()?;
    // One who left is not counted any more.
    if participant.is(ParticipantStatus::Applied) {
        let participants = community.participants.checked_sub(1);
        community.participants = participants.ok_or(RegistryError::Overflow)?;
    }
    emit_numbered!(
        &mut community,
        ParticipantClosed {
            community: accounts.community.key(),
            wallet,
            actor,
        }
    );
    Ok(())
}
