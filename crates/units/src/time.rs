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

    /// The last boundary of windows of `length` that is not after this time; `None` for a length
    /// that is not positive, or on overflow.
    pub fn boundary(self, length: Seconds) -> Option<UnixTime> {
        let past = self.0.checked_rem_euclid(length.0)?;
        if length.0 <= 0 {
            return None;
        }
        self.0.checked_sub(past).map(UnixTime)
    }

    /// The slot of a ring of `slots` that the window of `length` starting at this time uses:
    /// (t / length) mod slots. `None` if this is not a boundary, or length or slots are not positive.
    pub fn ring_slot(self, length: Seconds, slots: u16) -> Option<u16> {
        if length.0 <= 0 || slots == 0 || self.0.checked_rem_euclid(length.0)? != 0 {
            return None;
        }
        let number = self.0.checked_div_euclid(length.0)?;
        u16::try_from(number.checked_rem_euclid(i64::from(slots))?).ok()
    }
}
