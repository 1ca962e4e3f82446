use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::authority::check_settlement_gone;
use crate::{
    errors::OracleError,
    state::{Community, IntervalPage, MeterTable},
};

#[accounts]
pub struct ClosePage<'info> {
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(
        mut,
        constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity,
        constraint = meter_table.load()?.settlement == settlement.address() @ OracleError::WrongSettlement,
    )]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, close = authority, constraint = page.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub page: AccountLoader<'info, IntervalPage>,
    /// CHECK: the settlement key that the meter table names, all zero included; it is only looked at
    /// whether an account is there.
    pub settlement: UncheckedAccount<'info>,
}

pub fn close_page(ctx: Context<ClosePage>) -> Result<()> {
    // A market may have windows yet to settle with a page that is finished.
    check_settlement_gone(&ctx.accounts.settlement)?;
    require!(
        ctx.accounts.page.load()?.is_finished(),
        OracleError::PageInUse
    );
    let mut table = ctx.accounts.meter_table.load_mut()?;
    table.pages = table.pages.checked_sub(1).ok_or(OracleError::Overflow)?;
    Ok(())
}
