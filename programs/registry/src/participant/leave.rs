use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, clock::now, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::registry::{ParticipantStatus, Roles};

use crate::authority::may_change;
use crate::{
    errors::RegistryError,
    events::ParticipantLeft,
    state::{Community, Participant},
};

#[accounts]
pub struct Leave<'info> {
    pub actor: Signer<'info>,
    /// The actor's own participant account, with the OPERATOR role; left out when the wallet or the authority acts.
    pub acting: Option<AccountLoader<'info, Participant>>,
    #[account(
        mut,
        constraint = is_own(&participant, &actor)?
            || access::permits(&community, &actor, &acting, Roles::OPERATOR)? @ RegistryError::NotPermitted,
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity,
        constraint = is_own(&participant, &actor)?
            || may_change(&community, &actor, &participant)? @ RegistryError::PrivilegedRoles,
    )]
    pub participant: AccountLoader<'info, Participant>,
}

pub fn leave(ctx: Context<Leave>) -> Result<()> {
    let actor = &ctx.accounts.actor;
    let is_own = is_own(&ctx.accounts.participant, actor)?;
    let mut community = ctx.accounts.community.load_mut()?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    require!(
        !participant.is(ParticipantStatus::Left),
        RegistryError::HasLeft
    );
    require!(participant.has_index(), RegistryError::NotApproved);
    require!(
        is_own || !participant.is_active(),
        RegistryError::StillActive
    );
    let participants = community.participants.checked_sub(1);
    let now = now()?.0;

    community.participants = participants.ok_or(RegistryError::Overflow)?;
    // An application that is turned down does not begin the time anew after which another may succeed it.
    if !participant.is(ParticipantStatus::Applied) {
        participant.left_at = now;
    }
    participant.roles = 0;
    participant.status = ParticipantStatus::Left as u8;
    participant.changed_at = now;
    emit_numbered!(
        &mut community,
        ParticipantLeft {
            community: ctx.accounts.community.key(),
            wallet: pubkey(participant.wallet),
            actor: actor.key(),
            index: participant.index,
            generation: participant.generation,
        }
    );
    Ok(())
}

/// Whether the actor is the participant's own wallet.
///
/// # Errors
/// Those of loading the account.
fn is_own(participant: &AccountLoader<Participant>, actor: &Signer) -> Result<bool> {
    Ok(participant.load()?.wallet == actor.address())
}
