use anchor_lang::prelude::*;
use joulebook_common::{access, accounts, Addressed};
use joulebook_layout::registry::{limits::NO_INDEX, Roles};

use super::{admission::admit, application::check_reviewed};
use crate::authority::check_grant;
use crate::{
    errors::RegistryError,
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

pub fn approve(
    ctx: Context<Approve>,
    roles: u16,
    zone: u8,
    balancing_group: u16,
    identity_hash: [u8; 32],
) -> Result<()> {
    let actor = &ctx.accounts.actor;
    let mut community = ctx.accounts.community.load_mut()?;
    let mut participant = ctx.accounts.participant.load_mut()?;
    let by_authority = community.authority == actor.address();
    check_grant(Roles(roles), by_authority)?;
    check_reviewed(
        &community,
        &participant,
        zone,
        balancing_group,
        &identity_hash,
    )?;
    // What a stolen operator's key can let in, and use up of the indices, ends here.
    let approvals = match by_authority {
        true => Some(community.approvals),
        false => community.approvals.checked_sub(1),
    };
    let approvals = approvals.ok_or(RegistryError::NoApprovalsLeft)?;
    let (index, next_index) = match participant.has_index() {
        true => (participant.index, community.next_index),
        false => take_index(community.next_index)?,
    };

    community.approvals = approvals;
    community.next_index = next_index;
    let generation = participant.generation;
    admit(
        &mut community,
        &mut participant,
        roles,
        index,
        generation,
        actor.key(),
        None,
    )
}

/// An index that nobody had, and the next one.
///
/// # Errors
/// [`RegistryError::CommunityFull`] if there is none.
fn take_index(next_index: u16) -> Result<(u16, u16)> {
    require!(next_index < NO_INDEX, RegistryError::CommunityFull);
    let following = next_index.checked_add(1);
    Ok((next_index, following.ok_or(RegistryError::CommunityFull)?))
}
