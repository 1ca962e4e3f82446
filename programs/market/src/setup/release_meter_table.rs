use anchor_lang::prelude::*;
use joulebook_common::{accounts, clock::now, Addressed};
use oracle::program::Oracle;

use crate::{
    errors::MarketError,
    oracle_calls,
    state::{Ledger, Market, MeterTable},
};

#[accounts]
pub struct ReleaseMeterTable<'info> {
    #[account(constraint = market.load()?.meter_table == meter_table.address() @ MarketError::WrongMeterTable)]
    pub market: AccountLoader<'info, Market>,
    #[account(constraint = ledger.load()?.market == market.address() @ MarketError::WrongMarket)]
    pub ledger: AccountLoader<'info, Ledger>,
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    pub oracle_program: Program<'info, Oracle>,
}

pub fn release_meter_table(ctx: Context<ReleaseMeterTable>) -> Result<()> {
    let accounts = ctx.accounts;
    let last_final = accounts.ledger.load()?.last_final;
    let now = now()?.0;
    // Not before its first page either: anybody could keep a market from beginning.
    let has_ended = accounts.market.load()?.has_ended(last_final, now);
    require!(has_ended, MarketError::NotEnded);
    oracle_calls::release_meter_table(
        &accounts.market,
        &accounts.meter_table,
        &accounts.oracle_program,
    )
}
