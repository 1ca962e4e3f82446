//! Takes signed readings into the meter table and a page.

use core::result::Result;

use anchor_lang::prelude::*;
use joulebook_common::emit_numbered;
use joulebook_layout::oracle::{
    limits::REASON_VIOLATIONS, IntervalPageRows, Meter, MeterFlags, MeterStatus,
};
use joulebook_metering::{
    message::Reading,
    page::{MeterPage, Taken},
    register::{LastReading, Offsets, PowerLimits, ReadingLimits, Registers},
};
use joulebook_units::{Seconds, UnixTime, Watts};

use super::{signature::is_signed, ReadingResult, SignedReading};
use crate::{events::MeterQuarantined, state::MeterTableView};

pub struct Intake<'a> {
    pub meter_table: Pubkey,
    pub binding: [u8; 32],
    pub table: MeterTableView<'a>,
    pub page: IntervalPageRows<'a>,
    pub now: UnixTime,
}

impl Intake<'_> {
    /// Takes one reading, or says why not. Never fails, so that one bad reading spoils no other.
    pub fn take(&mut self, signed: &SignedReading) -> ReadingResult {
        match self.judge(signed) {
            Ok(result) | Err(result) => result,
        }
    }

    /// The cheap checks come first, the signature last; nothing is changed before it holds.
    fn judge(&mut self, signed: &SignedReading) -> Result<ReadingResult, ReadingResult> {
        let header = &*self.table.header;
        let (length, limit) = (header.interval_length(), header.violation_limit);
        let cap = PowerLimits::both(Watts(header.power_cap)).everywhere();
        let meter = heard_meter(&mut self.table, signed.meter)?;
        let reading = signed.reading();
        check_reading(&reading, meter, length, self.now)?;
        if MeterFlags(reading.flags).intersects(MeterFlags::TAMPERED) {
            check_signature(meter, signed, &reading, &self.binding)?;
            punish(&mut self.table, signed, limit, self.meter_table);
            return Err(ReadingResult::Tampered);
        }
        let readings_until = self.page.header.readings_until;
        let page_start = UnixTime(self.page.header.start);
        let (mut page, boundary) = place(&mut self.page, signed, length)?;
        if self.now.0 >= readings_until {
            return Err(ReadingResult::ReadingsClosed);
        }
        let last = LastReading::from(&*meter);
        last.is_moved_by(reading.boundary, reading.sequence)?;
        let registers = Offsets::from(&*meter).count(&reading.registers);
        check_signature(meter, signed, &reading, &self.binding)?;

        let limits = ReadingLimits::of(meter, page_start);
        let taken = registers.and_then(|registers| {
            let taken = page.take_reading(boundary, registers, &limits, Some(&last))?;
            Ok((taken, registers))
        });
        // What was signed under higher limits is not the device's fault.
        let is_possible = |registers| {
            page.check_reading(boundary, registers, &cap, Some(&last))
                .is_ok()
        };
        match taken {
            Ok((taken, registers)) => {
                if taken == Taken::Newest {
                    move_on(meter, signed, &registers);
                }
                Ok(taken.into())
            }
            Err(rejection) => {
                if rejection.is_violation() && !registers.is_ok_and(is_possible) {
                    punish(&mut self.table, signed, limit, self.meter_table);
                }
                Err(rejection.into())
            }
        }
    }
}

/// A meter whose readings are taken. One that is retired may still fill what is missing of its service, unless it was
/// quarantined then: nobody restores it.
fn heard_meter<'t>(
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

/// What the reading by itself tells, in the meter's service and at this time.
fn check_reading(
    reading: &Reading,
    meter: &Meter,
    length: Seconds,
    now: UnixTime,
) -> Result<(), ReadingResult> {
    let boundary = reading.boundary;
    if !(meter.service_from..=meter.service_until).contains(&boundary.0) {
        return Err(ReadingResult::NotInService);
    }
    if boundary.0 <= meter.device_from {
        return Err(ReadingResult::BeforeDevice);
    }
    if boundary.boundary(length) != Some(boundary) {
        return Err(ReadingResult::OffBoundary);
    }
    if boundary > now {
        return Err(ReadingResult::FutureBoundary);
    }
    if !MeterFlags(reading.flags).is_known() {
        return Err(ReadingResult::UnknownFlags);
    }
    Ok(())
}

/// What the page has of the meter, and the boundary's index in it.
fn place<'p>(
    page: &'p mut IntervalPageRows,
    signed: &SignedReading,
    length: Seconds,
) -> Result<(MeterPage<'p>, u16), ReadingResult> {
    let start = UnixTime(page.header.start);
    let intervals = page.header.intervals;
    let row = page.meter(Meter::row(signed.meter));
    let (registers, entries) = row.ok_or(ReadingResult::Broken)?;
    let page = MeterPage::new(registers, entries, start, length).ok_or(ReadingResult::Broken)?;
    let boundary = page.boundary_at(UnixTime(signed.boundary));
    match boundary.filter(|boundary| *boundary <= intervals) {
        Some(boundary) => Ok((page, boundary)),
        None => Err(ReadingResult::OutsidePage),
    }
}

fn check_signature(
    meter: &Meter,
    signed: &SignedReading,
    reading: &Reading,
    binding: &[u8; 32],
) -> Result<(), ReadingResult> {
    let message = reading.message(binding);
    match is_signed(&meter.device, &signed.signature, &message) {
        true => Ok(()),
        false => Err(ReadingResult::BadSignature),
    }
}

fn move_on(meter: &mut Meter, signed: &SignedReading, registers: &Registers) {
    meter.boundary = signed.boundary;
    meter.sequence = signed.sequence;
    meter.import = registers.import.0;
    meter.export = registers.export.0;
}

/// Counts a violation and uses the sequence up, so that the same message counts only once. A meter that is retired with final
/// registers has nothing to be kept from.
fn punish(table: &mut MeterTableView, signed: &SignedReading, limit: u8, meter_table: Pubkey) {
    let Some(meter) = table.meter_mut(signed.meter) else {
        return;
    };
    if signed.sequence <= meter.sequence || !meter.is_heard() {
        return;
    }
    meter.sequence = signed.sequence;
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
            meter: signed.meter,
            participant,
            reason: REASON_VIOLATIONS,
            actor: None,
        }
    );
}
