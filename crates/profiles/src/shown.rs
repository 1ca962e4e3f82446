//! Lengths and times as people write them.

use jiff::Timestamp;

/// Like `15 min`, `1 h`, `1 day`; seconds where nothing larger fits.
pub fn length(seconds: i64) -> String {
    for (unit, name) in [(86_400, "day"), (3600, "h"), (60, "min")] {
        if seconds > 0 && seconds.checked_rem(unit) == Some(0) {
            let count = seconds.checked_div(unit).unwrap_or(0);
            let many = if name == "day" && count > 1 { "s" } else { "" };
            return format!("{count} {name}{many}");
        }
    }
    format!("{seconds} s")
}

/// Like `2024-06-01T00:15:00Z`.
pub fn time(unix: i64) -> String {
    Timestamp::from_second(unix).map_or_else(|_| unix.to_string(), |time| time.to_string())
}

/// Like `400 W` or `0.4 W`, of milliwatts.
pub fn power(milliwatts: i128) -> String {
    let sign = if milliwatts < 0 { "-" } else { "" };
    let size = milliwatts.unsigned_abs();
    let (watts, thousandths) = (size / 1000, size % 1000);
    let decimals = format!("{thousandths:03}");
    match decimals.trim_end_matches('0') {
        "" => format!("{sign}{watts} W"),
        decimals => format!("{sign}{watts}.{decimals} W"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_unit_that_fits_is_shown() {
        let shown = [900, 3600, 86_400, 172_800, 61, 0].map(length);
        assert_eq!(shown, ["15 min", "1 h", "1 day", "2 days", "61 s", "0 s"]);
        assert_eq!(
            [400_000, 400, -1_050, 0].map(power),
            ["400 W", "0.4 W", "-1.05 W", "0 W"]
        );
        assert_eq!(time(900), "1970-01-01T00:15:00Z");
        assert_eq!(time(i64::MAX), i64::MAX.to_string());
    }
}
