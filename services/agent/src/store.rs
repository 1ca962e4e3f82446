//! What must outlive a process, in one file: values beyond the chain's ring, what was sent and may yet land, reviews, and what was
//! spent. Each change is on the disk before it counts.

use std::{collections::BTreeMap, fs, ops::RangeInclusive, path::Path};

use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use solana_address::Address;
use solana_signature::Signature;

use crate::{measured::Values, reviews::Reviewed, tables::OwnTable};

/// Of owner and start, Wh.
const VALUES: TableDefinition<(&[u8; 32], i64), i64> = TableDefinition::new("values");
/// By signature, JSON of [`Intent`].
const INTENTS: TableDefinition<&[u8; 64], &[u8]> = TableDefinition::new("intents");
/// By owner, JSON of [`Reviewed`].
const REVIEWED: TableDefinition<&[u8; 32], &[u8]> = TableDefinition::new("reviewed");
/// By day since 1970-01-01, lamports.
const SPENT: TableDefinition<i64, u64> = TableDefinition::new("spent");
const FACTS: TableDefinition<&str, &[u8]> = TableDefinition::new("facts");

const VERSION: &[u8] = &[1];
/// JSON of [`OwnTable`].
const LOOKUP_TABLE: &str = "own-lookup-table";

/// A transaction that was signed, and of which nobody has told yet what became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// Of the window, unix seconds; `None` for standing orders.
    pub start: Option<i64>,
    /// When it was signed, by the chain's clock as far as that is believed, unix seconds.
    #[serde(default)]
    pub at: i64,
    /// The last block that can take it.
    pub last_valid: u64,
    pub seats: Vec<u16>,
    /// Lamports.
    pub fee: u64,
}

/// Why a store can't be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the store {0} is another process's; stop that one, or name another file")]
    InUse(String),
    #[error("the store {path} is of another version; name another file: what stands on chain is read anew")]
    OtherVersion { path: String },
    #[error("the store {path} is of market {found}; name another file for this one")]
    OtherMarket { path: String, found: Address },
    #[error("the store is of the cluster with the genesis hash {found}, and this is {expected}; check the RPC addresses, or name another file")]
    OtherCluster { found: Address, expected: Address },
    #[error("the store {path} can't be opened: {error}")]
    Unusable { path: String, error: String },
    #[error("the store can't be read or written: {0}; is the disk full?")]
    Broken(String),
}

/// The file.
pub struct Store(Database);

