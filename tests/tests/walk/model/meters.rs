use std::collections::BTreeMap;

use joulebook_client::oracle::errors::OracleError;

use super::{readings::fits, Energy, Model, Reasons};

#[derive(Clone, Debug)]
pub struct Meter {
    pub owner: u16,
    /// Meters that had the row before it.
    pub generation: u16,
    pub status: MeterStatus,
    /// Of the last reading taken.
    pub boundary: i64,
    pub sequence: u64,
    /// Highest sequence that counted as a violation.
    pub punished: u64,
    /// Registers there, from the registration on.
    pub registers: Energy,
    /// What the device shows less that.
    pub offset: Energy,
    /// What was counted when the device was recorded.
    pub least: Energy,
    /// What finished pages have settled.
    pub settled: Energy,
    /// Of that, what values say and no register yet.
    pub told: Energy,
    /// The most that was moved from `counted_from` until the counting began, beside what values say.
    pub late: Energy,
    /// From when on energy counts that is settled now.
    pub counted_from: Option<i64>,
    /// Intervals from there on with a value, while the counting has not begun.
    pub told_intervals: i64,
    /// Whether its registers were known since.
    pub is_counted: bool,
    pub service_from: i64,
    /// `None` while it is in service.
    pub service_until: Option<i64>,
    /// The most W that it carries each way, by the start of the first page that they hold for; those of all pages first.
    pub limits: BTreeMap<i64, (u32, u32)>,
    /// Wh an interval.
    pub standard_draw: u32,
    pub violations: u8,
    /// Whether two messages have shown that its key has a copy.
    pub key_copied: bool,
    /// The boundary at which its device was recorded.
    pub device_from: i64,
    /// Whether it was quarantined when it was retired.
    pub is_silenced: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeterStatus {
    Active,
    Quarantined,
    Retired,
}

impl Meter {
    /// Whether it is in service in the page that starts at `start`.
    pub fn serves(&self, start: i64) -> bool {
        let is_over = self.service_until.is_some_and(|until| until <= start);
        self.service_from <= start && !is_over
    }

    /// Whether its device's messages may count.
    pub fn is_heard(&self) -> bool {
        match self.status {
            MeterStatus::Active => true,
            MeterStatus::Quarantined => false,
            MeterStatus::Retired => !self.has_final_registers() && !self.is_silenced,
        }
    }

    pub fn silence(&mut self) {
        match self.status {
            MeterStatus::Retired => self.is_silenced = true,
            _ => self.status = MeterStatus::Quarantined,
        }
    }

    /// Those that hold last, and those before; what was before these is forgotten.
    pub fn limits_at(&self, time: i64) -> (u32, u32) {
        let mut latest = self.limits.iter().rev();
        let (from, last) = latest.next().expect("a meter has limits");
        match time < *from {
            true => latest.next().map_or(*last, |(_, former)| *former),
            false => *last,
        }
    }

    pub fn latest_limits(&self) -> (u32, u32) {
        self.limits_at(i64::MAX)
    }

    /// Within the page that holds a time, and between that and the last reading: then the highest.
    pub fn limits_of_reading(&self, time: i64) -> [(u32, u32); 2] {
        // A boundary ends the time before it, if it is the later of the two.
        let last = match self.boundary > time {
            true => self.boundary - 1,
            false => self.boundary,
        };
        let (here, there) = (self.limits_at(time), self.limits_at(last));
        [here, (here.0.max(there.0), here.1.max(there.1))]
    }

    /// Whether it was retired, and its registers at the end of its service are known.
    pub fn has_final_registers(&self) -> bool {
        self.service_until == Some(self.boundary)
    }

    /// What is counted of what the device shows.
    pub fn counted(&self, shown: Energy) -> Energy {
        shown.less(self.offset)
    }
}

/// The row of the meter with this number.
pub fn row(number: u32) -> usize {
    (number % 65_536) as usize
}

/// The most that one device can show, Wh.
const MOST: i128 = i64::MAX as i128;

impl Model {
    /// The meter with this number; its row may have had others.
    pub fn meter(&self, number: u32) -> Option<&Meter> {
        let meter = self.meters.get(row(number))?;
        (u32::from(meter.generation) == number / 65_536).then_some(meter)
    }

