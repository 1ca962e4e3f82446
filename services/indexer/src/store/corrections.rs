//! What was paid for windows after they had been settled.

use std::collections::BTreeMap;

use sqlx::{Any, AssertSqlSafe, Row as _, Transaction};

use super::{MarketId, Paging, Span, Store, StoreError};
use crate::{
    changes::Changes,
    rows::{number, CorrectionRow, PositionRow},
};

/// All that was corrected of a window in some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CorrectionSum {
    /// Of the window, unix seconds.
    pub start: i64,
    /// When the last of it was seen, unix seconds.
    pub time: i64,
    /// Paid more than before, milli-atoms; below zero, less.
    pub amount: i64,
}

/// What had been settled: paid, confirmed, with nothing to pay, or as far as it goes once the grace was over at the last look; and what
/// was corrected before, however it was taken back since.
const SETTLED: &str = "(p.paid <> 0 OR p.is_confirmed = 1 \
    OR (p.missing = 0 AND p.meters > 0 AND p.bought = 0 AND p.sold = 0 AND p.import = p.export) \
    OR (p.missing > 0 AND m.time >= $5) \
    OR EXISTS (SELECT 1 FROM corrections c WHERE c.market = p.market AND c.seat = p.seat AND c.start = p.start))";

/// Corrections of whoever had the seat when they were seen: those of windows before are another's.
const OF_OWNER: &str = "start >= COALESCE((SELECT MAX(o.since) FROM owners o \
    WHERE o.market = c.market AND o.seat = c.seat AND o.since <= c.time), start)";

/// Of positions that are about to be written: those that had been settled, with another amount than now. What is paid the first time
/// corrects nothing, nor does what a node says that is behind.
pub(super) async fn corrections(
    batch: &mut Transaction<'static, Any>,
    market: MarketId,
    changes: &Changes,
) -> Result<Vec<CorrectionRow>, StoreError> {
    let mut by_window: BTreeMap<i64, Vec<&PositionRow>> = BTreeMap::new();
    for row in &changes.positions {
        by_window.entry(row.start).or_default().push(row);
    }
    let select = format!(
        "SELECT p.seat, p.paid FROM positions p JOIN markets m ON m.id = p.market \
        WHERE p.market = $1 AND p.start = $2 AND p.seat >= $3 AND p.seat <= $4 AND m.slot <= $6 AND {SETTLED}"
    );
    let slot = number("a slot", changes.slot)?;
    let mut corrections = vec![];
    for (start, rows) in by_window {
        let seats = || rows.iter().map(|row| row.seat);
        let grace = changes.graces.get(&start).copied().unwrap_or(i64::MAX);
        let settled = sqlx::query(AssertSqlSafe(select.clone()))
            .bind(market.0)
            .bind(start)
            .bind(seats().min().unwrap_or(0))
            .bind(seats().max().unwrap_or(0))
            .bind(grace)
            .bind(slot)
            .fetch_all(&mut **batch)
            .await?;
        let mut before = BTreeMap::new();
        for row in settled {
            before.insert(row.try_get::<i64, _>("seat")?, row.try_get("paid")?);
        }
        let corrected = rows.iter().filter_map(|row| {
            let before = *before.get(&row.seat)?;
            (before != row.paid).then_some(CorrectionRow {
                seat: row.seat,
                start,
                time: changes.now,
                before,
                paid: row.paid,
            })
        });
        corrections.extend(corrected);
    }
    Ok(corrections)
}

impl Store {
    /// What a seat paid more, or less, for windows that start before `before`, by window: what was seen within the span.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn corrections_of_seat(
        &self,
        market: MarketId,
        seat: i64,
        seen: Span,
        before: i64,
        paging: Paging,
    ) -> Result<Vec<CorrectionSum>, StoreError> {
        let select = format!(
            "SELECT start, MAX(time) AS time, CAST(SUM(paid - before) AS BIGINT) AS amount FROM corrections c \
            WHERE market = $1 AND seat = $2 AND time >= $3 AND time < $4 AND start < $5 AND start > $6 AND {OF_OWNER} \
            GROUP BY start ORDER BY start LIMIT $7"
        );
        let ask = sqlx::query(AssertSqlSafe(select))
            .bind(market.0)
            .bind(seat)
            .bind(seen.since)
            .bind(seen.until)
            .bind(before)
            .bind(paging.after())
            .bind(paging.limit);
        let rows = self.all(ask).await?;
        let rows = rows.iter().map(|row| {
            Ok::<_, sqlx::Error>(CorrectionSum {
                start: row.try_get_unchecked("start")?,
                time: row.try_get_unchecked("time")?,
                amount: row.try_get_unchecked("amount")?,
            })
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The sum of it, milli-atoms.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn corrected(
        &self,
        market: MarketId,
        seat: i64,
        seen: Span,
        before: i64,
    ) -> Result<i64, StoreError> {
        let select =
            "SELECT CAST(COALESCE(SUM(paid - before), 0) AS BIGINT) AS amount FROM corrections \
            WHERE market = $1 AND seat = $2 AND time >= $3 AND time < $4 AND start < $5";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(seat)
            .bind(seen.since)
            .bind(seen.until)
            .bind(before);
        Ok(self.one(ask).await?.try_get_unchecked("amount")?)
    }
}
