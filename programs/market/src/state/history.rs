use core::result::Result;

use anchor_lang::prelude::*;
use bytemuck::{Pod, Zeroable};
use joulebook_tables::{Carver, DISCRIMINATOR_LEN};

use crate::errors::MarketError;

/// Past windows: this header, then a ring of `capacity` [`HistoryRecord`]s; the window that starts at
/// t is in record (t / length) mod capacity. Address: `["history", market]`.
#[account(zero_copy)]
#[derive(Debug)]
pub struct History {
    pub market: Pubkey,
    /// Windows ever recorded.
    pub windows: u64,
    /// Energy ever traded, Wh.
    pub volume: u64,
    pub capacity: u16,
    pub version: u8,
    pub bump: u8,
    pub reserved: [u8; 28],
}

/// One past window. All zero where none was recorded.
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
#[repr(C)]
pub struct HistoryRecord {
    /// Unix seconds.
    pub start: i64,
    /// Energy traded, Wh.
    pub volume: u64,
    /// Metered import and export of all seats, Wh.
    pub imported: u64,
    pub exported: u64,
    /// Quote atoms per kWh; 0 if nothing traded.
    pub price: u32,
    /// Imbalance prices, quote atoms per kWh.
    pub short: u32,
    pub long: u32,
    /// Clearing ticks.
    pub low: u16,
    pub high: u16,
    /// Orders allocated.
    pub orders: u16,
    /// Seats with a meter that was not heard.
    pub estimated: u16,
    pub reserved: u32,
}

const _: () = assert!(size_of::<History>() == 32 + 16 + 2 + 2 + 28);
const _: () = assert!(size_of::<HistoryRecord>() == 56);

impl History {
    pub const VERSION: u8 = 1;

    pub fn full_len(capacity: u16) -> usize {
        DISCRIMINATOR_LEN
            + size_of::<History>()
            + usize::from(capacity) * size_of::<HistoryRecord>()
    }
}

/// A history, cut into its parts.
pub struct HistoryView<'a> {
    pub header: &'a mut History,
    pub records: &'a mut [HistoryRecord],
}

impl<'a> HistoryView<'a> {
    /// # Errors
    /// [`MarketError::TableNotGrown`] if the account has not its full length yet.
    pub fn load(data: &'a mut [u8]) -> Result<HistoryView<'a>, MarketError> {
        Self::carve(data).ok_or(MarketError::TableNotGrown)
    }

    fn carve(data: &'a mut [u8]) -> Option<HistoryView<'a>> {
        let mut carver = Carver::new(data)?;
        let header = carver.header::<History>()?;
        let records = carver.slice(usize::from(header.capacity))?;
        carver.finish()?;
        Some(HistoryView { header, records })
    }
}
