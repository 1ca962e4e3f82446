use anchor_lang::prelude::*;
use joulebook_units::UnixTime;
use oracle::state::{Interval, MeterTable};

use super::return_interval;
use crate::{
    errors::MarketError,
    events::IntervalSkipped,
    state::{Market, Window},
};

#[derive(Accounts)]
pub struct ReleaseSkipped<'info> {
    #[account(has_one = meter_table @ MarketError::OtherInterval)]
    pub market: AccountLoader<'info, Market>,
    /// The window slot that the interval's window would have had.
    #[account(has_one = market @ MarketError::OtherMarket)]
    pub window: AccountLoader<'info, Window>,
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, has_one = meter_table @ MarketError::OtherInterval)]
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
