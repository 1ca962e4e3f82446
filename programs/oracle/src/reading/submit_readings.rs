use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::oracle::limits::MAX_READINGS;

use super::{intake::Intake, ReadingOutcome, SignedReading};
use crate::{
    clock::now,
    errors::OracleError,
    events::ReadingsProcessed,
    state::{load_page, IntervalPage, MeterTable, MeterTableView},
};

#[accounts]
pub struct SubmitReadings<'info> {
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = page.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub page: AccountLoader<'info, IntervalPage>,
}

pub fn submit_readings(ctx: Context<SubmitReadings>, readings: Vec<SignedReading>) -> Result<()> {
    let SubmitReadings { meter_table, page } = &ctx.accounts;
    require!(!readings.is_empty(), OracleError::NoReadings);
    require!(
        readings.len() <= usize::from(MAX_READINGS),
        OracleError::TooManyReadings
    );
    let mut table = meter_table.as_ref().try_borrow_mut_data()?;
    let mut page = page.as_ref().try_borrow_mut_data()?;
    let table = MeterTableView::load(&mut table)?;
    let mut intake = Intake {
        meter_table: meter_table.key(),
        binding: table.header.binding,
        table,
        page: load_page(&mut page)?,
        now: now()?,
    };
    let mut results = Vec::with_capacity(readings.len());
    for reading in &readings {
        let result = intake.take(reading);
        results.push(ReadingOutcome {
            meter: reading.meter,
            result,
        });
    }
    emit_numbered!(
        intake.table.header,
        ReadingsProcessed {
            meter_table: intake.meter_table,
            start: intake.page.header.start,
            results,
        }
    );
    Ok(())
}
