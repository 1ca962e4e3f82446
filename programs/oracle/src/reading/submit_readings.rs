use anchor_lang::prelude::*;
use joulebook_common::{accounts, Addressed};

use super::{intake::Intake, ReadingOutcome, SignedReading};
use crate::{
    errors::OracleError,
    state::{IntervalPage, MeterTable},
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
    Intake::process(meter_table, page, &readings, |intake, reading| {
        ReadingOutcome {
            meter: reading.meter,
            result: intake.take_reading(reading),
        }
    })
}
