use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use redb::{Database, DatabaseError, ReadableDatabase, ReadableTable, TableDefinition};
use serde::{de::DeserializeOwned, Serialize};
use solana_address::Address;
use solana_signature::Signature;

use super::{Ended, Intent, LastSigned, Owner, StoreError, Waiting, WaitingRow};
use crate::message::{Key, Signed};

type Row = (u32, u64, [u8; 8]);

/// JSON of [`WaitingRow`].
const WAITING: TableDefinition<Row, &[u8]> = TableDefinition::new("waiting");
/// JSON of [`Ended`].
const ENDED: TableDefinition<Row, &[u8]> = TableDefinition::new("ended");
/// By the time at which they ended.
const ENDED_AT: TableDefinition<(i64, Row), ()> = TableDefinition::new("ended-at");
/// JSON of [`Signed`].
const FORWARD: TableDefinition<Row, &[u8]> = TableDefinition::new("forward");
/// By signature, JSON of [`Intent`].
const INTENTS: TableDefinition<[u8; 64], &[u8]> = TableDefinition::new("intents");
/// By meter, JSON of [`LastSigned`].
const SIGNED: TableDefinition<u32, &[u8]> = TableDefinition::new("signed");
/// Of meter and boundary, import and export.
const KNOWN: TableDefinition<(u32, i64), (u64, u64)> = TableDefinition::new("known");
const FACTS: TableDefinition<&str, &[u8]> = TableDefinition::new("facts");

const VERSION: &[u8] = &[1];

/// What is on the disk.
pub(super) struct File(Database);

