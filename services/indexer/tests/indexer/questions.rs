//! Questions that take long, beside an indexer that writes.

use std::time::{Duration, Instant};

use joulebook_indexer::store::{Paging, Span, StoreError};
use sqlx::{any::install_default_drivers, AnyConnection, Connection};

use crate::{
    community::{Kept, Village},
    databases, postgres,
};

const EVERYTHING: Paging = Paging {
    after: None,
    limit: 1_000,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_question_that_waits_on_a_server_when_it_takes_too_long_then_it_ends_and_writing_went_on(
) {
    let Some(address) = postgres::new_database().await else {
        return;
    };
    let database = databases::at(address);
    let store = database.store().await;
    let mut village = Village::found();
    let mut kept = Kept::open(&store, &mut village).await;
    kept.look(&mut village).await;
    install_default_drivers();
    let mut other = AnyConnection::connect(&database.address)
        .await
        .expect("connected");
    let mut held = other.begin().await.expect("begun");
    // Whoever asks for gaps waits.
    let lock = sqlx::query("LOCK TABLE gaps IN ACCESS EXCLUSIVE MODE");
    lock.execute(&mut *held).await.expect("locked");
    let begun = Instant::now();
    // More of them than there are connections for questions.
    let id = kept.writing.id;
    let asked = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.gaps(id, 10).await })
    });
    let asked: Vec<_> = asked.collect();
    tokio::time::sleep(Duration::from_millis(500)).await;
    tokio::task::block_in_place(|| village.window(&mut |_| {}));
    kept.look(&mut village).await;
    assert!(
        begun.elapsed() < Duration::from_secs(7),
        "writing has waited"
    );
    for one in asked {
        let error = one.await.expect("unbroken").expect_err("it takes too long");
        let is_named = matches!(error, StoreError::TooLong | StoreError::Broken(_));
        assert!(is_named, "{error}");
    }
    assert!(begun.elapsed() < Duration::from_secs(30));
    held.rollback().await.expect("given back");
    let windows = store.windows(id, Span::ALL, EVERYTHING).await;
    assert!(!windows.expect("read").is_empty());
    assert_eq!(store.gaps(id, 10).await.expect("read"), []);
}
