//! Times as they are written: ISO 8601, days and months in any order, AM and PM, unix seconds.

use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time};

use crate::{ProfileError, Question};

/// Whether 09/04/2024 is in April or in September.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateOrder {
    DayFirst,
    MonthFirst,
}

impl FromStr for DateOrder {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<DateOrder, Self::Err> {
        match text {
            "dmy" => Ok(DateOrder::DayFirst),
            "mdy" => Ok(DateOrder::MonthFirst),
            _ => Err("write dmy for day/month/year or mdy for month/day/year"),
        }
    }
}

/// A time as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawStamp {
    Unix(i64),
    Clock {
        date: RawDate,
        /// Since midnight, up to a day.
        seconds: i64,
        /// From UTC to local time.
        offset: Option<i64>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RawDate {
    Known {
        year: i16,
        month: i8,
        day: i8,
    },
    /// Two numbers of which either is the day.
    Either {
        first: i8,
        second: i8,
        year: i16,
    },
}

/// A time with its order of date known: local, and its moment where it has an offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub local: DateTime,
    pub moment: Option<i64>,
}

/// The time's place in years that can be real.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2200;
const UNIX: std::ops::RangeInclusive<i64> = 100_000_000..=7_258_118_400;

impl RawStamp {
    pub fn is_unix(self) -> bool {
        matches!(self, RawStamp::Unix(_))
    }

    /// `None` for what is no time.
    pub fn parse(text: &str) -> Option<RawStamp> {
        let text = text.trim();
        if text.len() > 64 {
            return None;
        }
        if let Some(seconds) = unix(text) {
            return Some(RawStamp::Unix(seconds));
        }
        let (date, rest) = match text.split_once(['T', 't', ' ']) {
            Some((date, rest)) => (date.trim_end_matches(','), rest.trim()),
            None => (text, ""),
        };
        let date = raw_date(date)?;
        let (clock, offset) = split_offset(rest)?;
        let seconds = match clock {
            "" if offset.is_none() => 0,
            clock => clock_seconds(clock)?,
        };
        Some(RawStamp::Clock {
            date,
            seconds,
            offset,
        })
    }

    /// With the time of day of another cell.
    pub fn with_clock(self, text: &str) -> Option<RawStamp> {
        let RawStamp::Clock {
            date, seconds: 0, ..
        } = self
        else {
            return None;
        };
        let (clock, offset) = split_offset(text.trim())?;
        Some(RawStamp::Clock {
            date,
            seconds: clock_seconds(clock)?,
            offset,
        })
    }

    /// `None` for a day that no calendar has.
    pub fn stamp(self, order: DateOrder) -> Option<Stamp> {
        let (date, seconds, offset) = match self {
            RawStamp::Unix(seconds) => {
                return Some(Stamp {
                    local: local_of(seconds)?,
                    moment: Some(seconds),
                })
            }
            RawStamp::Clock {
                date,
                seconds,
                offset,
            } => (date, seconds, offset),
        };
        let (year, month, day) = match (date, order) {
            (RawDate::Known { year, month, day }, _) => (year, month, day),
            (
                RawDate::Either {
                    first,
                    second,
                    year,
                },
                DateOrder::DayFirst,
            ) => (year, second, first),
            (
                RawDate::Either {
                    first,
                    second,
                    year,
                },
                DateOrder::MonthFirst,
            ) => (year, first, second),
        };
        let date = Date::new(year, month, day).ok()?;
        let midnight = jiff::tz::Offset::UTC
            .to_timestamp(date.to_datetime(Time::midnight()))
            .ok()?;
        let as_utc = midnight.as_second().checked_add(seconds)?;
        let moment = match offset {
            Some(offset) => Some(as_utc.checked_sub(offset)?),
            None => None,
        };
        Some(Stamp {
            local: local_of(as_utc)?,
            moment,
        })
    }
}

fn local_of(seconds: i64) -> Option<DateTime> {
    let moment = jiff::Timestamp::from_second(seconds).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(moment))
}

/// Seconds or milliseconds since 1970.
fn unix(text: &str) -> Option<i64> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    if !whole.bytes().all(|byte| byte.is_ascii_digit()) || whole.len() > 13 {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    let seconds = match whole.len() {
        13 if number % 1000 == 0 => number / 1000,
        13 => return None,
        _ => number,
    };
    UNIX.contains(&seconds).then_some(seconds)
}

