//! Delivery windows, and what of a row falls into each.

use crate::{series::Span, Energy};

/// Windows of one length on end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Windows {
    /// A multiple of the length.
    pub start: i64,
    pub length: i64,
    pub count: usize,
}

impl Windows {
    /// Those that hold all from one moment to another.
    pub fn covering(start: i64, end: i64, length: i64) -> Windows {
        let length = length.max(1);
        let past = start.checked_rem_euclid(length).unwrap_or(0);
        let start = start.saturating_sub(past);
        let whole = end.saturating_sub(start).max(0);
        let up = whole.saturating_add(length.saturating_sub(1));
        let count = up.checked_div(length).unwrap_or(0);
        Windows {
            start,
            length,
            count: usize::try_from(count).unwrap_or(usize::MAX),
        }
    }

    /// The window that holds a moment.
    pub fn index(self, moment: i64) -> usize {
        let past = moment.saturating_sub(self.start).max(0);
        let index = past.checked_div(self.length).unwrap_or(0);
        usize::try_from(index).unwrap_or(usize::MAX)
    }

    /// Whether a boundary lies within a span that does not begin and end at others. Such a span is a row off the
    /// boundaries; one that does is what a register says of several rows.
    pub fn cut(self, span: Span) -> bool {
        let is_boundary = |moment: i64| moment.checked_rem_euclid(self.length) == Some(0);
        let last = span.end.saturating_sub(1);
        let is_across = self.index(span.start) != self.index(last);
        is_across && !(is_boundary(span.start) && is_boundary(span.end))
    }

    /// Adds a span's energy to the windows that it lies in, as much to each as flows in it. The parts add up to the whole.
    pub fn add(self, series: &mut [Energy], span: Span) {
        let whole = span.end.saturating_sub(span.start);
        let mut before = Energy(0);
        let mut index = self.index(span.start);
        while let Some(window) = series.get_mut(index) {
            let next = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
            let end = self.start.saturating_add(next.saturating_mul(self.length));
            let past = end.min(span.end).saturating_sub(span.start);
            let until = span.energy.until(past, whole);
            *window = window.saturating_add(until.saturating_sub(before));
            before = until;
            if end >= span.end {
                break;
            }
            index = index.saturating_add(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(start: i64, end: i64, energy: i128) -> Vec<i128> {
        let windows = Windows::covering(start, end, 3600);
        let mut series = vec![Energy(0); windows.count];
        windows.add(
            &mut series,
            Span {
                start,
                end,
                energy: Energy(energy),
            },
        );
        series.into_iter().map(|energy| energy.0).collect()
    }

    #[test]
    fn given_a_row_when_boundaries_cut_it_then_each_window_gets_its_part_and_nothing_is_lost() {
        assert_eq!(split(0, 3600, 7), [7]);
        assert_eq!(split(1800, 5400, 7), [3, 4]);
        assert_eq!(split(-1800, 1800, 8), [4, 4]);
        assert_eq!(split(3600, 4 * 3600, 10), [3, 3, 4]);
        assert_eq!(split(1800, 4 * 3600 + 900, -15), [-2, -4, -4, -4, -1]);
    }

    #[test]
    fn given_a_span_when_boundaries_are_looked_for_then_only_those_of_other_rows_cut_it() {
        let windows = Windows::covering(0, 4 * 3600, 3600);
        let cut = |start, end| {
            let energy = Energy(1);
            windows.cut(Span { start, end, energy })
        };
        assert!(cut(1800, 5400) && cut(0, 3601) && cut(1800, 7200));
        assert!(!cut(0, 3600) && !cut(1800, 3600) && !cut(3600, 4 * 3600));
    }

    #[test]
    fn given_a_span_when_covered_then_windows_begin_at_boundaries() {
        let windows = Windows::covering(-1, 7201, 3600);
        assert_eq!((windows.start, windows.count), (-3600, 4));
        assert_eq!(
            (windows.index(-1), windows.index(0), windows.index(7200)),
            (0, 1, 3)
        );
    }
}
