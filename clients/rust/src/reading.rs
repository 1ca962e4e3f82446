//! Readings and load profiles as a meter makes them and a gateway sends them.

use joulebook_metering::{
    message::{self, Profile, Reading, MAX_VALUE_LEN, MESSAGE_LEN},
    page::Energy,
};
use solana_address::Address;

use crate::oracle::types::{SignedMessage, SignedProfile, SignedReading};

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

/// Energies of consecutive intervals as they stand behind a profile's head, and are signed with it.
pub fn packed(values: &[Energy]) -> Vec<u8> {
    let mut packed = vec![];
    for value in values {
        let mut bytes = [0; MAX_VALUE_LEN];
        let len = message::pack(value, &mut bytes);
        packed.extend_from_slice(&bytes[..len]);
    }
    packed
}

/// The bytes of a load profile that the meter's device key signs, for a meter of the table with this binding.
pub fn profile_message(binding: &[u8; 32], profile: &Profile, packed: &[u8]) -> Vec<u8> {
    [&profile.head(binding), packed].concat()
}

/// A load profile with its packed energies and its signature, as `submit_profiles` takes it.
pub fn signed_profile(profile: &Profile, packed: Vec<u8>, signature: [u8; 64]) -> SignedProfile {
    SignedProfile {
        signature,
        meter: profile.meter,
        boundary: profile.boundary.0,
        sequence: profile.sequence,
        import: profile.registers.import.0,
        export: profile.registers.export.0,
        intervals: profile.intervals,
        flags: profile.flags,
        values: packed,
    }
}

impl From<SignedReading> for SignedMessage {
    fn from(signed: SignedReading) -> SignedMessage {
        SignedMessage::Reading(signed)
    }
}

impl From<SignedProfile> for SignedMessage {
    fn from(signed: SignedProfile) -> SignedMessage {
        SignedMessage::Profile(signed)
    }
}
