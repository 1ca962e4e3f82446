use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{errors::RegistryError, events::CommunityClosed, state::Community};

#[accounts]
pub struct CloseCommunity<'info> {
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(mut, close = authority, constraint = community.load()?.authority == authority.address() @ RegistryError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
}

pub fn close_community(ctx: Context<CloseCommunity>) -> Result<()> {
    let community = ctx.accounts.community.load()?;
    require!(community.participants == 0, RegistryError::CommunityInUse);
    // Its founder could create it anew at the same address, with indices from 0 again, and so take
    // over the authority over its meter table and the places of those who were there before.
    require!(community.next_index == 0, RegistryError::CommunityWasUsed);
    emit!(CommunityClosed {
        community: ctx.accounts.community.key(),
        authority: ctx.accounts.authority.key(),
    });
    Ok(())
}
