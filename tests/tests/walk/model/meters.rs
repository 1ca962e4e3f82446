use std::collections::BTreeMap;

use joulebook_client::{
    market::errors::MarketError,
    oracle::{
        errors::OracleError,
        types::{ReadingResult, SignedReading},
    },
};

use super::{Model, Reasons, METERING, REGISTRATION};

/// The limit that the testkit registers meters with, W.
pub const MAX_POWER: i128 = 100_000;

const KNOWN_FLAGS: u16 = 7;
const TAMPERED: u16 = 1;

#[derive(Clone, Debug)]
pub struct Meter {
    pub owner: u16,
    pub status: MeterStatus,
    /// Of the last reading taken.
    pub boundary: i64,
    pub sequence: u64,
    pub import: u64,
    pub export: u64,
    /// Energy that waits for the meter's next interval, Wh.
    pub carried: (i128, i128),
    pub violations: u8,
    /// Its next entry holds energy of earlier intervals.
    pub behind: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeterStatus {
    Active,
    Quarantined,
    Retired,
}

#[derive(Clone, Debug)]
pub struct Interval {
    pub start: i64,
    pub is_open: bool,
    /// By the meters' numbers: those that are waited for and those that were heard.
    pub entries: BTreeMap<u32, Entry>,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub owner: u16,
    /// Wh.
    pub import: i128,
    pub export: i128,
    pub quality: Quality,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quality {
    Missing,
    Measured,
    CaughtUp,
}

impl Interval {
    pub fn heard(&self) -> usize {
        let is_heard = |entry: &&Entry| entry.quality != Quality::Missing;
        self.entries.values().filter(is_heard).count()
    }
}

impl Model {
    pub fn register_meter(&mut self, owner: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(
            self.is_paused(REGISTRATION),
            OracleError::RegistrationPaused,
        );
        reasons.when(
            !self.members[&owner].active,
            OracleError::ParticipantNotActive,
        );
        reasons.when(
            self.meters.len() >= usize::from(self.sizes.meters),
            OracleError::TableFull,
        );
        reasons.found()?;
        self.meters.push(Meter {
            owner,
            status: MeterStatus::Active,
            boundary: self.boundary(),
            sequence: 0,
            import: 0,
            export: 0,
            carried: (0, 0),
            violations: 0,
            behind: false,
        });
        Ok(())
    }

    fn require_in_use(&self, reasons: &mut Reasons, number: u32) -> Option<&Meter> {
        let meter = self.meters.get(number as usize);
        reasons.when(meter.is_none(), OracleError::MeterUnknown);
        reasons.when(
            meter.is_some_and(|meter| meter.status == MeterStatus::Retired),
            OracleError::MeterRetired,
        );
        meter
    }

    pub fn quarantine(&mut self, number: u32, reason: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(reason == 0, OracleError::ReasonReserved);
        let meter = self.require_in_use(&mut reasons, number);
        reasons.when(
            meter.is_some_and(|meter| meter.status != MeterStatus::Active),
            OracleError::MeterNotActive,
        );
        reasons.found()?;
        self.meters[number as usize].status = MeterStatus::Quarantined;
        Ok(())
    }

    pub fn retire(&mut self, number: u32) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_in_use(&mut reasons, number);
        reasons.found()?;
        self.meters[number as usize].status = MeterStatus::Retired;
        Ok(())
    }

    pub fn restore(
        &mut self,
        number: u32,
        sequence: u64,
        registers: (u64, u64),
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        if let Some(meter) = self.require_in_use(&mut reasons, number) {
            reasons.when(
                meter.status != MeterStatus::Quarantined,
                OracleError::MeterNotQuarantined,
            );
            reasons.when(sequence < meter.sequence, OracleError::SequenceWentBack);
        }
        reasons.found()?;
        let boundary = self.boundary();
        let meter = &mut self.meters[number as usize];
        let (import, export) = registers;
        // A register that fell is another device's: nothing is known of what it missed.
        if import >= meter.import && export >= meter.export {
            meter.carried.0 += i128::from(import - meter.import);
            meter.carried.1 += i128::from(export - meter.export);
        }
        meter.boundary = meter.boundary.max(boundary);
        meter.sequence = sequence;
        (meter.import, meter.export) = registers;
        meter.violations = 0;
        meter.behind = true;
        meter.status = MeterStatus::Active;
        Ok(())
    }

    pub fn open_interval(&mut self, slot: i64, start: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let length = self.length();
        reasons.when(start % length != 0, OracleError::OffBoundary);
        reasons.when(self.interval_slot(start) != slot, OracleError::WrongSlot);
        reasons.when(start > self.now, OracleError::StartInFuture);
        match self.intervals.get(&slot) {
            Some(held) => {
                reasons.when(start <= held.start, OracleError::StartNotNewer);
                reasons.when(held.is_open, OracleError::NotReleased);
            }
            None => {
                let round = length * i64::from(self.sizes.interval_ring);
                reasons.when(self.now - start >= round, OracleError::StartTooOld);
            }
        }
        reasons.found()?;

        let mut entries = BTreeMap::new();
        for (number, meter) in (0..).zip(&self.meters) {
            // One that was heard beyond is waited for in vain: what it moved is estimated.
            let is_new = meter.sequence == 0 && meter.boundary > start;
            if meter.status != MeterStatus::Retired && !is_new {
                let entry = Entry {
                    owner: meter.owner,
                    import: 0,
                    export: 0,
                    quality: Quality::Missing,
                };
                entries.insert(number, entry);
            }
        }
        let interval = Interval {
            start,
            is_open: true,
            entries,
        };
        self.intervals.insert(slot, interval);
        Ok(())
    }

