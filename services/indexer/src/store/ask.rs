//! Asking for rows, on the connections for questions and for a bounded time.

use std::{future::Future, time::Duration};

use sqlx::{any::AnyRow, query::Query, Any};
use tokio::time::timeout;

use super::{open::LONGEST, At, Store, StoreError};
use crate::rows::{Field, Row};

/// What a server may take to say that it has ended a statement.
const GRACE: Duration = Duration::from_millis(500);

pub(super) type Ask = Query<'static, Any, sqlx::any::AnyArguments>;

impl Store {
    /// # Errors
    /// [`StoreError`], like all that asks.
    pub(super) async fn all(&self, ask: Ask) -> Result<Vec<AnyRow>, StoreError> {
        in_time(ask.fetch_all(&self.readers)).await
    }

    pub(super) async fn one(&self, ask: Ask) -> Result<AnyRow, StoreError> {
        in_time(ask.fetch_one(&self.readers)).await
    }

    pub(super) async fn first(&self, ask: Ask) -> Result<Option<AnyRow>, StoreError> {
        in_time(ask.fetch_optional(&self.readers)).await
    }

    pub(super) async fn rows<R: Row>(&self, ask: Ask) -> Result<Vec<R>, StoreError> {
        let rows = self.all(ask).await?;
        let rows = rows.iter().map(R::read);
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(super) async fn rows_at<R: Row>(&self, ask: Ask) -> Result<Vec<At<R>>, StoreError> {
        let rows = self.all(ask).await?;
        let rows = rows.iter().map(|row| {
            Ok::<_, sqlx::Error>(At {
                row: R::read(row)?,
                slot: i64::get(row, "slot")?,
            })
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

/// A server ends by itself what takes too long; a file's reader goes on by itself for as long as one statement takes, and
/// nobody waits for it.
pub(super) async fn in_time<T>(
    asked: impl Future<Output = Result<T, sqlx::Error>>,
) -> Result<T, StoreError> {
    let answer = timeout(LONGEST + GRACE, asked).await;
    answer
        .map_err(|_| StoreError::TooLong)?
        .map_err(StoreError::of)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Counts for longer than anybody waits, and not for ever.
    const SLOW: &str =
        "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 60000000) \
        SELECT COUNT(*) AS n FROM c";

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn given_a_file_whose_readers_are_all_busy_when_the_indexer_writes_then_it_does_not_wait()
    {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("index.sqlite");
        let store = Store::open(path.to_str().expect("a path"))
            .await
            .expect("opened");
        let slow = store.all(sqlx::query(SLOW));
        let mut busy = vec![];
        let begun = Instant::now();
        let (slow, ()) = tokio::join!(slow, async {
            while let Ok(Ok(one)) = timeout(Duration::from_secs(1), store.readers.acquire()).await {
                busy.push(one);
            }
            assert!(busy.len() >= 4, "{}", busy.len());
            let claimed = Instant::now();
            store.claim("a chain", &[]).await.expect("written");
            assert!(
                claimed.elapsed() < Duration::from_secs(2),
                "writing has waited"
            );
        });
        // Unless this machine counts faster than that.
        if begun.elapsed() >= LONGEST {
            assert!(matches!(slow, Err(StoreError::TooLong)));
        }
        drop(busy);
        assert_eq!(store.markets().await.expect("read"), []);
    }

    #[tokio::test]
    async fn given_a_reader_when_it_is_to_write_then_it_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("index.sqlite");
        let store = Store::open(path.to_str().expect("a path"))
            .await
            .expect("opened");
        let error = store.all(sqlx::query("DELETE FROM facts")).await;
        assert!(matches!(error, Err(StoreError::Broken(_))));
    }
}
