//! Meters whose service ended in pages that nobody opened.

use core::result::Result;

use joulebook_layout::oracle::{
    IntervalPage, Meter, MeterStatus, MeterTable, PageEntry, PageRegisters, Quality,
};
use joulebook_units::{UnixTime, Wh};

use crate::errors::OracleError;

/// Lets the service of a meter that was retired in pages left out end with the page that was opened instead, in which nothing
/// flowed: its final registers are known at all boundaries. So what they tell of, and no page has settled, comes to light
/// there, and the meter's owner has no silent window by it. Of one without final registers no boundary is known: it ends unheard.
///
/// Done when the page is finished, not when it is opened: until then the meter is not in service there, and to open a page
/// costs the same however many meters were retired. Energy of before the settlement is not settled, so nothing is carried into
/// its first page.
///
/// # Errors
/// [`OracleError::Overflow`] for a page without an end, [`OracleError::Broken`] for an entry that can't be.
pub fn carry_retired(
    table: &MeterTable,
    page: &IntervalPage,
    meter: &mut Meter,
    registers: &mut PageRegisters,
    entries: &mut [PageEntry],
) -> Result<(), OracleError> {
    if !is_left_out(table, page, meter) {
        return Ok(());
    }
    let has_final = meter.has_final_registers();
    let end = UnixTime(page.start).checked_add(table.page_length());
    let end = end.ok_or(OracleError::Overflow)?;
    meter.service_until = end.0;
    let quality = if has_final {
        Quality::Measured
    } else {
        Quality::Replaced
    };
    let idle = PageEntry::new(Wh(0), Wh(0), quality, has_final);
    let idle = idle.ok_or(OracleError::Broken)?;
    if has_final {
        meter.boundary = end.0;
        *registers = PageRegisters {
            import: meter.import,
            export: meter.export,
            first_import: meter.import,
            first_export: meter.export,
            last: page.intervals,
            known: 1,
            base: 1,
            ..PageRegisters::default()
        };
    }
    entries.fill(idle);
    Ok(())
}

/// Whether a meter was in service, and retired in a page between this one and the one opened before it.
fn is_left_out(table: &MeterTable, page: &IntervalPage, meter: &Meter) -> bool {
    let is_first = page.previous == IntervalPage::NEVER;
    let is_settled = table.settled_from != IntervalPage::NEVER && table.settled_from < page.start;
    if is_first || !is_settled || !meter.is(MeterStatus::Retired) {
        return false;
    }
    let left_out = UnixTime(page.previous).checked_add(table.page_length());
    let ended_after = left_out.is_some_and(|start| start.0 < meter.service_until);
    let has_served = meter.service_from < meter.service_until;
    ended_after && meter.service_until <= page.start && has_served
}
