//! Numbers of writes, by which copies of rows follow. Each write of a row has the next one, taken in its transaction: writers wait
//! for each other there, so whoever sees a number sees the writes with all lower ones, too.

use sqlx::{any::AnyRow, Any, AssertSqlSafe, Row as _, Transaction};

use super::{Store, StoreError};

/// Takes so many numbers; the first of them.
pub(super) async fn take_revisions(
    batch: &mut Transaction<'static, Any>,
    count: usize,
) -> Result<i64, StoreError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    let row = sqlx::query("UPDATE revisions SET number = number + $1 RETURNING number")
        .bind(count)
        .fetch_one(&mut **batch)
        .await?;
    let last: i64 = row.try_get("number")?;
    Ok(last.saturating_sub(count).saturating_add(1))
}

impl Store {
    /// The number of the last write.
    ///
    /// # Errors
    /// [`StoreError`], like all here.
    pub async fn last_revision(&self) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT number FROM revisions")
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get("number")?)
    }

    /// Up to which write the copies of that name are there; `None` if they are not this database's.
    pub async fn copied(&self, name: &str) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("SELECT revision FROM copies WHERE name = $1")
            .bind(name.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("revision")).transpose()?)
    }

    /// Notes up to which write the copies of that name are there.
    pub async fn note_copied(&self, name: &str, revision: i64) -> Result<(), StoreError> {
        let _writer = self.writer.lock().await;
        let upsert = "INSERT INTO copies (name, revision) VALUES ($1, $2) \
            ON CONFLICT (name) DO UPDATE SET revision = excluded.revision";
        sqlx::query(upsert)
            .bind(name.to_owned())
            .bind(revision)
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    /// Rows of a table whose last write is behind `after` and at most `until`, as they are now, in the sequence of `columns`.
    pub async fn written(
        &self,
        table: &str,
        columns: &[&str],
        after: i64,
        until: i64,
    ) -> Result<Vec<AnyRow>, StoreError> {
        // Names of tables and columns of this crate.
        let select = AssertSqlSafe(format!(
            "SELECT {} FROM {table} WHERE revision > $1 AND revision <= $2",
            columns.join(", "),
        ));
        let rows = sqlx::query(select)
            .bind(after)
            .bind(until)
            .fetch_all(&self.pool)
            .await?;
        Ok(rows)
    }

    /// The latest time that a market was read at, by the chain's clock; `None` before the first.
    pub async fn latest_time(&self) -> Result<Option<i64>, StoreError> {
        let row = sqlx::query("SELECT MAX(time) AS time FROM markets")
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get_unchecked("time")?)
    }
}
