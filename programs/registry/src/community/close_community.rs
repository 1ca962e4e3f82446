use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};

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
    let mut community = ctx.accounts.community.load_mut()?;
    require!(community.participants == 0, RegistryError::CommunityInUse);
    // Its founder could create it anew at the same address, with indices from 0 again, and so take
    // over the authority over its meter table and the places of those who were there before.
    require!(community.next_index == 0, RegistryError::CommunityWasUsed);
    emit_numbered!(
        &mut community,
        CommunityClosed {
            community: ctx.accounts.community.key(),
            authority: ctx.accounts.authority.key(),
        }
    );
    Ok(())
}
