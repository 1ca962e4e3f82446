//! How long a row lasts: as someone says, or as far as most rows are apart.

use std::{collections::HashMap, str::FromStr};

/// Of one row, in seconds; at least 1, at most 31 days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowLength(pub i64);

/// No length of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a length like 15min, 1h, 1day or 900 (seconds)")]
pub struct LengthError;

const LONGEST: i64 = 31 * 86_400;

impl RowLength {
    pub fn new(seconds: i64) -> Option<RowLength> {
        (1..=LONGEST)
            .contains(&seconds)
            .then_some(RowLength(seconds))
    }
}

impl FromStr for RowLength {
    type Err = LengthError;

    /// A number and a unit, a unit alone, `PT15M`, or a clock's 00:15.
    fn from_str(text: &str) -> Result<RowLength, LengthError> {
        let text = text.trim().to_lowercase();
        let seconds = clock(&text).or_else(|| {
            let plain = text.strip_prefix("pt").unwrap_or(&text);
            let at = plain.find(|letter: char| !letter.is_ascii_digit());
            let (number, unit) = plain.split_at_checked(at.unwrap_or(plain.len()))?;
            let unit = match unit.trim() {
                "" | "s" | "sec" | "second" | "seconds" if !number.is_empty() => 1,
                "m" | "min" | "mins" | "minute" | "minutes" => 60,
                "h" | "hr" | "hour" | "hours" | "hourly" => 3600,
                "half hour" | "half-hour" | "hh" => 1800,
                "d" | "day" | "days" | "daily" => 86_400,
                _ => return None,
            };
            let count = if number.is_empty() {
                1
            } else {
                number.parse().ok()?
            };
            i64::checked_mul(count, unit)
        });
        seconds.and_then(RowLength::new).ok_or(LengthError)
    }
}

/// 00:15 or 00:15:00.
fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let (hours, minutes) = (parts.next()?, parts.next()?);
    let seconds = parts.next().unwrap_or("0");
    if parts.next().is_some() {
        return None;
    }
    let [hours, minutes, seconds] = [hours, minutes, seconds].map(|part| part.parse::<u8>().ok());
    let minutes = i64::from(hours?)
        .checked_mul(60)?
        .checked_add(minutes?.into())?;
    minutes.checked_mul(60)?.checked_add(seconds?.into())
}

/// The distance that is there most often between rows; the shortest of several. `None` without any.
pub fn most_frequent(distances: impl Iterator<Item = i64>) -> Option<i64> {
    let mut counts: HashMap<i64, u64> = HashMap::new();
    for distance in distances.filter(|distance| *distance > 0) {
        let count = counts.entry(distance).or_default();
        *count = count.saturating_add(1);
    }
    let most = counts
        .into_iter()
        .max_by_key(|(distance, count)| (*count, std::cmp::Reverse(*distance)));
    most.map(|(distance, _)| distance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_in_any_spelling() {
        for (text, seconds) in [
            ("15min", 900),
            ("15 min", 900),
            ("Hour", 3600),
            ("1h", 3600),
            ("half hour", 1800),
            ("PT30M", 1800),
            ("00:15", 900),
            ("01:00:00", 3600),
            ("900", 900),
            ("1 day", 86_400),
        ] {
            assert_eq!(text.parse(), Ok(RowLength(seconds)), "{text}");
        }
        for text in [
            "",
            "0",
            "-5",
            "soon",
            "32 days",
            "1:2:3:4",
            "99999999999999999999",
        ] {
            assert_eq!(text.parse::<RowLength>(), Err(LengthError), "{text}");
        }
    }

    #[test]
    fn most_rows_are_right() {
        assert_eq!(most_frequent([1800, 900, 900].into_iter()), Some(900));
        assert_eq!(most_frequent([1800, 900].into_iter()), Some(900));
        assert_eq!(most_frequent([-900, 0].into_iter()), None);
    }
}