impl File {
    pub fn open(path: &Path, owner: &Owner) -> Result<File, StoreError> {
        let named = || path.display().to_string();
        let unusable = |error: String| StoreError::Unusable {
            path: named(),
            error,
        };
        let folder = path.parent().filter(|path| !path.as_os_str().is_empty());
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| unusable(error.to_string()))?;
        }
        let database = Database::create(path).map_err(|error| match error {
            DatabaseError::DatabaseAlreadyOpen => StoreError::InUse(named()),
            DatabaseError::UpgradeRequired(_) => StoreError::OtherVersion { path: named() },
            other => unusable(other.to_string()),
        })?;
        let file = File(database);
        file.found(owner, &named())?;
        Ok(file)
    }

    fn found(&self, owner: &Owner, path: &str) -> Result<(), StoreError> {
        let mut facts: BTreeMap<&str, Vec<u8>> = BTreeMap::new();
        self.write(|tables| {
            tables.open_table(WAITING)?;
            tables.open_table(ENDED)?;
            tables.open_table(ENDED_AT)?;
            tables.open_table(FORWARD)?;
            tables.open_table(INTENTS)?;
            tables.open_table(SIGNED)?;
            tables.open_table(KNOWN)?;
            let mut table = tables.open_table(FACTS)?;
            let own: [(&str, &[u8]); 3] = [
                ("version", VERSION),
                ("market", owner.market.as_ref()),
                ("cluster", &owner.cluster),
            ];
            for (name, value) in own {
                let found = table.get(name)?.map(|value| value.value().to_vec());
                match found {
                    Some(found) => {
                        facts.insert(name, found);
                    }
                    None => {
                        table.insert(name, value)?;
                    }
                }
            }
            Ok(())
        })?;
        let path = || path.to_owned();
        if facts.get("version").is_some_and(|found| found != VERSION) {
            return Err(StoreError::OtherVersion { path: path() });
        }
        let address = |name: &str| -> Option<Address> {
            let bytes = <[u8; 32]>::try_from(facts.get(name)?.as_slice()).ok()?;
            Some(bytes.into())
        };
        if let Some(found) = address("market").filter(|found| *found != owner.market) {
            return Err(StoreError::OtherMarket {
                path: path(),
                found,
            });
        }
        let own = Address::from(owner.cluster);
        match address("cluster").filter(|found| *found != own) {
            Some(found) => Err(StoreError::OtherCluster {
                path: path(),
                found,
            }),
            None => Ok(()),
        }
    }

    /// What can't be read any more is left where it is, and not sent.
    pub fn waiting(&self, binding: &[u8; 32]) -> Result<BTreeMap<Key, Waiting>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(WAITING)?;
            let mut all = BTreeMap::new();
            for entry in table.iter()? {
                let (_, bytes) = entry?;
                let waiting = read_waiting(bytes.value(), binding);
                all.extend(waiting.map(|waiting| (waiting.message.key(), waiting)));
            }
            Ok(all)
        };
        read().map_err(broken)
    }

    /// Those of which something was noted before, which is forgotten.
    pub fn put(
        &self,
        new: &BTreeMap<Key, Waiting>,
        forwards: bool,
    ) -> Result<Vec<u32>, StoreError> {
        let mut anew = vec![];
        let mut rows = vec![];
        for (key, waiting) in new {
            let signed = to_json(&waiting.message.signed)?;
            rows.push((row(key), to_json(&waiting.row())?, signed));
        }
        self.write(|tables| {
            let mut waiting = tables.open_table(WAITING)?;
            let mut forward = tables.open_table(FORWARD)?;
            let mut ended = tables.open_table(ENDED)?;
            let mut ended_at = tables.open_table(ENDED_AT)?;
            for (row, bytes, signed) in &rows {
                waiting.insert(*row, bytes.as_slice())?;
                // What became of it before counts no more.
                let before = ended.remove(*row)?;
                let before = before.map(|bytes| serde_json::from_slice::<Ended>(bytes.value()));
                if let Some(Ok(before)) = before {
                    ended_at.remove((before.at, *row))?;
                    anew.push(row.0);
                }
                if forwards {
                    forward.insert(*row, signed.as_slice())?;
                }
            }
            Ok(())
        })?;
        Ok(anew)
    }

    /// Of how many messages of each meter it is noted what became of them.
    pub fn ended_of_meters(&self) -> Result<BTreeMap<u32, usize>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(ENDED)?;
            let mut counts = BTreeMap::<u32, usize>::new();
            for entry in table.iter()? {
                let count = counts.entry(entry?.0.value().0).or_default();
                *count = count.saturating_add(1);
            }
            Ok(counts)
        };
        read().map_err(broken)
    }

    pub fn ended(&self, key: &Key) -> Result<Option<Ended>, StoreError> {
        self.read_json(ENDED, row(key))
    }

    /// `is_noted` says of which it is noted what became of them.
    pub fn end(
        &self,
        ended: &[(Key, Ended)],
        mut is_noted: impl FnMut(&Key) -> bool,
    ) -> Result<(), StoreError> {
        let mut rows = vec![];
        for (key, ended) in ended {
            let noted = is_noted(key).then(|| to_json(ended)).transpose()?;
            rows.push((row(key), ended.at, noted));
        }
        self.write(|tables| {
            let mut waiting = tables.open_table(WAITING)?;
            let mut table = tables.open_table(ENDED)?;
            let mut at_table = tables.open_table(ENDED_AT)?;
            for (row, at, bytes) in &rows {
                waiting.remove(*row)?;
                if let Some(bytes) = bytes {
                    table.insert(*row, bytes.as_slice())?;
                    at_table.insert((*at, *row), ())?;
                }
            }
            Ok(())
        })
    }

    /// The meters of those that were forgotten, which ended before then.
    pub fn forget(&self, before: i64) -> Result<Vec<u32>, StoreError> {
        let first: Row = (0, 0, [0; 8]);
        let mut forgotten = vec![];
        self.write(|tables| {
            let mut at_table = tables.open_table(ENDED_AT)?;
            let mut table = tables.open_table(ENDED)?;
            let mut old = vec![];
            for entry in at_table.range(..(before, first))? {
                old.push(entry?.0.value());
            }
            for (at, row) in old {
                at_table.remove((at, row))?;
                table.remove(row)?;
                forgotten.push(row.0);
            }
            Ok(())
        })?;
        Ok(forgotten)
    }

    pub fn intend(&self, signature: &Signature, intent: &Intent) -> Result<(), StoreError> {
        let bytes = to_json(intent)?;
        self.write(|tables| {
            let mut table = tables.open_table(INTENTS)?;
            table.insert(*signature.as_array(), bytes.as_slice())?;
            Ok(())
        })
    }

    pub fn intents(&self) -> Result<Vec<(Signature, Intent)>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(INTENTS)?;
            let mut all = vec![];
            for entry in table.iter()? {
                let (signature, bytes) = entry?;
                if let Ok(intent) = serde_json::from_slice(bytes.value()) {
                    all.push((Signature::from(signature.value()), intent));
                }
            }
            Ok(all)
        };
        read().map_err(broken)
    }

    pub fn settle(
        &self,
        signature: &Signature,
        changed: &BTreeMap<Key, Waiting>,
    ) -> Result<(), StoreError> {
        let mut rows = vec![];
        for (key, waiting) in changed {
            rows.push((row(key), to_json(&waiting.row())?));
        }
        self.write(|tables| {
            tables.open_table(INTENTS)?.remove(*signature.as_array())?;
            let mut waiting = tables.open_table(WAITING)?;
            for (row, bytes) in &rows {
                waiting.insert(*row, bytes.as_slice())?;
            }
            Ok(())
        })
    }

    pub fn forward_keys(&self) -> Result<BTreeSet<Key>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(FORWARD)?;
            let mut all = BTreeSet::new();
            for entry in table.iter()? {
                let (meter, sequence, hash) = entry?.0.value();
                all.insert(Key {
                    meter,
                    sequence,
                    hash,
                });
            }
            Ok(all)
        };
        read().map_err(broken)
    }

    pub fn forwarded(&self, keys: &[Key]) -> Result<Vec<(Key, Signed)>, StoreError> {
        let mut found = vec![];
        for key in keys {
            let signed: Option<Signed> = self.read_json(FORWARD, row(key))?;
            found.extend(signed.map(|signed| (*key, signed)));
        }
        Ok(found)
    }

    pub fn have_forwarded(&self, keys: &[Key]) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(FORWARD)?;
            for key in keys {
                table.remove(row(key))?;
            }
            Ok(())
        })
    }

    pub fn last_signed(&self, meter: u32) -> Result<Option<LastSigned>, StoreError> {
        let bytes = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let bytes = tables.open_table(SIGNED)?.get(meter)?;
            Ok(bytes.map(|bytes| bytes.value().to_vec()))
        };
        // If it can't be read, a sequence could be used twice: then nothing must be signed.
        let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes);
        let signed = bytes().map_err(broken)?.map(read).transpose();
        signed.map_err(|_| StoreError::Sequence { meter })
    }

    pub fn note_signed(&self, meter: u32, signed: &LastSigned) -> Result<(), StoreError> {
        let bytes = to_json(signed)?;
        self.write(|tables| {
            tables.open_table(SIGNED)?.insert(meter, bytes.as_slice())?;
            Ok(())
        })
    }

    pub fn know(&self, meter: u32, boundary: i64, registers: &Registers) -> Result<(), StoreError> {
        let value = (registers.import.0, registers.export.0);
        self.write(|tables| {
            tables.open_table(KNOWN)?.insert((meter, boundary), value)?;
            Ok(())
        })
    }

    pub fn known(&self, meter: u32) -> Result<BTreeMap<i64, Registers>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let table = tables.open_table(KNOWN)?;
            let mut known = BTreeMap::new();
            for entry in table.range((meter, i64::MIN)..=(meter, i64::MAX))? {
                let (key, value) = entry?;
                let (import, export) = value.value();
                let registers = Registers {
                    import: WhSum(import),
                    export: WhSum(export),
                };
                known.insert(key.value().1, registers);
            }
            Ok(known)
        };
        read().map_err(broken)
    }

    pub fn forget_known(&self, meter: u32, before: i64) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(KNOWN)?;
            table.retain_in((meter, i64::MIN)..(meter, before), |_, _| false)?;
            Ok(())
        })
    }

    fn read_json<'a, K: redb::Key + 'static, T: DeserializeOwned>(
        &self,
        table: TableDefinition<K, &'static [u8]>,
        key: impl std::borrow::Borrow<K::SelfType<'a>>,
    ) -> Result<Option<T>, StoreError> {
        let read = || -> Result<_, redb::Error> {
            let tables = self.0.begin_read()?;
            let bytes = tables.open_table(table)?.get(key)?;
            Ok(bytes.and_then(|bytes| serde_json::from_slice(bytes.value()).ok()))
        };
        read().map_err(broken)
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

impl Waiting {
    fn row(&self) -> WaitingRow {
        WaitingRow {
            signed: self.message.signed.clone(),
            received: self.received,
            sent: self.sent.map(|signature| signature.to_string()),
            landed: self.landed,
        }
    }
}

fn read_waiting(bytes: &[u8], binding: &[u8; 32]) -> Option<Waiting> {
    let row: WaitingRow = serde_json::from_slice(bytes).ok()?;
    Some(Waiting {
        message: row.signed.read(binding).ok()?,
        received: row.received,
        sent: row.sent.and_then(|signature| signature.parse().ok()),
        landed: row.landed,
    })
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
