//! The message a meter signs, [`MeterMessage`].

use joulebook_layout::{oracle::MeterMessage, Address};
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
    /// The bytes to sign, for a meter of the community at address `community`.
    pub fn message(&self, community: &[u8; 32]) -> [u8; MESSAGE_LEN] {
        bytemuck::cast(MeterMessage {
            domain: MeterMessage::DOMAIN,
            version: MeterMessage::VERSION,
            flags: self.flags,
            meter: self.meter,
            community: Address(*community),
            boundary: self.boundary.0,
            sequence: self.sequence,
            import: self.registers.import.0,
            export: self.registers.export.0,
        })
    }

    /// Reads a message back; `None` if it is not one of this domain, version and community.
    pub fn parse(bytes: &[u8; MESSAGE_LEN], community: &[u8; 32]) -> Option<Reading> {
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
        (reading.message(community) == *bytes).then_some(reading)
    }
}
