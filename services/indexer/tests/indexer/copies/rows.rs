//! Copies of a village that lives.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use joulebook_indexer::{
    copies::{copied_tables, Copying},
    rows::{GapRow, MovementRow},
    store::{Checkpoint, Told},
};
use sqlx::{AssertSqlSafe, Row as _};
use tokio::{runtime::Handle, time::sleep};

use super::{check, copy_all, copying, counts};
use crate::{
    clickhouse,
    community::{Kept, Village},
    databases,
};

const DAY: i64 = 86_400;
/// Days that readings are kept.
const KEPT: i64 = 62;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_windows_that_go_by_when_rows_are_copied_then_each_copy_is_its_row() {
    for database in databases::all().await {
        let Some(target) = clickhouse::new_database().await else {
            return;
        };
        let store = database.store().await;
        let mut village = Village::found();
        let mut kept = Kept::open(&store, &mut village).await;
        let mut copier = copying(&store, &target);
        for _ in 0..24 {
            let runtime = Handle::current();
            tokio::task::block_in_place(|| {
                village.window(&mut |village| {
                    if village.random(3) == 0 {
                        runtime.block_on(kept.look(village));
                    }
                    if village.random(3) == 0 {
                        runtime.block_on(copier.advance()).expect("copied");
                    }
                });
            });
            kept.look(&mut village).await;
            tokio::task::block_in_place(|| village.correct());
        }
        kept.look(&mut village).await;
        store
            .tell(kept.writing.id, &told(), &Checkpoint::default())
            .await
            .expect("told");
        copy_all(&mut copier).await;
        check(&database, &store, &target).await;
        let empty: Vec<_> = counts(&target)
            .await
            .into_iter()
            .filter(|(_, count)| *count == 0)
            .collect();
        assert_eq!(empty, [], "tables that this compares nothing of");
    }
}

fn told() -> Told {
    Told {
        movements: vec![MovementRow {
            number: 7,
            kind: "deposit".into(),
            seat: Some(1),
            to_seat: None,
            amount: 5_000,
            debt_paid: 0,
            start: None,
            signature: "a\tsignature\nof two lines".into(),
            time: Some(1_800_000_000),
        }],
        gaps: vec![GapRow {
            kind: "events".into(),
            since: 0,
            until: 7,
        }],
        ..Told::default()
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_rows_that_were_copied_when_they_become_otherwise_then_the_last_write_counts_whatever_its_slot(
) {
    for database in databases::all().await {
        let Some(target) = clickhouse::new_database().await else {
            return;
        };
        let store = database.store().await;
        let mut village = Village::found();
        let mut kept = Kept::open(&store, &mut village).await;
        let mut copier = copying(&store, &target);
        let id = kept.writing.id;
        tokio::task::block_in_place(|| village.window(&mut |_| {}));
        let mut changes = kept.look(&mut village).await;
        copy_all(&mut copier).await;
        // What a fork told is taken back: by a read of an endpoint that is at an earlier slot.
        changes.slot = 1;
        for row in &mut changes.windows {
            row.volume = 4_321;
        }
        assert!(!changes.windows.is_empty());
        store.apply(id, &changes).await.expect("written");
        copy_all(&mut copier).await;
        check(&database, &store, &target).await;
        let select = "SELECT DISTINCT volume, slot FROM windows FINAL";
        assert_eq!(target.ask(select).await, "4321\t1\n");
        store.note_final(id, 77).await.expect("noted");
        copy_all(&mut copier).await;
        let select = "SELECT final_slot FROM markets FINAL";
        assert_eq!(target.ask(select).await, "77\n");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_tables_when_they_are_made_then_they_have_each_table_and_column_of_the_database() {
    let Some(target) = clickhouse::new_database().await else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    copy_all(&mut copying(&store, &target)).await;
    let mut connection = database.connect().await;
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN \
        ('facts', 'checkpoints', 'copies', 'revisions', '_sqlx_migrations', 'sqlite_sequence')";
    let tables = sqlx::query(tables).fetch_all(&mut connection).await;
    let tables: BTreeSet<String> = tables
        .expect("read")
        .iter()
        .map(|row| row.get_unchecked(0))
        .collect();
    let copied: BTreeSet<String> = copied_tables()
        .iter()
        .map(|table| table.name.to_owned())
        .collect();
    assert_eq!(tables, copied);
    for table in tables {
        // Names that SQLite told.
        let columns = AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')"));
        let columns = sqlx::query(columns).fetch_all(&mut connection).await;
        let columns: BTreeSet<String> = columns
            .expect("read")
            .iter()
            .map(|row| row.get_unchecked(0))
            .collect();
        let select = format!(
            "SELECT name FROM system.columns WHERE database = currentDatabase() AND table = '{table}'"
        );
        let found = target.ask(&select).await;
        let found: BTreeSet<String> = found.lines().map(str::to_owned).collect();
        assert_eq!(found, columns, "{table}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_readings_that_are_kept_for_a_while_when_that_is_over_then_copies_are_forgotten_too()
{
    let Some(target) = clickhouse::new_database().await else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    let mut village = Village::found();
    let mut kept = Kept::open(&store, &mut village).await;
    tokio::task::block_in_place(|| village.window(&mut |_| {}));
    let mut changes = kept.look(&mut village).await;
    copy_all(&mut copying(&store, &target)).await;
    let all = counts(&target).await["readings"];
    assert_eq!(all, changes.readings.len() as u64);
    assert!(all > 0);
    // Whole days alone are forgotten: the first reading's day has begun, and is not over.
    let first = changes.readings.iter().map(|row| row.start).min();
    let day = first.expect("a reading").div_euclid(DAY) * DAY;
    changes.readings.clear();
    // Two days later they are: no reading of this village is of a later day than the second.
    for (days, left) in [(0, all), (2, 0)] {
        changes.now = day + (KEPT + days) * DAY + DAY / 2;
        store.apply(kept.writing.id, &changes).await.expect("read");
        let days = u32::try_from(KEPT).ok();
        let copier = Copying::new(&target.options, Arc::clone(&store), days);
        let mut copier = copier.expect("usable");
        copier.advance().await.expect("copied");
        let busy = "SELECT count() FROM system.mutations \
            WHERE database = currentDatabase() AND NOT is_done";
        while target.ask(busy).await != "0\n" {
            sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(counts(&target).await["readings"], left, "{left} are left");
    }
}
