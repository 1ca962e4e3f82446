use crate::{
    kernel::{biweight, fading, DAYS, TIME_OF_DAY},
    Distribution, Past, Weighted,
};

/// Spreads of the household's last week by which two intervals differ whose values are unlike: of the last one known, and of
/// the one before that.
const UNLIKE: [f64; 2] = [0.3, 0.6];
const SPREAD_DAYS: usize = 7;
/// What a time counts at least, however unlike it was.
const LEAST: f64 = 0.02;
/// Of days of the other kind: weekend or not.
const OTHER_KIND: f64 = 0.5;
/// Days after which a time counts half.
const HALF_DAYS: f64 = 20.0;
/// Of what the last value was above that of a time like it, what is still there.
const CARRIED: f64 = 0.5;

/// What a meter will show in the interval `target`, counted from the first one measured.
///
/// What followed upon times like this one, each counting by how like it was: the time of day, the last two values that were
/// known so long before, the kind of day, and how long ago. That is E. A. Nadaraya's and G. S. Watson's weighting (1964) of
/// a conditional distribution (P. Hall, R. C. L. Wolff, Q. Yao, "Methods for Estimating a Conditional Distribution Function",
/// Journal of the American Statistical Association 94, 1999), with kernels that need no exponential function. Half of the
/// difference between the last value and that other one is carried over.
///
/// Before a day was measured, the last value and how values changed so far. Nothing is expected beyond what the meter ever
/// showed: who never fed in will not. `None` while nothing can be said, or if `target` was measured.
pub fn forecast(past: &Past, target: usize) -> Option<Distribution> {
    let last = past.measured.len().checked_sub(1)?;
    let lead = target.checked_sub(last).filter(|lead| *lead > 0)?;
    let mut sample = if past.measured.len() < past.per_day() {
        changes(past, last, lead)
    } else {
        likenesses(past, last, lead)
    };
    let (lowest, highest) = past.range();
    for value in &mut sample {
        value.net = value.net.clamp(lowest, highest);
    }
    Distribution::of(sample)
}

/// The last value, changed as values changed in as long a time before.
fn changes(past: &Past, last: usize, lead: usize) -> Vec<Weighted> {
    let Some(now) = past.value(last) else {
        return Vec::new();
    };
    let after = lead.saturating_add(1)..=last;
    let change = |interval: usize| {
        let before = past.value(interval.checked_sub(lead)?)?;
        Some(Weighted {
            net: now + past.value(interval)? - before,
            weight: 1.0,
            day: 0,
        })
    };
    after.filter_map(change).collect()
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "a month and a day have few intervals"
)]
fn likenesses(past: &Past, last: usize, lead: usize) -> Vec<Weighted> {
    let spread = spread(past, last);
    let target = last.saturating_add(lead);
    let known = |interval: usize| {
        let at = interval.checked_sub(lead)?;
        Some([past.value(at)?, past.value(at.checked_sub(1)?)?])
    };
    let now = known(target);
    let is_weekend = past.is_weekend(target);
    let around = usize::try_from(TIME_OF_DAY / past.length.0.max(1)).unwrap_or(0);
    let around = around.min(past.per_day() / 2);
    let like = |days: usize, shift: usize| {
        let interval = target
            .checked_add(shift)?
            .checked_sub(around + days * past.per_day())?;
        let value = past.value(interval)?;
        // Of the first intervals, what was known before them is not: they may be like this one.
        let both = now.zip(known(interval));
        let (likeness, carried) = both.map_or((1.0, 0.0), |(now, then)| {
            let unlike: f64 = (now.iter().zip(&then).zip(UNLIKE))
                .map(|((now, then), unlike)| {
                    let difference = (now - then) / spread / unlike;
                    difference * difference
                })
                .sum();
            let ([last, _], [then, _]) = (now, then);
            let likeness = 1.0 / ((1.0 + unlike) * (1.0 + unlike));
            (likeness, CARRIED * (last - then))
        });
        let off = shift.abs_diff(around) as f64 / (around + 1) as f64;
        let kind = match past.is_weekend(interval) == is_weekend {
            true => 1.0,
            false => OTHER_KIND,
        };
        Some(Weighted {
            net: value + carried,
            weight: (likeness + LEAST) * biweight(off) * kind * fading(days as f64, HALF_DAYS),
            day: days,
        })
    };
    (0..=DAYS)
        .flat_map(|days| (0..=2 * around).filter_map(move |shift| like(days, shift)))
        .collect()
}

/// Standard deviation of the last week, Wh; at least one.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "a week has few intervals, and `last` is one of a slice"
)]
fn spread(past: &Past, last: usize) -> f64 {
    let first = (last + 1).saturating_sub(SPREAD_DAYS * past.per_day());
    let week = past.measured.get(first..=last).unwrap_or_default();
    let count = week.len().max(1) as f64;
    let mean = week.iter().map(|net| net.0 as f64).sum::<f64>() / count;
    let squares = week.iter().map(|net| {
        let off = net.0 as f64 - mean;
        off * off
    });
    (squares.sum::<f64>() / count).sqrt().max(1.0)
}

#[cfg(test)]
mod tests {
    use joulebook_units::{NetWh, Seconds, UnixTime};

    use super::*;

    const HOUR: Seconds = Seconds(3_600);

    fn expected(measured: &[NetWh], ahead: usize) -> Option<Distribution> {
        let past = Past {
            measured,
            start: UnixTime(0),
            length: HOUR,
        };
        forecast(&past, measured.len() - 1 + ahead)
    }

