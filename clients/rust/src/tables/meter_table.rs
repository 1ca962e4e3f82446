use bytemuck::{Pod, Zeroable};

use super::{
    cut::{check_discriminator, Cut},
    TableError,
};
use crate::oracle::accounts::{MeterTable, METER_TABLE_DISCRIMINATOR};

/// A community's meters; a meter's place is its number.
#[derive(Clone, Debug)]
pub struct MeterRecords {
    pub header: MeterTable,
    pub meters: Vec<Meter>,
}

impl MeterRecords {
    /// # Errors
    /// [`TableError`] if the bytes are not a full table of this kind.
    pub fn from_bytes(data: &[u8]) -> Result<MeterRecords, TableError> {
        check_discriminator(data, &METER_TABLE_DISCRIMINATOR)?;
        let header = MeterTable::from_bytes(data).map_err(|_| TableError::Length)?;
        let meters = Cut::behind(data, MeterTable::LEN)?.last_records(header.capacity.into())?;
        Ok(MeterRecords { header, meters })
    }
}

/// One meter. Energy in Wh, power in W.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Meter {
    /// Ed25519 key that signs its readings.
    pub device: [u8; 32],
    /// Boundary of the last accepted reading, unix seconds.
    pub boundary: i64,
    /// Highest sequence used up.
    pub sequence: u64,
    pub import: u64,
    pub export: u64,
    /// Energy of intervals already settled, to be counted in the next one.
    pub carried_import: u64,
    pub carried_export: u64,
    pub max_import: u32,
    pub max_export: u32,
    pub participant: u16,
    pub zone: u8,
    /// 0 load, 1 photovoltaics, 2 battery, 3 car, 4 heat pump, 5 mixed.
    pub asset_kind: u8,
    /// 0 none, 1 sun, 2 wind, 3 water, 4 biomass, 5 storage, 6 other.
    pub source: u8,
    /// 0 unused, 1 active, 2 quarantined, 3 retired.
    pub status: u8,
    pub violations: u8,
    pub behind: u8,
}
