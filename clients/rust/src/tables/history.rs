use bytemuck::{Pod, Zeroable};

use super::{
    cut::{check_discriminator, Cut},
    TableError,
};
use crate::market::accounts::{History, HISTORY_DISCRIMINATOR};

/// Past windows; the one that starts at t is in record (t / length) mod capacity.
#[derive(Clone, Debug)]
pub struct HistoryTable {
    pub header: History,
    pub records: Vec<HistoryRecord>,
}

impl HistoryTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full table of this kind.
    pub fn from_bytes(data: &[u8]) -> Result<HistoryTable, TableError> {
        check_discriminator(data, &HISTORY_DISCRIMINATOR)?;
        let header = History::from_bytes(data).map_err(|_| TableError::Length)?;
        let records = Cut::behind(data, History::LEN)?.last_records(header.capacity.into())?;
        Ok(HistoryTable { header, records })
    }
}

/// One past window; all zero where none was recorded. Energy in Wh, prices in atoms per kWh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct HistoryRecord {
    pub start: i64,
    pub volume: u64,
    pub imported: u64,
    pub exported: u64,
    /// 0 if nothing traded.
    pub price: u32,
    pub short: u32,
    pub long: u32,
    /// Clearing ticks.
    pub low: u16,
    pub high: u16,
    pub orders: u16,
    /// Seats with a meter that was not heard.
    pub estimated: u16,
    pub reserved: u32,
}