    /// A day that draws 100 Wh an hour, more in the evening, and feeds in at noon.
    fn day(noon: i64) -> Vec<NetWh> {
        (0..24)
            .map(|hour| match hour {
                10..=14 => NetWh(-noon),
                18..=21 => NetWh(800),
                _ => NetWh(100),
            })
            .collect()
    }

    #[test]
    fn given_nothing_measured_when_asked_then_nothing_is_expected() {
        let past = Past {
            measured: &[],
            start: UnixTime(0),
            length: HOUR,
        };
        assert_eq!(forecast(&past, 0), None);
        assert_eq!(expected(&[NetWh(5)], 1), None);
        assert_eq!(expected(&day(900), 0), None, "was measured");
    }

    #[test]
    fn given_the_first_hours_when_asked_then_it_goes_on_as_it_was() {
        let measured = [NetWh(200); 6];
        let expected = expected(&measured, 2).expect("known");
        assert_eq!(expected.quantile(0.5), 200.0);
        assert_eq!(expected.quantile(0.99), 200.0);
    }

    #[test]
    fn given_equal_days_when_asked_then_what_follows_is_known() {
        let mut measured = Vec::new();
        for _ in 0..10 {
            measured.extend(day(900));
        }
        for hour in [2, 11, 19] {
            let measured = &measured[..24 * 9 + hour];
            let expected = expected(measured, 2).expect("known");
            let next = (hour + 1) % 24;
            let value = day(900)[next].0 as f64;
            let [low, high] = [0.3, 0.7].map(|probability| expected.quantile(probability));
            assert!(
                low <= value && value <= high && high - low < 300.0,
                "{hour}: {low} to {high}, not {value}"
            );
        }
    }

    #[test]
    fn given_sunny_and_dull_days_when_the_last_value_is_of_one_then_so_is_what_follows() {
        let mut measured = Vec::new();
        for number in 0..20 {
            measured.extend(day(if number % 2 == 0 { 2_000 } else { 100 }));
        }
        let at_eleven = |noon: i64| {
            let mut measured = measured.clone();
            measured.extend(&day(noon)[..12]);
            expected(&measured, 1).expect("known").quantile(0.5)
        };
        assert!(at_eleven(2_000) < -1_500.0, "{}", at_eleven(2_000));
        assert!(at_eleven(100) > -300.0, "{}", at_eleven(100));
    }

    #[test]
    fn given_a_meter_that_never_fed_in_when_it_draws_less_than_then_it_is_not_expected_to() {
        // On the first day, and on later ones.
        for count in [7, 24 * 9 + 3] {
            let spiky = [300, 2_500, 200, 300, 2_400, 300, 250];
            let measured: Vec<NetWh> = (0..count).map(|hour| NetWh(spiky[hour % 7])).collect();
            let loads = expected(&measured, 2).expect("known");
            assert!(loads.quantile(0.0) >= 0.0 && loads.quantile(1.0) <= 2_500.0);
            let feeds: Vec<NetWh> = measured.iter().map(|net| NetWh(-net.0)).collect();
            let feed_in = expected(&feeds, 2).expect("known");
            assert!(feed_in.quantile(1.0) <= 0.0 && feed_in.quantile(0.0) >= -2_500.0);
        }
    }

    #[test]
    fn given_the_first_hours_when_values_rose_then_they_are_expected_to_rise_as_much() {
        let measured: Vec<NetWh> = [-400, 800, 100, 200, 300, 400].map(NetWh).to_vec();
        // Over two hours they changed by −600, 200 and 200.
        let usual = expected(&measured, 2).expect("known").quantile(0.7);
        assert!((590.0..=610.0).contains(&usual), "{usual}");
    }

    #[test]
    fn given_a_start_in_the_middle_of_a_day_when_asked_then_times_of_day_are_still_told() {
        let mut measured: Vec<NetWh> = day(2_000)[17..].to_vec();
        for _ in 0..9 {
            measured.extend(day(2_000));
        }
        measured.extend(&day(2_000)[..9]);
        let past = Past {
            measured: &measured,
            start: UnixTime(17 * 3_600),
            length: HOUR,
        };
        // The hour from 11 on, of which nothing near is known.
        let noon = forecast(&past, measured.len() + 2).expect("known");
        assert!(noon.quantile(0.5) < -1_500.0, "{}", noon.quantile(0.5));
    }

    #[test]
    fn given_windows_of_a_day_when_asked_then_days_are_like_days() {
        let measured: Vec<NetWh> = (0..30).map(|day| NetWh(5_000 + day % 3)).collect();
        let past = Past {
            measured: &measured,
            start: UnixTime(0),
            length: Seconds(86_400),
        };
        let expected = forecast(&past, 31).expect("known");
        assert!((expected.quantile(0.5) - 5_001.0).abs() < 3.0);
        let second_day = Past {
            measured: &measured[..1],
            ..past
        };
        assert!(forecast(&second_day, 2).is_some());
    }

    #[test]
    fn given_values_of_any_size_when_asked_then_quantiles_are_numbers() {
        for value in [i64::MIN, -1, 0, 1, i64::MAX] {
            let measured = vec![NetWh(value); 60];
            let expected = expected(&measured, 2).expect("known");
            assert!(expected.quantile(0.5).is_finite());
        }
    }
}
