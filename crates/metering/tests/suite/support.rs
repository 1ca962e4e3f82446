//! Readings to test with.

use joulebook_metering::{message::Reading, register::Registers};
use joulebook_units::{UnixTime, WhSum};

pub fn registers(import: u64, export: u64) -> Registers {
    Registers {
        import: WhSum(import),
        export: WhSum(export),
    }
}

/// An honest reading.
pub fn next() -> Reading {
    Reading {
        meter: 3,
        boundary: UnixTime(1_200_300),
        sequence: 8,
        registers: registers(5_400, 3_100),
        flags: 0,
    }
}
