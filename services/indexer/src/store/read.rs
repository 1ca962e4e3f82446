//! Reading rows, always a bounded number of them.

use super::{MarketId, MarketRecord, Span, Store, StoreError};
use crate::rows::{
    GapRow, MeterRow, MovementRow, OrderRow, PositionRow, ReadingRow, SeatRow, WindowRow,
};

/// Where a list goes on, and how much of it is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// Behind this key.
    pub after: Option<i64>,
    pub limit: i64,
}

impl Paging {
    pub(super) fn after(&self) -> i64 {
        self.after.unwrap_or(i64::MIN)
    }
}

/// A row, and the slot of the read that it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct At<R> {
    pub row: R,
    pub slot: i64,
}

impl Store {
    /// # Errors
    /// [`StoreError`], like all that read.
    pub async fn markets(&self) -> Result<Vec<MarketRecord>, StoreError> {
        let ask = sqlx::query("SELECT * FROM markets ORDER BY id");
        let rows = self.all(ask).await?;
        let rows = rows.iter().map(MarketRecord::read);
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// By its address.
    pub async fn market(&self, address: &str) -> Result<Option<MarketRecord>, StoreError> {
        let ask = sqlx::query("SELECT * FROM markets WHERE address = $1").bind(address.to_owned());
        let row = self.first(ask).await?;
        Ok(row.as_ref().map(MarketRecord::read).transpose()?)
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
