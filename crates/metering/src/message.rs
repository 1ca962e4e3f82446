//! The message a meter signs, 80 bytes, little endian:
//!
//! | offset | bytes | field |
//! | --- | --- | --- |
//! | 0 | 8 | domain tag `JBMETER\0` |
//! | 8 | 2 | version, 1 |
//! | 10 | 2 | status: bits of [`MeterFlags`](joulebook_layout::oracle::MeterFlags) |
//! | 12 | 4 | meter: its index in the community's meter table |
//! | 16 | 32 | community address |
//! | 48 | 8 | boundary: unix time of the window boundary read at, seconds |
//! | 56 | 8 | sequence: grows with every message of the meter |
//! | 64 | 8 | import register, Wh |
//! | 72 | 8 | export register, Wh |

use joulebook_units::{UnixTime, WhSum};

use crate::register::Registers;

/// Keeps a meter's signature from meaning anything elsewhere.
pub const DOMAIN: [u8; 8] = *b"JBMETER\0";
pub const VERSION: u16 = 1;
pub const MESSAGE_LEN: usize = 80;

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
        let mut bytes = [0; MESSAGE_LEN];
        let mut rest = &mut bytes[..];
        put(&mut rest, &DOMAIN);
        put(&mut rest, &VERSION.to_le_bytes());
        put(&mut rest, &self.flags.to_le_bytes());
        put(&mut rest, &self.meter.to_le_bytes());
        put(&mut rest, community);
        put(&mut rest, &self.boundary.0.to_le_bytes());
        put(&mut rest, &self.sequence.to_le_bytes());
        put(&mut rest, &self.registers.import.0.to_le_bytes());
        put(&mut rest, &self.registers.export.0.to_le_bytes());
        bytes
    }

    /// Reads a message back; `None` if it is not one of this domain, version and community.
    pub fn parse(bytes: &[u8; MESSAGE_LEN], community: &[u8; 32]) -> Option<Reading> {
        let reading = Reading {
            flags: u16::from_le_bytes(take(bytes, 10)?),
            meter: u32::from_le_bytes(take(bytes, 12)?),
            boundary: UnixTime(i64::from_le_bytes(take(bytes, 48)?)),
            sequence: u64::from_le_bytes(take(bytes, 56)?),
            registers: Registers {
                import: WhSum(u64::from_le_bytes(take(bytes, 64)?)),
                export: WhSum(u64::from_le_bytes(take(bytes, 72)?)),
            },
        };
        (reading.message(community) == *bytes).then_some(reading)
    }
}

fn put(rest: &mut &mut [u8], field: &[u8]) {
    let (head, tail) = core::mem::take(rest).split_at_mut(field.len());
    head.copy_from_slice(field);
    *rest = tail;
}

#[expect(clippy::arithmetic_side_effects, reason = "a place in 80 bytes")]
fn take<const N: usize>(bytes: &[u8; MESSAGE_LEN], offset: usize) -> Option<[u8; N]> {
    bytes.get(offset..offset + N)?.try_into().ok()
}
