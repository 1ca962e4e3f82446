//! What is on the disk: tables of one file.

mod adapters;
mod facts;
mod messages;
mod transactions;

use std::{
    borrow::Borrow,
    fs,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use redb::{
    Database, DatabaseError, ReadTransaction, ReadableDatabase, TableDefinition, WriteTransaction,
};
use serde::{de::DeserializeOwned, Serialize};
use solana_address::Address;
use tracing::warn;

use super::StoreError;
use crate::message::Key;

type Row = (u32, u64, [u8; 8]);

/// A file that is opened anew after an error of the disk: until then nothing can be read or written.
pub(super) struct File {
    path: PathBuf,
    database: RwLock<Option<Database>>,
}

impl File {
    /// That of a market's gateway; makes it, if there is none.
    pub fn open(path: &Path, market: &Address) -> Result<File, StoreError> {
        let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
        if let Some(folder) = folder {
            let made = fs::create_dir_all(folder);
            made.map_err(|error| unusable(path, &error.to_string()))?;
        }
        let database = Database::create(path).map_err(|error| unopened(path, error))?;
        let file = File {
            path: path.to_owned(),
            database: RwLock::new(Some(database)),
        };
        file.found(market)?;
        Ok(file)
    }

    fn read<T>(
        &self,
        read: impl FnOnce(&ReadTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        self.with(|database| read(&database.begin_read()?))
    }

    fn write<T>(
        &self,
        change: impl FnOnce(&WriteTransaction) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        self.with(|database| {
            let tables = database.begin_write()?;
            let changed = change(&tables)?;
            tables.commit()?;
            Ok(changed)
        })
    }

    fn with<T>(
        &self,
        work: impl FnOnce(&Database) -> Result<T, redb::Error>,
    ) -> Result<T, StoreError> {
        if self.is_closed() {
            self.reopen()?;
        }
        let worked = {
            let open = self.database.read().unwrap_or_else(PoisonError::into_inner);
            match open.as_ref() {
                Some(database) => work(database),
                None => Err(redb::Error::DatabaseClosed),
            }
        };
        worked.map_err(|error| {
            if is_of_disk(&error) {
                if let Err(error) = self.reopen() {
                    warn!(%error, "the store is opened again the next time");
                }
            }
            broken(error)
        })
    }

    fn is_closed(&self) -> bool {
        let open = self.database.read().unwrap_or_else(PoisonError::into_inner);
        open.is_none()
    }

    fn reopen(&self) -> Result<(), StoreError> {
        let open = self.database.write();
        let mut open = open.unwrap_or_else(PoisonError::into_inner);
        // Nobody may have it open twice.
        *open = None;
        let database = Database::open(&self.path).map_err(|error| unopened(&self.path, error))?;
        *open = Some(database);
        Ok(())
    }

    fn read_json<'a, K: redb::Key + 'static, T: DeserializeOwned>(
        &self,
        table: TableDefinition<K, &'static [u8]>,
        key: impl Borrow<K::SelfType<'a>>,
    ) -> Result<Option<T>, StoreError> {
        self.read(|tables| {
            let bytes = tables.open_table(table)?.get(key)?;
            Ok(bytes.and_then(|bytes| serde_json::from_slice(bytes.value()).ok()))
        })
    }
}

/// Whether the file must be closed and opened again.
fn is_of_disk(error: &redb::Error) -> bool {
    matches!(
        error,
        redb::Error::Io(_) | redb::Error::PreviousIo | redb::Error::DatabaseClosed
    )
}

fn unopened(path: &Path, error: DatabaseError) -> StoreError {
    let named = || path.display().to_string();
    match error {
        DatabaseError::DatabaseAlreadyOpen => StoreError::InUse(named()),
        DatabaseError::UpgradeRequired(_) => StoreError::OtherVersion { path: named() },
        other => unusable(path, &other.to_string()),
    }
}

fn unusable(path: &Path, error: &str) -> StoreError {
    StoreError::Unusable {
        path: path.display().to_string(),
        error: error.to_owned(),
    }
}

fn row(key: &Key) -> Row {
    (key.meter, key.sequence, key.hash)
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| StoreError::Broken(error.to_string()))
}

fn broken(error: redb::Error) -> StoreError {
    StoreError::Broken(error.to_string())
}