impl Store {
    /// Opens the file of a market's agent, or makes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path, market: &Address) -> Result<Store, StoreError> {
        let named = || path.display().to_string();
        let unusable = |error: String| StoreError::Unusable {
            path: named(),
            error,
        };
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            fs::create_dir_all(folder).map_err(|error| unusable(error.to_string()))?;
        }
        let database = Database::create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => StoreError::InUse(named()),
            DatabaseError::UpgradeRequired(_) => StoreError::OtherVersion { path: named() },
            other => unusable(other.to_string()),
        })?;
        let store = Store(database);
        store.found(market, &named())?;
        Ok(store)
    }

    fn found(&self, market: &Address, path: &str) -> Result<(), StoreError> {
        let mut found: Option<Vec<u8>> = None;
        let mut version: Option<Vec<u8>> = None;
        self.write(|tables| {
            tables.open_table(VALUES)?;
            tables.open_table(INTENTS)?;
            tables.open_table(REVIEWED)?;
            tables.open_table(SPENT)?;
            let mut facts = tables.open_table(FACTS)?;
            version = facts.get("version")?.map(|value| value.value().to_vec());
            found = facts.get("market")?.map(|value| value.value().to_vec());
            if version.is_none() {
                facts.insert("version", VERSION)?;
                facts.insert("market", market.as_ref())?;
            }
            Ok(())
        })?;
        if version.is_some_and(|version| version != VERSION) {
            return Err(StoreError::OtherVersion { path: path.into() });
        }
        let found = found.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        match found.map(Address::from) {
            Some(found) if found != *market => Err(StoreError::OtherMarket {
                path: path.into(),
                found,
            }),
            _ => Ok(()),
        }
    }

    /// Ties the store to the cluster with this genesis hash, the first time; later sees to it that it is the same one. Nothing that
    /// was kept of another cluster is true here, though the market may have the same address.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn claim(&self, genesis: &Address) -> Result<(), StoreError> {
        let mut found: Option<Vec<u8>> = None;
        self.write(|tables| {
            let mut facts = tables.open_table(FACTS)?;
            found = facts.get("genesis")?.map(|value| value.value().to_vec());
            if found.is_none() {
                facts.insert("genesis", genesis.as_ref())?;
            }
            Ok(())
        })?;
        let found = found.and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        match found.map(Address::from) {
            Some(found) if found != *genesis => Err(StoreError::OtherCluster {
                found,
                expected: *genesis,
            }),
            _ => Ok(()),
        }
    }

    /// Everybody's values.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn values(&self) -> Result<BTreeMap<Address, Values>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(VALUES)?;
            let mut all: BTreeMap<Address, Values> = BTreeMap::new();
            for entry in table.iter()? {
                let (key, net) = entry?;
                let (owner, start) = key.value();
                let values = all.entry(Address::from(*owner)).or_default();
                values.0.insert(start, net.value());
            }
            Ok(all)
        };
        read().map_err(broken)
    }

    /// Keeps values, and forgets those from before `oldest`.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn keep_values(
        &self,
        values: &BTreeMap<Address, Vec<(i64, i64)>>,
        oldest: i64,
    ) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(VALUES)?;
            for (owner, values) in values {
                let owner = owner.to_bytes();
                for (start, net) in values {
                    table.insert((&owner, *start), *net)?;
                }
                table.retain_in((&owner, i64::MIN)..(&owner, oldest), |_, _| false)?;
            }
            Ok(())
        })
    }

    /// Notes a transaction before it is sent.
    ///
    /// # Errors
    /// [`StoreError`]: then it must not be sent.
    pub fn intend(&self, signature: &Signature, intent: &Intent) -> Result<(), StoreError> {
        let bytes = json(intent)?;
        self.write(|tables| {
            let mut table = tables.open_table(INTENTS)?;
            table.insert(signature.as_array(), bytes.as_slice())?;
            Ok(())
        })
    }

    /// What may yet land, or has and nobody noted it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn intents(&self) -> Result<Vec<(Signature, Intent)>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(INTENTS)?;
            let mut all = vec![];
            for entry in table.iter()? {
                let (signature, bytes) = entry?;
                if let Ok(intent) = serde_json::from_slice(bytes.value()) {
                    all.push((Signature::from(*signature.value()), intent));
                }
            }
            Ok(all)
        };
        read().map_err(broken)
    }

    /// Notes that it is known what became of a transaction, and what it cost on that day.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn settle(&self, signature: &Signature, day: i64, fee: u64) -> Result<(), StoreError> {
        self.write(|tables| {
            tables.open_table(INTENTS)?.remove(signature.as_array())?;
            add(tables, day, fee)
        })
    }

    /// Notes what was spent beside orders.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn spend(&self, day: i64, fee: u64) -> Result<(), StoreError> {
        self.write(|tables| add(tables, day, fee))
    }

    /// Lamports by day, of these days.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn spent(&self, days: RangeInclusive<i64>) -> Result<BTreeMap<i64, u64>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(SPENT)?;
            let mut spent = BTreeMap::new();
            for entry in table.range(days.clone())? {
                let (day, lamports) = entry?;
                spent.insert(day.value(), lamports.value());
            }
            Ok(spent)
        };
        read().map_err(broken)
    }

    /// The latest review of a household's way of ordering.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn reviewed(&self, owner: &Address) -> Result<Option<Reviewed>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let bytes = tables.open_table(REVIEWED)?.get(&owner.to_bytes())?;
            Ok(bytes.and_then(|bytes| serde_json::from_slice(bytes.value()).ok()))
        };
        read().map_err(broken)
    }

    /// # Errors
    /// [`StoreError`].
    pub fn note_review(&self, owner: &Address, reviewed: &Reviewed) -> Result<(), StoreError> {
        let bytes = json(reviewed)?;
        self.write(|tables| {
            let mut table = tables.open_table(REVIEWED)?;
            table.insert(&owner.to_bytes(), bytes.as_slice())?;
            Ok(())
        })
    }

    /// The lookup table that was made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn lookup_table(&self) -> Result<Option<OwnTable>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let bytes = tables.open_table(FACTS)?.get(LOOKUP_TABLE)?;
            Ok(bytes.and_then(|bytes| serde_json::from_slice(bytes.value()).ok()))
        };
        read().map_err(broken)
    }

    /// `None` where nothing was made.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn note_lookup_table(&self, table: Option<&OwnTable>) -> Result<(), StoreError> {
        let bytes = table.map(json).transpose()?;
        self.write(|tables| {
            let mut facts = tables.open_table(FACTS)?;
            match &bytes {
                Some(bytes) => facts.insert(LOOKUP_TABLE, bytes.as_slice())?,
                None => facts.remove(LOOKUP_TABLE)?,
            };
            Ok(())
        })
    }

    fn write(
        &self,
        change: impl FnOnce(&redb::WriteTransaction) -> Result<(), redb::Error>,
    ) -> Result<(), StoreError> {
        let write = || -> Result<(), redb::Error> {
            let tables = self.0.begin_write()?;
            change(&tables)?;
            tables.commit()?;
            Ok(())
        };
        write().map_err(broken)
    }
}

