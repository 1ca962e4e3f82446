use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_unnumbered, stored::pubkey, Addressed};

use crate::{errors::MarketError, events::AdmissionClosed, state::Admission};

#[accounts]
pub struct CloseAdmission<'info> {
    #[account(
        mut,
        constraint = admission.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = admission.load()?.payer == payer.address() @ MarketError::WrongWallet,
        constraint = admission.load()?.is_retired() || market.owner != &crate::ID @ MarketError::NotRetired,
        constraint = admission.load()?.holds == 0 @ MarketError::AdmissionInUse,
        close = payer
    )]
    pub admission: AccountLoader<'info, Admission>,
    /// CHECK: of the address that the admission names; asked for no more than whether it is still there.
    pub market: UncheckedAccount<'info>,
    /// CHECK: whoever paid the admission's rent; it gets that back.
    #[account(mut)]
    pub payer: UncheckedAccount<'info>,
}

pub fn close_admission(ctx: Context<CloseAdmission>) -> Result<()> {
    let accounts = ctx.accounts;
    emit_unnumbered!(AdmissionClosed {
        market: accounts.market.key(),
        program: pubkey(accounts.admission.load()?.program),
    });
    Ok(())
}