    /// Of the meters in all rows.
    pub fn numbers(&self) -> Vec<u32> {
        let rows = (0u32..).zip(&self.meters);
        rows.map(|(row, meter)| u32::from(meter.generation) * 65_536 + row)
            .collect()
    }

    /// A meter that is not retired.
    fn require_in_use(&self, reasons: &mut Reasons, number: u32) -> Option<&Meter> {
        let meter = self.meter(number);
        reasons.when(meter.is_none(), OracleError::NoSuchMeter);
        let is_retired = |meter: &Meter| meter.status == MeterStatus::Retired;
        reasons.when(meter.is_some_and(is_retired), OracleError::MeterRetired);
        meter
    }

    /// A meter whose device's messages may count: not one with final registers.
    fn require_signing(&self, reasons: &mut Reasons, number: u32) -> Option<&Meter> {
        let meter = self.meter(number);
        reasons.when(meter.is_none(), OracleError::NoSuchMeter);
        let is_over =
            |meter: &Meter| meter.status == MeterStatus::Retired && meter.has_final_registers();
        reasons.when(meter.is_some_and(is_over), OracleError::MeterRetired);
        meter
    }

    /// One whose owner's participant account was passed, and whose owner agrees where it must.
    fn require_owned(
        &self,
        reasons: &mut Reasons,
        number: u32,
        owner: u16,
        agrees: bool,
    ) -> Option<&Meter> {
        let meter = self.require_in_use(reasons, number);
        let is_others = |meter: &Meter| meter.owner != owner;
        reasons.when(meter.is_some_and(is_others), OracleError::WrongOwner);
        reasons.when(!agrees, OracleError::OwnerMustSign);
        meter
    }

    pub fn quarantine(&mut self, number: u32, reason: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(reason == 0, OracleError::ReasonInvalid);
        let meter = self.require_signing(&mut reasons, number);
        let is_idle = meter.is_some_and(|meter| !meter.is_heard());
        reasons.when(is_idle, OracleError::MeterNotActive);
        reasons.found()?;
        self.meters[row(number)].silence();
        Ok(())
    }

    /// By two readings of a boundary: whether they contradict each other, and whether the meter's device has signed both.
    pub fn prove_key_copied(
        &mut self,
        number: u32,
        contradict: bool,
        genuine: bool,
        boundary: i64,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!contradict, OracleError::NoContradiction);
        let meter = self.require_signing(&mut reasons, number);
        let is_proven = meter.is_some_and(|meter| meter.key_copied);
        let is_early = |meter: &Meter| boundary <= meter.device_from && !meter.key_copied;
        reasons.when(meter.is_some_and(is_early), OracleError::BeforeDevice);
        reasons.when(!genuine && !is_proven, OracleError::NotSignedByDevice);
        reasons.found()?;
        let meter = &mut self.meters[row(number)];
        meter.key_copied = true;
        meter.silence();
        Ok(())
    }

