use crate::{floor_div, floor_rem};

/// Seconds since 1970-01-01 00:00 UTC, as the Clock sysvar counts them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct UnixTime(pub i64);

/// A length of time in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Seconds(pub i64);

pub const SECONDS_PER_HOUR: i64 = 3600;
pub const SECONDS_PER_DAY: i64 = 86_400;

impl UnixTime {
    /// `None` on overflow.
    pub fn checked_add(self, length: Seconds) -> Option<UnixTime> {
        self.0.checked_add(length.0).map(UnixTime)
    }

    /// `None` on overflow.
    pub fn checked_sub(self, length: Seconds) -> Option<UnixTime> {
        self.0.checked_sub(length.0).map(UnixTime)
    }

    /// How long ago `earlier` was; `None` on overflow.
    pub fn since(self, earlier: UnixTime) -> Option<Seconds> {
        self.0.checked_sub(earlier.0).map(Seconds)
    }

    /// How many whole `length`s lie between `start` and this time; `None` before `start`, for a length that is not positive,
    /// or on overflow.
    pub fn lengths_since(self, start: UnixTime, length: Seconds) -> Option<u64> {
        u64::try_from(floor_div(self.since(start)?.0, length.0)?).ok()
    }

    /// The day of UTC, counted from 1970-01-01.
    pub fn day(self) -> i64 {
        // A day has seconds.
        floor_div(self.0, SECONDS_PER_DAY).unwrap_or(0)
    }

    /// The last boundary of windows of `length` that is not after this time; `None` for a length
    /// that is not positive, or on overflow.
    pub fn boundary(self, length: Seconds) -> Option<UnixTime> {
        self.0
            .checked_sub(floor_rem(self.0, length.0)?)
            .map(UnixTime)
    }

    /// The slot of a ring of `slots` that the window of `length` starting at this time uses:
    /// (t / length) mod slots. `None` if this is not a boundary, or length or slots are not positive.
    pub fn ring_slot(self, length: Seconds, slots: u16) -> Option<u16> {
        if floor_rem(self.0, length.0)? != 0 {
            return None;
        }
        let number = floor_div(self.0, length.0)?;
        u16::try_from(floor_rem(number, slots.into())?).ok()
    }
}

const SECONDS_PER_HALF_HOUR: i64 = 1800;
const DAYS_PER_WEEK: i64 = 7;

/// Where a moment lies in a community's own days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// Since 1970-01-01.
    pub day: i64,
    /// 0 for Monday, up to 6.
    pub weekday: u8,
    /// 0 for 00:00 to 00:30, up to 47.
    pub half_hour: u8,
}

impl UnixTime {
    /// By clocks that are `utc_offset` ahead of UTC. `None` on overflow.
    pub fn local(self, utc_offset: Seconds) -> Option<LocalTime> {
        let local = self.checked_add(utc_offset)?;
        let day = local.day();
        let half_hour = floor_div(floor_rem(local.0, SECONDS_PER_DAY)?, SECONDS_PER_HALF_HOUR)?;
        // 1970-01-01 was a Thursday: day 0 is the fourth of a week that begins on Monday.
        let weekday = floor_rem(day.checked_add(3)?, DAYS_PER_WEEK)?;
        Some(LocalTime {
            day,
            weekday: u8::try_from(weekday).ok()?,
            half_hour: u8::try_from(half_hour).ok()?,
        })
    }
}