fn raw_date(text: &str) -> Option<RawDate> {
    let mark = text.chars().find(|letter| !letter.is_ascii_digit())?;
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let mut parts = text.split(mark);
    let (first, second, third) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    if first.len() == 4 {
        return Some(RawDate::Known {
            year: year(first)?,
            month: small(second)?,
            day: small(third)?,
        });
    }
    let year = match third.len() {
        4 => year(third)?,
        2 => i16::from(small(third)?).checked_add(2000)?,
        _ => return None,
    };
    let (first, second) = (small(first)?, small(second)?);
    // With points, the day comes first wherever they are used.
    Some(match mark {
        '.' => RawDate::Known {
            year,
            month: second,
            day: first,
        },
        _ => RawDate::Either {
            first,
            second,
            year,
        },
    })
}

fn year(text: &str) -> Option<i16> {
    let year = digits(text)?.try_into().ok()?;
    YEARS.contains(&year).then_some(year)
}

fn small(text: &str) -> Option<i8> {
    (text.len() <= 2).then(|| digits(text)?.try_into().ok())?
}

fn digits(text: &str) -> Option<i64> {
    let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.parse().ok())?
}

/// The time of day, and seconds of an offset behind it.
fn split_offset(text: &str) -> Option<(&str, Option<i64>)> {
    for utc in ["Z", "z", "UTC", "GMT"] {
        if let Some(clock) = text.strip_suffix(utc) {
            return Some((clock.trim_end(), Some(0)));
        }
    }
    let Some(at) = text.rfind(['+', '-', '−']) else {
        return Some((text, None));
    };
    let (clock, offset) = text.split_at_checked(at)?;
    let sign = if offset.starts_with('+') { 1 } else { -1 };
    let number = offset.trim_start_matches(['+', '-', '−']);
    let seconds = offset_seconds(number)?;
    Some((clock.trim_end(), Some(seconds.checked_mul(sign)?)))
}

fn offset_seconds(text: &str) -> Option<i64> {
    let (hours, minutes) = match text.split_once(':') {
        Some(parts) => parts,
        None if text.len() == 4 => text.split_at_checked(2)?,
        None => (text, "0"),
    };
    let (hours, minutes) = (i64::from(small(hours)?), i64::from(small(minutes)?));
    (hours <= 15 && minutes < 60).then(|| {
        hours
            .checked_mul(3600)?
            .checked_add(minutes.checked_mul(60)?)
    })?
}

/// Seconds since midnight out of 14:30, 14:30:00.000, 2:30 PM or 24:00.
fn clock_seconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let upper = text.to_ascii_uppercase();
    let half = ["AM", "PM", "A.M.", "P.M."]
        .into_iter()
        .find(|half| upper.ends_with(half));
    let clock = match half {
        Some(half) => upper.strip_suffix(half)?.trim_end(),
        None => upper.as_str(),
    };
    let (whole, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    if fraction.is_empty() || fraction.bytes().any(|byte| byte != b'0') {
        return None;
    }
    let mut parts = whole.split(':');
    let hours = i64::from(small(parts.next()?)?);
    let minutes = i64::from(small(parts.next()?)?);
    let seconds = parts.next().map_or(Some(0), small)?;
    if parts.next().is_some() || minutes > 59 || seconds > 59 {
        return None;
    }
    let hours = match half {
        Some(half) if (1..=12).contains(&hours) => {
            let past_noon = if half.starts_with('P') { 12 } else { 0 };
            hours.checked_rem(12)?.checked_add(past_noon)?
        }
        Some(_) => return None,
        None => hours,
    };
    let total = hours
        .checked_mul(3600)?
        .checked_add(minutes.checked_mul(60)?)?
        .checked_add(seconds.into())?;
    (total <= 86_400).then_some(total)
}

/// What a file's dates say about their order.
#[derive(Debug, Default)]
pub struct DateSurvey {
    day_first: Option<(u64, String)>,
    month_first: Option<u64>,
    either: Option<(u64, String)>,
}

impl DateSurvey {
    pub fn add(&mut self, line: u64, text: &str, stamp: RawStamp) {
        let RawStamp::Clock {
            date: RawDate::Either { first, second, .. },
            ..
        } = stamp
        else {
            return;
        };
        let seen = || (line, text.to_owned());
        match (first > 12, second > 12) {
            (true, _) if self.day_first.is_none() => self.day_first = Some(seen()),
            (false, true) => {
                self.month_first.get_or_insert(line);
            }
            // The 4th of April is the same in both.
            (false, false) if first != second && self.either.is_none() => {
                self.either = Some(seen());
            }
            _ => {}
        }
    }

