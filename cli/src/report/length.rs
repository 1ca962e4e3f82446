use joulebook_units::{SECONDS_PER_DAY, SECONDS_PER_HOUR};

use crate::counted::noun_of;

/// A length of time in seconds, for people: in the largest unit of which it is a whole number.
pub fn length(seconds: i64) -> String {
    for (unit, name) in [
        (SECONDS_PER_DAY, "day"),
        (SECONDS_PER_HOUR, "hour"),
        (60, "minute"),
    ] {
        if seconds >= unit && seconds % unit == 0 {
            return count_of(seconds / unit, name);
        }
    }
    count_of(seconds, "second")
}

fn count_of(number: i64, name: &str) -> String {
    format!("{number} {}", noun_of(number.unsigned_abs(), name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_told_in_the_largest_whole_unit() {
        for (seconds, text) in [
            (86_400, "1 day"),
            (172_800, "2 days"),
            (129_600, "36 hours"),
            (3600, "1 hour"),
            (900, "15 minutes"),
            (90, "90 seconds"),
        ] {
            assert_eq!(length(seconds), text);
        }
    }
}