    /// Lets go of an interval whose window can't be any more.
    pub fn release_skipped(&mut self, slot: i64, window_slot: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let length = self.length();
        let round = i64::from(self.sizes.ring);
        let start = self.intervals.get(&slot).map(|interval| interval.start);
        let fits = start.is_some_and(|start| start / length % round == window_slot);
        reasons.when(!fits, MarketError::WrongSlot);
        let window = self.windows.get(&window_slot).map(|window| window.start);
        reasons.when(start.is_none() || window <= start, MarketError::NotSkipped);
        let is_open = self.intervals.get(&slot).is_some_and(|held| held.is_open);
        reasons.when(!is_open, OracleError::NotOpen);
        reasons.found()?;
        self.release(slot);
        Ok(())
    }

    pub fn release(&mut self, slot: i64) {
        if let Some(interval) = self.intervals.get_mut(&slot) {
            interval.is_open = false;
        }
    }

    /// Readings sent with the interval account in `slot`; each comes with whether its meter's device
    /// signed just this.
    pub fn submit(
        &mut self,
        slot: i64,
        readings: &[(SignedReading, bool)],
    ) -> Result<Vec<ReadingResult>, Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(readings.is_empty(), OracleError::NoReadings);
        reasons.when(self.is_paused(METERING), OracleError::MeteringPaused);
        reasons.found()?;
        Ok(readings
            .iter()
            .map(|(reading, genuine)| self.take(slot, reading, *genuine))
            .collect())
    }

    fn take(&mut self, slot: i64, reading: &SignedReading, genuine: bool) -> ReadingResult {
        if let Some(refusal) = self.refusal(slot, reading) {
            return refusal;
        }
        if !genuine {
            return ReadingResult::BadSignature;
        }
        let limit = self.sizes.violation_limit;
        let violation = self.violation(reading);
        let meter = &mut self.meters[reading.meter as usize];
        if let Some(violation) = violation {
            meter.sequence = reading.sequence;
            meter.violations += 1;
            if limit > 0 && meter.violations >= limit {
                meter.status = MeterStatus::Quarantined;
            }
            return violation;
        }
        self.count(slot, reading)
    }

    /// Why a reading is not looked at closely; each might be a relay's doing.
    fn refusal(&self, slot: i64, reading: &SignedReading) -> Option<ReadingResult> {
        use ReadingResult::*;
        let Some(meter) = self.meters.get(reading.meter as usize) else {
            return Some(UnknownMeter);
        };
        match meter.status {
            MeterStatus::Active => {}
            MeterStatus::Quarantined => return Some(Quarantined),
            MeterStatus::Retired => return Some(Retired),
        }
        if reading.sequence <= meter.sequence {
            return Some(StaleSequence);
        }
        if reading.boundary <= meter.boundary {
            return Some(StaleBoundary);
        }
        if reading.boundary % self.length() != 0 {
            return Some(OffBoundary);
        }
        if reading.boundary > self.now {
            return Some(FutureBoundary);
        }
        if reading.flags > KNOWN_FLAGS {
            return Some(UnknownFlags);
        }
        let start = reading.boundary - self.length();
        if self.interval_slot(start) != slot {
            return Some(WrongInterval);
        }
        let held = self.intervals.get(&slot).map(|interval| interval.start);
        (held < Some(start)).then_some(IntervalNotOpen)
    }

    /// What no honest meter signs.
    fn violation(&self, reading: &SignedReading) -> Option<ReadingResult> {
        let meter = &self.meters[reading.meter as usize];
        if reading.flags & TAMPERED != 0 {
            return Some(ReadingResult::Tampered);
        }
        if reading.import < meter.import || reading.export < meter.export {
            return Some(ReadingResult::RegisterFell);
        }
        let seconds = i128::from(reading.boundary - meter.boundary);
        // Whole registers may show 1 Wh more than flowed.
        let most = MAX_POWER * seconds / 3600 + 1;
        let moved = (reading.import - meter.import).max(reading.export - meter.export);
        (i128::from(moved) > most).then_some(ReadingResult::PowerLimit)
    }

    fn count(&mut self, slot: i64, reading: &SignedReading) -> ReadingResult {
        let length = self.length();
        let start = reading.boundary - length;
        let meter = &mut self.meters[reading.meter as usize];
        let is_catch_up = reading.boundary - meter.boundary > length || meter.behind;
        meter.carried.0 += i128::from(reading.import - meter.import);
        meter.carried.1 += i128::from(reading.export - meter.export);
        meter.boundary = reading.boundary;
        meter.sequence = reading.sequence;
        meter.import = reading.import;
        meter.export = reading.export;

        let interval = self.intervals.get_mut(&slot);
        let waits = interval.filter(|interval| interval.is_open && interval.start == start);
        let Some(interval) = waits else {
            meter.behind = true;
            return ReadingResult::CountedLate;
        };
        let (import, export) = std::mem::take(&mut meter.carried);
        meter.behind = false;
        let entry = Entry {
            owner: meter.owner,
            import,
            export,
            quality: if is_catch_up {
                Quality::CaughtUp
            } else {
                Quality::Measured
            },
        };
        interval.entries.insert(reading.meter, entry);
        ReadingResult::Counted
    }
}
