use anchor_lang::prelude::*;

use crate::authority::Govern;
use crate::events::ApprovalsChanged;

pub fn set_approvals(ctx: Context<Govern>, approvals: u16) -> Result<()> {
    ctx.accounts.community.load_mut()?.approvals = approvals;
    emit!(ApprovalsChanged {
        community: ctx.accounts.community.key(),
        approvals,
    });
    Ok(())
}
