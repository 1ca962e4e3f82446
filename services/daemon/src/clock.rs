//! The time.

use std::time::{SystemTime, UNIX_EPOCH};

/// This machine's clock, unix seconds; 0 where it is before 1970.
pub fn machine_clock() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
