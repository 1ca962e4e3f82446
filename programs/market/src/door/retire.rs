use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, emit_numbered, stored::pubkey, Addressed};
use joulebook_layout::market::limits::RETIREMENT_NOTICE;

use crate::{
    errors::MarketError,
    events::ProgramRetired,
    state::{Admission, Community, Market},
};

#[accounts]
pub struct Retire<'info> {
    pub authority: Signer<'info>,
    #[account(
        constraint = market.load()?.community == community.address() @ MarketError::WrongCommunity,
        constraint = community.load()?.authority == authority.address() @ MarketError::NotAuthority
    )]
    pub community: AccountLoader<'info, Community>,
    #[account(mut)]
    pub market: AccountLoader<'info, Market>,
    // Once: to retire it again would put off the day on which its money is given back.
    #[account(
        mut,
        constraint = admission.load()?.market == market.address() @ MarketError::WrongMarket,
        constraint = !admission.load()?.is_retired() @ MarketError::ProgramRetired
    )]
    pub admission: AccountLoader<'info, Admission>,
}

pub fn retire(ctx: Context<Retire>) -> Result<()> {
    let accounts = ctx.accounts;
    let now = now()?.0;
    let ends_at = now
        .checked_add(RETIREMENT_NOTICE.into())
        .ok_or(MarketError::Overflow)?;

    let mut admission = accounts.admission.load_mut()?;
    admission.ends_at = ends_at;
    emit_numbered!(
        &mut *accounts.market.load_mut()?,
        ProgramRetired {
            market: accounts.market.key(),
            program: pubkey(admission.program),
            ends_at,
        }
    );
    Ok(())
}
