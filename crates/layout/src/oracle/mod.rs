//! Accounts of the oracle: meters, and the energy that each moved in each interval.

mod interval;
mod interval_page;
mod message;
mod meter_table;
mod page_entry;

pub use interval::{Interval, IntervalEntry, IntervalPhase, Quality};
pub use message::MeterMessage;
pub use meter_table::{AssetKind, EnergySource, Meter, MeterFlags, MeterStatus, MeterTable};

use crate::describe::Interface;

/// Entries of many intervals in one account. The programs do not use it yet, and no interface description has it.
pub mod page {
    pub use super::interval_page::{IntervalPage, IntervalPageRows, PageRegisters};
    pub use super::page_entry::{PageEntry, Quality};
}

/// Address rules; each address is that of the program and these seeds.
pub mod seeds {
    seeds! {
        /// `["meters", community]`
        pub const METER_TABLE = b"meters";
        /// `["interval", meter table, slot as u16 little endian]`; the interval that starts at t is in slot
        /// (t / length) mod ring.
        pub const INTERVAL = b"interval";
    }
}

#[expect(
    clippy::arithmetic_side_effects,
    reason = "a constant, computed when this is compiled"
)]
pub mod limits {
    limits! {
        /// The shortest interval, seconds; the longest is a day.
        pub const MIN_INTERVAL_SECONDS: u32 = 60;
        /// Slots that an interval ring has at least.
        pub const MIN_INTERVAL_RING: u16 = 2;
        /// Slots that an interval ring can have.
        pub const MAX_INTERVAL_RING: u16 = 1024;
        /// Meters that a table has room for.
        pub const MAX_METERS: u16 = 4096;
        /// Meters in use that one participant can have: its energy of one interval stays within 32 bits.
        pub const MAX_METERS_PER_PARTICIPANT: u16 = 16;
        /// The most energy that one entry holds each way, Wh; what is above it waits for the next interval.
        pub const MAX_ENTRY_WH: u32 = u32::MAX / MAX_METERS_PER_PARTICIPANT as u32;
        /// Version of the message that meters sign.
        pub const METER_MESSAGE_VERSION: u16 = 1;
        /// Readings in one instruction.
        pub const MAX_READINGS: u16 = 64;
        /// Reason of a quarantine for repeated violations; other codes are the community's own.
        pub const REASON_VIOLATIONS: u16 = 0;
    }
}

pub(crate) const INTERFACE: Interface = Interface {
    program: "oracle",
    seeds: seeds::ALL,
    accounts: &[MeterTable::LAYOUT, Interval::LAYOUT],
    messages: &[MeterMessage::STRUCT],
    codes: &[
        MeterStatus::CODE,
        AssetKind::CODE,
        EnergySource::CODE,
        IntervalPhase::CODE,
        Quality::CODE,
    ],
    constants: &[limits::CONSTANTS, MeterFlags::CONSTANTS],
};
