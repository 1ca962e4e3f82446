use anchor_lang::prelude::*;
use joulebook_common::{emit_numbered, Addressed};

use crate::authority::Govern;
use crate::events::AuthorityProposed;

pub fn propose_authority(ctx: Context<Govern>, new_authority: Option<Pubkey>) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    community.pending_authority = new_authority.unwrap_or_default().address();
    emit_numbered!(
        &mut community,
        AuthorityProposed {
            community: ctx.accounts.community.key(),
            authority: ctx.accounts.authority.key(),
            proposed: new_authority,
        }
    );
    Ok(())
}
