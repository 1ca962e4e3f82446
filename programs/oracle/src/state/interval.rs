use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_tables::{Carver, DISCRIMINATOR_LEN};

use crate::errors::OracleError;

/// The most energy one entry holds each way, Wh; what is above it waits for the next interval. Sixteen
/// meters of one participant then stay within 32 bits.
pub const MAX_ENTRY_WH: u32 = u32::MAX / super::MAX_METERS_PER_PARTICIPANT as u32;

/// One slot of the interval ring: this header, then an [`IntervalEntry`] for each meter of the table.
/// Address: `["interval", meter table, slot]`.
#[account(zero_copy)]
#[derive(Debug)]
pub struct Interval {
    pub meter_table: Pubkey,
    /// Start of the interval the slot holds, unix seconds; i64::MIN before first use.
    pub start: i64,
    /// Room for entries: the table's capacity.
    pub capacity: u16,
    pub slot: u16,
    /// Meters that it waits for, and how many entries were written since it was opened.
    pub expected: u16,
    pub heard: u16,
    /// A [`Phase`].
    pub phase: u8,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 21],
}

/// What one meter moved in the interval.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct IntervalEntry {
    /// Drawn from the grid, Wh.
    pub import: u32,
    /// Fed into the grid, Wh.
    pub export: u32,
    /// The participant the meter belonged to when the interval was opened.
    pub participant: u16,
    /// A [`Quality`].
    pub quality: u8,
    /// 1 if the interval waits for the meter: it was counted in [`Interval::expected`].
    pub awaited: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Phase {
    /// Holds nothing that is waiting to be settled.
    Free = 0,
    /// Takes readings.
    Open = 1,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Quality {
    /// No meter in service had this number when the interval was opened.
    NotExpected = 0,
    /// No reading yet.
    Missing = 1,
    /// Energy of this interval alone.
    Measured = 2,
    /// Energy since the meter was last heard, several intervals ago.
    CaughtUp = 3,
}

const _: () = assert!(size_of::<Interval>() == 32 + 8 + 4 * 2 + 3 + 21);
const _: () = assert!(size_of::<IntervalEntry>() == 12);

impl Interval {
    pub const VERSION: u8 = 1;
    pub const NEVER: i64 = i64::MIN;

    pub fn full_len(capacity: u16) -> usize {
        DISCRIMINATOR_LEN
            + size_of::<Interval>()
            + usize::from(capacity) * size_of::<IntervalEntry>()
    }

    pub fn is_open(&self) -> bool {
        self.phase == Phase::Open as u8
    }
}

/// An interval, cut into its parts.
pub struct IntervalView<'a> {
    pub header: &'a mut Interval,
    pub entries: &'a mut [IntervalEntry],
}

impl<'a> IntervalView<'a> {
    /// # Errors
    /// [`OracleError::TableNotGrown`] if the account has not its full length yet.
    pub fn load(data: &'a mut [u8]) -> Result<IntervalView<'a>> {
        Self::carve(data).ok_or_else(|| OracleError::TableNotGrown.into())
    }

    #[inline(always)]
    fn carve(data: &'a mut [u8]) -> Option<IntervalView<'a>> {
        let mut carver = Carver::new(data)?;
        let header = carver.header::<Interval>()?;
        let entries = carver.slice(usize::from(header.capacity))?;
        carver.finish()?;
        Some(IntervalView { header, entries })
    }
}
