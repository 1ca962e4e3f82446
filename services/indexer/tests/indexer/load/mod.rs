//! Rows of many communities, written by the indexer's own writer and copied by its own copier; how long that takes, how much room,
//! and how long questions take. `make load` runs it with many communities, and shows what it measured; without
//! `JOULEBOOK_LOAD_COMMUNITIES` there are few, and what counts is that all answer alike.

mod communities;
mod questions;

use std::{
    env, fs,
    sync::Arc,
    time::{Duration, Instant},
};

use joulebook_indexer::{
    bill::Bill,
    copies::Copying,
    store::{MarketId, Span, Store},
};
use sqlx::{Executor, Row as _};

use self::{
    communities::{Community, Stage, HOUSEHOLDS},
    questions::QUESTIONS,
};
use crate::{clickhouse, databases};

fn setting(name: &str, otherwise: u64) -> u64 {
    let value = env::var(name).ok();
    value.map_or(otherwise, |value| value.parse().expect("a number"))
}

/// Whether it is measured.
pub fn is_long() -> bool {
    env::var_os("JOULEBOOK_LOAD_COMMUNITIES").is_some()
}

fn say(line: &str) {
    if is_long() {
        println!("{line}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_communities_when_their_rows_are_written_and_copied_then_all_databases_answer_alike()
{
    let communities: Vec<Community> = (0..setting("JOULEBOOK_LOAD_COMMUNITIES", 3))
        .map(|number| Community { number })
        .collect();
    let days = setting("JOULEBOOK_LOAD_DAYS", 2) as i64;
    say(&format!(
        "{} communities of {HOUSEHOLDS} households, {days} days",
        communities.len()
    ));
    let mut answers: Vec<Vec<String>> = vec![];
    for database in databases::all().await {
        let kind = if database.is_server() {
            "PostgreSQL"
        } else {
            "SQLite"
        };
        let store = database.store().await;
        let target = clickhouse::new_database().await;
        let markets = write(kind, &store, target.as_ref(), &communities, days).await;
        say(&format!(
            "{kind}: {} on disk",
            megabytes(size(&database, &store).await)
        ));
        let mut connection = database.connect().await;
        if database.is_server() {
            connection.execute("ANALYZE").await.expect("done");
        }
        let mut told = vec![];
        for question in &QUESTIONS {
            let (answer, time) = question.ask(&mut connection).await;
            say(&format!("{kind}: {}: {}", question.what, seconds(time)));
            told.push(answer);
        }
        answers.push(told);
        bills(kind, &store, &markets).await;
        let Some(target) = target else { continue };
        for state in ["as they came", "merged"] {
            let size = target.ask(
                "SELECT sum(bytes_on_disk) FROM system.parts WHERE database = currentDatabase() AND active",
            );
            let size = size.await.trim().parse().expect("a number");
            say(&format!(
                "ClickHouse, rows {state}: {} on disk",
                megabytes(size)
            ));
            let mut told = vec![];
            for question in &QUESTIONS {
                let (answer, time) = question.ask_copies(&target).await;
                say(&format!(
                    "ClickHouse, rows {state}: {}: {}",
                    question.what,
                    seconds(time)
                ));
                told.push(answer);
            }
            answers.push(told);
            for table in ["windows", "positions", "readings", "orders", "meters"] {
                target.ask(&format!("OPTIMIZE TABLE {table} FINAL")).await;
            }
        }
    }
    for told in &answers {
        for (place, question) in QUESTIONS.iter().enumerate() {
            assert!(!told[place].is_empty(), "{}", question.what);
            assert_eq!(told[place], answers[0][place], "{}", question.what);
        }
    }
}

/// Writes all days as they are traded, then as they are in the end, and copies after each.
async fn write(
    kind: &str,
    store: &Arc<Store>,
    target: Option<&clickhouse::Database>,
    communities: &[Community],
    days: i64,
) -> Vec<MarketId> {
    let mut markets = vec![];
    for community in communities {
        markets.push(store.enter(&community.facts()).await.expect("entered"));
    }
    let mut copying = target
        .map(|target| Copying::new(&target.options, Arc::clone(store), None).expect("usable"));
    for stage in [Stage::Traded, Stage::Final] {
        let (mut count, mut time) = (0, Duration::ZERO);
        for day in 0..days {
            for (community, market) in communities.iter().zip(&markets) {
                let changes = community.look(day, stage, None);
                let begun = Instant::now();
                store.apply(*market, &changes).await.expect("written");
                time += begun.elapsed();
                count += changes.len();
            }
        }
        say(&format!(
            "{kind}: {stage:?}, days as a whole: {}",
            rate(count, time)
        ));
        if let Some(copying) = &mut copying {
            let begun = Instant::now();
            let mut count = 0;
            loop {
                let progress = copying.advance().await.expect("copied");
                count += progress.rows;
                if progress.behind == 0 {
                    break;
                }
            }
            let time = begun.elapsed();
            say(&format!(
                "from {kind} to ClickHouse: {stage:?}: {}",
                rate(count, time)
            ));
        }
    }
    let begun = Instant::now();
    let mut count = 0;
    for (community, market) in communities.iter().zip(&markets) {
        let changes = community.look(days - 1, Stage::Final, Some(50));
        store.apply(*market, &changes).await.expect("written");
        count += changes.len();
    }
    let time = begun.elapsed();
    let one = time.as_secs_f64() * 1_000.0 / communities.len() as f64;
    say(&format!(
        "{kind}: one look at each market that settles a window: {}, {one:.2} ms each",
        rate(count, time)
    ));
    markets
}

/// As the API answers for it.
async fn bills(kind: &str, store: &Store, markets: &[MarketId]) {
    let begun = Instant::now();
    let mut count = 0u32;
    for market in markets.iter().take(20) {
        for seat in 0..HOUSEHOLDS {
            let billed = store.billed(*market, seat, Span::ALL).await;
            let bill = Bill::of(&billed.expect("read"));
            assert!(bill.windows > 0 && bill.unsettled == 0, "{bill:?}");
            count += 1;
        }
    }
    let one = begun.elapsed() / count;
    say(&format!(
        "{kind}: a household's bill, as the API works it out: {}",
        seconds(one)
    ));
}

/// Bytes on the disk.
async fn size(database: &databases::Database, store: &Store) -> u64 {
    let mut connection = database.connect().await;
    if database.is_server() {
        let size = "SELECT pg_database_size(current_database())";
        let row = sqlx::query(size).fetch_one(&mut connection).await;
        return row.expect("a size").get::<i64, _>(0).unsigned_abs();
    }
    let done = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").await;
    done.expect("done");
    fs::metadata(store.address()).expect("a file").len()
}

fn rate(rows: usize, time: Duration) -> String {
    let seconds = time.as_secs_f64();
    format!(
        "{rows} rows in {seconds:.1} s, {:.0} a second",
        rows as f64 / seconds
    )
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}

fn seconds(time: Duration) -> String {
    format!("{:.3} s", time.as_secs_f64())
}
