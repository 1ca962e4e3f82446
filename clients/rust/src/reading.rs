//! Readings as a meter makes them and a gateway sends them.

use joulebook_metering::message::{self, Reading, MESSAGE_LEN};
use solana_address::Address;

use crate::oracle::types::SignedReading;

/// What ties readings to a meter table; its header has it, too. `cluster` is the chain's genesis hash: compare it with the
/// header's before a device is told the binding.
pub fn binding(cluster: &[u8; 32], meter_table: &Address) -> [u8; 32] {
    message::binding(cluster, meter_table.as_array())
}

/// The bytes that the meter's device key signs, for a meter of the table with this binding.
pub fn message(binding: &[u8; 32], reading: &Reading) -> [u8; MESSAGE_LEN] {
    reading.message(binding)
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
