//! Writing what a read has changed: all of it in one transaction, so that whoever is killed has written it or not. A row that
//! is written again is the same row.

use sqlx::{any::AnyArguments, Any, Arguments, AssertSqlSafe, Row as _, Transaction};

use super::{corrections::corrections, revisions::take_revisions, MarketId, Store, StoreError};
use crate::{
    changes::{BookChanges, Changes},
    rows::{number, Row, Value},
};

/// Values that one statement takes. PostgreSQL knows 65,535.
const MOST_VALUES: usize = 16_000;
/// SQLite knows 32,766, but looks each name of a value, `$1`, up among all before it.
const MOST_VALUES_OF_A_FILE: usize = 500;

impl Store {
    /// Writes all rows, and how far it has come.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing is written.
    pub async fn apply(&self, market: MarketId, changes: &Changes) -> Result<(), StoreError> {
        let _writer = self.writer.lock().await;
        let slot = number("a slot", changes.slot)?;
        let mut batch = self.pool.begin().await?;
        write(&mut batch, market, slot, &changes.pages).await?;
        write(&mut batch, market, slot, &changes.windows).await?;
        write(&mut batch, market, slot, &changes.past_windows).await?;
        // Before the positions that they compare with are overwritten.
        let corrections = corrections(&mut batch, market, changes).await?;
        write(&mut batch, market, slot, &corrections).await?;
        write(&mut batch, market, slot, &changes.positions).await?;
        write(&mut batch, market, slot, &changes.endings).await?;
        write(&mut batch, market, slot, &changes.readings).await?;
        write_orders(&mut batch, market, slot, changes).await?;
        write(&mut batch, market, slot, &changes.seats).await?;
        write(&mut batch, market, slot, &changes.owners).await?;
        write(&mut batch, market, slot, &changes.meters).await?;
        write(&mut batch, market, slot, &changes.gaps).await?;
        let ledger = &changes.ledger;
        if !changes.is_empty() {
            let revision = take_revisions(&mut batch, 1).await?;
            sqlx::query("UPDATE markets SET changed_slot = $1, revision = $2 WHERE id = $3")
                .bind(slot)
                .bind(revision)
                .bind(market.0)
                .execute(&mut *batch)
                .await?;
        }
        let update = "UPDATE markets SET slot = $1, time = $2, money = $3, fees = $4, escrow = $5, free = $6, \
            locked = $7, held = $8, vault = $9 WHERE id = $10";
        sqlx::query(update)
            .bind(slot)
            .bind(changes.now)
            .bind(ledger.money)
            .bind(ledger.fees)
            .bind(ledger.escrow)
            .bind(ledger.free)
            .bind(ledger.locked)
            .bind(ledger.held)
            .bind(ledger.vault)
            .bind(market.0)
            .execute(&mut *batch)
            .await?;
        batch.commit().await?;
        Ok(())
    }

    /// Notes that what was read up to a slot can't be taken back any more.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn note_final(&self, market: MarketId, slot: u64) -> Result<(), StoreError> {
        let _writer = self.writer.lock().await;
        let slot = number("a slot", slot)?;
        let mut batch = self.pool.begin().await?;
        let revision = take_revisions(&mut batch, 1).await?;
        sqlx::query("UPDATE markets SET final_slot = $1, revision = $2 WHERE id = $3")
            .bind(slot)
            .bind(revision)
            .bind(market.0)
            .execute(&mut *batch)
            .await?;
        batch.commit().await?;
        Ok(())
    }

    /// Forgets readings of before `until`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn forget_readings(&self, market: MarketId, until: i64) -> Result<u64, StoreError> {
        let _writer = self.writer.lock().await;
        let done = sqlx::query("DELETE FROM readings WHERE market = $1 AND start < $2")
            .bind(market.0)
            .bind(until)
            .execute(&self.pool)
            .await?;
        Ok(done.rows_affected())
    }
}

