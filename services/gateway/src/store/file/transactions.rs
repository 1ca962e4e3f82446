//! Transactions of which nobody has told yet what became.

use std::collections::BTreeMap;

use redb::{ReadableTable, TableDefinition, WriteTransaction};
use solana_signature::Signature;

use super::{messages::WAITING, row, to_json, File};
use crate::{
    message::Key,
    store::{Intent, StoreError, Waiting},
};

/// By signature, JSON of [`Intent`].
const INTENTS: TableDefinition<[u8; 64], &[u8]> = TableDefinition::new("intents");

pub(super) fn make(tables: &WriteTransaction) -> Result<(), redb::Error> {
    tables.open_table(INTENTS)?;
    Ok(())
}

impl File {
    pub fn intend(&self, signature: &Signature, intent: &Intent) -> Result<(), StoreError> {
        let bytes = to_json(intent)?;
        self.write(|tables| {
            let mut table = tables.open_table(INTENTS)?;
            table.insert(*signature.as_array(), bytes.as_slice())?;
            Ok(())
        })
    }

    pub fn intents(&self) -> Result<Vec<(Signature, Intent)>, StoreError> {
        self.read(|tables| {
            let table = tables.open_table(INTENTS)?;
            let mut all = vec![];
            for entry in table.iter()? {
                let (signature, bytes) = entry?;
                if let Ok(intent) = serde_json::from_slice(bytes.value()) {
                    all.push((Signature::from(signature.value()), intent));
                }
            }
            Ok(all)
        })
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
}
