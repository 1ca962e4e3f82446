/// Of `2018-07-24T13:22:04,000+0200 S`; `None` if the clock was not told the time: its status is U then. R is the time that I was
/// at the beginning of a charging process, and the time since then by a calibrated clock: so it is not worse.
pub(super) fn unix_time(text: &str) -> Option<i64> {
    let (time, status) = text.rsplit_once(' ')?;
    if !["S", "I", "R"].contains(&status) {
        return None;
    }
    let (date, rest) = time.split_once('T')?;
    let at = rest.find(['+', '-'])?;
    let (clock, offset) = rest.split_at_checked(at)?;
    let mut date = date.split('-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let clock = clock.split([',', '.']).next()?;
    let mut clock = clock.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let is_clock =
        (0..24).contains(&hour) && (0..60).contains(&minute) && (0..61).contains(&second);
    let is_date =
        (1970..10_000).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day);
    if !is_clock || !is_date {
        return None;
    }
    let (sign, digits) = offset.split_at_checked(1)?;
    let number: i64 = digits.parse().ok().filter(|_| digits.len() == 4)?;
    let offset = (number / 100) * 3_600 + (number % 100) * 60;
    let offset = if sign == "-" { -offset } else { offset };
    let days = days_since_1970(year, month, day);
    Some(days * 86_400 + hour * 3_600 + minute * 60 + second - offset)
}

/// In the Gregorian calendar, by counting years from March on, so that leap days come last.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days_of_year = (153 * month + 2) / 5 + day - 1;
    let days = 365 * year + year / 4 - year / 100 + year / 400 + days_of_year;
    // Until 1970-01-01 counted so.
    days - 719_468
}
