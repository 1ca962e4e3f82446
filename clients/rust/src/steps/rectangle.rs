//! Rectangles of windows and seats, as `settle` takes them.

use joulebook_layout::market::limits::MAX_SETTLED;

/// Windows and seats of a page, by their numbers: the first and the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rectangle {
    pub windows: (u16, u16),
    pub seats: (u16, u16),
}

impl Rectangle {
    fn of(window: u16, seat: u16) -> Rectangle {
        Rectangle {
            windows: (window, window),
            seats: (seat, seat),
        }
    }

    /// Positions in it.
    fn len(&self) -> usize {
        let length = |(first, last): (u16, u16)| usize::from(last) - usize::from(first) + 1;
        length(self.windows) * length(self.seats)
    }

    /// The smallest that holds both.
    fn with(self, other: Rectangle) -> Rectangle {
        let around = |one: (u16, u16), other: (u16, u16)| (one.0.min(other.0), one.1.max(other.1));
        Rectangle {
            windows: around(self.windows, other.windows),
            seats: around(self.seats, other.seats),
        }
    }

    fn turned(self) -> Rectangle {
        Rectangle {
            windows: self.seats,
            seats: self.windows,
        }
    }
}

/// Few rectangles that hold all of these positions, (window, seat), and each no more than the market settles at once.
///
/// What came to light is usually one window of many seats, or many windows of one seat. So they are drawn window by
/// window and seat by seat, and what needs fewer is taken.
pub fn cover(positions: &[(u16, u16)]) -> Vec<Rectangle> {
    let by_window = drawn_line_by_line(positions.to_vec());
    let turned = positions.iter().map(|(window, seat)| (*seat, *window));
    let by_seat = drawn_line_by_line(turned.collect());
    if by_seat.len() < by_window.len() {
        by_seat.into_iter().map(Rectangle::turned).collect()
    } else {
        by_window
    }
}

fn drawn_line_by_line(mut positions: Vec<(u16, u16)>) -> Vec<Rectangle> {
    positions.sort_unstable();
    let mut drawn: Vec<Rectangle> = vec![];
    for line in positions.chunk_by(|one, other| one.0 == other.0) {
        let mut pieces: Vec<Rectangle> = vec![];
        for (window, seat) in line {
            extend(&mut pieces, Rectangle::of(*window, *seat));
        }
        for piece in pieces {
            extend(&mut drawn, piece);
        }
    }
    drawn
}

/// Adds to the last rectangle what it has room for.
fn extend(rectangles: &mut Vec<Rectangle>, more: Rectangle) {
    match rectangles.last_mut() {
        Some(last) if last.with(more).len() <= usize::from(MAX_SETTLED) => *last = last.with(more),
        _ => rectangles.push(more),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rectangle(windows: (u16, u16), seats: (u16, u16)) -> Rectangle {
        Rectangle { windows, seats }
    }

    #[test]
    fn given_no_positions_when_covered_then_there_is_no_rectangle() {
        assert_eq!(cover(&[]), []);
    }

    #[test]
    fn given_a_few_positions_when_covered_then_one_rectangle_is_around_them() {
        let positions = [(2, 9), (7, 3), (4, 5)];
        assert_eq!(cover(&positions), [rectangle((2, 7), (3, 9))]);
    }

    #[test]
    fn given_a_full_page_when_covered_then_each_rectangle_is_as_large_as_can_be() {
        // 96 windows of 100 seats: 10 windows are 1,000 positions.
        let positions: Vec<_> = (0..96)
            .flat_map(|window| (0..100).map(move |seat| (window, seat)))
            .collect();
        let rectangles = cover(&positions);
        assert_eq!(rectangles.len(), 10);
        assert_eq!(rectangles[0], rectangle((0, 9), (0, 99)));
        assert_eq!(rectangles[9], rectangle((90, 95), (0, 99)));
    }

    #[test]
    fn given_a_day_of_one_seat_and_a_window_of_all_when_covered_then_two_rectangles_do() {
        let day = (0..95).map(|window| (window, 40));
        let window = (0..100).map(|seat| (95, seat));
        let rectangles = cover(&day.chain(window).collect::<Vec<_>>());
        let expected = [rectangle((0, 94), (40, 40)), rectangle((95, 95), (0, 99))];
        assert_eq!(rectangles, expected);
    }

    #[test]
    fn given_days_of_two_seats_far_apart_when_covered_then_each_has_its_own_rectangle() {
        let days = (0..96).flat_map(|window| [(window, 7), (window, 900)]);
        let expected = [rectangle((0, 95), (7, 7)), rectangle((0, 95), (900, 900))];
        assert_eq!(cover(&days.collect::<Vec<_>>()), expected);
    }

    #[test]
    fn given_a_window_of_more_seats_than_are_settled_at_once_when_covered_then_it_is_cut() {
        let seats: Vec<_> = (0..2_500).map(|seat| (3, seat)).collect();
        let expected = [
            rectangle((3, 3), (0, 1_023)),
            rectangle((3, 3), (1_024, 2_047)),
            rectangle((3, 3), (2_048, 2_499)),
        ];
        assert_eq!(cover(&seats), expected);
    }
}
