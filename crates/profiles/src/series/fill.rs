//! What stands for values that are missing, if somebody says so.

use joulebook_units::SECONDS_PER_DAY;

use crate::{times::RowTime, Energy, Fill};

use super::Sample;

/// A value that nothing can stand for: its place, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CannotFill {
    pub place: usize,
    pub why: &'static str,
}

/// Fills what is missing; returns the places that were.
///
/// # Errors
/// [`CannotFill`].
pub fn fill(
    samples: &mut [Sample],
    rows: &[RowTime],
    length: i64,
    fill: Fill,
) -> Result<Vec<usize>, CannotFill> {
    let mean = mean(samples);
    let mut filled = Vec::new();
    for place in 0..samples.len() {
        if samples
            .get(place)
            .is_none_or(|sample| sample.energy().is_some())
        {
            continue;
        }
        let at = |place: usize| samples.get(place).copied().and_then(Sample::energy);
        let (value, why) = match fill {
            Fill::Zero => (Some(Energy(0)), ""),
            Fill::Previous => (place.checked_sub(1).and_then(at), "no value is before it"),
            Fill::Mean => (mean, "its column has no value"),
            Fill::Yesterday => (
                day_before(rows, place, length).and_then(at),
                "there is no value of the day before at that time",
            ),
        };
        let value = value.ok_or(CannotFill { place, why })?;
        if let Some(sample) = samples.get_mut(place) {
            *sample = Sample::new(value);
        }
        filled.push(place);
    }
    Ok(filled)
}

fn mean(samples: &[Sample]) -> Option<Energy> {
    let known = samples.iter().filter_map(|sample| sample.energy());
    let (sum, count) = known.fold((Energy(0), 0_i128), |(sum, count), energy| {
        (sum.saturating_add(energy), count.saturating_add(1))
    });
    sum.0.checked_div(count).map(Energy)
}

fn day_before(rows: &[RowTime], place: usize, length: i64) -> Option<usize> {
    if length == SECONDS_PER_DAY {
        return place.checked_sub(1);
    }
    let start = rows.get(place)?.start.checked_sub(SECONDS_PER_DAY)?;
    rows.binary_search_by_key(&start, |row| row.start).ok()
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::times::{Budget, Order};

    /// Rows of six hours.
    fn rows(count: usize) -> Vec<RowTime> {
        let local = date(1970, 1, 1).at(0, 0, 0, 0);
        let stamps: Vec<_> = (0..count as i64)
            .map(|row| (row as u64 + 2, row * 21_600, local))
            .collect();
        let mut order = Order::new(&stamps, 21_600, None, &mut Vec::new());
        order.close_gaps(None, &mut Budget::of(count), &mut Vec::new());
        order.rows
    }

    fn filled(values: &[Option<i128>], by: Fill) -> Result<Vec<i128>, CannotFill> {
        let mut samples: Vec<Sample> = values
            .iter()
            .map(|value| value.map_or(Sample::MISSING, |value| Sample::new(Energy(value))))
            .collect();
        fill(&mut samples, &rows(values.len()), 21_600, by)?;
        Ok(samples
            .iter()
            .map(|one| one.energy().expect("filled").0)
            .collect())
    }

    #[test]
    fn given_missing_values_when_filled_then_by_what_was_chosen() {
        let values = [Some(8), Some(2), None, None, Some(5), None];
        assert_eq!(filled(&values, Fill::Zero), Ok(vec![8, 2, 0, 0, 5, 0]));
        assert_eq!(filled(&values, Fill::Previous), Ok(vec![8, 2, 2, 2, 5, 5]));
        assert_eq!(filled(&values, Fill::Mean), Ok(vec![8, 2, 5, 5, 5, 5]));
        let values = [Some(8), Some(2), Some(3), Some(4), None, Some(6)];
        assert_eq!(filled(&values, Fill::Yesterday), Ok(vec![8, 2, 3, 4, 8, 6]));
    }

    #[test]
    fn given_nothing_to_fill_with_when_filled_then_it_is_refused() {
        let place = |values: &[Option<i128>], by| filled(values, by).expect_err("refused").place;
        assert_eq!(place(&[None, Some(1)], Fill::Previous), 0);
        assert_eq!(place(&[Some(1), None], Fill::Yesterday), 1);
        assert_eq!(place(&[None, None], Fill::Mean), 0);
    }
}
