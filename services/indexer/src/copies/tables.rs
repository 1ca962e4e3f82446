//! What ClickHouse holds: each table of rows, with the database's names and columns.

use crate::rows::{
    CorrectionRow, EndingRow, GapRow, Kind, MeterRow, MovementRow, OrderRow, OwnerRow, PageRow,
    PositionRow, ReadingRow, Row, SeatRow, Table, WindowRow,
};

/// Parts of a table that are kept apart, by the time of a window: 30 days.
const PART_SECONDS: i64 = 30 * 86_400;

/// Markets, which the database's writer enters by itself.
const MARKETS: Table = Table {
    name: "markets",
    key: &["id"],
    columns: &[
        "id",
        "address",
        "community",
        "name",
        "meter_table",
        "mint",
        "decimals",
        "window_seconds",
        "page_windows",
        "pages",
        "slot",
        "time",
        "changed_slot",
        "final_slot",
        "money",
        "fees",
        "escrow",
        "free",
        "locked",
        "held",
        "vault",
    ],
    kinds: &[
        Kind::Number,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Text,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::Number,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
        Kind::NumberOrNone,
    ],
};

/// A table that is copied. Beside its columns, each row has its `revision`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CopiedTable {
    pub name: &'static str,
    /// What tells its rows apart, and sorts them.
    pub key: Vec<&'static str>,
    pub columns: Vec<(&'static str, Kind)>,
}

/// All of them.
pub fn copied_tables() -> Vec<CopiedTable> {
    let markets = MARKETS
        .columns
        .iter()
        .copied()
        .zip(MARKETS.kinds.iter().copied());
    vec![
        CopiedTable {
            name: MARKETS.name,
            key: MARKETS.key.to_vec(),
            columns: markets.collect(),
        },
        of_market::<PageRow>(),
        of_market::<WindowRow>(),
        of_market::<PositionRow>(),
        of_market::<CorrectionRow>(),
        of_market::<EndingRow>(),
        of_market::<ReadingRow>(),
        of_market::<OrderRow>(),
        of_market::<SeatRow>(),
        of_market::<OwnerRow>(),
        of_market::<MeterRow>(),
        of_market::<GapRow>(),
        of_market::<MovementRow>(),
    ]
}

fn of_market<R: Row>() -> CopiedTable {
    let table = R::TABLE;
    let columns = table
        .columns
        .iter()
        .copied()
        .zip(table.kinds.iter().copied());
    CopiedTable {
        name: table.name,
        key: [&["market"], table.key].concat(),
        columns: [("market", Kind::Number)]
            .into_iter()
            .chain(columns)
            .chain([("slot", Kind::Number)])
            .collect(),
    }
}

impl CopiedTable {
    /// What makes it. Of rows with one key, the one that was written last stays.
    pub(super) fn definition(&self) -> String {
        let columns: Vec<String> = self
            .columns
            .iter()
            .map(|(name, kind)| format!("`{name}` {}", type_of(*kind)))
            .collect();
        let parts = match self.key.contains(&"start") {
            true => format!(" PARTITION BY intDiv(start, {PART_SECONDS})"),
            false => String::new(),
        };
        format!(
            "CREATE TABLE IF NOT EXISTS {} ({}, revision UInt64) ENGINE = ReplacingMergeTree(revision){parts} ORDER BY ({})",
            self.name,
            columns.join(", "),
            self.key.join(", "),
        )
    }

    pub(super) fn column_names(&self) -> Vec<&'static str> {
        let names = self.columns.iter().map(|(name, _)| *name);
        names.chain(["revision"]).collect()
    }
}

/// Types that every server has, old or new.
fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Number => "Int64",
        Kind::NumberOrNone => "Nullable(Int64)",
        Kind::Flag => "UInt8",
        Kind::Text => "String",
        Kind::TextOrNone => "Nullable(String)",
    }
}
