//! Databases of ClickHouse that are others', and those who may not use them.

use std::fs;

use joulebook_daemon::key::KeySource;
use joulebook_indexer::{
    copies::{CopyError, Copying},
    store::Store,
};

use super::{check, copy_all, copying};
use crate::{
    clickhouse,
    community::{Kept, Village},
    databases,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_copies_of_another_database_when_rows_are_to_be_copied_then_they_are_refused() {
    let Some(target) = clickhouse::new_database().await else {
        return;
    };
    let databases = [databases::file(), databases::file()];
    let (ours, theirs) = (databases[0].store().await, databases[1].store().await);
    copy_all(&mut copying(&theirs, &target)).await;
    let error = copying(&ours, &target).advance().await;
    let error = error.expect_err("theirs");
    assert!(matches!(error, CopyError::OtherCopies { .. }), "{error}");
    let said = error.to_string();
    assert!(
        said.contains(ours.address()) && said.contains("empty"),
        "{said}"
    );
    copy_all(&mut copying(&theirs, &target)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_tables_of_another_version_or_of_something_else_when_opened_then_that_is_said() {
    let Some(target) = clickhouse::new_database().await else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    copy_all(&mut copying(&store, &target)).await;
    target.ask("DROP TABLE facts").await;
    let error = copying(&store, &target)
        .advance()
        .await
        .expect_err("whose?");
    assert!(matches!(error, CopyError::NotEmpty { .. }), "{error}");
    let facts =
        "CREATE TABLE facts (name String, value String) ENGINE = ReplacingMergeTree ORDER BY name";
    target.ask(facts).await;
    target
        .ask("INSERT INTO facts VALUES ('version', '99'), ('name', 'x')")
        .await;
    let error = copying(&store, &target).advance().await.expect_err("later");
    assert!(matches!(error, CopyError::OtherVersion { .. }), "{error}");
    let said = error.to_string();
    assert!(
        said.contains("99") && said.contains("copied anew"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_an_empty_database_in_place_of_the_copies_when_it_goes_on_then_all_is_copied_anew() {
    for database in databases::all().await {
        let Some(target) = clickhouse::new_database().await else {
            return;
        };
        let store = database.store().await;
        let mut village = Village::found();
        let mut kept = Kept::open(&store, &mut village).await;
        kept.look(&mut village).await;
        let mut copier = copying(&store, &target);
        copy_all(&mut copier).await;
        target.drop().await;
        tokio::task::block_in_place(|| village.window(&mut |_| {}));
        kept.look(&mut village).await;
        let error = copier.advance().await.expect_err("nothing is there");
        assert!(matches!(error, CopyError::Refuses { .. }), "{error}");
        target.make().await;
        copy_all(&mut copier).await;
        check(&database, &store, &target).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_database_that_was_restored_when_copies_are_ahead_of_it_then_that_is_said() {
    let Some(target) = clickhouse::new_database().await else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    let mut village = Village::found();
    let mut kept = Kept::open(&store, &mut village).await;
    kept.look(&mut village).await;
    copy_all(&mut copying(&store, &target)).await;
    store.close().await;
    let backup = format!("{}.backup", database.address);
    fs::copy(&database.address, &backup).expect("a backup");
    let store = database.store().await;
    let mut kept = Kept::open(&store, &mut village).await;
    tokio::task::block_in_place(|| village.window(&mut |_| {}));
    kept.look(&mut village).await;
    copy_all(&mut copying(&store, &target)).await;
    let restored = Store::open(&backup).await.expect("opened");
    let error = copying(&restored.into(), &target).advance().await;
    let error = error.expect_err("ahead");
    assert!(matches!(error, CopyError::Ahead { .. }), "{error}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_a_wrong_password_when_rows_are_copied_then_it_is_refused_and_not_shown() {
    let Some(mut target) = clickhouse::new_database().await else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    let wrong = clickhouse::secret("hush, hush");
    target.options.password = Some(KeySource::File(wrong.path().into()));
    let error = copying(&store, &target).advance().await.expect_err("wrong");
    assert!(matches!(error, CopyError::Refuses { .. }), "{error}");
    assert!(!format!("{error} {error:?}").contains("hush"), "{error}");
    target.options.password = Some(KeySource::File("/nowhere".into()));
    let error = Copying::new(&target.options, store, None).err();
    let error = error.expect("no password").to_string();
    assert!(
        error.starts_with("clickhouse.password: /nowhere"),
        "{error}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_tls_when_the_certificate_is_not_among_the_trusted_then_nothing_is_sent() {
    let Some(mut target) = clickhouse::new_database().await else {
        return;
    };
    let Some(tls) = target.tls.clone() else {
        return;
    };
    let database = databases::file();
    let store = database.store().await;
    target.options.url = tls.url.parse().expect("a URL");
    // A stranger's, for those that browsers trust.
    let error = copying(&store, &target)
        .advance()
        .await
        .expect_err("strange");
    assert!(matches!(error, CopyError::Silent { .. }), "{error}");
    assert!(error.to_string().contains("certificate"), "{error}");
    target.options.ca = Some(tls.certificate);
    copy_all(&mut copying(&store, &target)).await;
}
