//! Sums over rows, as the database adds them.

use sqlx::Row as _;

use super::{MarketId, Span, Store, StoreError};

/// Windows that do not add up, at most.
const DIFFERING: i64 = 100;

/// Prices and volume of some windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceSum {
    /// Of the first one's step, unix seconds.
    pub start: i64,
    pub windows: i64,
    pub traded: i64,
    /// Wh.
    pub volume: i64,
    /// Volume times price, milli-atoms.
    pub value: i64,
    /// Atoms per kWh.
    pub lowest: Option<i64>,
    pub highest: Option<i64>,
}

/// What was bought and sold in a window, Wh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    pub start: i64,
    pub bought: i64,
    pub sold: i64,
    pub volume: i64,
}

impl Store {
    /// Prices and volumes by steps of so many seconds since 1970, the earliest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn prices(
        &self,
        market: MarketId,
        span: Span,
        step: i64,
        after: Option<i64>,
        limit: i64,
    ) -> Result<Vec<PriceSum>, StoreError> {
        // The step is a number of this program's, and at least 1; times before 1970 have no windows.
        let select = "SELECT (start / $1) * $2 AS step, COUNT(*) AS windows, COUNT(price) AS traded, \
            CAST(SUM(volume) AS BIGINT) AS volume, CAST(SUM(volume * COALESCE(price, 0)) AS BIGINT) AS value, \
            MIN(price) AS lowest, MAX(price) AS highest FROM windows \
            WHERE market = $3 AND start >= $4 AND start < $5 AND start >= $6 \
            GROUP BY 1 ORDER BY 1 LIMIT $7";
        let first = after.map_or(i64::MIN, |after| after.saturating_add(step));
        let rows = sqlx::query(select)
            .bind(step)
            .bind(step)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .bind(first)
            .bind(limit)
            .fetch_all(&self.pool)
            .await?;
        let rows = rows.iter().map(|row| {
            Ok::<_, sqlx::Error>(PriceSum {
                start: row.try_get_unchecked("step")?,
                windows: row.try_get_unchecked("windows")?,
                traded: row.try_get_unchecked("traded")?,
                volume: row.try_get_unchecked("volume")?,
                value: row.try_get_unchecked("value")?,
                lowest: row.try_get_unchecked("lowest")?,
                highest: row.try_get_unchecked("highest")?,
            })
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// How many allocated windows there are, and those in which bought, sold and traded energy are not the same. Windows that only the
    /// history told of have no positions, and are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn balances(
        &self,
        market: MarketId,
        span: Span,
    ) -> Result<(i64, Vec<Balance>), StoreError> {
        let count = "SELECT COUNT(*) AS windows FROM windows WHERE market = $1 AND start >= $2 AND start < $3 \
            AND phase = 'allocated' AND market_fee IS NOT NULL";
        let row = sqlx::query(count)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .fetch_one(&self.pool)
            .await?;
        let windows = row.try_get_unchecked("windows")?;
        let select = "SELECT w.start, CAST(COALESCE(SUM(p.bought), 0) AS BIGINT) AS bought, \
            CAST(COALESCE(SUM(p.sold), 0) AS BIGINT) AS sold, w.volume FROM windows w \
            LEFT JOIN positions p ON p.market = w.market AND p.start = w.start \
            WHERE w.market = $1 AND w.start >= $2 AND w.start < $3 AND w.phase = 'allocated' \
            AND w.market_fee IS NOT NULL GROUP BY w.start, w.volume \
            HAVING COALESCE(SUM(p.bought), 0) <> w.volume OR COALESCE(SUM(p.sold), 0) <> w.volume \
            ORDER BY w.start LIMIT $4";
        let rows = sqlx::query(select)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .bind(DIFFERING)
            .fetch_all(&self.pool)
            .await?;
        let rows = rows.iter().map(|row| {
            Ok::<_, sqlx::Error>(Balance {
                start: row.try_get_unchecked("start")?,
                bought: row.try_get_unchecked("bought")?,
                sold: row.try_get_unchecked("sold")?,
                volume: row.try_get_unchecked("volume")?,
            })
        });
        Ok((windows, rows.collect::<Result<_, _>>()?))
    }

    /// What all meters fed in, by where it comes from, Wh.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fed_in(
        &self,
        market: MarketId,
        span: Span,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let select = "SELECT m.source, CAST(SUM(r.export) AS BIGINT) AS export FROM readings r \
            JOIN meters m ON m.market = r.market AND m.meter = r.meter \
            WHERE r.market = $1 AND r.start >= $2 AND r.start < $3 AND r.quality IN ('measured', 'replaced') \
            GROUP BY m.source ORDER BY m.source";
        let rows = sqlx::query(select)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .fetch_all(&self.pool)
            .await?;
        let rows = rows.iter().map(|row| {
            Ok::<_, sqlx::Error>((row.try_get("source")?, row.try_get_unchecked("export")?))
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether readings of that time are forgotten: the earliest are, all at once.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_forgotten(&self, market: MarketId, span: Span) -> Result<bool, StoreError> {
        // Of one window, each reading is found by its key.
        let select = "SELECT COUNT(*) AS windows, CAST(COALESCE(SUM((SELECT COUNT(*) FROM meters m \
            JOIN readings r ON r.market = m.market AND r.meter = m.meter AND r.start = f.start \
            WHERE m.market = f.market)), 0) AS BIGINT) AS readings FROM \
            (SELECT market, start FROM positions WHERE market = $1 AND start >= $2 AND start < $3 AND meters > 0 \
            ORDER BY start LIMIT 1) f";
        let row = sqlx::query(select)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .fetch_one(&self.pool)
            .await?;
        let windows: i64 = row.try_get_unchecked("windows")?;
        let readings: i64 = row.try_get_unchecked("readings")?;
        Ok(windows > 0 && readings == 0)
    }

    /// Whether something of that time was never seen, or not as it was in the end.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn has_gap(&self, market: MarketId, span: Span) -> Result<bool, StoreError> {
        let select = "SELECT COUNT(*) AS gaps FROM gaps WHERE market = $1 AND kind <> 'events' \
            AND since < $2 AND until > $3";
        let row = sqlx::query(select)
            .bind(market.0)
            .bind(span.until)
            .bind(span.since)
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get_unchecked::<i64, _>("gaps")? > 0)
    }

    /// # Errors
    /// [`StoreError`].
    pub async fn gap_count(&self, market: MarketId) -> Result<i64, StoreError> {
        let row = sqlx::query("SELECT COUNT(*) AS gaps FROM gaps WHERE market = $1")
            .bind(market.0)
            .fetch_one(&self.pool)
            .await?;
        Ok(row.try_get_unchecked("gaps")?)
    }

    /// Who had a seat last before a time.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn owner_at(
        &self,
        market: MarketId,
        seat: i64,
        time: i64,
    ) -> Result<Option<String>, StoreError> {
        let select = "SELECT owner FROM owners WHERE market = $1 AND seat = $2 AND since < $3 \
            ORDER BY since DESC LIMIT 1";
        let row = sqlx::query(select)
            .bind(market.0)
            .bind(seat)
            .bind(time)
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.map(|row| row.try_get("owner")).transpose()?)
    }
}
