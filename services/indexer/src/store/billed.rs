//! What a seat's bill is made of.

use std::collections::BTreeMap;

use super::{ask::in_time, MarketId, Span, Store, StoreError};
use crate::rows::{EndingRow, PositionRow, Row, WindowRow};

/// What a seat has in some time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Billed {
    /// Windows with its positions.
    pub windows: Vec<(WindowRow, PositionRow)>,
    /// How pages ended for it.
    pub endings: Vec<EndingRow>,
}

impl Store {
    /// Positions of a seat with the windows that they are in, and how pages ended for it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn billed(
        &self,
        market: MarketId,
        seat: i64,
        span: Span,
    ) -> Result<Billed, StoreError> {
        let windows = "SELECT w.* FROM windows w JOIN positions p ON p.market = w.market AND p.start = w.start \
            WHERE p.market = $1 AND p.seat = $2 AND p.start >= $3 AND p.start < $4 ORDER BY w.start";
        let positions = "SELECT p.* FROM positions p JOIN windows w ON p.market = w.market AND p.start = w.start \
            WHERE p.market = $1 AND p.seat = $2 AND p.start >= $3 AND p.start < $4 ORDER BY p.start";
        let endings = "SELECT * FROM endings WHERE market = $1 AND seat = $2 AND start >= $3 AND start < $4 ORDER BY start";
        // One read between two writes, so that all lists are of the same windows.
        let asked = async {
            let mut batch = self.readers.begin().await?;
            let mut lists = vec![];
            for select in [windows, positions, endings] {
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
            Ok::<_, sqlx::Error>(lists)
        };
        let lists = in_time(asked).await?;
        let [windows, positions, endings] = &lists[..] else {
            return Ok(Billed::default());
        };
        // Under PostgreSQL a window may come in between; its position is told of next time.
        let mut by_start = BTreeMap::new();
        for row in windows {
            let window = WindowRow::read(row)?;
            by_start.insert(window.start, window);
        }
        let mut both = Vec::with_capacity(positions.len());
        for row in positions {
            let position = PositionRow::read(row)?;
            if let Some(window) = by_start.remove(&position.start) {
                both.push((window, position));
            }
        }
        let endings = endings.iter().map(EndingRow::read);
        Ok(Billed {
            windows: both,
            endings: endings.collect::<Result<_, _>>()?,
        })
    }
}
