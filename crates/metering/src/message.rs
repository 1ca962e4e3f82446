//! The message a meter signs, [`MeterMessage`].

use joulebook_layout::{oracle::MeterMessage, programs};
use joulebook_units::{UnixTime, WhSum};
use sha2_const_stable::Sha256;

use crate::register::Registers;

pub const MESSAGE_LEN: usize = size_of::<MeterMessage>();

/// What ties a message to the one meter table that it is for: SHA-256 of [`MeterMessage::BINDING_DOMAIN`], the oracle's
/// program id, `cluster`, the genesis hash of the chain, and the table's address, 104 bytes in all.
pub fn binding(cluster: &[u8; 32], meter_table: &[u8; 32]) -> [u8; 32] {
    Sha256::new()
        .update(&MeterMessage::BINDING_DOMAIN)
        .update(&programs::ORACLE.0)
        .update(cluster)
        .update(meter_table)
        .finalize()
}

/// One reading of one meter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    pub meter: u32,
    pub boundary: UnixTime,
    pub sequence: u64,
    pub registers: Registers,
    /// Bits of [`MeterFlags`](joulebook_layout::oracle::MeterFlags).
    pub flags: u16,
}

impl Reading {
    /// The bytes to sign, for a meter of the table with this [`binding`].
    pub fn message(&self, binding: &[u8; 32]) -> [u8; MESSAGE_LEN] {
        bytemuck::cast(MeterMessage {
            domain: MeterMessage::DOMAIN,
            version: MeterMessage::VERSION,
            flags: self.flags,
            meter: self.meter,
            binding: *binding,
            boundary: self.boundary.0,
            sequence: self.sequence,
            import: self.registers.import.0,
            export: self.registers.export.0,
        })
    }

    /// Reads a message back; `None` if it is not one of this domain, version and binding.
    pub fn parse(bytes: &[u8; MESSAGE_LEN], binding: &[u8; 32]) -> Option<Reading> {
        let message: MeterMessage = bytemuck::cast(*bytes);
        let reading = Reading {
            flags: message.flags,
            meter: message.meter,
            boundary: UnixTime(message.boundary),
            sequence: message.sequence,
            registers: Registers {
                import: WhSum(message.import),
                export: WhSum(message.export),
            },
        };
        (reading.message(binding) == *bytes).then_some(reading)
    }
}
