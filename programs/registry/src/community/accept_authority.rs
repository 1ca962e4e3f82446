use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::Address;

use crate::{errors::RegistryError, events::AuthorityChanged, state::Community};

#[accounts]
pub struct AcceptAuthority<'info> {
    pub pending_authority: Signer<'info>,
    #[account(mut, constraint = community.load()?.pending_authority == pending_authority.address() @ RegistryError::NotPendingAuthority)]
    pub community: AccountLoader<'info, Community>,
}

pub fn accept_authority(ctx: Context<AcceptAuthority>) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    let previous = community.authority;
    community.authority = ctx.accounts.pending_authority.address();
    community.pending_authority = Address::NOBODY;
    emit_numbered!(
        &mut community,
        AuthorityChanged {
            community: ctx.accounts.community.key(),
            previous: pubkey(previous),
            authority: ctx.accounts.pending_authority.key(),
        }
    );
    Ok(())
}
