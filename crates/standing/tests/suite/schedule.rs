use joulebook_standing::is_due;
use joulebook_units::{Seconds, UnixTime};

use crate::support::{rule, NOW};

const HOUR: Seconds = Seconds(3600);

/// Whether a rule for that weekday (0 for Monday) and half hour is due `seconds` after Friday began in UTC.
fn due(weekday: u8, half_hour: u8, seconds: i64, offset: Seconds) -> bool {
    let mut rule = rule();
    (rule.weekdays, rule.half_hours) = (1 << weekday, 1 << half_hour);
    let start = UnixTime(NOW.0 + seconds);
    let local = start.local(offset).unwrap();
    is_due(&rule, start, local.weekday, local.half_hour)
}

#[test]
fn given_a_half_hour_and_a_weekday_when_a_window_starts_in_them_then_it_is_due() {
    let utc = Seconds(0);
    for (seconds, is_in) in [
        (0, true),
        (900, true),
        (1_799, true),
        (1_800, false),
        (-1, false),
    ] {
        assert_eq!(due(4, 0, seconds, utc), is_in, "{seconds}");
    }
    assert!(!due(3, 0, 0, utc));
    assert!(due(3, 47, -1, utc));
    assert!(due(0, 47, 4 * 86_400 - 1, utc));
}

#[test]
fn given_clocks_ahead_of_utc_when_a_window_starts_then_the_local_day_counts() {
    assert!(due(4, 2, 0, HOUR));
    assert!(due(5, 1, 86_400 - 1_800, HOUR));
    assert!(due(3, 46, 0, Seconds(-3600)));
}

#[test]
fn given_an_end_when_a_window_starts_then_or_later_then_it_is_not_due() {
    let mut rule = rule();
    rule.valid_until = NOW.0 + 900;
    for (seconds, is_due_then) in [(0, true), (899, true), (900, false), (901, false)] {
        let start = UnixTime(NOW.0 + seconds);
        let local = start.local(Seconds(0)).unwrap();
        assert_eq!(
            is_due(&rule, start, local.weekday, local.half_hour),
            is_due_then
        );
    }
}
