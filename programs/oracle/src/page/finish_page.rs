use core::result::Result as CoreResult;

use anchor_lang::prelude::*;
use joulebook_common::{accounts, emit_numbered, Addressed};
use joulebook_layout::oracle::{self, IntervalPageRows, Meter, PageEntry, PageRegisters};
use joulebook_metering::{
    page::{Begins, Counting, MeterPage, Span},
    register::{LastReading, PowerLimits},
};
use joulebook_units::{UnixTime, Watts};

use super::carry_retired::carry_retired;
use crate::{
    clock::now,
    errors::OracleError,
    events::PageFinished,
    state::{load_page, IntervalPage, MeterTable, MeterTableView},
};

#[accounts]
pub struct FinishPage<'info> {
    #[account(mut)]
    pub meter_table: AccountLoader<'info, MeterTable>,
    #[account(mut, constraint = page.load()?.meter_table == meter_table.address() @ OracleError::WrongMeterTable)]
    pub page: AccountLoader<'info, IntervalPage>,
}

pub fn finish_page(ctx: Context<FinishPage>, limit: u16) -> Result<()> {
    let now = now()?;
    let mut table = ctx.accounts.meter_table.as_ref().try_borrow_mut_data()?;
    let MeterTableView { header, meters } = MeterTableView::load(&mut table)?;
    let mut page = ctx.accounts.page.as_ref().try_borrow_mut_data()?;
    let mut page = load_page(&mut page)?;
    if page.header.is_finished() {
        return Ok(());
    }
    require!(
        now.0 >= page.header.corrections_until,
        OracleError::TooEarlyToFinish
    );
    let previous = page.header.previous;
    require!(
        previous == oracle::IntervalPage::NEVER || previous == header.last_finished,
        OracleError::EarlierUnfinished
    );
    let first = page.header.finished_meters;
    let end = first.saturating_add(limit).min(header.count);
    for row in first..end {
        let meter = meters.get_mut(usize::from(row));
        let meter = meter.ok_or(OracleError::Broken)?;
        finish_meter(header, meter, &mut page, row)?;
    }
    // Nothing is to be done for rows that no meter was registered in.
    let is_done = end == header.count;
    page.header.finished_meters = if is_done { page.header.capacity } else { end };
    if is_done {
        header.last_finished = page.header.start;
        emit_numbered!(
            header,
            PageFinished {
                meter_table: ctx.accounts.meter_table.key(),
                start: page.header.start,
            }
        );
    }
    Ok(())
}

/// Puts what the page leaves over of one meter in the place of its registers.
///
/// # Errors
/// [`OracleError::Broken`] for a row that the page has no room for; those of [`carry_retired`].
fn finish_meter(
    table: &oracle::MeterTable,
    meter: &mut Meter,
    page: &mut IntervalPageRows,
    row: u16,
) -> CoreResult<(), OracleError> {
    let header = *page.header;
    let start = header.start;
    let (registers, entries) = page.meter(row).ok_or(OracleError::Broken)?;
    carry_retired(table, &header, meter, registers, entries)?;
    (registers.import, registers.export) = match meter.serves(start) {
        true => {
            take_final(table, meter, registers, entries, start);
            let mut counting = Counting::from(&*meter);
            let span = Span {
                start: UnixTime(start),
                length: table.interval_length(),
                counts_from: meter.service_from.max(table.settled_from),
                cap: PowerLimits::both(Watts(table.power_cap)),
            };
            let (finished, begins) = counting.finish(registers, entries, &span);
            counting.store(meter);
            registers.begins = u8::from(begins == Begins::InTime);
            registers.begins_late = u8::from(begins == Begins::Late);
            (finished.charged().0, finished.credited().0)
        }
        false => (0, 0),
    };
    registers.finished = 1;
    Ok(())
}

/// Hands the final registers of a retired meter to its last page: they are its reading at the page's end. Where it was retired
/// without its owner, nobody knows them: what its device has signed counts, and nothing ends its silence.
fn take_final(
    table: &oracle::MeterTable,
    meter: &Meter,
    registers: &mut PageRegisters,
    entries: &mut [PageEntry],
    start: i64,
) {
    let end = UnixTime(start).checked_add(table.page_length());
    if !meter.has_final_registers() || end != Some(UnixTime(meter.service_until)) {
        return;
    }
    let last = LastReading::from(meter);
    let page = MeterPage::new(registers, entries, UnixTime(start), table.interval_length());
    if let Some(mut page) = page {
        // Whether the connection can have carried that was asked when it was retired, by the limits of then. Where they do
        // not go together with the page's readings, those stay.
        let limits = PowerLimits::both(Watts(u32::MAX)).everywhere();
        let _ = page.take_reading(table.page_intervals, last.registers, &limits, Some(&last));
    }
}
