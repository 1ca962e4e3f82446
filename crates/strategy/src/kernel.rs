//! How much a time counts that is like another one. Rational functions: none needs an exponential.

/// Days that are looked back on.
pub const DAYS: usize = 28;
/// Seconds by which the time of day may differ.
pub const TIME_OF_DAY: i64 = 5_400;

/// Of a distance in parts of the one at which nothing counts any more: the biweight kernel.
pub fn biweight(distance: f64) -> f64 {
    let left = (1.0 - distance * distance).max(0.0);
    left * left
}

/// Of an age, where `half` counts half.
pub fn fading(age: f64, half: f64) -> f64 {
    1.0 / (1.0 + age / half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_distances_when_weighed_then_they_count_less_and_less_and_from_one_on_nothing() {
        assert_eq!(
            [0.0, 0.5, 1.0, -1.0, 2.0].map(biweight),
            [1.0, 0.5625, 0.0, 0.0, 0.0]
        );
    }

    #[test]
    fn given_an_age_when_weighed_then_the_half_life_counts_half() {
        assert_eq!(
            [0.0, 7.0, 21.0].map(|age| fading(age, 7.0)),
            [1.0, 0.5, 0.25]
        );
    }
}
