use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_unnumbered, stored::pubkey, Addressed};

use crate::{
    errors::MarketError,
    events::HoldClosed,
    state::{Admission, SeatHold},
};

#[accounts]
pub struct CloseHold<'info> {
    #[account(mut)]
    pub admission: AccountLoader<'info, Admission>,
    #[account(
        mut,
        constraint = hold.load()?.admission == admission.address() @ MarketError::WrongAdmission,
        constraint = hold.load()?.owner == owner.address() @ MarketError::WrongWallet,
        constraint = hold.load()?.amount == 0 @ MarketError::HoldInUse,
        close = owner
    )]
    pub hold: AccountLoader<'info, SeatHold>,
    /// CHECK: whoever paid the hold's rent; it gets that back.
    #[account(mut)]
    pub owner: UncheckedAccount<'info>,
}

pub fn close_hold(ctx: Context<CloseHold>) -> Result<()> {
    let accounts = ctx.accounts;
    let mut admission = accounts.admission.load_mut()?;
    admission.holds = admission.holds.checked_sub(1).ok_or(MarketError::Broken)?;
    emit_unnumbered!(HoldClosed {
        market: pubkey(admission.market),
        program: pubkey(admission.program),
        seat: accounts.hold.load()?.seat,
    });
    Ok(())
}
