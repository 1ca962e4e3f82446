//! What the oracle will say of a message, worked out from its accounts with the crates that it stands on: what can't be taken
//! costs no fee, and what became of a message is read from the accounts alone.

use joulebook_client::{
    layout::oracle::{IntervalPage, Meter, MeterFlags, MeterStatus, MeterTable},
    oracle::types::ReadingResult,
    tables::{IntervalPageTable, MeterRecords},
};
use joulebook_metering::{
    message::Profile,
    page::{MeterPage, PageProfile, Rejection, Taken},
    register::{LastReading, Offsets, ReadingLimits},
};
use joulebook_units::{Seconds, UnixTime};

use crate::message::Message;

/// A meter's row, and its row of a page: copies, to try things with.
#[derive(Clone, Debug)]
pub struct Rows {
    pub meter: Meter,
    page: IntervalPage,
    registers: joulebook_client::layout::oracle::PageRegisters,
    entries: Vec<joulebook_client::layout::oracle::PageEntry>,
}

impl Rows {
    /// Those of the meter with this number; `None` if there is none, or no room for it in the page.
    pub fn of(meter: &Meter, number: u32, page: &IntervalPageTable) -> Option<Rows> {
        let row = usize::from(Meter::row(number));
        let intervals = usize::from(page.header.intervals);
        let first = row.checked_mul(intervals)?;
        let entries = page.entries.get(first..first.checked_add(intervals)?)?;
        Some(Rows {
            meter: *meter,
            page: page.header,
            registers: *page.registers.get(row)?,
            entries: entries.to_vec(),
        })
    }
}

/// What follows from the meter's row and the time alone: `None` if the page has to be asked.
pub fn judge_by_row(
    table: &MeterRecords,
    message: &Message,
    now: UnixTime,
) -> Result<Meter, ReadingResult> {
    let profile = message.profile();
    let meter = table
        .meter(profile.meter)
        .ok_or(ReadingResult::UnknownMeter)?;
    check_heard(meter)?;
    check_message(&table.header, meter, &profile, now)?;
    Ok(*meter)
}

/// What the page makes of it, which it takes: the rows are then as they are on chain afterwards. The signature is taken for
/// verified.
pub fn take(
    table: &MeterTable,
    rows: &mut Rows,
    message: &Message,
    now: UnixTime,
) -> ReadingResult {
    match judge(table, rows, message, now) {
        Ok(result) | Err(result) => result,
    }
}

/// In the sequence of the program: the first thing that is wrong is what it says.
fn judge(
    table: &MeterTable,
    rows: &mut Rows,
    message: &Message,
    now: UnixTime,
) -> Result<ReadingResult, ReadingResult> {
    let profile = message.profile();
    let length = table.interval_length();
    check_heard(&rows.meter)?;
    if profile.intervals > rows.page.intervals {
        return Err(ReadingResult::OutsidePage);
    }
    let first = check_message(table, &rows.meter, &profile, now)?;
    if is_tampered(&profile) {
        return Err(ReadingResult::Tampered);
    }
    let start = UnixTime(rows.page.start);
    let page_span = length.0.wrapping_mul(rows.page.intervals.into());
    let is_profile = profile.intervals > 0;
    let is_of_next = is_profile && first.0.checked_sub(start.0) == Some(page_span);
    let at = if is_of_next { first } else { profile.boundary };
    let page = MeterPage::new(&mut rows.registers, &mut rows.entries, start, length);
    let mut page = page.ok_or(ReadingResult::Broken)?;
    let boundary = page
        .boundary_at(at)
        .filter(|boundary| *boundary <= rows.page.intervals)
        .ok_or(ReadingResult::OutsidePage)?;
    let is_of_seam = is_of_next || is_profile && boundary == 0;
    let last = LastReading::from(&rows.meter);
    let is_early = is_of_seam && at > last.boundary;
    if is_early || !is_of_seam && boundary < profile.intervals {
        return Err(ReadingResult::OutsidePage);
    }
    if now.0 >= rows.page.readings_until {
        return Err(ReadingResult::ReadingsClosed);
    }
    last.is_moved_by(at, profile.sequence).map_err(result_of)?;
    let values = message.values().ok_or(ReadingResult::Malformed)?;
    let offsets = Offsets::from(&rows.meter);
    let registers = offsets.count(&profile.registers).map_err(result_of)?;
    let whole = PageProfile {
        last: boundary,
        registers,
        least: offsets.least,
        values: &values,
    };
    let told = match is_of_seam {
        true => PageProfile {
            registers: match is_of_next {
                true => whole.first_registers().map_err(result_of)?,
                false => registers,
            },
            values: &[],
            ..whole
        },
        false => whole,
    };
    let limits = ReadingLimits::of(&rows.meter, start);
    let taken = page
        .take_profile(&told, &limits, Some(&last))
        .map_err(result_of)?;
    if taken == Taken::Newest {
        rows.meter.boundary = profile.boundary.0;
        rows.meter.sequence = profile.sequence;
        rows.meter.import = told.registers.import.0;
        rows.meter.export = told.registers.export.0;
    }
    Ok(match taken {
        Taken::Newest => ReadingResult::Counted,
        Taken::Filled => ReadingResult::Filled,
        Taken::AlreadyKnown => ReadingResult::AlreadyKnown,
    })
}

fn check_heard(meter: &Meter) -> Result<(), ReadingResult> {
    if meter.is(MeterStatus::Retired) {
        return match meter.is_silenced {
            0 => Ok(()),
            _ => Err(ReadingResult::Quarantined),
        };
    }
    if meter.is(MeterStatus::Active) {
        return Ok(());
    }
    match meter.is(MeterStatus::Quarantined) {
        true => Err(ReadingResult::Quarantined),
        false => Err(ReadingResult::UnknownMeter),
    }
}

/// Its first boundary, if both are in the meter's service and at this time, and its flags are known.
fn check_message(
    table: &MeterTable,
    meter: &Meter,
    profile: &Profile,
    now: UnixTime,
) -> Result<UnixTime, ReadingResult> {
    let length: Seconds = table.interval_length();
    let span = length.0.wrapping_mul(profile.intervals.into());
    let first = UnixTime(profile.boundary.0.saturating_sub(span));
    if first.0 < meter.service_from || profile.boundary.0 > meter.service_until {
        return Err(ReadingResult::NotInService);
    }
    if first.0 <= meter.device_from {
        return Err(ReadingResult::BeforeDevice);
    }
    if profile.boundary.boundary(length) != Some(profile.boundary) {
        return Err(ReadingResult::OffBoundary);
    }
    if profile.boundary > now {
        return Err(ReadingResult::FutureBoundary);
    }
    match MeterFlags(profile.flags).is_known() {
        true => Ok(first),
        false => Err(ReadingResult::UnknownFlags),
    }
}

/// Whether the meter says that it was tampered with: the oracle counts that, and takes nothing of it.
pub fn is_tampered(profile: &Profile) -> bool {
    MeterFlags(profile.flags).intersects(MeterFlags::TAMPERED)
}

pub(crate) fn result_of(rejection: Rejection) -> ReadingResult {
    match rejection {
        Rejection::OutsidePage => ReadingResult::OutsidePage,
        Rejection::StaleSequence => ReadingResult::StaleSequence,
        Rejection::Contradicts => ReadingResult::Contradicts,
        Rejection::RegisterFell | Rejection::BelowFirst => ReadingResult::RegisterFell,
        Rejection::PowerLimit => ReadingResult::PowerLimit,
        Rejection::Replaced => ReadingResult::Replaced,
        Rejection::Broken => ReadingResult::Broken,
    }
}
