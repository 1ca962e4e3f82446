use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, stored::pubkey, Addressed};
use joulebook_layout::registry::{
    limits::{NO_INDEX, SUCCESSION_NOTICE},
    ParticipantStatus, Roles,
};

use super::{admission::admit, application::check_reviewed};
use crate::authority::check_roles;
use crate::{
    errors::RegistryError,
    state::{Community, Participant},
};

#[accounts]
pub struct ApproveSuccessor<'info> {
    pub authority: Signer<'info>,
    #[account(mut, constraint = community.load()?.authority == authority.address() @ RegistryError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    /// The applicant.
    #[account(mut, constraint = participant.load()?.community == community.address() @ RegistryError::WrongCommunity)]
    pub participant: AccountLoader<'info, Participant>,
    /// Who left, and whose index the applicant gets.
    #[account(mut, constraint = predecessor.load()?.community == community.address() @ RegistryError::WrongCommunity)]
    pub predecessor: AccountLoader<'info, Participant>,
}

pub fn approve_successor(
    ctx: Context<ApproveSuccessor>,
    roles: u16,
    zone: u8,
    balancing_group: u16,
    identity_hash: [u8; 32],
    approved_at: i64,
) -> Result<()> {
    check_roles(Roles(roles))?;
    check_reviewed(
        &*ctx.accounts.community.load()?,
        &*ctx.accounts.participant.load()?,
        zone,
        balancing_group,
        &identity_hash,
    )?;
    // One index per participant: two would be a seat that nobody can reach.
    let has_index = ctx.accounts.participant.load()?.has_index();
    require!(!has_index, RegistryError::HasIndex);
    let now = now()?.0;
    let (index, generation) = inheritance(&*ctx.accounts.predecessor.load()?, approved_at, now)?;

    // An applicant and one who left: never the same account.
    let mut predecessor = ctx.accounts.predecessor.load_mut()?;
    predecessor.index = NO_INDEX;
    predecessor.generation = 0;
    admit(
        &mut *ctx.accounts.community.load_mut()?,
        &mut *ctx.accounts.participant.load_mut()?,
        roles,
        index,
        generation,
        ctx.accounts.authority.key(),
        Some(pubkey(predecessor.wallet)),
    )
}

/// The index of who left, and the generation that comes next.
///
/// # Errors
/// [`RegistryError`] if it has not left, or not long ago, has no index, or was not last approved at `approved_at`.
fn inheritance(predecessor: &Participant, approved_at: i64, now: i64) -> Result<(u16, u16)> {
    require!(
        predecessor.is(ParticipantStatus::Left),
        RegistryError::NotLeft
    );
    require!(predecessor.has_index(), RegistryError::NoIndex);
    // It may have come back, run into debt and left again since its seat was looked at.
    require!(
        predecessor.approved_at == approved_at,
        RegistryError::PredecessorChanged
    );
    // Its seat is its own until it has had the time to empty it, and until the last values of its meters are final: what
    // its successor's meters move is settled with the same row.
    let notice_over = predecessor.left_at.saturating_add(SUCCESSION_NOTICE.into());
    require!(now >= notice_over, RegistryError::LeftLately);
    let generation = predecessor.generation.checked_add(1);
    Ok((
        predecessor.index,
        generation.ok_or(RegistryError::Overflow)?,
    ))
}
