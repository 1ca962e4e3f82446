//! Takes signed messages into the meter table and a page: what is the same for all kinds of them.

use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::oracle::{
    limits::{MAX_READINGS, REASON_VIOLATIONS},
    IntervalPageRows, Meter, MeterFlags, MeterStatus,
};
use joulebook_metering::{
    message::Stamp,
    page::{Energy, MeterPage},
    register::Registers,
};
use joulebook_units::{Seconds, UnixTime};

use super::{ReadingOutcome, ReadingResult};
use crate::{
    clock::now,
    errors::OracleError,
    events::{MeterQuarantined, ReadingsProcessed},
    state::{load_page, IntervalPage, MeterTable, MeterTableView},
};

pub struct Intake<'a> {
    pub meter_table: Pubkey,
    pub binding: [u8; 32],
    pub table: MeterTableView<'a>,
    pub page: IntervalPageRows<'a>,
    pub now: UnixTime,
    /// Room for the energies of a profile, one after the other: memory is never given back.
    pub values: Vec<Energy>,
}

impl<'a> Intake<'a> {
    /// Lets `take` decide on each of `messages`, and reports what became of them.
    ///
    /// # Errors
    /// [`OracleError::NoReadings`], [`OracleError::TooManyReadings`], and those of loading the accounts.
    pub fn process<T>(
        meter_table: &AccountLoader<MeterTable>,
        page: &AccountLoader<IntervalPage>,
        messages: &[T],
        take: impl Fn(&mut Intake, &T) -> ReadingOutcome,
    ) -> anchor_lang::Result<()> {
        require!(!messages.is_empty(), OracleError::NoReadings);
        require!(
            messages.len() <= usize::from(MAX_READINGS),
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
            values: Vec::new(),
        };
        let mut results = Vec::with_capacity(messages.len());
        for message in messages {
            results.push(take(&mut intake, message));
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
}

/// A meter whose readings are taken. One that is retired may still fill what is missing of its service, unless it was
/// quarantined then: nobody restores it.
pub(super) fn heard_meter<'t>(
    table: &'t mut MeterTableView,
    number: u32,
) -> Result<&'t mut Meter, ReadingResult> {
    const ACTIVE: u8 = MeterStatus::Active as u8;
    const RETIRED: u8 = MeterStatus::Retired as u8;
    const QUARANTINED: u8 = MeterStatus::Quarantined as u8;

    let meter = table.meter_mut(number).ok_or(ReadingResult::UnknownMeter)?;
    match meter.status {
        RETIRED if meter.is_silenced != 0 => Err(ReadingResult::Quarantined),
        ACTIVE | RETIRED => Ok(meter),
        QUARANTINED => Err(ReadingResult::Quarantined),
        _ => Err(ReadingResult::UnknownMeter),
    }
}

/// What a message tells by itself: its first and its last boundary in the meter's service and at this time, and known flags.
pub(super) fn check_message(
    [first, last]: [UnixTime; 2],
    flags: u16,
    meter: &Meter,
    length: Seconds,
    now: UnixTime,
) -> Result<(), ReadingResult> {
    if first.0 < meter.service_from || last.0 > meter.service_until {
        return Err(ReadingResult::NotInService);
    }
    if first.0 <= meter.device_from {
        return Err(ReadingResult::BeforeDevice);
    }
    if last.boundary(length) != Some(last) {
        return Err(ReadingResult::OffBoundary);
    }
    if last > now {
        return Err(ReadingResult::FutureBoundary);
    }
    if !MeterFlags(flags).is_known() {
        return Err(ReadingResult::UnknownFlags);
    }
    Ok(())
}

/// What the page has of the meter, and the boundary's index in it.
pub(super) fn place<'p>(
    page: &'p mut IntervalPageRows,
    meter: u32,
    boundary: UnixTime,
    length: Seconds,
) -> Result<(MeterPage<'p>, u16), ReadingResult> {
    let start = UnixTime(page.header.start);
    let intervals = page.header.intervals;
    let row = page.meter(Meter::row(meter));
    let (registers, entries) = row.ok_or(ReadingResult::Broken)?;
    let page = MeterPage::new(registers, entries, start, length).ok_or(ReadingResult::Broken)?;
    let boundary = page.boundary_at(boundary);
    match boundary.filter(|boundary| *boundary <= intervals) {
        Some(boundary) => Ok((page, boundary)),
        None => Err(ReadingResult::OutsidePage),
    }
}

pub(super) fn move_on(meter: &mut Meter, stamp: Stamp, registers: &Registers) {
    meter.boundary = stamp.boundary.0;
    meter.sequence = stamp.sequence;
    meter.import = registers.import.0;
    meter.export = registers.export.0;
}

/// Counts a violation, once for each message: of a lower sequence than one that counted none does. What the device has signed before
/// is taken all the same. A meter that is retired with final
/// registers has nothing to be kept from.
pub(super) fn punish(table: &mut MeterTableView, stamp: Stamp, meter_table: Pubkey) {
    let limit = table.header.violation_limit;
    let Some(meter) = table.meter_mut(stamp.meter) else {
        return;
    };
    let latest = meter.sequence.max(meter.punished);
    if stamp.sequence <= latest || !meter.is_heard() {
        return;
    }
    meter.punished = stamp.sequence;
    meter.violations = meter.violations.saturating_add(1);
    if limit == 0 || meter.violations < limit {
        return;
    }
    meter.silence();
    let participant = meter.participant;
    emit_numbered!(
        table.header,
        MeterQuarantined {
            meter_table,
            meter: stamp.meter,
            participant,
            reason: REASON_VIOLATIONS,
            actor: None,
        }
    );
}
