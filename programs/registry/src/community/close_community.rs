use anchor_lang::prelude::*;
use joulebook_common::Addressed;

use crate::{errors::RegistryError, events::CommunityClosed, state::Community};

#[derive(Accounts)]
pub struct CloseCommunity<'info> {
    #[account(mut, close = authority, constraint = community.load()?.authority == authority.address() @ RegistryError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
}

pub fn close_community(ctx: Context<CloseCommunity>) -> Result<()> {
    let community = ctx.accounts.community.load()?;
    require!(
        community.participants == 0,
        RegistryError::CommunityHasParticipants
    );
    // Its founder could create it anew at the same address, with indices from 0 again, and so take
    // over the authority over its meter table and the places of those who were there before.
    require!(community.next_index == 0, RegistryError::CommunityWasUsed);
    emit!(CommunityClosed {
        community: ctx.accounts.community.key(),
        authority: ctx.accounts.authority.key(),
    });
    Ok(())
}
