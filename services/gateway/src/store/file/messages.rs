//! Messages that wait, which of them the next gateway does not have, and what became of the others.

use std::collections::{BTreeMap, BTreeSet};

use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::{row, to_json, File, Row};
use crate::{
    message::Key,
    store::{Ended, StoreError, Waiting, WaitingRow},
};

/// JSON of [`WaitingRow`].
pub(super) const WAITING: TableDefinition<Row, &[u8]> = TableDefinition::new("waiting");
/// JSON of [`Ended`].
const ENDED: TableDefinition<Row, &[u8]> = TableDefinition::new("ended");
/// By the time at which they ended.
const ENDED_AT: TableDefinition<(i64, Row), ()> = TableDefinition::new("ended-at");
/// Those of the waiting ones that the next gateway does not have.
const FORWARD: TableDefinition<Row, ()> = TableDefinition::new("forward");

pub(super) fn make(tables: &WriteTransaction) -> Result<(), redb::Error> {
    tables.open_table(WAITING)?;
    tables.open_table(ENDED)?;
    tables.open_table(ENDED_AT)?;
    tables.open_table(FORWARD)?;
    Ok(())
}

impl File {
    /// What can't be read any more is left where it is, and not sent.
    pub fn waiting(&self, binding: &[u8; 32]) -> Result<BTreeMap<Key, Waiting>, StoreError> {
        self.read(|tables| {
            let table = tables.open_table(WAITING)?;
            let mut all = BTreeMap::new();
            for entry in table.iter()? {
                let (_, bytes) = entry?;
                let waiting = Waiting::read(bytes.value(), binding);
                all.extend(waiting.map(|waiting| (waiting.key(), waiting)));
            }
            Ok(all)
        })
    }

    /// Those of which something was noted before, which is forgotten.
    pub fn put(
        &self,
        new: &BTreeMap<Key, Waiting>,
        forwards: bool,
    ) -> Result<Vec<u32>, StoreError> {
        let mut rows = vec![];
        for (key, waiting) in new {
            let noted = row(&waiting.message.key());
            rows.push((row(key), noted, to_json(&waiting.row())?));
        }
        self.write(|tables| {
            let mut anew = vec![];
            let mut waiting = tables.open_table(WAITING)?;
            let mut forward = tables.open_table(FORWARD)?;
            let mut ended = tables.open_table(ENDED)?;
            let mut ended_at = tables.open_table(ENDED_AT)?;
            for (row, noted, bytes) in &rows {
                waiting.insert(*row, bytes.as_slice())?;
                // What became of it before counts no more.
                let before = ended.remove(*noted)?;
                let before = before.map(|bytes| serde_json::from_slice::<Ended>(bytes.value()));
                if let Some(Ok(before)) = before {
                    ended_at.remove((before.at, *noted))?;
                    anew.push(noted.0);
                }
                if forwards {
                    forward.insert(*row, ())?;
                }
            }
            Ok(anew)
        })
    }

    /// Of how many messages of each meter it is noted what became of them.
    pub fn ended_of_meters(&self) -> Result<BTreeMap<u32, usize>, StoreError> {
        self.read(|tables| {
            let table = tables.open_table(ENDED)?;
            let mut counts = BTreeMap::<u32, usize>::new();
            for entry in table.iter()? {
                let count = counts.entry(entry?.0.value().0).or_default();
                *count = count.saturating_add(1);
            }
            Ok(counts)
        })
    }

    pub fn ended(&self, key: &Key) -> Result<Option<Ended>, StoreError> {
        self.read_json(ENDED, row(key))
    }

    /// They wait no more, here or for the next gateway. Of each, what it was kept by, and what is noted of it, by what it is asked for.
    pub fn end(&self, ended: &[(Key, Option<(Key, Ended)>)]) -> Result<(), StoreError> {
        let mut rows = vec![];
        for (kept_by, noted) in ended {
            let noted = match noted {
                Some((key, ended)) => Some((row(key), ended.at, to_json(ended)?)),
                None => None,
            };
            rows.push((row(kept_by), noted));
        }
        self.write(|tables| {
            let mut waiting = tables.open_table(WAITING)?;
            let mut forward = tables.open_table(FORWARD)?;
            let mut table = tables.open_table(ENDED)?;
            let mut at_table = tables.open_table(ENDED_AT)?;
            for (kept_by, noted) in &rows {
                waiting.remove(*kept_by)?;
                forward.remove(*kept_by)?;
                if let Some((row, at, bytes)) = noted {
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
        self.write(|tables| {
            let mut at_table = tables.open_table(ENDED_AT)?;
            let mut table = tables.open_table(ENDED)?;
            let mut old = vec![];
            for entry in at_table.range(..(before, first))? {
                old.push(entry?.0.value());
            }
            let mut forgotten = vec![];
            for (at, row) in old {
                at_table.remove((at, row))?;
                table.remove(row)?;
                forgotten.push(row.0);
            }
            Ok(forgotten)
        })
    }

    pub fn forward_keys(&self) -> Result<BTreeSet<Key>, StoreError> {
        self.read(|tables| {
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
        })
    }

    pub fn forward_again(&self, keys: &[Key]) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(FORWARD)?;
            for key in keys {
                table.insert(row(key), ())?;
            }
            Ok(())
        })
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
}

impl Waiting {
    pub(super) fn row(&self) -> WaitingRow {
        WaitingRow {
            signed: self.message.signed.clone(),
            signer: self.message.signer,
            received: self.received,
            sent: self.sent.map(|signature| signature.to_string()),
            landed: self.landed,
            is_judged: self.is_judged,
        }
    }

    fn read(bytes: &[u8], binding: &[u8; 32]) -> Option<Waiting> {
        let row: WaitingRow = serde_json::from_slice(bytes).ok()?;
        let mut message = row.signed.read(binding).ok()?;
        message.signer = row.signer;
        Some(Waiting {
            message,
            received: row.received,
            sent: row.sent.and_then(|signature| signature.parse().ok()),
            landed: row.landed,
            is_judged: row.is_judged,
        })
    }
}
