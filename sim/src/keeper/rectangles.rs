//! Positions of a page, in parts that one instruction settles.

use joulebook_client::layout::market::limits::MAX_SETTLED;

/// Numbers of windows, or of seats: the first, and how many.
pub type Numbers = (u16, u16);

/// Windows and seats of each part: all seats of the windows from `first` on.
pub fn cover(first: u16, windows: u16, seats: u16) -> Vec<(Numbers, Numbers)> {
    let seats_at_once = seats.clamp(1, MAX_SETTLED);
    let windows_at_once = MAX_SETTLED / seats_at_once;
    let mut parts = vec![];
    for of_windows in cut(first, windows, windows_at_once) {
        for of_seats in cut(0, seats, seats_at_once) {
            parts.push((of_windows, of_seats));
        }
    }
    parts
}

fn cut(first: u16, count: u16, at_once: u16) -> impl Iterator<Item = Numbers> {
    let starts = (0..count).step_by(at_once.into());
    starts.map(move |start| (first + start, at_once.min(count - start)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_one_part() {
        assert_eq!(cover(0, 4, 32), [((0, 4), (0, 32))]);
        assert_eq!(cover(3, 1, 1024), [((3, 1), (0, 1024))]);
    }

    #[test]
    fn whole_windows_are_kept_together_as_far_as_they_fit() {
        let parts = cover(1, 5, 500);
        let all = (0, 500);
        assert_eq!(parts, [((1, 2), all), ((3, 2), all), ((5, 1), all)]);
    }

    #[test]
    fn a_window_of_more_seats_than_fit_is_cut() {
        let parts = cover(7, 2, 1026);
        let halves = [(0, 1024), (1024, 2)];
        let of = |window: u16| halves.map(|seats| ((window, 1), seats));
        assert_eq!(parts, [of(7), of(8)].concat());
    }
}
