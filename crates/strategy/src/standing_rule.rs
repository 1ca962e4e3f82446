//! Standing orders as the market takes them.

use joulebook_auction::Side;
use joulebook_layout::market::{LimitKind, QuantityKind, StandingRule};
use joulebook_units::{Seconds, Wh};

use crate::{Limit, StandingOrder, HALF_HOURS};

const ALL_HALF_HOURS: u64 = (1 << HALF_HOURS) - 1;
const ALL_WEEKDAYS: u8 = 0b0111_1111;
const SECONDS_PER_HALF_HOUR: i64 = 1_800;

impl StandingOrder {
    /// For all windows, without caps, in a community whose clocks are so far ahead of UTC.
    pub fn rule(&self, client_id: u16, utc_offset: Seconds) -> StandingRule {
        let (limit_kind, limit) = match self.limit {
            Limit::AboveLong(more) => (LimitKind::Long, more),
            Limit::BelowShort(less) => (LimitKind::Short, less.saturating_neg()),
        };
        let unit = self.unit();
        let mut profile = self.profile.map(|energy| steps(energy, unit));
        profile.rotate_right(ahead(utc_offset));
        StandingRule {
            valid_until: i64::MAX,
            half_hours: ALL_HALF_HOURS,
            lock_cap: u64::MAX,
            unit_lock_cap: i32::MAX,
            energy_cap: u64::MAX,
            limit,
            client_id,
            side: match self.side {
                Side::Buy => Side::Buy as u8,
                Side::Sell => Side::Sell as u8,
            },
            limit_kind: limit_kind as u8,
            quantity_kind: QuantityKind::Profile as u8,
            weekdays: ALL_WEEKDAYS,
            profile,
            quantity: unit.0,
            ..StandingRule::default()
        }
    }
}

/// Half hours, less than a day.
fn ahead(utc_offset: Seconds) -> usize {
    let half_hours = utc_offset.0.div_euclid(SECONDS_PER_HALF_HOUR);
    let half_hours = half_hours.rem_euclid(HALF_HOURS as i64);
    usize::try_from(half_hours).unwrap_or(0)
}

/// How many units an energy is.
fn steps(energy: Wh, unit: Wh) -> u16 {
    let steps = energy.0.checked_div(unit.0);
    steps.and_then(|steps| steps.try_into().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_clocks_ahead_of_utc_when_entered_then_the_profile_is_by_their_half_hours() {
        let mut profile = [Wh(0); HALF_HOURS];
        (profile[0], profile[47]) = (Wh(7), Wh(9));
        let order = StandingOrder {
            side: Side::Sell,
            limit: Limit::AboveLong(5),
            profile,
        };
        let at = |utc_offset: i64| {
            let rule = order.rule(3, Seconds(utc_offset));
            let place = |steps: u16| rule.profile.iter().position(|one| *one == steps);
            (place(7), place(9))
        };
        assert_eq!(at(0), (Some(0), Some(47)));
        assert_eq!(at(7_200), (Some(4), Some(3)));
        assert_eq!(at(-3_600), (Some(46), Some(45)));
        let rule = order.rule(3, Seconds(0));
        assert_eq!((rule.client_id, rule.side, rule.limit), (3, 1, 5));
    }
}
