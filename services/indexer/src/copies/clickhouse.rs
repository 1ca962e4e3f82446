//! What is asked of ClickHouse: whose copies it has, to take rows, and to forget some.

use std::{future::Future, time::Duration};

use ::clickhouse::{error::Error, Client, Compression};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::{
    client::legacy::{connect::HttpConnector, Client as HttpClient},
    rt::TokioExecutor,
};
use joulebook_daemon::{key::KeySource, tls};
use tokio::time::timeout;

use super::{
    error::shown,
    tables::{copied_tables, CopiedTable},
    ClickHouseOptions, CopyError,
};

/// Of the tables. What another version has made is refused.
const VERSION: &str = "1";
/// Whose copies these are, beside the rows.
const FACTS: &str = "CREATE TABLE IF NOT EXISTS facts (name String, value String) ENGINE = ReplacingMergeTree ORDER BY name";
/// Servers close a connection that has been quiet for three seconds or more.
const QUIET: Duration = Duration::from_secs(2);

/// A database of a server.
pub struct ClickHouse {
    client: Client,
    /// Host and port.
    url: String,
    database: String,
    timeout: Duration,
}

impl ClickHouse {
    /// Asks nothing yet.
    ///
    /// # Errors
    /// [`CopyError`] if a file that is named can't be used.
    pub fn new(options: &ClickHouseOptions) -> Result<ClickHouse, CopyError> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_connect_timeout(Some(options.timeout()));
        let builder = HttpsConnectorBuilder::new();
        let builder = match &options.ca {
            Some(ca) => tls::trusting(ca).map(|config| builder.with_tls_config(config)),
            None => tls::trusting_public().map(|config| builder.with_tls_config(config)),
        };
        let builder = builder.map_err(|error| CopyError::NoCertificates(error.to_string()))?;
        let connector = builder.https_or_http().enable_http1().wrap_connector(http);
        let http = HttpClient::builder(TokioExecutor::new())
            .pool_idle_timeout(QUIET)
            .build(connector);
        let mut client = Client::with_http_client(http)
            .with_url(options.url.as_str())
            .with_database(&options.database)
            .with_user(&options.user)
            // Old servers don't know the format that it needs; what is sent names its columns by itself.
            .with_validation(false)
            .with_compression(Compression::None);
        let password = options.password.as_ref().map(KeySource::read_secret);
        if let Some(password) = password.transpose()? {
            client = client.with_password(password.trim());
        }
        Ok(ClickHouse {
            client,
            url: options.url.origin().ascii_serialization(),
            database: options.database.clone(),
            timeout: options.timeout(),
        })
    }

    /// The database, and where it is.
    pub fn shown(&self) -> String {
        format!("{} of {}", self.database, self.url)
    }

    pub(super) fn database(&self) -> &str {
        &self.database
    }

    /// The name of the copies that are there; `None` if there are none yet.
    ///
    /// # Errors
    /// [`CopyError::OtherVersion`], [`CopyError::NotEmpty`].
    pub(super) async fn name(&self) -> Result<Option<String>, CopyError> {
        let tables = self.texts(
            "SELECT name FROM system.tables WHERE database = currentDatabase() ORDER BY name",
        );
        let tables = tables.await?;
        let has_facts = tables.iter().any(|table| table == "facts");
        if let (Some(table), false) = (tables.first(), has_facts) {
            return Err(CopyError::NotEmpty {
                database: self.database.clone(),
                table: table.clone(),
            });
        }
        if !has_facts {
            return Ok(None);
        }
        let version = self.fact("version").await?;
        if let Some(found) = version.filter(|found| found != VERSION) {
            return Err(CopyError::OtherVersion {
                database: self.database.clone(),
                found,
                version: VERSION,
            });
        }
        self.fact("name").await
    }

    /// Makes the tables that are missing, and thinks of a name for the copies.
    pub(super) async fn make_tables(&self) -> Result<String, CopyError> {
        self.execute(FACTS).await?;
        for table in copied_tables() {
            self.execute(&table.definition()).await?;
        }
        let names = self.texts("SELECT toString(generateUUIDv4())").await?;
        let name = names.into_iter().next();
        name.ok_or_else(|| self.refuses("it gave no name"))
    }

    /// Gives the copies their name; the tables are whole then.
    pub(super) async fn give_name(&self, name: &str) -> Result<(), CopyError> {
        // A name of the server's own: hexadecimal digits.
        let insert =
            format!("INSERT INTO facts VALUES ('version', '{VERSION}'), ('name', '{name}')");
        self.execute(&insert).await
    }

    /// The highest revision of a table.
    pub(super) async fn last_revision(&self, table: &CopiedTable) -> Result<u64, CopyError> {
        let select = format!("SELECT max(revision) FROM {}", table.name);
        let query = self.client.query(&select);
        self.ask(query.fetch_one::<u64>()).await
    }

    /// Takes rows, over those with the same keys and a lower revision. Whoever is interrupted sends them again.
    pub(super) async fn insert(
        &self,
        table: &CopiedTable,
        lines: Vec<u8>,
    ) -> Result<(), CopyError> {
        let statement = format!("INSERT INTO {} FORMAT JSONEachRow", table.name);
        let mut insert = self.client.insert_formatted_with(statement);
        self.ask(async move {
            insert.send(lines.into()).await?;
            insert.end().await
        })
        .await
    }

    /// Forgets readings of before `until`; whether there were any.
    pub(super) async fn forget_readings(&self, until: i64) -> Result<bool, CopyError> {
        let count = format!("SELECT count() FROM readings WHERE start < {until}");
        let query = self.client.query(&count);
        let readings = self.ask(query.fetch_one::<u64>()).await?;
        if readings > 0 {
            let delete = format!("ALTER TABLE readings DELETE WHERE start < {until}");
            self.execute(&delete).await?;
        }
        Ok(readings > 0)
    }

    async fn fact(&self, name: &str) -> Result<Option<String>, CopyError> {
        let select =
            format!("SELECT DISTINCT value FROM facts WHERE name = '{name}' ORDER BY value");
        let mut values = self.texts(&select).await?;
        // Two indexers that made it at the same time.
        match values.len() {
            0 | 1 => Ok(values.pop()),
            _ => Ok(Some(values.join(" and "))),
        }
    }

    async fn texts(&self, select: &str) -> Result<Vec<String>, CopyError> {
        let query = self.client.query(select);
        self.ask(query.fetch_all::<String>()).await
    }

    async fn execute(&self, statement: &str) -> Result<(), CopyError> {
        let query = self.client.query(statement);
        self.ask(query.execute()).await
    }

    async fn ask<T>(&self, asked: impl Future<Output = Result<T, Error>>) -> Result<T, CopyError> {
        let silent = |error: String| CopyError::Silent {
            url: self.url.clone(),
            error,
        };
        match timeout(self.timeout, asked).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(Error::BadResponse(said))) => Err(self.refuses(&said)),
            Ok(Err(Error::Network(error))) => Err(silent(whole(error.as_ref()))),
            Ok(Err(error)) => Err(self.refuses(&error.to_string())),
            Err(_) => Err(silent(format!("within {} s", self.timeout.as_secs()))),
        }
    }

    fn refuses(&self, said: &str) -> CopyError {
        CopyError::Refuses {
            url: self.url.clone(),
            said: shown(said),
        }
    }
}

/// An error with what it comes from.
fn whole(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut from = error.source();
    while let Some(error) = from {
        said = format!("{said}: {error}");
        from = error.source();
    }
    shown(&said)
}
