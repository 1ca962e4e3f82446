use joulebook_units::Seconds;

/// Of one Wh.
pub const ATTOJOULES_PER_WH: i128 = 3_600 * ATTOJOULES_PER_JOULE;
const ATTOJOULES_PER_JOULE: i128 = 1_000_000_000_000_000_000;

/// Energy in attojoules, 10⁻¹⁸ J, with a sign.
///
/// A value of a file with up to 18 decimals of a W, 20 of a Wh or 23 of a kWh is a whole number of them, whatever the
/// length of its interval, and 128 bits hold 10 MW for 500,000 years. What a boundary of windows splits off is
/// rounded to them in such a way that the parts add up to the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Energy(pub i128);

impl Energy {
    /// Constant power over a time. Stays at the most.
    pub fn of_watts(watts: i64, length: Seconds) -> Energy {
        let joules = i128::from(watts).saturating_mul(i128::from(length.0));
        Energy(joules.saturating_mul(ATTOJOULES_PER_JOULE))
    }

    /// Whole Wh, rounded towards zero.
    pub fn whole_wh(self) -> i128 {
        self.0 / ATTOJOULES_PER_WH
    }

    /// Average power over a time, in whole milliwatts, rounded towards zero; 0 over no time.
    pub fn milliwatts(self, length: Seconds) -> i128 {
        let per_milliwatt = i128::from(length.0).saturating_mul(ATTOJOULES_PER_JOULE / 1000);
        self.0.checked_div(per_milliwatt).unwrap_or(0)
    }

    /// Stays at the most.
    #[must_use]
    pub fn saturating_add(self, other: Energy) -> Energy {
        Energy(self.0.saturating_add(other.0))
    }

    /// Stays at the least.
    #[must_use]
    pub fn saturating_sub(self, other: Energy) -> Energy {
        Energy(self.0.saturating_sub(other.0))
    }

    /// What flows in the first `past` of a time of `length`, if as much flows in each second. Between 0 and the whole
    /// for times between 0 and the length, so that differences of it add up to the whole.
    pub(crate) fn until(self, past: i64, length: i64) -> Energy {
        let (past, length) = (i128::from(past), i128::from(length.max(1)));
        let each = self.0.checked_div(length).unwrap_or(0);
        let rest = self.0.checked_rem(length).unwrap_or(0);
        let part = rest.saturating_mul(past).checked_div(length).unwrap_or(0);
        Energy(each.saturating_mul(past).saturating_add(part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn power_over_time_is_energy() {
        let quarter_hour = Energy::of_watts(400, Seconds(900));
        assert_eq!(quarter_hour, Energy(100 * ATTOJOULES_PER_WH));
        assert_eq!(quarter_hour.whole_wh(), 100);
        assert_eq!(quarter_hour.milliwatts(Seconds(900)), 400_000);
        assert_eq!(quarter_hour.milliwatts(Seconds(0)), 0);
    }

    #[test]
    fn parts_add_up_to_the_whole() {
        let energy = Energy(10);
        let parts = [0, 1, 2, 3].map(|past| energy.until(past, 3).0);
        assert_eq!(parts, [0, 3, 6, 10]);
        assert_eq!(Energy(-10).until(1, 3), Energy(-3));
        assert_eq!(Energy(i128::MAX).until(7, 7), Energy(i128::MAX));
    }
}
