//! The message that a meter signs with every reading, [`MeterMessage`].

use joulebook_layout::oracle::MeterMessage;
use joulebook_units::{UnixTime, WhSum};

use crate::register::Registers;

pub const MESSAGE_LEN: usize = size_of::<MeterMessage>();

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
    /// The bytes to sign, for a meter of the table with this [`binding`](super::binding).
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
