use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::oracle::IntervalPhase;

use crate::{
    errors::OracleError,
    state::{Interval, MeterTable},
};

#[accounts]
pub struct ReleaseInterval<'info> {
    /// The meter table's settlement key: the market, signing for itself.
    pub settlement: Signer<'info>,
    #[account(constraint = meter_table.load()?.settlement == settlement.address() @ OracleError::WrongSettlement)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = interval.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
}

pub fn release_interval(ctx: Context<ReleaseInterval>) -> Result<()> {
    let mut interval = ctx.accounts.interval.load_mut()?;
    require!(interval.is_open(), OracleError::NotOpen);
    interval.phase = IntervalPhase::Free as u8;
    Ok(())
}
