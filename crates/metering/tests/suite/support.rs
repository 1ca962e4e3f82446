//! Readings to test with.

use joulebook_metering::{
    message::Reading,
    register::{LastReading, PowerLimits, Registers},
};
use joulebook_units::{Seconds, UnixTime, Watts, WhSum};

pub const FIVE_MINUTES: Seconds = Seconds(300);

/// 11 kW in, 10 kW out: 916 and 833 Wh in five minutes.
pub const LIMITS: PowerLimits = PowerLimits {
    import: Watts(11_000),
    export: Watts(10_000),
};

pub fn registers(import: u64, export: u64) -> Registers {
    Registers {
        import: WhSum(import),
        export: WhSum(export),
    }
}

/// Heard at 1,200,000 s, with message 7.
pub fn last() -> LastReading {
    LastReading {
        boundary: UnixTime(1_200_000),
        sequence: 7,
        registers: registers(5_000, 3_000),
    }
}

/// An honest reading, one interval after [`last`].
pub fn next() -> Reading {
    Reading {
        meter: 3,
        boundary: UnixTime(1_200_300),
        sequence: 8,
        registers: registers(5_400, 3_100),
        flags: 0,
    }
}

pub const NOW: UnixTime = UnixTime(1_200_310);
