//! A month of a time zone.

use jiff::{civil::Date, tz::TimeZone, ToSpan};

use crate::store::Span;

/// What is no month.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MonthError {
    #[error("{0} is no month; write it as 2026-11")]
    NoMonth(String),
    #[error("{0} is no time zone; write it as Europe/Vienna, or UTC")]
    NoZone(String),
}

/// From the first moment of a month, `2026-11`, to that of the next, as clocks in `zone` show it.
///
/// # Errors
/// [`MonthError`].
pub fn month(text: &str, zone: &str) -> Result<Span, MonthError> {
    let shown = |text: &str| text.chars().take(64).collect::<String>();
    let no_month = || MonthError::NoMonth(shown(text));
    let zone = TimeZone::get(zone).map_err(|_| MonthError::NoZone(shown(zone)))?;
    let is_written_so = text.len() == 7
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !is_written_so {
        return Err(no_month());
    }
    let number = |part: Option<&str>| part.and_then(|part| part.parse::<i16>().ok());
    let year = number(text.get(..4)).ok_or_else(no_month)?;
    let month = number(text.get(5..)).and_then(|month| i8::try_from(month).ok());
    let first = Date::new(year, month.ok_or_else(no_month)?, 1).map_err(|_| no_month())?;
    let next = first.checked_add(1.month()).map_err(|_| no_month())?;
    let second = |date: Date| {
        let moment = date.to_zoned(zone.clone()).map_err(|_| no_month())?;
        Ok(moment.timestamp().as_second())
    };
    Ok(Span {
        since: second(first)?,
        until: second(next)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_begins_and_ends_with_local_clocks() {
        // 2026-03-01 00:00 in Vienna is 23:00 UTC the day before; April begins in summer time.
        let march = month("2026-03", "Europe/Vienna").expect("a month");
        assert_eq!(march.since, 1_772_319_600);
        assert_eq!(march.until - march.since, 31 * 86_400 - 3_600);
        let december = month("2026-12", "UTC").expect("a month");
        assert_eq!(december.until - december.since, 31 * 86_400);
    }

    #[test]
    fn what_is_no_month_or_zone_is_named() {
        for text in [
            "", "2026", "2026-13", "2026-00", "2026-1", "x026-01", "+026-01", "2026-011",
        ] {
            assert_eq!(month(text, "UTC"), Err(MonthError::NoMonth(text.into())));
        }
        let error = month("2026-11", "Mars/Base");
        assert_eq!(error, Err(MonthError::NoZone("Mars/Base".into())));
    }
}
