//! Whose seats were when.

use sqlx::Row as _;

use super::{MarketId, Span, Store, StoreError};

impl Store {
    /// When which seats were a wallet's: seat, and from when to when.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn seats_of(
        &self,
        market: MarketId,
        owner: &str,
    ) -> Result<Vec<(i64, Span)>, StoreError> {
        let select = "SELECT o.seat, o.since, MIN(n.since) AS until FROM owners o LEFT JOIN owners n \
            ON n.market = o.market AND n.seat = o.seat AND n.since > o.since \
            WHERE o.market = $1 AND o.owner = $2 GROUP BY o.seat, o.since ORDER BY o.since LIMIT 64";
        let ask = sqlx::query(select).bind(market.0).bind(owner.to_owned());
        let rows = self.all(ask).await?;
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
        let ask = sqlx::query(select).bind(market.0).bind(seat).bind(time);
        let row = self.first(ask).await?;
        Ok(row.map(|row| row.try_get("owner")).transpose()?)
    }
}
