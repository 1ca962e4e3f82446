use core::result::Result;
use joulebook_layout::oracle::{limits::MAX_ENTRY_WH, Interval, IntervalEntry, Meter, Quality};

use joulebook_metering::register::Advance;
use joulebook_units::{Seconds, UnixTime};

use super::ReadingResult;
use crate::state::IntervalView;

/// Where the energy of a reading goes.
pub enum Place<'a> {
    /// Its interval is open and waits for the meter.
    Entry(&'a mut Interval, &'a mut IntervalEntry),
    /// Its interval was settled, or has heard the meter already.
    Carried,
}

/// A reading at `boundary` covers the interval that ends there.
pub fn place<'i>(
    interval: &'i mut IntervalView,
    meter: u32,
    boundary: UnixTime,
    length: Seconds,
    ring: u16,
) -> Result<Place<'i>, ReadingResult> {
    let start = boundary
        .checked_sub(length)
        .ok_or(ReadingResult::OffBoundary)?;
    let header = &mut *interval.header;
    if start.ring_slot(length, ring) != Some(header.slot) {
        return Err(ReadingResult::WrongInterval);
    }
    if header.start < start.0 {
        return Err(ReadingResult::IntervalNotOpen);
    }
    if header.start > start.0 || !header.is_open() {
        return Ok(Place::Carried);
    }
    let unknown = ReadingResult::UnknownMeter;
    let index = usize::try_from(meter).map_err(|_| unknown)?;
    let entry = interval.entries.get_mut(index).ok_or(unknown)?;
    if entry.quality > Quality::Missing as u8 {
        return Ok(Place::Carried);
    }
    Ok(Place::Entry(header, entry))
}

impl Place<'_> {
    /// Puts the energy, and what the meter carried, in its place.
    pub fn record(
        self,
        meter: &mut Meter,
        advance: &Advance,
    ) -> Result<ReadingResult, ReadingResult> {
        let overflow = ReadingResult::Overflow;
        let import = meter.carried_import.checked_add(advance.import.0);
        let export = meter.carried_export.checked_add(advance.export.0);
        let (import, export) = (import.ok_or(overflow)?, export.ok_or(overflow)?);
        let Place::Entry(interval, entry) = self else {
            meter.carried_import = import;
            meter.carried_export = export;
            meter.behind = 1;
            return Ok(ReadingResult::CountedLate);
        };
        let heard = interval.heard.checked_add(1).ok_or(overflow)?;
        if entry.quality == Quality::NotExpected as u8 {
            entry.participant = meter.participant;
        }
        if entry.awaited == 0 {
            interval.expected = interval.expected.checked_add(1).ok_or(overflow)?;
            entry.awaited = 1;
        }
        interval.heard = heard;
        let caught_up = advance.intervals > 1
            || meter.behind != 0
            || meter.carried_import != 0
            || meter.carried_export != 0;
        entry.quality = if caught_up {
            Quality::CaughtUp as u8
        } else {
            Quality::Measured as u8
        };
        (entry.import, meter.carried_import) = split(import);
        (entry.export, meter.carried_export) = split(export);
        meter.behind = u8::from(meter.carried_import != 0 || meter.carried_export != 0);
        Ok(ReadingResult::Counted)
    }
}

/// What one entry holds of `energy`, and what is left over for the next.
fn split(energy: u64) -> (u32, u64) {
    let held = u32::try_from(energy).map_or(MAX_ENTRY_WH, |energy| energy.min(MAX_ENTRY_WH));
    (held, energy.saturating_sub(u64::from(held)))
}
