//! Meters whose service ended in pages that nobody opened.

use joulebook_layout::oracle::{
    IntervalPage, IntervalPageRows, Meter, MeterStatus, PageEntry, PageRegisters, Quality,
};
use joulebook_units::{UnixTime, Wh};

use crate::{errors::OracleError, state::MeterTableView};

/// Lets the service of every meter that was retired in pages left out end with the page that is opened instead, in which
/// nothing flowed: its final registers are known at all boundaries. So what they tell of, and no page has settled, comes to
/// light there, and the meter's owner has no silent window by it.
///
/// `last_opened` is the page before, which is behind `page` by more than a page's length. Energy of before the settlement is
/// not settled, so nothing is carried into its first page.
///
/// # Errors
/// [`OracleError::Overflow`] for a page without an end, [`OracleError::Broken`] for a row that it has no room for.
pub fn carry_retired(
    table: &mut MeterTableView,
    page: &mut IntervalPageRows,
    last_opened: UnixTime,
) -> Result<(), OracleError> {
    let length = table.header.page_length();
    let start = page.header.start;
    let end = UnixTime(start).checked_add(length);
    let end = end.ok_or(OracleError::Overflow)?;
    let left_out = last_opened.checked_add(length);
    let left_out = left_out.ok_or(OracleError::Overflow)?;
    if left_out.0 >= start || table.header.settled_from == IntervalPage::NEVER {
        return Ok(());
    }
    let is_left_out = |meter: &Meter| {
        meter.is(MeterStatus::Retired)
            && (left_out.0 < meter.service_until && meter.service_until <= start)
            && meter.service_from < meter.service_until
    };
    let idle = PageEntry::new(Wh(0), Wh(0), Quality::Measured, true);
    let idle = idle.ok_or(OracleError::Broken)?;
    let intervals = page.header.intervals;
    let mut filled = None;
    for (row, meter) in (0..table.header.count).zip(table.meters.iter_mut()) {
        if !is_left_out(meter) {
            continue;
        }
        meter.boundary = end.0;
        meter.service_until = end.0;
        let registers = page.registers.get_mut(usize::from(row));
        *registers.ok_or(OracleError::Broken)? = PageRegisters {
            import: meter.import,
            export: meter.export,
            last: intervals,
            known: 1,
            base: 1,
            ..PageRegisters::default()
        };
        let place = usize::from(row).checked_mul(usize::from(intervals));
        let place = place.ok_or(OracleError::Broken)?;
        filled = Some(fill(page.entries, filled, place, intervals, idle)?);
    }
    Ok(())
}

/// Writes one entry into all of a meter's places. Those of another are copied, if they have it already: many meters may be
/// carried at once, and a copy costs next to nothing. Returns the place.
fn fill(
    entries: &mut [PageEntry],
    filled: Option<usize>,
    place: usize,
    intervals: u16,
    entry: PageEntry,
) -> Result<usize, OracleError> {
    let range_of = |place: usize| {
        let end = place.checked_add(intervals.into())?;
        (end <= entries.len()).then_some(place..end)
    };
    let range = range_of(place).ok_or(OracleError::Broken)?;
    match filled.and_then(range_of) {
        Some(filled) => entries.copy_within(filled, place),
        None => entries
            .get_mut(range)
            .ok_or(OracleError::Broken)?
            .fill(entry),
    }
    Ok(place)
}