/// What is not in a book any more was cancelled, if the book is still the window's; otherwise nobody saw what became of it.
async fn write_orders(
    batch: &mut Transaction<'static, Any>,
    market: MarketId,
    slot: i64,
    changes: &Changes,
) -> Result<(), StoreError> {
    let open =
        sqlx::query("SELECT DISTINCT start FROM orders WHERE market = $1 AND state = 'open'")
            .bind(market.0)
            .fetch_all(&mut **batch)
            .await?;
    for row in open {
        let start: i64 = row.try_get("start")?;
        if !changes.open_books.contains(&start) {
            become_state(batch, market, slot, start, "unknown").await?;
        }
    }
    for BookChanges {
        start,
        orders,
        is_whole,
    } in &changes.books
    {
        if *is_whole {
            become_state(batch, market, slot, *start, "cancelled").await?;
        }
        write(batch, market, slot, orders).await?;
    }
    Ok(())
}

async fn become_state(
    batch: &mut Transaction<'static, Any>,
    market: MarketId,
    slot: i64,
    start: i64,
    state: &str,
) -> Result<(), StoreError> {
    // One number for all of them: they are few, those of one book.
    let revision = take_revisions(batch, 1).await?;
    let update = "UPDATE orders SET state = $1, slot = $2, revision = $3 \
        WHERE market = $4 AND start = $5 AND state = 'open'";
    sqlx::query(update)
        .bind(state.to_owned())
        .bind(slot)
        .bind(revision)
        .bind(market.0)
        .bind(start)
        .execute(&mut **batch)
        .await?;
    Ok(())
}

/// Writes rows, over those with the same keys.
pub(super) async fn write<R: Row>(
    batch: &mut Transaction<'static, Any>,
    market: MarketId,
    slot: i64,
    rows: &[R],
) -> Result<(), StoreError> {
    // Of the row, beside market, slot and revision.
    let columns = R::TABLE.columns.len().saturating_add(3);
    let most = match batch.backend_name() {
        "SQLite" => MOST_VALUES_OF_A_FILE,
        _ => MOST_VALUES,
    };
    if rows.is_empty() {
        return Ok(());
    }
    let mut revisions = take_revisions(batch, rows.len()).await?..;
    for some in rows.chunks((most / columns).max(1)) {
        let mut arguments = AnyArguments::default();
        for (row, revision) in some.iter().zip(&mut revisions) {
            let mut values = row.values();
            values.extend([market.0, slot, revision].map(|number| Value::Number(Some(number))));
            for value in values {
                let added = match value {
                    Value::Number(number) => arguments.add(number),
                    Value::Text(text) => arguments.add(text),
                };
                added.map_err(sqlx::Error::Encode)?;
            }
        }
        // Names of tables and columns of this crate, and numbers of values.
        let statement = AssertSqlSafe(upsert::<R>(some.len()));
        sqlx::query_with(statement, arguments)
            .persistent(false)
            .execute(&mut **batch)
            .await?;
    }
    Ok(())
}

fn upsert<R: Row>(rows: usize) -> String {
    let table = R::TABLE;
    let columns: Vec<&str> = [table.columns, &["market", "slot", "revision"]].concat();
    let mut place = 0usize;
    let values = (0..rows).map(|_| {
        let places: Vec<String> = columns
            .iter()
            .map(|_| {
                place = place.saturating_add(1);
                format!("${place}")
            })
            .collect();
        format!("({})", places.join(", "))
    });
    let values: Vec<String> = values.collect();
    let changed = columns
        .iter()
        .filter(|column| **column != "market" && !table.key.contains(column));
    let changed: Vec<String> = changed
        .map(|column| format!("{column} = excluded.{column}"))
        .collect();
    format!(
        "INSERT INTO {} ({}) VALUES {} ON CONFLICT (market, {}) DO UPDATE SET {}",
        table.name,
        columns.join(", "),
        values.join(", "),
        table.key.join(", "),
        changed.join(", "),
    )
}
