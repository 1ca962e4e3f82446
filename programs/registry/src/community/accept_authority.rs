use anchor_lang::prelude::*;
use joulebook_common::{stored::pubkey, Addressed};
use joulebook_layout::Address;

use crate::{errors::RegistryError, events::AuthorityChanged, state::Community};

#[derive(Accounts)]
pub struct AcceptAuthority<'info> {
    #[account(mut, constraint = community.load()?.pending_authority == pending_authority.address() @ RegistryError::NotPendingAuthority)]
    pub community: AccountLoader<'info, Community>,
    pub pending_authority: Signer<'info>,
}

pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    let previous = community.authority;
    community.authority = ctx.accounts.pending_authority.address();
    community.pending_authority = Address::NOBODY;
    emit!(AuthorityChanged {
        community: ctx.accounts.community.key(),
        previous: pubkey(previous),
        authority: ctx.accounts.pending_authority.key(),
    });
    Ok(())
}
