use std::collections::BTreeMap;

/// A value that a meter may show, Wh, positive drawn from the grid, and how much it counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weighted {
    pub net: f64,
    pub weight: f64,
    /// When it was: values of one day are no proof of each other.
    pub day: usize,
}

/// What "nothing flows" counts beside a sample, in days of it. With so much, quantiles fall to zero from the smallest load of n
/// days on, and from the largest feed-in: A. Hazen's plotting position of the smallest of n values is 0.5 / n ("Storage to be
/// provided in impounding reservoirs", Transactions of the ASCE 77, 1914). Of what is less likely than anything seen, nothing is
/// known, and nobody should trade on it.
const NOTHING: f64 = 0.5;

/// What a meter may show, Wh, positive drawn from the grid.
#[derive(Clone, Debug, PartialEq)]
pub struct Distribution {
    /// Values, ascending, each with the probability of what lies below its middle.
    points: Vec<(f64, f64)>,
}

impl Distribution {
    /// That of a sample. `None` of one that counts nothing.
    pub fn of(mut sample: Vec<Weighted>) -> Option<Distribution> {
        sample.retain(|value| value.net.is_finite() && value.weight > 0.0);
        let sum: f64 = sample.iter().map(|value| value.weight).sum();
        let squares = squares_of_days(&sample);
        if !(sum > 0.0 && sum.is_finite() && squares.is_finite()) {
            return None;
        }
        // A weighted sample is worth sum² / squares days of equal weight (L. Kish, Survey Sampling, 1965).
        sample.push(Weighted {
            net: 0.0,
            weight: NOTHING * squares / sum,
            day: usize::MAX,
        });
        sample.sort_by(|one, other| one.net.total_cmp(&other.net));
        let total: f64 = sample.iter().map(|value| value.weight).sum();
        let mut below = 0.0;
        let points = sample.iter().map(|value| {
            let middle = (below + value.weight / 2.0) / total;
            below += value.weight;
            (value.net, middle)
        });
        Some(Distribution {
            points: points.collect(),
        })
    }

    /// What a function of the value comes to on average.
    pub fn mean(&self, of: impl Fn(f64) -> f64) -> f64 {
        let mut below = 0.0;
        let parts = self.points.iter().map(|(value, middle)| {
            let weight = 2.0 * (middle - below);
            below += weight;
            weight * of(*value)
        });
        parts.sum()
    }

    /// The value that is not exceeded with that probability, straight between those seen.
    pub fn quantile(&self, probability: f64) -> f64 {
        let above = self
            .points
            .partition_point(|(_, middle)| *middle < probability);
        let upper = self.points.get(above);
        let lower = above
            .checked_sub(1)
            .and_then(|below| self.points.get(below));
        match (lower, upper) {
            (Some((low, at_low)), Some((high, at_high))) if at_high > at_low => {
                let share = (probability - at_low) / (at_high - at_low);
                low + share * (high - low)
            }
            (_, Some((value, _))) | (Some((value, _)), None) => *value,
            (None, None) => 0.0,
        }
    }
}

/// Sum of the squares of the days' weights.
fn squares_of_days(sample: &[Weighted]) -> f64 {
    let mut days = BTreeMap::new();
    for value in sample {
        *days.entry(value.day).or_insert(0.0) += value.weight;
    }
    days.values().map(|weight: &f64| weight * weight).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn even(values: &[f64]) -> Distribution {
        let sample = values.iter().enumerate().map(|(day, net)| Weighted {
            net: *net,
            weight: 2.0,
            day,
        });
        Distribution::of(sample.collect()).expect("a sample")
    }

    #[test]
    fn given_no_sample_when_asked_then_there_is_no_distribution() {
        let of = |net, weight| {
            Distribution::of(vec![Weighted {
                net,
                weight,
                day: 0,
            }])
        };
        assert_eq!(Distribution::of(vec![]), None);
        assert_eq!(of(1.0, 0.0), None);
        assert_eq!(of(1.0, f64::NAN), None);
        assert_eq!(of(f64::NAN, 1.0), None);
        assert_eq!(of(1.0, f64::INFINITY), None);
    }

    #[test]
    fn given_four_values_when_asked_then_quantiles_lie_straight_between_them() {
        // Nothing counts half a value: the middles are at 0.25, 1, 2, 3 and 4 of 4.5 values.
        let loads = even(&[10.0, 20.0, 40.0, 30.0]);
        for (at, value) in [
            (0.0, 0.0),
            (0.25, 0.0),
            (1.0, 10.0),
            (2.5, 25.0),
            (4.0, 40.0),
            (4.5, 40.0),
        ] {
            let found = loads.quantile(at / 4.5);
            assert!((found - value).abs() < 1e-9, "{at}: {found}");
        }
    }

    #[test]
    fn given_values_when_averaged_then_each_counts_as_much_as_it_weighs() {
        // Half a value of nothing, and four others.
        let loads = even(&[10.0, 20.0, 40.0, 30.0]);
        let close = |found: f64, value: f64| assert!((found - value).abs() < 1e-9, "{found}");
        close(loads.mean(|_| 1.0), 1.0);
        close(loads.mean(|value| value), 100.0 / 4.5);
        close(loads.mean(|value| value.min(15.0)), 55.0 / 4.5);
    }

    #[test]
    fn given_feed_in_when_asked_for_what_is_surely_there_then_it_is_nothing() {
        let feed_in = even(&[-10.0, -20.0]);
        assert_eq!(feed_in.quantile(1.0), 0.0);
        assert_eq!(feed_in.quantile(0.0), -20.0);
    }

    proptest! {
        #[test]
        fn quantiles_never_fall_and_stay_within_the_sample(
            values in prop::collection::vec((-1e6_f64..1e6, 1e-9_f64..1e3), 1..40),
            probabilities in prop::collection::vec(0.0_f64..=1.0, 2..20),
        ) {
            let sample: Vec<Weighted> =
                values.iter().enumerate().map(|(day, (net, weight))| Weighted { net: *net, weight: *weight, day: day / 3 }).collect();
            let distribution = Distribution::of(sample).expect("a sample");
            let mut probabilities = probabilities;
            probabilities.sort_by(f64::total_cmp);
            let found: Vec<f64> =
                probabilities.iter().map(|probability| distribution.quantile(*probability)).collect();
            prop_assert!(found.windows(2).all(|pair| pair[0] <= pair[1] + 1e-6));
            let lowest = values.iter().map(|value| value.0).fold(0.0, f64::min);
            let highest = values.iter().map(|value| value.0).fold(0.0, f64::max);
            prop_assert!(found.iter().all(|value| (lowest..=highest).contains(value)));
        }
    }
}
