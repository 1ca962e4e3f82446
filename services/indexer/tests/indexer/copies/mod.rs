//! Copies in ClickHouse against the rows of the database, whatever happened in between.

mod line;
mod outages;
mod owners;
mod page;
mod rows;
mod versions;

use std::{collections::BTreeMap, sync::Arc};

use joulebook_indexer::{
    copies::{copied_tables, Copying},
    rows::Kind,
    store::Store,
};
use sqlx::Row as _;

use crate::{clickhouse, databases};

/// Small, so that there are many.
const STEP: i64 = 40;

fn copying(store: &Arc<Store>, target: &clickhouse::Database) -> Copying {
    let mut copying = Copying::new(&target.options, Arc::clone(store), None).expect("usable");
    copying.step = STEP;
    copying
}

/// Copies until nothing is left.
async fn copy_all(copying: &mut Copying) {
    while copying.advance().await.expect("copied").behind > 0 {}
}

/// Compares each copy with its row: by key, all columns as text.
async fn check(database: &databases::Database, store: &Store, target: &clickhouse::Database) {
    for table in copied_tables() {
        let mut columns: Vec<&str> = table.columns.iter().map(|(name, _)| *name).collect();
        columns.push("revision");
        let rows = store.written(table.name, &columns, -1, i64::MAX).await;
        let mut expected: Vec<String> = vec![];
        for row in rows.expect("read") {
            let mut texts = vec![];
            for (place, (_, kind)) in table.columns.iter().enumerate() {
                let number = |number: Option<i64>| number.map(|number| number.to_string());
                let text = match kind {
                    Kind::Number | Kind::NumberOrNone | Kind::Flag => {
                        number(row.try_get(place).expect("a number"))
                    }
                    Kind::Text | Kind::TextOrNone => {
                        let text: Option<String> = row.try_get(place).expect("text");
                        text.map(|text| text.replace('\t', "\\t").replace('\n', "\\n"))
                    }
                };
                texts.push(text.unwrap_or("\\N".into()));
            }
            let revision: i64 = row.try_get(columns.len() - 1).expect("a number");
            texts.push(revision.to_string());
            expected.push(texts.join("\t"));
        }
        expected.sort_unstable();
        let select = format!(
            "SELECT {} FROM {} FINAL FORMAT TSV",
            columns.join(", "),
            table.name
        );
        let found = target.ask(&select).await;
        let mut found: Vec<&str> = found.lines().collect();
        found.sort_unstable();
        assert_eq!(found, expected, "{} of {}", table.name, database.address);
    }
}

/// How many rows each table has.
async fn counts(target: &clickhouse::Database) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    for table in copied_tables() {
        let select = format!("SELECT count() FROM {} FINAL", table.name);
        let count = target.ask(&select).await;
        counts.insert(table.name, count.trim().parse().expect("a number"));
    }
    counts
}