    /// By the authority, who has no meter.
    pub fn restore(&mut self, number: u32, owner: u16) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        if let Some(meter) = self.require_owned(&mut reasons, number, owner, true) {
            let is_heard = meter.status != MeterStatus::Quarantined;
            reasons.when(is_heard, OracleError::MeterNotQuarantined);
            reasons.when(meter.key_copied, OracleError::KeyCopied);
        }
        reasons.found()?;
        let meter = &mut self.meters[row(number)];
        meter.violations = 0;
        meter.status = MeterStatus::Active;
        Ok(())
    }

    pub fn set_power_limits(
        &mut self,
        number: u32,
        owner: u16,
        signs: bool,
        limits: (u32, u32),
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let fit = self.fit_page(limits.0) && self.fit_page(limits.1);
        reasons.when(!fit, OracleError::PowerLimitInvalid);
        let meter = self.meter(number);
        // Lower ones cost it as well: what its device signs is refused then.
        let changes = meter.is_some_and(|meter| limits != meter.latest_limits());
        self.require_owned(&mut reasons, number, owner, signs || !changes);
        if let Some(meter) = meter.filter(|_| changes) {
            // Of those that hold, and were others in a page that values still come for.
            let mut held = meter.limits.keys().rev();
            let latest = held.find(|from| **from <= self.now).copied();
            let is_planned = meter.limits.keys().any(|from| *from > self.now);
            let correction = i64::from(self.sizes.correction_seconds);
            let settled_at = latest.map_or(i64::MIN, |from| from.saturating_add(correction));
            let is_early = !is_planned && self.now < settled_at;
            reasons.when(is_early, OracleError::LimitsChanged);
        }
        reasons.found()?;
        let next = self.page_start(self.now) + self.span();
        if changes {
            self.meters[row(number)].limits.insert(next, limits);
        }
        Ok(())
    }

    /// Whether `power` is within the community's cap, and what flows in a page at it has room in an entry: 30 bits, and
    /// 1 Wh for rounding.
    pub(super) fn fit_page(&self, power: u32) -> bool {
        let is_within_cap = power <= self.sizes.power_cap;
        is_within_cap && i128::from(power) * i128::from(self.span()) / 3600 < (1 << 30) - 1
    }

    pub fn set_standard_draw(
        &mut self,
        number: u32,
        owner: u16,
        signs: bool,
        draw: u32,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let meter = self.meter(number);
        let rises = meter.is_some_and(|meter| draw > meter.standard_draw);
        self.require_owned(&mut reasons, number, owner, signs || !rises);
        reasons.found()?;
        self.meters[row(number)].standard_draw = draw;
        Ok(())
    }

    /// `shown` by the old device in the end, and `initial` by the new one.
    pub fn change_device(
        &mut self,
        number: u32,
        owner: u16,
        signs: bool,
        shown: Energy,
        initial: Energy,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        self.require_plausible(&mut reasons, initial);
        self.require_owned(&mut reasons, number, owner, signs);
        self.require_final(&mut reasons, number, shown);
        reasons.found()?;
        let boundary = self.boundary();
        let meter = &mut self.meters[row(number)];
        meter.least = meter.counted(shown);
        meter.offset = initial.less(meter.least);
        meter.device_from = meter.boundary.max(boundary);
        meter.sequence = 0;
        meter.punished = 0;
        meter.violations = 0;
        meter.key_copied = false;
        meter.status = MeterStatus::Active;
        Ok(())
    }

    pub fn retire(
        &mut self,
        number: u32,
        owner: u16,
        signs: bool,
        shown: Option<Energy>,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        // What no device has signed is not billed on a verifier's word alone.
        self.require_owned(&mut reasons, number, owner, signs || shown.is_none());
        if let Some(shown) = shown {
            self.require_final(&mut reasons, number, shown);
        }
        reasons.found()?;
        let mut until = self.page_start(self.now) + self.span();
        if !signs {
            // What is sold in pages that are open can be delivered.
            let opened = self.last_opened.map_or(until, |start| start + self.span());
            until = until.max(opened);
        }
        let meter = &mut self.meters[row(number)];
        if let Some(shown) = shown {
            meter.registers = meter.counted(shown);
            // As if read when the service ends.
            meter.boundary = until;
        }
        meter.service_until = Some(until);
        meter.is_silenced = meter.status == MeterStatus::Quarantined;
        meter.status = MeterStatus::Retired;
        Ok(())
    }

    pub(super) fn require_plausible(&self, reasons: &mut Reasons, shown: Energy) {
        let is_possible = shown.import <= MOST && shown.export <= MOST;
        reasons.when(!is_possible, OracleError::RegisterInvalid);
    }

    /// What a device shows when it is taken away follows on the last reading.
    fn require_final(&self, reasons: &mut Reasons, number: u32, shown: Energy) {
        self.require_plausible(reasons, shown);
        let Some(meter) = self.meter(number) else {
            return;
        };
        let moved = meter.counted(shown).less(meter.registers);
        let since = meter.counted(shown).less(meter.least);
        let fell = [moved, since]
            .iter()
            .any(|moved| moved.import < 0 || moved.export < 0);
        reasons.when(fell, OracleError::RegisterFell);
        let [_, limits] = meter.limits_of_reading(self.now);
        let is_possible = fits(limits, moved, self.now - meter.boundary);
        reasons.when(!is_possible, OracleError::PowerLimitExceeded);
    }
}
