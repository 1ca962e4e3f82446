use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use crate::{
    errors::OracleError,
    state::{Community, Interval, MeterTable},
};

#[accounts]
pub struct CloseInterval<'info> {
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
    #[account(constraint = community.load()?.authority == authority.address() @ OracleError::NotAuthority)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, close = authority, constraint = interval.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
}

pub fn close_interval(ctx: Context<CloseInterval>) -> Result<()> {
    require!(
        !ctx.accounts.interval.load()?.is_open(),
        OracleError::IntervalInUse
    );
    let mut table = ctx.accounts.meter_table.load_mut()?;
    table.intervals = table
        .intervals
        .checked_sub(1)
        .ok_or(OracleError::Overflow)?;
    Ok(())
}
