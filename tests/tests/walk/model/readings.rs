use joulebook_client::oracle::{
    errors::OracleError,
    types::{ReadingResult, SignedReading},
};

use super::{intervals::Entry, MeterStatus, Model, Quality, Reasons, METERING};

/// The limit that joulebook-sim registers meters with, W.
const MAX_POWER: i128 = 100_000;

const KNOWN_FLAGS: u16 = 7;
const TAMPERED: u16 = 1;

impl Model {
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

    /// Why a reading is not looked at closely; each might be a gateway's doing.
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
            awaited: true,
        };
        interval.entries.insert(reading.meter, entry);
        ReadingResult::Counted
    }
}
