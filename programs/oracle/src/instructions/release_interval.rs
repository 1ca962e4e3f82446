use anchor_lang::prelude::*;

use crate::{
    errors::OracleError,
    state::{Interval, MeterTable, Phase},
};

#[derive(Accounts)]
pub struct ReleaseInterval<'info> {
    /// The meter table's settlement key: the market, signing for itself.
    pub settlement: Signer<'info>,
    #[account(has_one = settlement @ OracleError::WrongSettlement)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, has_one = meter_table @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
}

pub fn release_interval(ctx: Context<ReleaseInterval>) -> Result<()> {
    let mut interval = ctx.accounts.interval.load_mut()?;
    require!(interval.is_open(), OracleError::NotOpen);
    interval.phase = Phase::Free as u8;
    Ok(())
}
