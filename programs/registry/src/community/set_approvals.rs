use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;

use crate::authority::Govern;
use crate::events::ApprovalsChanged;

pub fn set_approvals(ctx: Context<Govern>, approvals: u16) -> Result<()> {
    let mut community = ctx.accounts.community.load_mut()?;
    community.approvals = approvals;
    emit_numbered!(
        &mut community,
        ApprovalsChanged {
            community: ctx.accounts.community.key(),
            approvals,
        }
    );
    Ok(())
}
