use serde::Serialize;
use utoipa::ToSchema;

use super::super::money::Money;
use crate::rows::GapRow;

/// What could not be read while it stood on chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GapItem {
    /// `windows`: positions and readings were never seen. `unfinished`: they were, but not as they were in the end. `events`: then
    /// `since` and `until` are numbers of events.
    pub kind: String,
    /// Unix seconds.
    pub since: i64,
    /// Unix seconds; the first that is there again.
    pub until: i64,
}

impl From<GapRow> for GapItem {
    fn from(row: GapRow) -> GapItem {
        GapItem {
            kind: row.kind,
            since: row.since,
            until: row.until,
        }
    }
}

/// Whether money and energy add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ConservationAnswer {
    /// Whether all that was looked at adds up.
    pub holds: bool,
    /// Whether `free + locked + held + escrow + fees = money`, and the vault holds that or more; null if it was not read.
    pub money_holds: Option<bool>,
    /// All that is somebody's.
    pub money: Option<Money>,
    pub free: Option<Money>,
    pub locked: Option<Money>,
    pub held: Option<Money>,
    pub escrow: Option<Money>,
    pub fees: Option<Money>,
    pub vault: Option<Money>,
    /// Allocated windows that were looked at.
    pub windows: i64,
    /// Of these, those in which bought, sold and traded energy are not the same; the first hundred.
    pub windows_that_differ: Vec<DifferenceItem>,
}

/// A window that does not add up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DifferenceItem {
    /// Unix seconds.
    pub start: i64,
    pub bought_wh: i64,
    pub sold_wh: i64,
    pub volume_wh: i64,
}

/// How far a market is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StateItem {
    pub market: String,
    /// That was read last.
    pub slot: Option<i64>,
    /// The chain's clock then, unix seconds.
    pub time: Option<i64>,
    /// What was read up to this slot can't be taken back any more.
    pub final_slot: Option<i64>,
    /// How many slots behind the last change the cluster is with making final what is told; 0 if all of it is.
    pub behind: Option<i64>,
    /// Number of the next event; null if none was read.
    pub next_event: Option<u64>,
    /// Why events stand still; null if they don't.
    pub trouble: Option<String>,
    /// Gaps that are known.
    pub gaps: i64,
}
