//! Accounts of the oracle: meters, and the energy that each moved in each interval.

mod interval_page;
mod message;
mod meter_table;
mod page_entry;

pub use interval_page::{IntervalPage, IntervalPageRows, IntervalPageView, PageRegisters};
pub use message::{MeterMessage, ProfileMessage};
pub use meter_table::{
    AssetKind, EnergySource, KeyKind, Meter, MeterFlags, MeterStatus, MeterTable, ALWAYS,
};
pub use page_entry::{PageEntry, Quality};

use crate::describe::Interface;

/// Address rules; each address is that of the program and these seeds.
pub mod seeds {
    seeds! {
        /// `["meters", community]`
        pub const METER_TABLE = b"meters";
        /// `["intervals", meter table, slot as u16 little endian]`; the interval that starts at t is in slot
        /// (t / (length · page_intervals)) mod ring.
        pub const INTERVAL_PAGE = b"intervals";
    }
}

pub mod limits {
    limits! {
        /// The shortest interval, seconds; the longest is a day.
        pub const MIN_INTERVAL_SECONDS: u32 = 60;
        /// Intervals that a page can have: a day of five minutes. One participant's page is settled in one instruction.
        pub const MAX_PAGE_INTERVALS: u16 = 288;
        /// Slots that a page ring has at least.
        pub const MIN_PAGE_RING: u16 = 3;
        /// Slots that a page ring can have.
        pub const MAX_PAGE_RING: u16 = 512;
        /// The longest that readings and corrections can be taken after a page's end, seconds: 92 days.
        pub const MAX_CORRECTION_SECONDS: u32 = 7_948_800;
        /// Meters that a table has room for.
        pub const MAX_METERS: u16 = 4096;
        /// Meters of a participant, retired ones until their last page is finished: energy of an interval stays within 36 bits.
        pub const MAX_METERS_PER_PARTICIPANT: u16 = 16;
        /// Version of the message that meters sign with every reading.
        pub const METER_MESSAGE_VERSION: u16 = 1;
        /// Version of the load profiles that meters sign.
        pub const PROFILE_MESSAGE_VERSION: u16 = 1;
        /// Readings in one instruction.
        pub const MAX_READINGS: u16 = 64;
        /// Reason of a quarantine for repeated violations; other codes are the community's own.
        pub const REASON_VIOLATIONS: u16 = 0;
        /// Reason of a quarantine because the device's key is proven copied.
        pub const REASON_KEY_COPIED: u16 = 65_535;
    }
}

pub(crate) const INTERFACE: Interface = Interface {
    program: "oracle",
    seeds: seeds::ALL,
    accounts: &[MeterTable::LAYOUT, IntervalPage::LAYOUT],
    messages: &[MeterMessage::STRUCT, ProfileMessage::STRUCT],
    codes: &[
        MeterStatus::CODE,
        AssetKind::CODE,
        EnergySource::CODE,
        Quality::CODE,
        KeyKind::CODE,
    ],
    constants: &[limits::CONSTANTS, MeterFlags::CONSTANTS],
};
