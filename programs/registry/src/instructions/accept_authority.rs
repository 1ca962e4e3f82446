use anchor_lang::prelude::*;

use crate::{errors::RegistryError, events::AuthorityChanged, state::Community};

#[derive(Accounts)]
pub struct AcceptAuthority<'info> {
    #[account(mut, has_one = pending_authority @ RegistryError::NotPendingAuthority)]
    pub community: AccountLoader<'info, Community>,
    pub pending_authority: Signer<'info>,
}

pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
    let authority = ctx.accounts.pending_authority.key();
    let mut community = ctx.accounts.community.load_mut()?;
    let previous = community.authority;
    community.authority = authority;
    community.pending_authority = Pubkey::default();
    emit!(AuthorityChanged {
        community: ctx.accounts.community.key(),
        previous,
        authority,
    });
    Ok(())
}
