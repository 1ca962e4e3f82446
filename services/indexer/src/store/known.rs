//! What the writer has to know of what was written before.

use sqlx::Row as _;

use super::{MarketId, Store, StoreError};
use crate::{
    changes::{Kept, Known, Remembered},
    rows::{EndingRow, Field, GapRow, Row},
};

/// Gaps that are remembered.
const MOST_GAPS: i64 = 65_535;

impl Store {
    /// What is known of the newest `pages` pages, and who has each seat.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn known(&self, market: MarketId, pages: i64) -> Result<Known, StoreError> {
        let mut known = Known::default();
        let select = "SELECT p.start, p.is_final, CASE WHEN p.slot <= m.final_slot THEN 1 ELSE 0 END AS is_certain \
            FROM pages p JOIN markets m ON m.id = p.market WHERE p.market = $1 ORDER BY p.start DESC LIMIT $2";
        let rows = sqlx::query(select)
            .bind(market.0)
            .bind(pages)
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let kept = Kept {
                is_final: bool::get(&row, "is_final")?,
                is_certain: row.try_get_unchecked::<i64, _>("is_certain")? != 0,
            };
            known.pages.insert(row.try_get("start")?, kept);
        }
        let select = "SELECT o.seat, o.owner FROM owners o WHERE o.market = $1 AND o.since = \
            (SELECT MAX(l.since) FROM owners l WHERE l.market = o.market AND l.seat = o.seat)";
        let rows = sqlx::query(select)
            .bind(market.0)
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            known
                .owners
                .insert(row.try_get("seat")?, row.try_get("owner")?);
        }
        let first = known
            .pages
            .first_key_value()
            .map_or(i64::MAX, |(first, _)| *first);
        let select = "SELECT * FROM endings WHERE market = $1 AND page >= $2";
        let rows = sqlx::query(select)
            .bind(market.0)
            .bind(first)
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let row = EndingRow::read(&row)?;
            known
                .endings
                .insert((row.page, row.seat), Remembered::of(&row));
        }
        let select = "SELECT * FROM gaps WHERE market = $1 ORDER BY since, kind LIMIT $2";
        let rows = sqlx::query(select)
            .bind(market.0)
            .bind(MOST_GAPS)
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let gap = GapRow::read(&row)?;
            known.gaps.insert((gap.kind, gap.since), gap.until);
        }
        Ok(known)
    }
}
