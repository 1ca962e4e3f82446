use joulebook_units::UnixTime;

use super::{header::printable, is_window_length, MilliWatts, ProfileError};

/// The most a household can be: 10 MW.
pub const MAX_WATTS: u32 = 10_000_000;

/// Start of an interval out of ISO 8601, with `Z` or an offset: without one, a time could mean any
/// place on earth.
pub fn time(line: u64, text: &str) -> Result<UnixTime, ProfileError> {
    match text.parse::<jiff::Timestamp>() {
        Ok(time) if time.subsec_nanosecond() == 0 => Ok(UnixTime(time.as_second())),
        _ => Err(ProfileError::BadTime {
            line,
            value: printable(text),
        }),
    }
}

/// Average power out of a whole or decimal number of W.
pub fn power(line: u64, column: &str, text: &str) -> Result<MilliWatts, ProfileError> {
    match text.parse::<f64>() {
        // A comparison with NaN is false.
        Ok(watts) if watts >= 0.0 && watts <= f64::from(MAX_WATTS) => {
            Ok(MilliWatts((watts * 1000.0).round() as u64))
        }
        _ => Err(ProfileError::BadPower {
            line,
            column: printable(column),
            value: printable(text),
        }),
    }
}

/// Checks that the rows follow each other at a constant distance, the length of an interval.
#[derive(Debug, Default)]
pub struct Sequence {
    first: Option<UnixTime>,
    last: Option<UnixTime>,
    length: Option<i64>,
}

impl Sequence {
    /// # Errors
    /// [`ProfileError`] for a row that does not follow the one before.
    pub fn add(&mut self, line: u64, time: UnixTime) -> Result<(), ProfileError> {
        self.first.get_or_insert(time);
        let Some(last) = self.last.replace(time) else {
            return Ok(());
        };
        let found = time.0.saturating_sub(last.0);
        if found <= 0 {
            return Err(ProfileError::NotIncreasing { line });
        }
        let Some(length) = self.length else {
            self.length = Some(found);
            return check_length(line, time, found);
        };
        if found == length {
            return Ok(());
        }
        if found % length == 0 {
            let missing = found / length - 1;
            return Err(ProfileError::Gap {
                line,
                missing,
                length,
            });
        }
        Err(ProfileError::Uneven {
            line,
            found,
            length,
        })
    }

    /// Start of the first interval and length of all; `None` for fewer than two rows.
    pub fn interval(&self) -> Option<(UnixTime, i64)> {
        self.first.zip(self.length)
    }
}

fn check_length(line: u64, time: UnixTime, length: i64) -> Result<(), ProfileError> {
    if !is_window_length(length) {
        return Err(ProfileError::IntervalLength { line, length });
    }
    if time.0.rem_euclid(length) != 0 {
        return Err(ProfileError::OffBoundary { line, length });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_iso_8601_with_an_offset() {
        let utc = time(2, "2021-02-14T23:00:00Z").expect("a time");
        assert_eq!(utc, UnixTime(1_613_343_600));
        assert_eq!(time(2, "2021-02-15 00:00+01:00").expect("a time"), utc);
        for text in [
            "",
            "2021-02-14T23:00:00",
            "2021-02-30T00:00:00Z",
            "14.02.2021",
            "1613343600",
        ] {
            assert!(time(2, text).is_err(), "{text}");
        }
        assert!(time(2, "2021-02-14T23:00:00.5Z").is_err());
    }

    #[test]
    fn power_is_a_number_of_watts() {
        assert_eq!(power(2, "a", "0").expect("power"), MilliWatts(0));
        assert_eq!(power(2, "a", "12.3456").expect("power"), MilliWatts(12_346));
        assert_eq!(
            power(2, "a", "10000000").expect("power"),
            MilliWatts(10_000_000_000)
        );
        for text in [
            "", "-1", "-0.1", "NaN", "inf", "10000001", "1e300", "1,5", "0x10", "5 W",
        ] {
            assert!(power(2, "a", text).is_err(), "{text}");
        }
    }

    #[test]
    fn rows_follow_each_other_at_a_constant_distance() {
        let refusal = |times: &[i64]| {
            let mut sequence = Sequence::default();
            let mut lines = times.iter().zip(2..);
            lines
                .find_map(|(time, line)| sequence.add(line, UnixTime(*time)).err())
                .map(|error| error.to_string())
                .unwrap_or_default()
        };
        assert_eq!(refusal(&[900, 1800, 2700]), "");
        assert!(refusal(&[900, 900]).contains("line 3: the time is not after"));
        assert!(refusal(&[900, 1800, 0]).contains("line 4: the time is not after"));
        assert!(refusal(&[900, 1800, 4500]).contains("line 4: rows missing before it: 2"));
        assert!(refusal(&[900, 1800, 2000]).contains("line 4: 200 s after"));
        assert!(refusal(&[0, 59]).contains("60 s to 86400 s"));
        assert!(refusal(&[0, 86_401]).contains("60 s to 86400 s"));
        assert!(refusal(&[100, 1000]).contains("not a multiple"));
        assert!(refusal(&[i64::MIN, i64::MAX]).contains("60 s to 86400 s"));
    }
}
