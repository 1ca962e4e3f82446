//! Sums over rows, as the database adds them.

use std::collections::BTreeMap;

use sqlx::Row as _;

use super::{MarketId, Span, Store, StoreError};

/// Windows that do not add up, at most.
const DIFFERING: usize = 100;
const DAY: i64 = 86_400;

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
        let ask = sqlx::query(select)
            .bind(step)
            .bind(step)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .bind(first)
            .bind(limit);
        let rows = self.all(ask).await?;
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

    /// How many allocated windows there are, and those in which bought, sold and traded energy are not the same, the first hundred.
    /// Windows that only the history told of have no positions, and are left out.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn balances(
        &self,
        market: MarketId,
        span: Span,
    ) -> Result<(i64, Vec<Balance>), StoreError> {
        let select = "SELECT w.start, CAST(COALESCE(SUM(p.bought), 0) AS BIGINT) AS bought, \
            CAST(COALESCE(SUM(p.sold), 0) AS BIGINT) AS sold, w.volume FROM windows w \
            LEFT JOIN positions p ON p.market = w.market AND p.start = w.start \
            WHERE w.market = $1 AND w.start >= $2 AND w.start < $3 AND w.phase = 'allocated' \
            AND w.market_fee IS NOT NULL GROUP BY w.start, w.volume ORDER BY w.start";
        let (mut windows, mut differing) = (0i64, vec![]);
        for day in self.days(market, span).await? {
            let ask = sqlx::query(select)
                .bind(market.0)
                .bind(day.since)
                .bind(day.until);
            for row in self.all(ask).await? {
                windows = windows.saturating_add(1);
                let balance = Balance {
                    start: row.try_get_unchecked("start")?,
                    bought: row.try_get_unchecked("bought")?,
                    sold: row.try_get_unchecked("sold")?,
                    volume: row.try_get_unchecked("volume")?,
                };
                let is_even = balance.bought == balance.volume && balance.sold == balance.volume;
                if !is_even && differing.len() < DIFFERING {
                    differing.push(balance);
                }
            }
        }
        Ok((windows, differing))
    }

    /// What all meters fed in, by where it comes from, Wh; `unknown` of a meter whose row another has now.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn fed_in(
        &self,
        market: MarketId,
        span: Span,
    ) -> Result<Vec<(String, i64)>, StoreError> {
        let select = "SELECT COALESCE(m.source, 'unknown') AS source, CAST(SUM(r.export) AS BIGINT) AS export FROM readings r \
            LEFT JOIN meters m ON m.market = r.market AND m.meter = r.meter AND m.number = r.number \
            WHERE r.market = $1 AND r.start >= $2 AND r.start < $3 AND r.quality IN ('measured', 'replaced') \
            GROUP BY COALESCE(m.source, 'unknown')";
        let mut sums = BTreeMap::<String, i64>::new();
        for day in self.days(market, span).await? {
            let ask = sqlx::query(select)
                .bind(market.0)
                .bind(day.since)
                .bind(day.until);
            for row in self.all(ask).await? {
                let export: i64 = row.try_get_unchecked("export")?;
                let sum = sums.entry(row.try_get("source")?).or_default();
                *sum = sum.saturating_add(export);
            }
        }
        Ok(sums.into_iter().collect())
    }

    /// The parts of a time in which there are windows, a day long at most: a heavy question is many light ones, and whoever does
    /// not wait for its end ends it.
    async fn days(&self, market: MarketId, span: Span) -> Result<Vec<Span>, StoreError> {
        let select = "SELECT MIN(start) AS first, MAX(start) AS last FROM windows \
            WHERE market = $1 AND start >= $2 AND start < $3";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until);
        let row = self.one(ask).await?;
        let first: Option<i64> = row.try_get_unchecked("first")?;
        let last: Option<i64> = row.try_get_unchecked("last")?;
        let Some((first, last)) = first.zip(last) else {
            return Ok(vec![]);
        };
        let there = Span {
            since: first,
            until: last.saturating_add(1),
        };
        Ok(there.parts(DAY).collect())
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
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until);
        let row = self.one(ask).await?;
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
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(span.until)
            .bind(span.since);
        let row = self.one(ask).await?;
        Ok(row.try_get_unchecked::<i64, _>("gaps")? > 0)
    }

    /// # Errors
    /// [`StoreError`].
    pub async fn gap_count(&self, market: MarketId) -> Result<i64, StoreError> {
        let ask = sqlx::query("SELECT COUNT(*) AS gaps FROM gaps WHERE market = $1").bind(market.0);
        let row = self.one(ask).await?;
        Ok(row.try_get_unchecked("gaps")?)
    }
}
