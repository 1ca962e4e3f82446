//! ClickHouse goes away, and so does whoever copies.

use std::{future::Future, pin::pin, task::Poll, time::Duration};

use joulebook_daemon::observe::Health;
use joulebook_indexer::copies::CopyError;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::{check, copy_all, copying, line::Line};
use crate::{
    clickhouse,
    community::{Kept, Village},
    databases,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_server_that_is_away_when_windows_go_by_then_rows_are_written_and_copied_once_it_is_back(
) {
    for database in databases::all().await {
        let Some(mut target) = clickhouse::new_database().await else {
            return;
        };
        let line = Line::to(&target.options.url).await;
        let straight = std::mem::replace(&mut target.options.url, line.url());
        let store = database.store().await;
        let mut village = Village::found();
        let mut kept = Kept::open(&store, &mut village).await;
        line.cut(0);
        let mut copier = copying(&store, &target);
        let error = copier.advance().await.expect_err("away from the start");
        assert!(matches!(error, CopyError::Silent { .. }), "{error}");
        for round in 0..12u64 {
            // Each time it goes away in the middle of what is sent, a little later than before.
            line.cut(round * 900);
            tokio::task::block_in_place(|| village.window(&mut |_| {}));
            kept.look(&mut village).await;
            while copier.advance().await.is_ok_and(|done| done.behind > 0) {}
        }
        line.mend();
        // What was sent on a connection of before may yet fail.
        let mut left = 10;
        while copier.advance().await.is_err() {
            left -= 1;
            assert!(left > 0, "the line is whole");
        }
        copy_all(&mut copier).await;
        target.options.url = straight;
        check(&database, &store, &target).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_whoever_copies_is_killed_at_any_moment_when_it_starts_again_then_copies_are_the_rows(
) {
    for database in databases::all().await {
        let Some(target) = clickhouse::new_database().await else {
            return;
        };
        let store = database.store().await;
        let mut village = Village::found();
        let mut kept = Kept::open(&store, &mut village).await;
        for polls in 0..40 {
            if polls % 4 == 0 {
                tokio::task::block_in_place(|| village.window(&mut |_| {}));
                kept.look(&mut village).await;
            }
            let mut copier = copying(&store, &target);
            let mut step = pin!(copier.advance());
            let mut left = polls;
            std::future::poll_fn(|context| {
                if left == 0 {
                    return Poll::Ready(());
                }
                left -= 1;
                step.as_mut()
                    .poll(context)
                    .map(|done| assert!(done.expect("copied").behind >= 0))
            })
            .await;
        }
        copy_all(&mut copying(&store, &target)).await;
        check(&database, &store, &target).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_daemon_that_copies_when_the_server_goes_and_comes_then_health_says_so() {
    let Some(mut target) = clickhouse::new_database().await else {
        return;
    };
    let line = Line::to(&target.options.url).await;
    target.options.url = line.url();
    let database = databases::file();
    let store = database.store().await;
    let (health, stop) = (Health::default(), CancellationToken::new());
    let work = copying(&store, &target).work(health.clone(), stop.clone());
    let work = tokio::spawn(work);
    let becomes = |healthy: bool| {
        let health = health.clone();
        async move {
            while health.report().healthy != healthy || health.report().parts.is_empty() {
                sleep(Duration::from_millis(10)).await;
            }
            health.report().parts["copies"].clone()
        }
    };
    becomes(true).await;
    line.cut(0);
    // Nobody asks it as long as there is nothing to copy.
    Kept::open(&store, &mut Village::found()).await;
    let said = becomes(false).await;
    assert!(said.contains("does not answer"), "{said}");
    line.mend();
    becomes(true).await;
    line.cut(0);
    stop.cancel();
    let ended = timeout(Duration::from_secs(10), work).await;
    ended.expect("it stops, whoever is away").expect("whole");
}
