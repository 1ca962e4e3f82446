use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_units::UnixTime;

use crate::{
    errors::MarketError,
    events::IntervalSkipped,
    oracle_calls::return_interval,
    state::{Interval, Market, MeterTable, Window},
};

#[accounts]
pub struct ReleaseSkipped<'info> {
    #[account(constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub market: AccountLoader<'info, Market>,
    /// The window slot that the interval's window would have had.
    #[account(constraint = window.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub window: AccountLoader<'info, Window>,
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = interval.load()?.meter_table == meter_table.address() @ MarketError::WrongInterval)]
    pub interval: AccountLoader<'info, Interval>,
    pub oracle_program: Program<'info, oracle::program::Oracle>,
}

pub fn release_skipped(ctx: Context<ReleaseSkipped>) -> Result<()> {
    let accounts = &ctx.accounts;
    let start = accounts.interval.load()?.start;
    {
        let market = accounts.market.load()?;
        let window = accounts.window.load()?;
        let slot = UnixTime(start).ring_slot(market.window_length(), market.ring);
        require!(slot == Some(window.slot), MarketError::WrongSlot);
        require!(window.start > start, MarketError::NotSkipped);
    }
    return_interval(
        &accounts.market,
        &accounts.meter_table,
        &accounts.interval,
        &accounts.oracle_program,
    )?;
    emit!(IntervalSkipped {
        market: accounts.market.key(),
        window: start,
    });
    Ok(())
}
