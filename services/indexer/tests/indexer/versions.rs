//! Databases that are others'.

use joulebook_indexer::store::{Store, StoreError};

use crate::{
    community::{Kept, Village},
    databases,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_database_of_another_version_when_opened_then_it_is_refused_with_what_to_do() {
    for database in databases::all().await {
        let store = database.store().await;
        let later = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            SELECT 99, 'later', success, checksum, 0 FROM _sqlx_migrations WHERE version = 1";
        store.close().await;
        database.execute(later).await;
        let error = Store::open(&database.address).await.err().expect("refused");
        assert!(matches!(error, StoreError::OtherVersion { .. }), "{error}");
        let said = error.to_string();
        assert!(said.contains("another version"), "{said}");
        assert!(said.contains("empty database"), "{said}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_database_of_another_cluster_or_market_when_claimed_then_it_is_refused() {
    for database in databases::all().await {
        let mut village = Village::found();
        let store = database.store().await;
        Kept::open(&store, &mut village).await;
        let market = village.community.addresses.market.to_string();
        let other = store
            .claim("another chain", std::slice::from_ref(&market))
            .await;
        let error = other.expect_err("another cluster");
        assert!(matches!(error, StoreError::OtherCluster { .. }), "{error}");
        let error = store.claim("a local chain", &["other".to_owned()]).await;
        let error = error.expect_err("another market");
        assert!(error.to_string().contains(&market), "{error}");
        let both = ["other".to_owned(), market];
        store
            .claim("a local chain", &both)
            .await
            .expect("both are named");
    }
}

#[tokio::test]
async fn given_what_is_no_database_when_opened_then_that_is_said_without_a_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let garbage = folder.path().join("garbage");
    std::fs::write(&garbage, [7; 5_000]).expect("written");
    for (address, wanted) in [
        (garbage.to_str().expect("a path"), "can't be opened"),
        ("", "neither a file nor"),
        ("mysql://me:secret@host/x", "neither a file nor"),
        ("postgres://me:secret@127.0.0.1:1/x", "can't be opened"),
    ] {
        let error = Store::open(address)
            .await
            .err()
            .expect("refused")
            .to_string();
        assert!(error.contains(wanted), "{error}");
        assert!(!error.contains("secret"), "{error}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_database_that_an_indexer_writes_when_another_wants_to_then_it_is_refused_until_the_first_ends(
) {
    for database in databases::all().await {
        let (first, second) = (database.store().await, database.store().await);
        let lease = first.lease().await.expect("nobody has it");
        let error = second.lease().await.err().expect("refused");
        assert!(matches!(error, StoreError::InUse(_)), "{error}");
        let said = error.to_string();
        assert!(
            said.contains("another indexer") && said.contains(second.address()),
            "{said}"
        );
        lease.end().await;
        // A server that ended locks only with their sessions would fail in one of so many turns.
        for turn in 0..20 {
            let next = if turn % 2 == 0 { &second } else { &first };
            let lease = next.lease().await.expect("the one before has ended");
            lease.end().await;
        }
    }
}
