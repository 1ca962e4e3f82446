use joulebook_units::NetWh;

/// What a meter will show for the interval `target`, counted from the first one measured.
///
/// Persistence: as in the last measured interval. Where the same time yesterday was measured, half of
/// that: the last interval knows today's clouds and who is at home, yesterday's knows that the sun is
/// about to set. `None` before anything was measured.
pub fn forecast(measured: &[NetWh], target: usize, per_day: usize) -> Option<NetWh> {
    let last = measured.last()?;
    let yesterday = target
        .checked_sub(per_day)
        .and_then(|interval| measured.get(interval));
    Some(match yesterday {
        Some(yesterday) => NetWh(last.0.saturating_add(yesterday.0) / 2),
        None => *last,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(values: &[i64]) -> Vec<NetWh> {
        values.iter().map(|value| NetWh(*value)).collect()
    }

    #[test]
    fn nothing_measured_nothing_expected() {
        assert_eq!(forecast(&[], 1, 96), None);
    }

    #[test]
    fn the_first_day_goes_on_as_it_was() {
        assert_eq!(forecast(&measured(&[5, -7]), 3, 96), Some(NetWh(-7)));
    }

    #[test]
    fn later_days_take_half_of_yesterday() {
        let values = measured(&[100, 200, 300, 400, 500]);
        assert_eq!(forecast(&values, 6, 4), Some(NetWh((500 + 300) / 2)));
    }

    #[test]
    fn days_of_one_interval_have_no_yesterday_yet_to_see() {
        // With a window a day, the same time yesterday is still being measured.
        assert_eq!(forecast(&measured(&[100]), 2, 1), Some(NetWh(100)));
    }
}
