//! Readings as a meter makes them and a gateway sends them.

use joulebook_metering::message::{Reading, MESSAGE_LEN};
use solana_address::Address;

use crate::oracle::types::SignedReading;

/// The bytes that the meter's device key signs, for a meter of `community`.
pub fn message(community: &Address, reading: &Reading) -> [u8; MESSAGE_LEN] {
    reading.message(community.as_array())
}

/// A reading with its signature, as `submit_readings` takes it.
pub fn signed(reading: &Reading, signature: [u8; 64]) -> SignedReading {
    SignedReading {
        signature,
        meter: reading.meter,
        boundary: reading.boundary.0,
        sequence: reading.sequence,
        import: reading.registers.import.0,
        export: reading.registers.export.0,
        flags: reading.flags,
    }
}
