use anchor_lang::prelude::*;
use registry::state::Community;

use crate::{
    errors::OracleError,
    state::{Interval, MeterTable},
};

#[derive(Accounts)]
pub struct CloseInterval<'info> {
    #[account(has_one = authority @ OracleError::AuthorityOnly)]
    pub community: AccountLoader<'info, Community>,
    #[account(mut, has_one = community @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, close = authority, has_one = meter_table @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
    /// Gets the rent.
    #[account(mut)]
    pub authority: Signer<'info>,
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
