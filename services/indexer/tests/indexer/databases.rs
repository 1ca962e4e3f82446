//! What a test runs on: a file, and a database of a server.

use std::sync::Arc;

use joulebook_indexer::store::Store;
use sqlx::{AnyConnection, Connection};
use tempfile::TempDir;

use crate::postgres;

/// A database that is empty at first.
pub struct Database {
    pub address: String,
    _folder: Option<TempDir>,
}

impl Database {
    /// Has the database do something that no indexer does.
    pub async fn execute(&self, statement: &'static str) {
        let mut connection = self.connect().await;
        let done = sqlx::query(statement).execute(&mut connection).await;
        done.expect("done");
        connection.close().await.expect("closed");
    }

    /// A connection that no indexer has.
    pub async fn connect(&self) -> AnyConnection {
        let url = match self.is_server() {
            true => self.address.clone(),
            false => format!("sqlite://{}", self.address.replace(' ', "%20")),
        };
        AnyConnection::connect(&url).await.expect("connected")
    }

    pub fn is_server(&self) -> bool {
        self.address.starts_with("postgres://")
    }

    pub async fn store(&self) -> Arc<Store> {
        Arc::new(Store::open(&self.address).await.expect("opened"))
    }
}

pub fn file() -> Database {
    let folder = tempfile::tempdir().expect("a folder");
    Database {
        address: folder.path().join("index er.sqlite").display().to_string(),
        _folder: Some(folder),
    }
}

/// That of a server.
pub fn at(address: String) -> Database {
    Database {
        address,
        _folder: None,
    }
}

/// One of each kind that there is.
pub async fn all() -> Vec<Database> {
    let server = postgres::new_database().await.map(at);
    [Some(file()), server].into_iter().flatten().collect()
}
