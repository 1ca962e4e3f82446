//! Reading rows, always a bounded number of them.

use std::collections::BTreeMap;

use sqlx::{any::AnyRow, query::Query, Any, Row as _};

use super::{MarketId, Store, StoreError};
use crate::{
    changes::{Kept, Known},
    rows::{
        Field, GapRow, MeterRow, MovementRow, OrderRow, PositionRow, ReadingRow, Row, SeatRow,
        WindowRow,
    },
};

/// Times from `since` to before `until`, unix seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub since: i64,
    pub until: i64,
}

impl Span {
    pub const ALL: Span = Span {
        since: i64::MIN,
        until: i64::MAX,
    };
}

/// Where a list goes on, and how much of it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Behind this key.
    pub after: Option<i64>,
    pub limit: i64,
}

impl Paging {
    fn after(&self) -> i64 {
        self.after.unwrap_or(i64::MIN)
    }
}

/// What is known of a market as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarketRecord {
    pub id: MarketId,
    pub address: String,
    pub community: String,
    pub name: String,
    pub meter_table: String,
    pub mint: String,
    pub decimals: u8,
    pub window_seconds: i64,
    pub page_windows: i64,
    pub pages: i64,
    /// Of the last read.
    pub slot: Option<i64>,
    /// The chain's clock then, unix seconds.
    pub time: Option<i64>,
    /// Of the last read that brought other rows.
    pub changed_slot: Option<i64>,
    /// What was read up to here can't be taken back any more.
    pub final_slot: Option<i64>,
    pub money: Option<i64>,
    pub fees: Option<i64>,
    pub escrow: Option<i64>,
    pub free: Option<i64>,
    pub locked: Option<i64>,
    pub held: Option<i64>,
    /// Atoms.
    pub vault: Option<i64>,
}

impl MarketRecord {
    fn read(row: &AnyRow) -> Result<MarketRecord, sqlx::Error> {
        let decimals: i64 = row.try_get("decimals")?;
        Ok(MarketRecord {
            id: MarketId(row.try_get("id")?),
            address: row.try_get("address")?,
            community: row.try_get("community")?,
            name: row.try_get("name")?,
            meter_table: row.try_get("meter_table")?,
            mint: row.try_get("mint")?,
            decimals: u8::try_from(decimals).unwrap_or(0),
            window_seconds: row.try_get("window_seconds")?,
            page_windows: row.try_get("page_windows")?,
            pages: row.try_get("pages")?,
            slot: row.try_get("slot")?,
            time: row.try_get("time")?,
            changed_slot: row.try_get("changed_slot")?,
            final_slot: row.try_get("final_slot")?,
            money: row.try_get("money")?,
            fees: row.try_get("fees")?,
            escrow: row.try_get("escrow")?,
            free: row.try_get("free")?,
            locked: row.try_get("locked")?,
            held: row.try_get("held")?,
            vault: row.try_get("vault")?,
        })
    }

    /// From a page's start to that of the next, seconds.
    pub fn page_seconds(&self) -> i64 {
        self.window_seconds.saturating_mul(self.page_windows)
    }
}

/// A row, and the slot of the read that it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<R> {
    pub row: R,
    pub slot: i64,
}

type Ask = Query<'static, Any, sqlx::any::AnyArguments>;

impl Store {
    pub(super) async fn rows<R: Row>(&self, ask: Ask) -> Result<Vec<R>, StoreError> {
        let rows = ask.fetch_all(&self.pool).await?;
        let rows = rows.iter().map(R::read);
        Ok(rows.collect::<Result<_, _>>()?)
    }

