use joulebook_client::oracle::{
    errors::OracleError,
    types::{ReadingResult, SignedReading},
};

use super::{row, Energy, MeterPage, MeterStatus, Model, Reasons};

const KNOWN_FLAGS: u16 = 7;
const TAMPERED: u16 = 1;

/// Whether a connection of so many W each way can carry so much in so many seconds: whole registers may show 1 Wh more than flowed.
pub fn fits(limits: (u32, u32), moved: Energy, seconds: i64) -> bool {
    let most = |power: u32| i128::from(power) * i128::from(seconds) / 3600 + 1;
    moved.import <= most(limits.0) && moved.export <= most(limits.1)
}

impl Model {
    /// Readings sent with the page in `slot`; each comes with whether its meter's device signed just this.
    pub fn submit(
        &mut self,
        slot: i64,
        readings: &[(SignedReading, bool)],
    ) -> Result<Vec<ReadingResult>, Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(readings.is_empty(), OracleError::NoReadings);
        reasons.found()?;
        Ok(readings
            .iter()
            .map(|(reading, genuine)| self.take(slot, reading, *genuine))
            .collect())
    }

    fn take(&mut self, slot: i64, reading: &SignedReading, genuine: bool) -> ReadingResult {
        if let Some(refusal) = self.refusal(reading) {
            return refusal;
        }
        if reading.flags & TAMPERED != 0 {
            return match genuine {
                true => self.violation(reading, ReadingResult::Tampered),
                false => ReadingResult::BadSignature,
            };
        }
        if let Some(refusal) = self.refusal_of_page(slot, reading) {
            return refusal;
        }
        if !genuine {
            return ReadingResult::BadSignature;
        }
        let meter = &self.meters[row(reading.meter)];
        let registers = meter.counted(Energy {
            import: reading.import.into(),
            export: reading.export.into(),
        });
        let since = registers.less(meter.least);
        if since.import < 0 || since.export < 0 {
            // The clock may have been behind when the device was recorded.
            if reading.boundary <= meter.device_from + self.length() {
                return ReadingResult::RegisterFell;
            }
            return self.violation(reading, ReadingResult::RegisterFell);
        }
        if registers.import > u64::MAX.into() || registers.export > u64::MAX.into() {
            return self.violation(reading, ReadingResult::PowerLimit);
        }
        let meter = &self.meters[row(reading.meter)];
        let page = self.interval_pages.get(&slot);
        let limits = meter.limits_of_reading(page.map_or(self.now, |page| page.start));
        let cap = [(self.sizes.power_cap, self.sizes.power_cap); 2];
        match self.enter(reading.meter, slot, reading.boundary, registers, limits) {
            Ok(result) => {
                if result == ReadingResult::Counted {
                    let meter = &mut self.meters[row(reading.meter)];
                    meter.boundary = reading.boundary;
                    meter.sequence = reading.sequence;
                    meter.registers = registers;
                }
                result
            }
            // Signed under higher limits, maybe.
            Err(refusal)
                if self
                    .clone()
                    .enter(reading.meter, slot, reading.boundary, registers, cap)
                    .is_ok() =>
            {
                refusal
            }
            Err(violation) => self.violation(reading, violation),
        }
    }

    /// Why a reading is not looked at closely; each might be a gateway's doing.
    fn refusal(&self, reading: &SignedReading) -> Option<ReadingResult> {
        use ReadingResult::*;
        let Some(meter) = self.meter(reading.meter) else {
            return Some(UnknownMeter);
        };
        if meter.status == MeterStatus::Quarantined || meter.is_silenced {
            return Some(Quarantined);
        }
        let is_over = meter
            .service_until
            .is_some_and(|until| reading.boundary > until);
        if reading.boundary < meter.service_from || is_over {
            return Some(NotInService);
        }
        if reading.boundary <= meter.device_from {
            return Some(BeforeDevice);
        }
        if reading.boundary % self.length() != 0 {
            return Some(OffBoundary);
        }
        if reading.boundary > self.now {
            return Some(FutureBoundary);
        }
        (reading.flags > KNOWN_FLAGS).then_some(UnknownFlags)
    }

    fn refusal_of_page(&self, slot: i64, reading: &SignedReading) -> Option<ReadingResult> {
        use ReadingResult::*;
        let start = self.interval_pages.get(&slot).map(|page| page.start);
        let is_in = |start: &i64| (*start..=start + self.span()).contains(&reading.boundary);
        let Some(start) = start.filter(is_in) else {
            return Some(OutsidePage);
        };
        if self.now >= self.readings_until(start) {
            return Some(ReadingsClosed);
        }
        let meter = &self.meters[row(reading.meter)];
        let is_newer = reading.boundary > meter.boundary;
        (is_newer && reading.sequence <= meter.sequence).then_some(StaleSequence)
    }

    /// What no honest meter signs: it counts once per message.
    fn violation(&mut self, reading: &SignedReading, violation: ReadingResult) -> ReadingResult {
        let limit = self.sizes.violation_limit;
        let meter = &mut self.meters[row(reading.meter)];
        if reading.sequence > meter.sequence.max(meter.punished) && meter.is_heard() {
            meter.punished = reading.sequence;
            meter.violations += 1;
            if limit > 0 && meter.violations >= limit {
                meter.silence();
            }
        }
        violation
    }

    /// Notes registers in the page of `slot`, unless they can't be true beside the known ones next to them.
    pub(super) fn enter(
        &mut self,
        number: u32,
        slot: i64,
        boundary: i64,
        registers: Energy,
        [of_page, to_last]: [(u32, u32); 2],
    ) -> Result<ReadingResult, ReadingResult> {
        let meter = self.meters[row(number)].clone();
        let page = self.interval_pages.get(&slot);
        let known = page.and_then(|page| page.meters.get(&row(number))).cloned();
        let mut known: MeterPage = known.unwrap_or_default();
        if let Some(held) = known.known.get(&boundary) {
            return match *held == registers {
                true => Ok(ReadingResult::AlreadyKnown),
                false => Err(ReadingResult::Contradicts),
            };
        }
        let [before, behind] = known.neighbours(boundary);
        let mut result = ReadingResult::Filled;
        if let Some(behind) = behind {
            follows(of_page, before, (boundary, registers))?;
            follows(of_page, Some((boundary, registers)), behind)?;
        } else if meter.boundary >= boundary {
            // The meter's last reading is the next one known, if of another page.
            if meter.boundary == boundary && meter.registers != registers {
                return Err(ReadingResult::Contradicts);
            }
            let last = (meter.boundary, meter.registers);
            follows(to_last, Some((boundary, registers)), last)?;
            follows(of_page, before, (boundary, registers))?;
        } else {
            result = ReadingResult::Counted;
            let last = (meter.boundary, meter.registers);
            follows(to_last, Some(last), (boundary, registers))?;
            // A reading of this page that the page has not heard: of a changed device, or the page before.
            let start = page.map_or(i64::MAX, |page| page.start);
            if meter.boundary >= start.max(before.map_or(start, |(time, _)| time + 1)) {
                known.known.insert(last.0, last.1);
            }
        }
        known.known.insert(boundary, registers);
        if let Some(page) = self.interval_pages.get_mut(&slot) {
            page.meters.insert(row(number), known);
        }
        Ok(result)
    }
}

/// Whether registers can follow on others.
fn follows(
    limits: (u32, u32),
    before: Option<(i64, Energy)>,
    (boundary, registers): (i64, Energy),
) -> Result<(), ReadingResult> {
    let Some((earlier, before)) = before else {
        return Ok(());
    };
    let moved = registers.less(before);
    if moved.import < 0 || moved.export < 0 {
        return Err(ReadingResult::RegisterFell);
    }
    match fits(limits, moved, boundary - earlier) {
        true => Ok(()),
        false => Err(ReadingResult::PowerLimit),
    }
}
