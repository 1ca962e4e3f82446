//! Rows are copied in steps: those of the next writes, then how far it has come is noted. A step that was cut short is done
//! again, and its rows are the same rows.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use joulebook_daemon::observe::Health;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::{
    clickhouse::ClickHouse,
    lines::lines,
    tables::{copied_tables, CopiedTable},
    ClickHouseOptions, CopyError,
};
use crate::{figures, store::Store};

/// Of the daemon, in `/health`.
const PART: &str = "copies";
/// Writes of a step: so many rows at most are in memory, but for orders of a book that share one.
const STEP: i64 = 50_000;
/// At most between two attempts.
const LONGEST: Duration = Duration::from_secs(60);
/// How long a word of health holds beyond the pace.
const SILENCE: Duration = Duration::from_secs(120);
const DAY: i64 = 86_400;
/// How often it is looked for readings to forget.
const FORGET: Duration = Duration::from_secs(3_600);

/// Copies a database's rows.
pub struct Copying {
    store: Arc<Store>,
    clickhouse: ClickHouse,
    tables: Vec<CopiedTable>,
    poll: Duration,
    /// Readings are forgotten after so many days; never without.
    keep_readings_days: Option<u32>,
    /// Of the copies, once it is known whose they are.
    name: Option<String>,
    forgot_at: Option<Instant>,
    /// Writes of a step.
    pub step: i64,
}

/// What a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// That were copied.
    pub rows: usize,
    /// Writes that are left.
    pub behind: i64,
}

impl Copying {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// [`CopyError`] if a file that is named can't be used.
    pub fn new(
        options: &ClickHouseOptions,
        store: Arc<Store>,
        keep_readings_days: Option<u32>,
    ) -> Result<Copying, CopyError> {
        Ok(Copying {
            store,
            clickhouse: ClickHouse::new(options)?,
            tables: copied_tables(),
            poll: options.poll(),
            keep_readings_days,
            name: None,
            forgot_at: None,
            step: STEP,
        })
    }

    /// Copies the rows of the next writes, and forgets what is to be forgotten.
    ///
    /// # Errors
    /// [`CopyError`]: then the step is done again.
    pub async fn advance(&mut self) -> Result<Progress, CopyError> {
        let advanced = self.try_advance().await;
        if advanced.is_err() {
            // Another server may be there next time.
            self.name = None;
        }
        advanced
    }

    async fn try_advance(&mut self) -> Result<Progress, CopyError> {
        let name = match self.name.clone() {
            Some(name) => name,
            None => self.find().await?,
        };
        self.name = Some(name.clone());
        let last = self.store.last_revision().await?;
        let copied = self.store.copied(&name).await?.unwrap_or(0);
        let until = last.min(copied.saturating_add(self.step.max(1)));
        let mut count = 0usize;
        if copied < until {
            for table in &self.tables {
                let columns = table.column_names();
                let rows = self.store.written(table.name, &columns, copied, until);
                let rows = rows.await?;
                if rows.is_empty() {
                    continue;
                }
                let lines = lines(table, &rows)?;
                self.clickhouse.insert(table, lines).await?;
                count = count.saturating_add(rows.len());
            }
            self.store.note_copied(&name, until).await?;
        }
        self.forget().await?;
        Ok(Progress {
            rows: count,
            behind: last.saturating_sub(until),
        })
    }

    /// The name of this database's copies; a new one where there are none.
    async fn find(&self) -> Result<String, CopyError> {
        let Some(name) = self.clickhouse.name().await? else {
            let name = self.clickhouse.make_tables().await?;
            // Whoever is cut short between the two thinks of another name.
            self.store.note_copied(&name, 0).await?;
            self.clickhouse.give_name(&name).await?;
            return Ok(name);
        };
        if self.store.copied(&name).await?.is_none() {
            return Err(CopyError::OtherCopies {
                database: self.clickhouse.database().to_owned(),
                of: self.store.address().to_owned(),
            });
        }
        let last = self.store.last_revision().await?;
        for table in &self.tables {
            let revision = self.clickhouse.last_revision(table).await?;
            if i64::try_from(revision).is_ok_and(|revision| revision <= last) {
                continue;
            }
            return Err(CopyError::Ahead {
                database: self.clickhouse.database().to_owned(),
                of: self.store.address().to_owned(),
                table: table.name,
                revision,
                last,
            });
        }
        Ok(name)
    }

    /// Forgets readings as the database does, by whole days: a table is written anew for it.
    async fn forget(&mut self) -> Result<(), CopyError> {
        let Some(days) = self.keep_readings_days else {
            return Ok(());
        };
        if self.forgot_at.is_some_and(|at| at.elapsed() < FORGET) {
            return Ok(());
        }
        let Some(now) = self.store.latest_time().await? else {
            return Ok(());
        };
        let until = now.saturating_sub(i64::from(days).saturating_mul(DAY));
        let until = until.saturating_sub(until.rem_euclid(DAY));
        if self.clickhouse.forget_readings(until).await? {
            info!(until, "copies of readings are forgotten");
        }
        self.forgot_at = Some(Instant::now());
        Ok(())
    }

    /// Copies until it is asked to stop. What goes wrong is said, and tried again.
    pub async fn work(mut self, health: Health, stop: CancellationToken) {
        info!(clickhouse = self.clickhouse.shown(), "rows are copied");
        tokio::select! {
            () = self.copy(&health) => {}
            () = stop.cancelled() => {}
        }
    }

    async fn copy(&mut self, health: &Health) {
        let mut said = None;
        let mut pause = self.poll;
        // When all that was written until then was copied, or this began.
        let mut whole_at = Instant::now();
        loop {
            let begun = Instant::now();
            match self.advance().await {
                Ok(progress) => {
                    if progress.behind == 0 {
                        whole_at = begun;
                    }
                    figures::copied(progress.rows, progress.behind);
                    health.works(PART, self.poll.saturating_add(SILENCE));
                    if said.take().is_some() {
                        info!("rows are copied again");
                    }
                    pause = self.poll;
                    figures::copies_behind(whole_at.elapsed());
                    if progress.behind > 0 {
                        continue;
                    }
                }
                Err(error) => {
                    let error = error.to_string();
                    figures::copies_behind(whole_at.elapsed());
                    health.fails(PART, error.clone());
                    if said.as_ref() != Some(&error) {
                        warn!(error, "rows can't be copied");
                        said = Some(error);
                    }
                    pause = pause.saturating_mul(2).min(LONGEST.max(self.poll));
                }
            }
            sleep(pause).await;
        }
    }
}
