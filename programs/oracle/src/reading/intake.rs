//! Takes signed readings into the meter table and an interval.

use core::result::Result;

use anchor_lang::prelude::*;
use brine_ed25519::{verify_strict, Address};
use joulebook_layout::oracle::{limits::REASON_VIOLATIONS, Meter, MeterStatus};
use joulebook_metering::register::{LastReading, PowerLimits};
use joulebook_units::UnixTime;

use super::{record::place, ReadingResult, SignedReading};
use crate::{
    events::MeterQuarantined,
    state::{IntervalView, MeterTableView},
};

pub struct Intake<'a> {
    pub meter_table: Pubkey,
    pub community: [u8; 32],
    pub table: MeterTableView<'a>,
    pub interval: IntervalView<'a>,
    pub now: UnixTime,
}

impl Intake<'_> {
    /// Counts one reading, or says why not. Never fails, so that one bad reading spoils no other.
    pub fn take(&mut self, signed: &SignedReading) -> ReadingResult {
        match self.judge(signed) {
            Ok(result) | Err(result) => result,
        }
    }

    /// The cheap checks come first, the signature last; nothing is changed before it holds.
    fn judge(&mut self, signed: &SignedReading) -> Result<ReadingResult, ReadingResult> {
        let header = &*self.table.header;
        let (length, ring) = (header.interval_length(), header.ring);
        let limit = header.violation_limit;
        let meter = in_service(&mut self.table, signed.meter)?;
        let reading = signed.reading();
        let limits = PowerLimits::from(&*meter);
        let advance = LastReading::from(&*meter).advance(&reading, &limits, length, self.now);
        if let Err(rejection) = advance {
            if !rejection.is_violation() {
                return Err(rejection.into());
            }
        }
        let interval = &mut self.interval;
        let place = place(interval, signed.meter, reading.boundary, length, ring)?;
        let message = reading.message(&self.community);
        if !is_signed(&meter.device, &signed.signature, &message) {
            return Err(ReadingResult::BadSignature);
        }
        match advance {
            Ok(advance) => {
                let result = place.record(meter, &advance)?;
                meter.boundary = signed.boundary;
                meter.sequence = signed.sequence;
                meter.import = signed.import;
                meter.export = signed.export;
                Ok(result)
            }
            Err(rejection) => {
                punish(meter, signed, limit, self.meter_table);
                Err(rejection.into())
            }
        }
    }
}

/// Counts a violation and uses the sequence up, so that the same message counts only once.
fn punish(meter: &mut Meter, signed: &SignedReading, limit: u8, meter_table: Pubkey) {
    meter.sequence = signed.sequence;
    meter.violations = meter.violations.saturating_add(1);
    if limit == 0 || meter.violations < limit {
        return;
    }
    meter.status = MeterStatus::Quarantined as u8;
    emit!(MeterQuarantined {
        meter_table,
        meter: signed.meter,
        participant: meter.participant,
        reason: REASON_VIOLATIONS,
        actor: None,
    });
}

fn in_service<'t>(
    table: &'t mut MeterTableView,
    number: u32,
) -> Result<&'t mut Meter, ReadingResult> {
    const ACTIVE: u8 = MeterStatus::Active as u8;
    const QUARANTINED: u8 = MeterStatus::Quarantined as u8;
    const RETIRED: u8 = MeterStatus::Retired as u8;

    let meter = table.meter_mut(number).ok_or(ReadingResult::UnknownMeter)?;
    match meter.status {
        ACTIVE => Ok(meter),
        QUARANTINED => Err(ReadingResult::Quarantined),
        RETIRED => Err(ReadingResult::Retired),
        _ => Err(ReadingResult::UnknownMeter),
    }
}

/// A frame of its own: the hash needs a good part of one.
#[inline(never)]
fn is_signed(device: &[u8; 32], signature: &[u8; 64], message: &[u8]) -> bool {
    verify_strict(&Address::new_from_array(*device), signature, &[message]).is_ok()
}
