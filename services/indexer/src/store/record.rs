//! A market as a whole.

use sqlx::{any::AnyRow, Row as _};

use super::MarketId;

/// What is known of a market as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketRecord {
    pub id: MarketId,
    pub address: String,
    pub community: String,
    pub name: String,
    pub meter_table: String,
    pub mint: String,
    pub decimals: u8,
    pub window_seconds: i64,
    pub page_windows: i64,
    pub pages: i64,
    /// Of the last read.
    pub slot: Option<i64>,
    /// The chain's clock then, unix seconds.
    pub time: Option<i64>,
    /// Of the last read that brought other rows.
    pub changed_slot: Option<i64>,
    /// What was read up to here can't be taken back any more.
    pub final_slot: Option<i64>,
    pub money: Option<i64>,
    pub fees: Option<i64>,
    pub escrow: Option<i64>,
    pub free: Option<i64>,
    pub locked: Option<i64>,
    pub held: Option<i64>,
    /// Atoms.
    pub vault: Option<i64>,
}

impl MarketRecord {
    pub(super) fn read(row: &AnyRow) -> Result<MarketRecord, sqlx::Error> {
        let decimals: i64 = row.try_get("decimals")?;
        Ok(MarketRecord {
            id: MarketId(row.try_get("id")?),
            address: row.try_get("address")?,
            community: row.try_get("community")?,
            name: row.try_get("name")?,
            meter_table: row.try_get("meter_table")?,
            mint: row.try_get("mint")?,
            decimals: u8::try_from(decimals).unwrap_or(0),
            window_seconds: row.try_get("window_seconds")?,
            page_windows: row.try_get("page_windows")?,
            pages: row.try_get("pages")?,
            slot: row.try_get("slot")?,
            time: row.try_get("time")?,
            changed_slot: row.try_get("changed_slot")?,
            final_slot: row.try_get("final_slot")?,
            money: row.try_get("money")?,
            fees: row.try_get("fees")?,
            escrow: row.try_get("escrow")?,
            free: row.try_get("free")?,
            locked: row.try_get("locked")?,
            held: row.try_get("held")?,
            vault: row.try_get("vault")?,
        })
    }

    /// From a page's start to that of the next, seconds.
    pub fn page_seconds(&self) -> i64 {
        self.window_seconds.saturating_mul(self.page_windows)
    }
}
