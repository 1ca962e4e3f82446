//! How many seats of a page become final in one instruction.

use joulebook_layout::market::limits::{MAX_FINAL_ENTRIES, MAX_FINAL_SEATS, MAX_SETTLED};

/// How many seats fit, one at least: within the compute units and the memory of a program, whatever becomes of their positions.
/// `meters` are the numbers of their meters in service, from the next seat on; `rows` those that the table has, of which
/// going over takes its part.
pub fn seats_that_fit(meters: impl IntoIterator<Item = u16>, windows: u16, rows: u16) -> u16 {
    let most = MAX_SETTLED
        .checked_div(windows)
        .unwrap_or(1)
        .clamp(1, MAX_FINAL_SEATS);
    let most_entries = u32::from(MAX_FINAL_ENTRIES).saturating_sub(u32::from(rows) / 2);
    let mut entries = 0_u32;
    let mut seats = 0_u16;
    for count in meters.into_iter().take(most.into()) {
        entries = entries.saturating_add(u32::from(count).saturating_mul(windows.into()));
        if seats > 0 && entries > most_entries {
            break;
        }
        seats = seats.saturating_add(1);
    }
    seats
}

#[cfg(test)]
mod tests {
    use core::iter::repeat_n;

    use super::*;

    #[test]
    fn given_seats_of_one_meter_when_counted_then_as_many_as_are_settled_at_once() {
        assert_eq!(seats_that_fit(repeat_n(1, 64), 96, 100), MAX_SETTLED / 96);
        assert_eq!(seats_that_fit(repeat_n(1, 3), 96, 100), 3);
        assert_eq!(seats_that_fit(repeat_n(1, 99), 1, 100), MAX_FINAL_SEATS);
    }

    #[test]
    fn given_seats_of_many_meters_when_counted_then_so_many_that_their_entries_fit() {
        // 96 windows of 16 meters are 1,536 entries.
        assert_eq!(seats_that_fit(repeat_n(16, 64), 96, 0), 2);
        assert_eq!(seats_that_fit(repeat_n(16, 64), 96, 4_096), 1);
    }

    #[test]
    fn given_a_seat_that_is_too_much_when_counted_then_it_is_one() {
        assert_eq!(seats_that_fit([60_000], 288, u16::MAX), 1);
        assert_eq!(seats_that_fit([1; 9], u16::MAX, 0), 1);
        assert_eq!(seats_that_fit([1; 9], 0, 0), 1);
    }
}
