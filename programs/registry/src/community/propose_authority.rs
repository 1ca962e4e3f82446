use anchor_lang::prelude::*;
use joulebook_common::Addressed;

use crate::authority::Govern;
use crate::events::AuthorityProposed;

pub fn propose_authority(ctx: Context<Govern>, new_authority: Option<Pubkey>) -> Result<()> {
    ctx.accounts.community.load_mut()?.pending_authority =
        new_authority.unwrap_or_default().address();
    emit!(AuthorityProposed {
        community: ctx.accounts.community.key(),
        authority: ctx.accounts.authority.key(),
        proposed: new_authority,
    });
    Ok(())
}
