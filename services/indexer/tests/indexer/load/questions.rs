//! Questions of whoever runs many communities, and of one household: to the database and to ClickHouse, in almost the same words.

use std::time::{Duration, Instant};

use sqlx::{AnyConnection, AssertSqlSafe, Row as _};

use crate::clickhouse;

/// What is asked, and what it is for.
pub struct Question {
    pub what: &'static str,
    sql: &'static str,
}

/// `{x}` is a table; sums are `CAST` where PostgreSQL would make them of another type.
pub const QUESTIONS: [Question; 5] = [
    Question {
        what: "bills of all households, line by line",
        sql: "SELECT p.market, p.seat, COUNT(*) AS windows, \
            [SUM(p.bought * COALESCE(w.price, 0))] AS paid_for, [-SUM(p.sold * COALESCE(w.price, 0))] AS sold_for, \
            [SUM(p.bought * COALESCE(w.grid_fee, 0))] AS grid_fees, [SUM(p.bought * COALESCE(w.market_fee, 0))] AS market_fees, \
            [SUM(CASE WHEN p.missing = 0 AND p.import - p.export - p.bought + p.sold > 0 THEN p.paid ELSE 0 END)] AS imbalance_short, \
            [SUM(CASE WHEN p.missing = 0 AND p.import - p.export - p.bought + p.sold <= 0 THEN p.paid ELSE 0 END)] AS imbalance_long, \
            [SUM(CASE WHEN p.missing > 0 THEN p.paid ELSE 0 END)] AS unheard \
            FROM {positions} AS p INNER JOIN {windows} AS w ON p.market = w.market AND p.start = w.start \
            GROUP BY p.market, p.seat ORDER BY p.market, p.seat",
    },
    Question {
        what: "prices of all markets, by quarter hour",
        sql: "SELECT w.start, [SUM(w.volume)] AS traded, [SUM(w.volume * COALESCE(w.price, 0))] AS value, \
            MIN(w.price) AS lowest, MAX(w.price) AS highest FROM {windows} AS w GROUP BY w.start ORDER BY w.start",
    },
    Question {
        what: "what was fed in, by source",
        sql: "SELECT m.source, [SUM(r.export)] AS fed_in FROM {readings} AS r \
            INNER JOIN {meters} AS m ON r.market = m.market AND r.meter = m.meter \
            WHERE r.quality IN ('measured', 'replaced') GROUP BY m.source ORDER BY m.source",
    },
    Question {
        what: "the ten communities that traded most",
        sql: "SELECT w.market, [SUM(w.volume)] AS traded FROM {windows} AS w GROUP BY w.market \
            ORDER BY traded DESC, w.market LIMIT 10",
    },
    Question {
        what: "one household's quarter hours of a day",
        sql: "SELECT p.start, p.bought, p.sold, p.import, p.export, p.paid FROM {positions} AS p \
            WHERE p.market = 1 AND p.seat = 4 AND p.start >= 1780272000 AND p.start < 1780358400 ORDER BY p.start",
    },
];

impl Question {
    /// For SQLite and PostgreSQL.
    fn plain(&self) -> String {
        let sql = self.sql.replace(['{', '}'], "");
        sql.replace('[', "CAST(").replace(']', " AS BIGINT)")
    }

    /// For ClickHouse: of each row the last write alone.
    fn last_writes(&self) -> String {
        let sql = self
            .sql
            .replace(['[', ']'], "")
            .replace('{', "(SELECT * FROM ");
        sql.replace('}', " FINAL)")
    }

    /// Asks several times; the answer, and the time in the middle.
    pub async fn ask(&self, connection: &mut AnyConnection) -> (String, Duration) {
        let mut times = vec![];
        let mut answer = String::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            let rows = sqlx::query(AssertSqlSafe(self.plain()))
                .fetch_all(&mut *connection)
                .await
                .expect("an answer");
            let lines = rows.iter().map(|row| {
                let values = (0..row.len()).map(|place| {
                    match row.try_get_unchecked::<Option<i64>, _>(place) {
                        Ok(number) => number.map_or("\\N".into(), |number| number.to_string()),
                        Err(_) => row.get_unchecked::<String, _>(place),
                    }
                });
                values.collect::<Vec<_>>().join("\t") + "\n"
            });
            answer = lines.collect();
            times.push(begun.elapsed());
        }
        (answer, middle(times))
    }

    /// Likewise.
    pub async fn ask_copies(&self, target: &clickhouse::Database) -> (String, Duration) {
        let mut times = vec![];
        let mut answer = String::new();
        for _ in 0..TIMES {
            let begun = Instant::now();
            answer = target.ask(&self.last_writes()).await;
            times.push(begun.elapsed());
        }
        (answer, middle(times))
    }
}

const TIMES: usize = 3;

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
