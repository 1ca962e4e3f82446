//! Opening a database, and whether it is the right one.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{
    any::{install_default_drivers, AnyConnectOptions, AnyPoolOptions, AnyRow},
    migrate::{MigrateError, Migration, MigrationType, Migrator},
    AnyPool, AssertSqlSafe, ConnectOptions, Executor, Row as _, SqlSafeStr,
};
use tokio::sync::Mutex;
use url::Url;

use super::{revisions::take_revisions, MarketId, StoreError};
use crate::changes::MarketFacts;

/// Connections for the writer: the lease, what is written, and what is read for that.
const CONNECTIONS: u32 = 4;
/// Connections for questions, which never take one of the writer's.
const READERS: u32 = 8;
/// The most that a question may take; the time of a request is a little more.
pub(super) const LONGEST: Duration = Duration::from_secs(8);
/// Each version's lines, in their sequence. A version that was released is never changed.
const VERSIONS: [(i64, &str, &str); 5] = [
    (1, "rows", include_str!("1-rows.sql")),
    (2, "cut logs", include_str!("2-cut-logs.sql")),
    (3, "revisions", include_str!("3-revisions.sql")),
    (4, "endings", include_str!("4-endings.sql")),
    (5, "corrections", include_str!("5-corrections.sql")),
];

/// A database.
pub struct Store {
    /// For what is written, and what is read for that.
    pub(super) pool: AnyPool,
    /// For questions: however heavy they are, the writer has its own.
    pub(super) readers: AnyPool,
    /// Without what may be secret in it.
    pub(super) address: String,
    /// Of SQLite; none of a server.
    pub(super) file: Option<PathBuf>,
    /// SQLite has one writer; more would only wait for each other.
    pub(super) writer: Mutex<()>,
}

impl Store {
    /// Opens the database at this address, or makes it: the path of a file, or `postgres://…`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(address: &str) -> Result<Store, StoreError> {
        install_default_drivers();
        let (url, shown) = url_of(address)?;
        let unusable = |error: sqlx::Error| StoreError::Unusable {
            address: shown.clone(),
            error: error.to_string(),
        };
        let is_file = url.scheme() == "sqlite";
        let options = AnyConnectOptions::from_url(&url)
            .map_err(unusable)?
            .disable_statement_logging();
        let pool = writers(is_file).connect_with(options.clone());
        let pool = pool.await.map_err(unusable)?;
        let readers = readers(is_file).connect_lazy_with(options);
        let store = Store {
            pool,
            readers,
            file: is_file.then(|| PathBuf::from(&shown)),
            address: shown,
            writer: Mutex::new(()),
        };
        store.migrate().await?;
        Ok(store)
    }

    /// Without what may be secret in it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.readers.close().await;
        self.pool.close().await;
    }

    async fn migrate(&self) -> Result<(), StoreError> {
        let versions = VERSIONS.map(|(version, name, sql)| {
            let sql = sql.into_sql_str();
            Migration::new(version, name.into(), MigrationType::Simple, sql, false)
        });
        let migrator = Migrator::with_migrations(versions.into());
        let ran = migrator.run(&self.pool).await;
        ran.map_err(|error| match error {
            MigrateError::VersionMissing(_)
            | MigrateError::VersionMismatch(_)
            | MigrateError::Dirty(_) => StoreError::OtherVersion {
                address: self.address.clone(),
                because: error.to_string(),
            },
            other => StoreError::Unusable {
                address: self.address.clone(),
                error: other.to_string(),
            },
        })
    }

    /// Says which cluster it is, and which markets there are; a database of others is refused.
    ///
    /// # Errors
    /// [`StoreError::OtherCluster`], [`StoreError::OtherMarket`].
    pub async fn claim(&self, genesis: &str, markets: &[String]) -> Result<(), StoreError> {
        let _writer = self.writer.lock().await;
        let insert =
            "INSERT INTO facts (name, value) VALUES ('genesis', $1) ON CONFLICT DO NOTHING";
        sqlx::query(insert)
            .bind(genesis.to_owned())
            .execute(&self.pool)
            .await?;
        let found: AnyRow = sqlx::query("SELECT value FROM facts WHERE name = 'genesis'")
            .fetch_one(&self.pool)
            .await?;
        let found: String = found.try_get("value")?;
        if found != genesis {
            return Err(StoreError::OtherCluster {
                address: self.address.clone(),
                found,
                genesis: genesis.to_owned(),
            });
        }
        let rows = sqlx::query("SELECT address FROM markets ORDER BY id")
            .fetch_all(&self.pool)
            .await?;
        for row in rows {
            let found: String = row.try_get("address")?;
            if !markets.contains(&found) {
                return Err(StoreError::OtherMarket {
                    address: self.address.clone(),
                    found,
                });
            }
        }
        Ok(())
    }

    /// The market's number; a new one if it has none.
    ///
    /// # Errors
    /// [`StoreError::MarketDiffers`] if it has other sizes than when it was entered.
    pub async fn enter(&self, facts: &MarketFacts) -> Result<MarketId, StoreError> {
        let _writer = self.writer.lock().await;
        let insert = "INSERT INTO markets \
            (id, address, community, name, meter_table, mint, decimals, window_seconds, page_windows, pages, revision) \
            SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 FROM markets WHERE TRUE \
            ON CONFLICT (address) DO NOTHING";
        let mut batch = self.pool.begin().await?;
        let revision = take_revisions(&mut batch, 1).await?;
        sqlx::query(insert)
            .bind(facts.address.clone())
            .bind(facts.community.clone())
            .bind(facts.name.clone())
            .bind(facts.meter_table.clone())
            .bind(facts.mint.clone())
            .bind(facts.decimals)
            .bind(facts.window_seconds)
            .bind(facts.page_windows)
            .bind(facts.pages)
            .bind(revision)
            .execute(&mut *batch)
            .await?;
        batch.commit().await?;
        let select =
            "SELECT id, window_seconds, page_windows, pages FROM markets WHERE address = $1";
        let row: AnyRow = sqlx::query(select)
            .bind(facts.address.clone())
            .fetch_one(&self.pool)
            .await?;
        let number = |column: &str| row.try_get::<i64, _>(column);
        let sizes = (
            number("window_seconds")?,
            number("page_windows")?,
            number("pages")?,
        );
        if sizes != (facts.window_seconds, facts.page_windows, facts.pages) {
            return Err(StoreError::MarketDiffers(facts.address.clone()));
        }
        Ok(MarketId(number("id")?))
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(10))
}

