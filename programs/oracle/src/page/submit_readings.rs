use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};
use joulebook_layout::{oracle::limits::MAX_READINGS, registry::Pause};
use joulebook_units::UnixTime;

use crate::reading::{Intake, ReadingOutcome, SignedReading};
use crate::{
    errors::OracleError,
    events::ReadingsProcessed,
    state::{Community, Interval, IntervalView, MeterTable, MeterTableView},
};

#[accounts]
pub struct SubmitReadings<'info> {
    pub community: AccountLoader<'info, Community>,
    #[account(mut, constraint = meter_table.load()?.community == community.address() @ OracleError::WrongCommunity)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = interval.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub interval: AccountLoader<'info, Interval>,
}

pub fn submit_readings(ctx: Context<SubmitReadings>, readings: Vec<SignedReading>) -> Result<()> {
    let SubmitReadings {
        community,
        meter_table,
        interval,
    } = &ctx.accounts;
    require!(!readings.is_empty(), OracleError::NoReadings);
    require!(
        readings.len() <= usize::from(MAX_READINGS),
        OracleError::TooManyReadings
    );
    require!(
        !community.load()?.is_paused(Pause::METERING),
        OracleError::MeteringPaused
    );
    let mut table = meter_table.as_ref().try_borrow_mut_data()?;
    let mut interval = interval.as_ref().try_borrow_mut_data()?;
    let mut intake = Intake {
        meter_table: meter_table.key(),
        community: community.key().to_bytes(),
        table: MeterTableView::load(&mut table)?,
        interval: IntervalView::load(&mut interval)?,
        now: UnixTime(Clock::get()?.unix_timestamp),
    };
    let mut results = Vec::with_capacity(readings.len());
    for reading in &readings {
        let result = intake.take(reading);
        results.push(ReadingOutcome {
            meter: reading.meter,
            result,
        });
    }
    emit!(ReadingsProcessed {
        meter_table: intake.meter_table,
        start: intake.interval.header.start,
        results,
    });
    Ok(())
}
