use serde::Serialize;
use utoipa::ToSchema;

use super::is_final;
use crate::{
    rows::{MeterRow, ReadingRow},
    store::{At, MarketRecord},
};

/// What a meter moved in an interval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReadingItem {
    /// Unix seconds.
    pub start: i64,
    /// The meter's number, which is given once.
    pub meter: i64,
    pub import_wh: i64,
    pub export_wh: i64,
    /// `missing`, `gap`, `measured` or `replaced`.
    pub quality: String,
    /// Whether the cluster can't take it back any more.
    pub is_certain: bool,
}

impl ReadingItem {
    pub fn new(market: &MarketRecord, At { row, slot }: At<ReadingRow>) -> ReadingItem {
        ReadingItem {
            start: row.start,
            meter: row.number,
            import_wh: row.import,
            export_wh: row.export,
            quality: row.quality,
            is_certain: is_final(market, slot),
        }
    }
}

/// A meter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeterItem {
    /// Its row in the meter table, by which its readings are asked for.
    pub row: i64,
    /// Given once.
    pub number: i64,
    pub seat: i64,
    /// `active`, `quarantined` or `retired`.
    pub state: String,
    /// What it measures.
    pub asset: String,
    /// Where what it exports comes from.
    pub source: String,
    pub zone: i64,
    /// Unix seconds.
    pub service_from: i64,
    /// Unix seconds; null while it is in service.
    pub service_until: Option<i64>,
    pub max_import_w: i64,
    pub max_export_w: i64,
    /// Its device's public key, base58.
    pub device: String,
}

impl From<MeterRow> for MeterItem {
    fn from(row: MeterRow) -> MeterItem {
        MeterItem {
            row: row.meter,
            number: row.number,
            seat: row.seat,
            state: row.state,
            asset: row.asset,
            source: row.source,
            zone: row.zone,
            service_from: row.service_from,
            service_until: row.service_until,
            max_import_w: row.max_import,
            max_export_w: row.max_export,
            device: row.device,
        }
    }
}
