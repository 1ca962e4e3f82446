//! One writer for a database: two would write over each other's rows.

use std::{
    fs::{File, OpenOptions, TryLockError},
    time::Duration,
};

use sqlx::{Any, Connection, Row as _};
use tokio::time::timeout;

use super::{Store, StoreError};

/// Of this program's locks, that of an indexer: PostgreSQL's are numbers.
const INDEXER: i64 = 0x6a6f_756c_6562;

/// How long a server may take to answer before its session counts as gone.
const PATIENCE: Duration = Duration::from_secs(5);

/// The right to write, for as long as it is there. It ends with the process, too.
pub struct Lease {
    kind: Kind,
}

enum Kind {
    /// A file beside the database; locked as long as it is open.
    File { _file: File },
    /// A session of the server's.
    Session(Box<sqlx::pool::PoolConnection<Any>>),
}

impl Store {
    /// Takes the right to write.
    ///
    /// # Errors
    /// [`StoreError::InUse`] if another indexer has it.
    pub async fn lease(&self) -> Result<Lease, StoreError> {
        let in_use = || StoreError::InUse(self.address.clone());
        let Some(path) = &self.file else {
            let mut session = self.pool.acquire().await?;
            let row = sqlx::query("SELECT pg_try_advisory_lock($1) AS is_taken")
                .bind(INDEXER)
                .fetch_one(&mut *session)
                .await?;
            let kind = Kind::Session(Box::new(session));
            let is_taken: bool = row.try_get("is_taken")?;
            return is_taken.then_some(Lease { kind }).ok_or_else(in_use);
        };
        let mut lock = path.clone();
        lock.as_mut_os_string().push(".lock");
        let unusable = |error: std::io::Error| StoreError::Unusable {
            address: lock.display().to_string(),
            error: error.to_string(),
        };
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(false).write(true).open(&lock);
        let file = file.map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => Ok(Lease {
                kind: Kind::File { _file: file },
            }),
            Err(TryLockError::WouldBlock) => Err(in_use()),
            Err(TryLockError::Error(error)) => Err(unusable(error)),
        }
    }
}

impl Lease {
    /// Gives it back: the next indexer that asks gets it.
    pub async fn end(self) {
        if let Kind::Session(session) = self.kind {
            let mut session = session.detach();
            // A server ends a session some time after it was left, and its locks no sooner; this one ends at once.
            let _ = sqlx::query("SELECT pg_advisory_unlock($1)")
                .bind(INDEXER)
                .execute(&mut session)
                .await;
            let _ = session.close().await;
        }
    }

    /// Whether it is still there: a server that has ended remembers none.
    pub async fn is_held(&mut self) -> bool {
        match &mut self.kind {
            Kind::File { .. } => true,
            Kind::Session(session) => {
                let asked = sqlx::query("SELECT 1").execute(&mut ***session);
                timeout(PATIENCE, asked)
                    .await
                    .is_ok_and(|answer| answer.is_ok())
            }
        }
    }
}
