//! Whose store it is, and what its gateway knew of the chain last.

use redb::{ReadableTable, TableDefinition};
use solana_address::Address;

use super::{adapters, messages, transactions, File};
use crate::store::StoreError;

const FACTS: TableDefinition<&str, &[u8]> = TableDefinition::new("facts");

const VERSION: &[u8] = &[2];

impl File {
    /// Makes all tables, and notes the market if there is none.
    pub(super) fn found(&self, market: &Address) -> Result<(), StoreError> {
        let path = || self.path.display().to_string();
        let own = [("version", VERSION), ("market", market.as_ref())];
        let found = self.facts(["version", "market"])?;
        match found {
            [Some(version), _] if version != VERSION => {
                return Err(StoreError::OtherVersion { path: path() })
            }
            [_, Some(found)] if found != market.to_bytes() => {
                return Err(StoreError::OtherMarket {
                    path: path(),
                    found: address(&found),
                })
            }
            _ => {}
        }
        self.write(|tables| {
            messages::make(tables)?;
            transactions::make(tables)?;
            adapters::make(tables)
        })?;
        self.note(&own)
    }

    /// Notes the cluster if there is none.
    pub fn own(&self, cluster: &[u8; 32]) -> Result<(), StoreError> {
        match self.facts(["cluster"])? {
            [Some(found)] if found != cluster => Err(StoreError::OtherCluster {
                path: self.path.display().to_string(),
                found: address(&found),
            }),
            _ => self.note(&[("cluster", cluster.as_slice())]),
        }
    }

    pub fn facts<const N: usize>(
        &self,
        names: [&str; N],
    ) -> Result<[Option<Vec<u8>>; N], StoreError> {
        self.read(|tables| {
            let table = match tables.open_table(FACTS) {
                Ok(table) => table,
                // It was just made.
                Err(redb::TableError::TableDoesNotExist(_)) => return Ok([const { None }; N]),
                Err(error) => return Err(error.into()),
            };
            let mut facts = [const { None }; N];
            for (fact, name) in facts.iter_mut().zip(names) {
                *fact = table.get(name)?.map(|value| value.value().to_vec());
            }
            Ok(facts)
        })
    }

    /// All of them, or none.
    pub fn note(&self, facts: &[(&str, &[u8])]) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(FACTS)?;
            for (name, value) in facts {
                let is_noted = table
                    .get(*name)?
                    .is_some_and(|found| found.value() == *value);
                if !is_noted {
                    table.insert(*name, *value)?;
                }
            }
            Ok(())
        })
    }
}

fn address(bytes: &[u8]) -> Address {
    <[u8; 32]>::try_from(bytes).unwrap_or_default().into()
}