    async fn rows_at<R: Row>(&self, ask: Ask) -> Result<Vec<At<R>>, StoreError> {
        let rows = ask.fetch_all(&self.pool).await?;
        let rows = rows.iter().map(|row| {
            Ok::<_, sqlx::Error>(At {
                row: R::read(row)?,
                slot: i64::get(row, "slot")?,
            })
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// # Errors
    /// [`StoreError`], like all that read.
    pub async fn markets(&self) -> Result<Vec<MarketRecord>, StoreError> {
        let rows = sqlx::query("SELECT * FROM markets ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        let rows = rows.iter().map(MarketRecord::read);
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// By its address.
    pub async fn market(&self, address: &str) -> Result<Option<MarketRecord>, StoreError> {
        let row = sqlx::query("SELECT * FROM markets WHERE address = $1")
            .bind(address.to_owned())
            .fetch_optional(&self.pool)
            .await?;
        Ok(row.as_ref().map(MarketRecord::read).transpose()?)
    }

    /// What is known of the newest `pages` pages, and who has each seat.
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
        for gap in self.gaps(market, i64::from(u16::MAX)).await? {
            known.gaps.insert((gap.kind, gap.since), gap.until);
        }
        Ok(known)
    }

    /// Windows by their start, the earliest first.
    pub async fn windows(
        &self,
        market: MarketId,
        span: Span,
        paging: Paging,
    ) -> Result<Vec<At<WindowRow>>, StoreError> {
        let select = "SELECT * FROM windows WHERE market = $1 AND start >= $2 AND start < $3 AND start > $4 \
            ORDER BY start LIMIT $5";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(span.since)
            .bind(span.until)
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }

    /// The window that starts then.
    pub async fn window(
        &self,
        market: MarketId,
        start: i64,
    ) -> Result<Option<At<WindowRow>>, StoreError> {
        let ask = sqlx::query("SELECT * FROM windows WHERE market = $1 AND start = $2")
            .bind(market.0)
            .bind(start);
        Ok(self.rows_at(ask).await?.pop())
    }

    /// Orders of a window, by place and sequence, behind `after`.
    pub async fn orders(
        &self,
        market: MarketId,
        start: i64,
        after: (i64, i64),
        limit: i64,
    ) -> Result<Vec<At<OrderRow>>, StoreError> {
        let select = "SELECT * FROM orders WHERE market = $1 AND start = $2 \
            AND (place > $3 OR (place = $4 AND sequence > $5)) ORDER BY place, sequence LIMIT $6";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(start)
            .bind(after.0)
            .bind(after.0)
            .bind(after.1)
            .bind(limit);
        self.rows_at(ask).await
    }

    /// Positions of a window, by seat.
    pub async fn positions_of_window(
        &self,
        market: MarketId,
        start: i64,
        paging: Paging,
    ) -> Result<Vec<At<PositionRow>>, StoreError> {
        let select = "SELECT * FROM positions WHERE market = $1 AND start = $2 AND seat > $3 ORDER BY seat LIMIT $4";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(start)
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }

    /// Positions of a seat, by window.
    pub async fn positions_of_seat(
        &self,
        market: MarketId,
        seat: i64,
        span: Span,
        paging: Paging,
    ) -> Result<Vec<At<PositionRow>>, StoreError> {
        let select = "SELECT * FROM positions WHERE market = $1 AND seat = $2 AND start >= $3 AND start < $4 \
            AND start > $5 ORDER BY start LIMIT $6";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(seat)
            .bind(span.since)
            .bind(span.until)
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }

    /// What a meter moved, by interval.
    pub async fn readings(
        &self,
        market: MarketId,
        meter: i64,
        span: Span,
        paging: Paging,
    ) -> Result<Vec<At<ReadingRow>>, StoreError> {
        let select = "SELECT * FROM readings WHERE market = $1 AND meter = $2 AND start >= $3 AND start < $4 \
            AND start > $5 ORDER BY start LIMIT $6";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(meter)
            .bind(span.since)
            .bind(span.until)
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }

    /// Seats by their number.
    pub async fn seats(
        &self,
        market: MarketId,
        paging: Paging,
    ) -> Result<Vec<At<SeatRow>>, StoreError> {
        let select = "SELECT * FROM seats WHERE market = $1 AND seat > $2 ORDER BY seat LIMIT $3";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }

    /// Meters by their row.
    pub async fn meters(
        &self,
        market: MarketId,
        paging: Paging,
    ) -> Result<Vec<At<MeterRow>>, StoreError> {
        let select =
            "SELECT * FROM meters WHERE market = $1 AND meter > $2 ORDER BY meter LIMIT $3";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }

    /// When which seats were a wallet's: seat, and from when to when.
    pub async fn seats_of(
        &self,
        market: MarketId,
        owner: &str,
    ) -> Result<Vec<(i64, Span)>, StoreError> {
        let select = "SELECT o.seat, o.since, MIN(n.since) AS until FROM owners o LEFT JOIN owners n \
            ON n.market = o.market AND n.seat = o.seat AND n.since > o.since \
            WHERE o.market = $1 AND o.owner = $2 GROUP BY o.seat, o.since ORDER BY o.since LIMIT 64";
        let rows = sqlx::query(select)
            .bind(market.0)
            .bind(owner.to_owned())
            .fetch_all(&self.pool)
            .await?;
        let rows = rows.iter().map(|row| {
            let until: Option<i64> = row.try_get_unchecked("until")?;
            let span = Span {
                since: row.try_get("since")?,
                until: until.unwrap_or(i64::MAX),
            };
            Ok::<_, sqlx::Error>((row.try_get("seat")?, span))
        });
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Positions of a seat with the windows that they are in.
    pub async fn billed(
        &self,
        market: MarketId,
        seat: i64,
        span: Span,
    ) -> Result<Vec<(WindowRow, PositionRow)>, StoreError> {
        let windows = "SELECT w.* FROM windows w JOIN positions p ON p.market = w.market AND p.start = w.start \
            WHERE p.market = $1 AND p.seat = $2 AND p.start >= $3 AND p.start < $4 ORDER BY w.start";
        let positions = "SELECT p.* FROM positions p JOIN windows w ON p.market = w.market AND p.start = w.start \
            WHERE p.market = $1 AND p.seat = $2 AND p.start >= $3 AND p.start < $4 ORDER BY p.start";
        // One read between two writes, so that both lists are of the same windows.
        let mut batch = self.pool.begin().await?;
        let mut lists = vec![];
        for select in [windows, positions] {
            let rows = sqlx::query(select)
                .bind(market.0)
                .bind(seat)
                .bind(span.since)
                .bind(span.until)
                .fetch_all(&mut *batch)
                .await?;
            lists.push(rows);
        }
        batch.commit().await?;
        let (Some(positions), Some(windows)) = (lists.pop(), lists.pop()) else {
            return Ok(vec![]);
        };
        // Under PostgreSQL a window may come in between; its position is told of next time.
        let mut by_start = BTreeMap::new();
        for row in &windows {
            let window = WindowRow::read(row)?;
            by_start.insert(window.start, window);
        }
        let mut both = Vec::with_capacity(positions.len());
        for row in &positions {
            let position = PositionRow::read(row)?;
            if let Some(window) = by_start.remove(&position.start) {
                both.push((window, position));
            }
        }
        Ok(both)
    }

    /// What could not be read in time, the earliest first.
    pub async fn gaps(&self, market: MarketId, limit: i64) -> Result<Vec<GapRow>, StoreError> {
        let select = "SELECT * FROM gaps WHERE market = $1 ORDER BY since, kind LIMIT $2";
        let ask = sqlx::query(select).bind(market.0).bind(limit);
        self.rows(ask).await
    }

    /// Money that moved otherwise than in a window; of one seat, or all.
    pub async fn movements(
        &self,
        market: MarketId,
        seat: Option<i64>,
        paging: Paging,
    ) -> Result<Vec<At<MovementRow>>, StoreError> {
        let select =
            "SELECT * FROM movements WHERE market = $1 AND ($2 = 1 OR seat = $3) AND number > $4 \
            ORDER BY number LIMIT $5";
        let ask = sqlx::query(select)
            .bind(market.0)
            .bind(i64::from(seat.is_none()))
            .bind(seat.unwrap_or(-1))
            .bind(paging.after())
            .bind(paging.limit);
        self.rows_at(ask).await
    }
}