fn writers(is_file: bool) -> AnyPoolOptions {
    pool(CONNECTIONS).after_connect(move |connection, _| {
        Box::pin(async move {
            if is_file {
                // Readers see the last whole read while the next is written.
                connection.execute("PRAGMA journal_mode = WAL").await?;
                connection.execute("PRAGMA synchronous = FULL").await?;
                connection.execute("PRAGMA busy_timeout = 10000").await?;
            }
            Ok(())
        })
    })
}

/// Connections that write nothing, and on a server end by themselves what takes too long.
fn readers(is_file: bool) -> AnyPoolOptions {
    pool(READERS).after_connect(move |connection, _| {
        Box::pin(async move {
            if is_file {
                connection.execute("PRAGMA busy_timeout = 10000").await?;
                connection.execute("PRAGMA query_only = ON").await?;
            } else {
                let longest = LONGEST.as_millis();
                let bound = format!("SET statement_timeout = {longest}");
                connection.execute(AssertSqlSafe(bound)).await?;
                connection
                    .execute("SET default_transaction_read_only = on")
                    .await?;
            }
            Ok(())
        })
    })
}

/// The address as the library wants it, and as it may be shown.
fn url_of(address: &str) -> Result<(Url, String), StoreError> {
    let unknown = || StoreError::NoAddress {
        address: address
            .split('@')
            .next_back()
            .unwrap_or_default()
            .to_owned(),
    };
    if address.starts_with("postgres://") || address.starts_with("postgresql://") {
        let url = Url::parse(address).map_err(|_| unknown())?;
        let host = url.host_str().unwrap_or("localhost");
        let shown = format!("postgres://{host}{}", url.path());
        return Ok((url, shown));
    }
    if address.is_empty() || address.contains("://") {
        return Err(unknown());
    }
    let path = Path::new(address);
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        std::fs::create_dir_all(folder).map_err(|error| StoreError::Unusable {
            address: address.to_owned(),
            error: error.to_string(),
        })?;
    }
    // Whatever stands in the name is the name's: it is no URL's query.
    let absolute = std::path::absolute(path).map_err(|_| unknown())?;
    let file = Url::from_file_path(&absolute).map_err(|()| unknown())?;
    let url = format!("sqlite://{}?mode=rwc", file.path());
    let url = Url::parse(&url).map_err(|_| unknown())?;
    Ok((url, address.to_owned()))
}
