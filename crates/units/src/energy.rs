use crate::{Seconds, SECONDS_PER_HOUR};

const HOUR: u64 = SECONDS_PER_HOUR as u64;

/// Energy of one order or one metering interval, in watt-hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wh(pub u32);

/// A sum of energies or a meter's register, in watt-hours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct WhSum(pub u64);

/// Signed energy in watt-hours: positive is drawn from the grid, negative is fed into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NetWh(pub i64);

/// Power in watts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Watts(pub u32);

impl WhSum {
    /// `None` on overflow.
    pub fn checked_add(self, other: impl Into<WhSum>) -> Option<WhSum> {
        self.0.checked_add(other.into().0).map(WhSum)
    }

    /// `None` if `other` is larger.
    pub fn checked_sub(self, other: impl Into<WhSum>) -> Option<WhSum> {
        self.0.checked_sub(other.into().0).map(WhSum)
    }
}

impl From<Wh> for WhSum {
    fn from(wh: Wh) -> WhSum {
        WhSum(u64::from(wh.0))
    }
}

impl NetWh {
    /// What was drawn less what was fed in.
    #[expect(clippy::arithmetic_side_effects, reason = "two numbers of 32 bits")]
    pub fn between(import: Wh, export: Wh) -> NetWh {
        NetWh(i64::from(import.0) - i64::from(export.0))
    }

    /// `None` on overflow.
    pub fn checked_add(self, other: NetWh) -> Option<NetWh> {
        self.0.checked_add(other.0).map(NetWh)
    }

    /// `None` on overflow.
    pub fn checked_sub(self, other: NetWh) -> Option<NetWh> {
        self.0.checked_sub(other.0).map(NetWh)
    }

    /// The size of the energy, whatever its direction.
    pub fn magnitude(self) -> WhSum {
        WhSum(self.0.unsigned_abs())
    }
}

impl Watts {
    /// The most energy this power can move in `elapsed`, rounded down; saturates, and is 0 for a
    /// time that is not positive.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "32 bits times less than an hour"
    )]
    pub fn over(self, elapsed: Seconds) -> WhSum {
        let seconds = u64::try_from(elapsed.0).unwrap_or(0);
        let watts = u64::from(self.0);
        // Whole hours apart: watt-seconds pass 64 bits long before watt-hours do.
        let (hours, rest) = (seconds / HOUR, seconds % HOUR);
        WhSum(
            watts
                .saturating_mul(hours)
                .saturating_add(watts * rest / HOUR),
        )
    }
}
