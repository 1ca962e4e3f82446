//! What events tell, and how far they are read.

use sqlx::{any::AnyRow, Row as _};

use super::{ask::Ask, revisions::take_revisions, write::write, MarketId, Store, StoreError};
use crate::rows::{number, Field, GapRow, MovementRow, OrderRow};

/// How far the events of a market's ledger are read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Of the last transaction that was read; none before the first.
    pub signature: Option<String>,
    pub slot: u64,
    /// Number of the next event.
    pub next_event: u64,
    /// Whether a transaction since the last event that was told had a log that nodes cut short: events that are missing
    /// before the next one may be in it, and no node has them.
    pub is_cut: bool,
    /// Why it does not go on; none if it does.
    pub trouble: Option<String>,
}

/// What transactions told, to be written with the checkpoint behind them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    pub movements: Vec<MovementRow>,
    /// Orders as they were placed.
    pub placed: Vec<OrderRow>,
    /// Orders that were cancelled: window, place, sequence.
    pub cancelled: Vec<(i64, i64, i64)>,
    pub gaps: Vec<GapRow>,
}

impl Told {
    /// Adds what others tell, and leaves nothing of it there.
    pub fn append(&mut self, other: &mut Told) {
        self.movements.append(&mut other.movements);
        self.placed.append(&mut other.placed);
        self.cancelled.append(&mut other.cancelled);
        self.gaps.append(&mut other.gaps);
    }
}

impl Checkpoint {
    fn read(row: &AnyRow) -> Result<Checkpoint, sqlx::Error> {
        let unsigned = |column| {
            let number: i64 = row.try_get(column)?;
            Ok::<_, sqlx::Error>(u64::try_from(number).unwrap_or(0))
        };
        Ok(Checkpoint {
            signature: Field::get(row, "signature")?,
            slot: unsigned("slot")?,
            next_event: unsigned("next_event")?,
            is_cut: unsigned("is_cut")? > 0,
            trouble: Field::get(row, "trouble")?,
        })
    }
}

fn checkpoint(market: MarketId) -> Ask {
    sqlx::query("SELECT * FROM checkpoints WHERE market = $1").bind(market.0)
}

impl Store {
    /// For whoever goes on from there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn checkpoint(&self, market: MarketId) -> Result<Option<Checkpoint>, StoreError> {
        let row = checkpoint(market).fetch_optional(&self.pool).await?;
        Ok(row.as_ref().map(Checkpoint::read).transpose()?)
    }

    /// The checkpoint, for whoever asks.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn followed(&self, market: MarketId) -> Result<Option<Checkpoint>, StoreError> {
        let row = self.first(checkpoint(market)).await?;
        Ok(row.as_ref().map(Checkpoint::read).transpose()?)
    }

    /// Writes what transactions told, and the checkpoint, all or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn tell(
        &self,
        market: MarketId,
        told: &Told,
        checkpoint: &Checkpoint,
    ) -> Result<(), StoreError> {
        let _writer = self.writer.lock().await;
        let slot = number("a slot", checkpoint.slot)?;
        let mut batch = self.pool.begin().await?;
        write(&mut batch, market, slot, &told.movements).await?;
        write(&mut batch, market, slot, &told.gaps).await?;
        let insert = "INSERT INTO orders (market, start, place, sequence, seat, side, tick, price, quantity, filled, \
            client_id, is_owners, state, slot, revision) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, 0, 'unknown', $11, $12) ON CONFLICT DO NOTHING";
        let revisions = take_revisions(&mut batch, told.placed.len()).await?;
        for (order, revision) in told.placed.iter().zip(revisions..) {
            // What an account has said of it is more.
            sqlx::query(insert)
                .bind(market.0)
                .bind(order.start)
                .bind(order.place)
                .bind(order.sequence)
                .bind(order.seat)
                .bind(order.side.clone())
                .bind(order.tick)
                .bind(order.price)
                .bind(order.quantity)
                .bind(order.client_id)
                .bind(slot)
                .bind(revision)
                .execute(&mut *batch)
                .await?;
        }
        let cancel =
            "UPDATE orders SET state = 'cancelled', slot = $1, revision = $2 WHERE market = $3 AND start = $4 \
            AND place = $5 AND sequence = $6 AND state <> 'cancelled'";
        let revisions = take_revisions(&mut batch, told.cancelled.len()).await?;
        for ((start, place, sequence), revision) in told.cancelled.iter().zip(revisions..) {
            sqlx::query(cancel)
                .bind(slot)
                .bind(revision)
                .bind(market.0)
                .bind(*start)
                .bind(*place)
                .bind(*sequence)
                .execute(&mut *batch)
                .await?;
        }
        let upsert = "INSERT INTO checkpoints (market, signature, slot, next_event, trouble, is_cut) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (market) DO UPDATE SET signature = excluded.signature, slot = excluded.slot, \
            next_event = excluded.next_event, trouble = excluded.trouble, is_cut = excluded.is_cut";
        sqlx::query(upsert)
            .bind(market.0)
            .bind(checkpoint.signature.clone())
            .bind(slot)
            .bind(number("the number of an event", checkpoint.next_event)?)
            .bind(checkpoint.trouble.clone())
            .bind(i64::from(checkpoint.is_cut))
            .execute(&mut *batch)
            .await?;
        batch.commit().await?;
        Ok(())
    }
}