fn add(tables: &redb::WriteTransaction, day: i64, fee: u64) -> Result<(), redb::Error> {
    let mut spent = tables.open_table(SPENT)?;
    let before = spent.get(day)?.map_or(0, |lamports| lamports.value());
    spent.insert(day, before.saturating_add(fee))?;
    Ok(())
}

fn json(value: &impl Serialize) -> Result<Vec<u8>, StoreError> {
    serde_json::to_vec(value).map_err(|error| StoreError::Broken(error.to_string()))
}

fn broken(error: redb::Error) -> StoreError {
    StoreError::Broken(error.to_string())
}

#[cfg(test)]
mod tests {
    use joulebook_client::layout::market::DelegateBounds;

    use super::*;
    use crate::{configuration::Limits, reviews::Ground};

    const MARKET: Address = Address::new_from_array([7; 32]);
    const OWNER: Address = Address::new_from_array([1; 32]);

    #[test]
    fn given_what_was_kept_when_it_is_opened_again_then_it_is_there() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/agent.redb");
        let (signature, other) = (Signature::from([3; 64]), Signature::from([4; 64]));
        let intent = Intent {
            start: Some(900),
            at: 5,
            last_valid: 77,
            seats: vec![2, 3],
            fee: 5_000,
        };
        let reviewed = Reviewed {
            at: 9,
            ground: Ground::new(&DelegateBounds::of_a_day(7), Limits::default()),
        };
        let table = OwnTable::new(OWNER, 9);
        {
            let store = Store::open(&path, &MARKET).expect("made");
            let values = vec![(0, 5), (900, -6)];
            store
                .keep_values(&[(OWNER, values)].into(), 0)
                .expect("kept");
            store
                .keep_values(&[(OWNER, vec![(1_800, 7)])].into(), 900)
                .expect("kept");
            store.intend(&signature, &intent).expect("noted");
            store.intend(&other, &intent).expect("noted");
            store.settle(&other, 3, 5_000).expect("settled");
            store.spend(3, 10_000).expect("spent");
            store.note_review(&OWNER, &reviewed).expect("noted");
            store.note_lookup_table(Some(&table)).expect("noted");
        }
        let store = Store::open(&path, &MARKET).expect("opened");
        let values = Values([(900, -6), (1_800, 7)].into());
        assert_eq!(store.values().expect("read"), [(OWNER, values)].into());
        assert_eq!(store.intents().expect("read"), [(signature, intent)]);
        assert_eq!(store.spent(0..=3).expect("read"), [(3, 15_000)].into());
        assert_eq!(store.spent(0..=2).expect("read"), BTreeMap::new());
        assert_eq!(store.spent(4..=9).expect("read"), BTreeMap::new());
        assert_eq!(store.reviewed(&OWNER).expect("read"), Some(reviewed));
        assert_eq!(store.reviewed(&MARKET).expect("read"), None);
        assert_eq!(store.lookup_table().expect("read"), Some(table));
        store.note_lookup_table(None).expect("noted");
        assert_eq!(store.lookup_table().expect("read"), None);
    }

    #[test]
    fn given_a_store_of_one_cluster_when_it_is_used_on_another_then_it_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("agent.redb");
        for _ in 0..2 {
            let store = Store::open(&path, &MARKET).expect("opened");
            store.claim(&OWNER).expect("its own");
        }
        let store = Store::open(&path, &MARKET).expect("opened");
        let refused = store.claim(&MARKET).expect_err("another's").to_string();
        assert!(refused.contains(&OWNER.to_string()), "{refused}");
        assert!(refused.contains(&MARKET.to_string()), "{refused}");
        store.claim(&OWNER).expect("still its own");
    }

    #[test]
    fn given_a_store_in_use_or_of_another_market_when_opened_then_it_says_so() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("agent.redb");
        let store = Store::open(&path, &MARKET).expect("made");
        let refused = |market| Store::open(&path, market).err().expect("refused");
        assert!(matches!(refused(&MARKET), StoreError::InUse(_)));
        drop(store);
        assert!(matches!(
            refused(&OWNER),
            StoreError::OtherMarket { found: MARKET, .. }
        ));
        fs::write(&path, b"garbage").expect("written");
        assert!(matches!(refused(&MARKET), StoreError::Unusable { .. }));
    }
}
