use joulebook_client::oracle::errors::OracleError;

use super::{readings::fits, row, Energy, Model, Reasons};

/// A verifier's values for consecutive intervals of a page.
#[derive(Clone, Debug)]
pub struct Replacement {
    /// Slot of the page that is passed.
    pub slot: i64,
    pub meter: u32,
    /// Number of the first interval.
    pub first: u16,
    pub values: Vec<Energy>,
    /// The participant whose account is passed as the owner's, and whether its wallet signs.
    pub owner: u16,
    pub signs: bool,
}

impl Model {
    pub fn replace_values(&mut self, new: &Replacement, may: bool) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(!may, OracleError::NotPermitted);
        reasons.when(new.values.is_empty(), OracleError::NoValues);
        let start = self.interval_pages.get(&new.slot).map(|page| page.start);
        // The time of a page that was never opened is long over.
        let readings_until = start.map(|start| self.readings_until(start));
        let is_early = readings_until.is_some_and(|until| self.now < until);
        reasons.when(is_early, OracleError::ReadingsOpen);
        let corrections_until = start.map(|start| self.corrections_until(start));
        let is_late = corrections_until.is_none_or(|until| self.now >= until);
        reasons.when(is_late, OracleError::CorrectionsClosed);
        match self.meter(new.meter) {
            None => reasons.when(true, OracleError::NoSuchMeter),
            Some(meter) => {
                reasons.when(meter.owner != new.owner, OracleError::WrongOwner);
                let serves = start.is_some_and(|start| meter.serves(start));
                reasons.when(!serves, OracleError::NotInService);
                let limits = meter.limits_at(start.unwrap_or(i64::MAX));
                let fit = |value: &Energy| fits(limits, *value, self.length());
                let all_fit = new.values.iter().all(fit);
                reasons.when(!all_fit, OracleError::PowerLimitExceeded);
            }
        }
        // What a device has signed is not a verifier's alone to change.
        let is_signed = |interval: u16| {
            let begin = start.map(|start| start + self.length() * i64::from(interval));
            let ends = begin.map(|begin| [begin, begin + self.length()]);
            let page = start.and_then(|start| self.meter_page(start, new.meter));
            let known = |time: &i64| page.is_some_and(|page| page.known.contains_key(time));
            ends.is_some_and(|ends| ends.iter().all(known))
        };
        let mut changed = (new.first..self.windows_of_page()).take(new.values.len());
        let must_agree = changed.any(is_signed);
        reasons.when(must_agree && !new.signs, OracleError::OwnerMustSign);
        let end = usize::from(new.first) + new.values.len();
        let is_inside = end <= usize::from(self.windows_of_page());
        reasons.when(!is_inside, OracleError::OutsidePage);
        reasons.found()?;

        if let Some(page) = self.interval_pages.get_mut(&new.slot) {
            let known = page.meters.entry(row(new.meter)).or_default();
            known.replaced.extend((new.first..).zip(new.values.clone()));
        }
        Ok(())
    }
}