    /// # Errors
    /// Dates in both orders.
    pub fn decide(self) -> Result<Result<DateOrder, Question>, ProfileError> {
        match (self.day_first, self.month_first, self.either) {
            (Some((line, value)), Some(other), _) => {
                Err(ProfileError::MixedDates { line, other, value })
            }
            (None, Some(_), _) => Ok(Ok(DateOrder::MonthFirst)),
            (None, None, Some((line, value))) => Ok(Err(Question::DateOrder { line, value })),
            (Some(_), None, _) | (None, None, None) => Ok(Ok(DateOrder::DayFirst)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(text: &str) -> Option<i64> {
        RawStamp::parse(text)?.stamp(DateOrder::DayFirst)?.moment
    }

    fn local(text: &str) -> Option<String> {
        let stamp = RawStamp::parse(text)?.stamp(DateOrder::DayFirst)?;
        stamp.moment.is_none().then(|| stamp.local.to_string())
    }

    #[test]
    fn times_with_an_offset_are_moments() {
        for text in [
            "2021-02-14T23:00:00Z",
            "2021-02-14T23:00Z",
            "2021-02-15 00:00+01:00",
            "2021-02-15T00:00:00.000+0100",
            "2021-02-15T00:00:00 +01",
            "2021-02-14 23:00:00 UTC",
            "2021-02-14T18:00:00-05:00",
            "15.02.2021 00:00 +01:00",
            "2021-02-14T24:00+01:00",
            "1613343600",
            "1613343600000",
            "1613343600.0",
        ] {
            assert_eq!(moment(text), Some(1_613_343_600), "{text}");
        }
    }

    #[test]
    fn times_without_one_are_local() {
        for text in [
            "2024-04-09T14:30:00",
            "2024-04-09 14:30",
            "2024/04/09 14:30:00.0000000",
            "09.04.2024 14:30",
            "9.4.24 14:30",
            "09/04/2024 2:30 PM",
            "09-04-2024, 02:30:00 pm",
            "2024-04-09 2:30PM",
        ] {
            assert_eq!(
                local(text).as_deref(),
                Some("2024-04-09T14:30:00"),
                "{text}"
            );
        }
        assert_eq!(local("2024-04-09").as_deref(), Some("2024-04-09T00:00:00"));
        assert_eq!(
            local("2024-04-09 12:00 AM").as_deref(),
            Some("2024-04-09T00:00:00")
        );
        assert_eq!(
            local("2024-04-09 12:00 PM").as_deref(),
            Some("2024-04-09T12:00:00")
        );
        assert_eq!(
            local("2024-12-31 24:00").as_deref(),
            Some("2025-01-01T00:00:00")
        );
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "later",
            "2024",
            "14:30",
            "2024-02-30",
            "2024-13-01",
            "2024-04-09T25:00",
            "2024-04-09T14",
            "2024-04-09T14:60",
            "2024-04-09T14:30:00.5",
            "2024-04-09 13:00 PM",
            "2024-04-09 0:30 PM",
            "0.392",
            "16133436000000",
            "1613343600001",
            "2024-04-09T14:30+99:00",
            "2024-04-09Z",
            "99999",
            "1-2-3-4",
            "2024-04-09T24:01",
            "0000-01-01",
        ] {
            let stamp = RawStamp::parse(text).and_then(|stamp| stamp.stamp(DateOrder::DayFirst));
            assert_eq!(stamp, None, "{text}");
        }
    }

    #[test]
    fn a_day_and_a_time_of_day_are_put_together() {
        let date = RawStamp::parse("2024-04-09").expect("a date");
        let stamp = date.with_clock("08:00:00 AM").expect("a time");
        assert_eq!(Some(stamp), RawStamp::parse("2024-04-09 08:00"));
        assert_eq!(date.with_clock("later"), None);
    }

    #[test]
    fn dates_tell_their_order_or_it_is_asked() {
        let decide = |texts: &[&str]| {
            let mut survey = DateSurvey::default();
            for (text, line) in texts.iter().zip(2..) {
                survey.add(line, text, RawStamp::parse(text).expect("a time"));
            }
            survey.decide()
        };
        let order = |texts: &[&str]| decide(texts).ok().and_then(Result::ok);
        assert_eq!(
            order(&["09/04/2024", "13/04/2024"]),
            Some(DateOrder::DayFirst)
        );
        assert_eq!(
            order(&["09/04/2024", "04/13/2024"]),
            Some(DateOrder::MonthFirst)
        );
        assert_eq!(
            order(&["04/04/2024", "09.04.2024"]),
            Some(DateOrder::DayFirst)
        );
        let asked = decide(&["04/04/2024", "09/04/2024"]).expect("no contradiction");
        let value = "09/04/2024".to_owned();
        assert_eq!(asked, Err(Question::DateOrder { line: 3, value }));
        let mixed = decide(&["13/04/2024", "04/13/2024"]);
        assert!(matches!(
            mixed,
            Err(ProfileError::MixedDates {
                line: 2,
                other: 3,
                ..
            })
        ));
    }
}
