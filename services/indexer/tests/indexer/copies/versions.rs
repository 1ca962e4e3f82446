//! A database that an older indexer has written.

use std::collections::BTreeSet;

use joulebook_indexer::copies::copied_tables;
use sqlx::{
    any::install_default_drivers,
    migrate::{Migration, MigrationType, Migrator},
    Executor, Row as _, SqlSafeStr,
};

use super::{check, copy_all, copying};
use crate::{clickhouse, databases};

/// What it knew.
const OLDER: [(i64, &str, &str); 2] = [
    (1, "rows", include_str!("../../../src/store/1-rows.sql")),
    (
        2,
        "cut logs",
        include_str!("../../../src/store/2-cut-logs.sql"),
    ),
];

const ROWS: [&str; 4] = [
    "INSERT INTO markets (id, address, community, name, meter_table, mint, decimals, window_seconds, page_windows, pages) \
        VALUES (1, 'a', 'b', 'c', 'd', 'e', 6, 900, 4, 3), (2, 'f', 'b', 'c', 'd', 'e', 6, 900, 4, 3)",
    "INSERT INTO readings (market, meter, start, number, import, export, quality, slot) VALUES \
        (1, 0, 900, 65536, 5, 0, 'measured', 7), (2, 0, 900, 65536, 6, 0, 'measured', 7), (1, 0, 0, 65536, 7, 0, 'measured', 7)",
    "INSERT INTO gaps (market, kind, since, until, slot) VALUES (1, 'windows', 0, 900, 7), (1, 'events', 0, 9, 7)",
    "INSERT INTO owners (market, seat, since, owner, slot) VALUES (2, 3, 900, 'w', 7)",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_database_of_an_older_indexer_when_it_is_opened_then_its_rows_are_numbered_and_copied(
) {
    for database in databases::all().await {
        install_default_drivers();
        if !database.is_server() {
            std::fs::write(&database.address, "").expect("an empty file");
        }
        let mut connection = database.connect().await;
        let older = OLDER.map(|(version, name, sql)| {
            let sql = sql.into_sql_str();
            Migration::new(version, name.into(), MigrationType::Simple, sql, false)
        });
        let migrator = Migrator::with_migrations(older.into());
        migrator.run(&mut connection).await.expect("made");
        for rows in ROWS {
            connection.execute(rows).await.expect("written");
        }
        let store = database.store().await;
        let mut revisions = BTreeSet::new();
        for table in copied_tables() {
            let rows = store.written(table.name, &["revision"], 0, i64::MAX).await;
            revisions.extend(rows.expect("read").iter().map(|row| row.get::<i64, _>(0)));
        }
        assert_eq!(revisions, (1..=8).collect());
        assert_eq!(store.last_revision().await.expect("read"), 8);
        let Some(target) = clickhouse::new_database().await else {
            continue;
        };
        copy_all(&mut copying(&store, &target)).await;
        check(&database, &store, &target).await;
    }
}
