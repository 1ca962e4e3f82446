//! What adapters know, and have signed.

use std::collections::BTreeMap;

use joulebook_metering::register::Registers;
use joulebook_units::WhSum;
use redb::{ReadableTable, TableDefinition, WriteTransaction};

use super::{to_json, File};
use crate::store::{LastSigned, StoreError};

type Registered = TableDefinition<'static, (u32, i64), (u64, u64)>;

/// By meter, JSON of [`LastSigned`].
const SIGNED: TableDefinition<u32, &[u8]> = TableDefinition::new("signed");
/// Of meter and time, import and export.
const KNOWN: Registered = TableDefinition::new("known");
/// Of meter and boundary, import and export as they were signed.
const TOLD: Registered = TableDefinition::new("told");

pub(super) fn make(tables: &WriteTransaction) -> Result<(), redb::Error> {
    tables.open_table(SIGNED)?;
    tables.open_table(KNOWN)?;
    tables.open_table(TOLD)?;
    Ok(())
}

impl File {
    pub fn last_signed(&self, meter: u32) -> Result<Option<LastSigned>, StoreError> {
        let bytes = self.read(|tables| {
            let bytes = tables.open_table(SIGNED)?.get(meter)?;
            Ok(bytes.map(|bytes| bytes.value().to_vec()))
        })?;
        // If it can't be read, a sequence could be used twice: then nothing must be signed.
        let signed = bytes.map(|bytes| serde_json::from_slice(&bytes));
        let signed = signed.transpose();
        signed.map_err(|_| StoreError::Sequence { meter })
    }

    pub fn note_signed(&self, meter: u32, signed: &LastSigned) -> Result<(), StoreError> {
        let bytes = to_json(signed)?;
        self.write(|tables| {
            tables.open_table(SIGNED)?.insert(meter, bytes.as_slice())?;
            Ok(())
        })
    }

    pub fn know(&self, meter: u32, values: &[(i64, Registers)]) -> Result<(), StoreError> {
        self.insert(KNOWN, meter, values)
    }

    pub fn known(&self, meter: u32) -> Result<BTreeMap<i64, Registers>, StoreError> {
        self.of_meter(KNOWN, meter)
    }

    /// Those that are still what they were.
    pub fn forget_known(&self, meter: u32, values: &[(i64, Registers)]) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(KNOWN)?;
            for (at, registers) in values {
                let found = table.get((meter, *at))?.map(|value| value.value());
                if found == Some(pair(registers)) {
                    table.remove((meter, *at))?;
                }
            }
            Ok(())
        })
    }

    pub fn tell(&self, meter: u32, values: &[(i64, Registers)]) -> Result<(), StoreError> {
        self.insert(TOLD, meter, values)
    }

    pub fn told(&self, meter: u32) -> Result<BTreeMap<i64, Registers>, StoreError> {
        self.of_meter(TOLD, meter)
    }

    pub fn forget_told(&self, meter: u32, before: i64) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(TOLD)?;
            table.retain_in((meter, i64::MIN)..(meter, before), |_, _| false)?;
            Ok(())
        })
    }

    fn insert(
        &self,
        table: Registered,
        meter: u32,
        values: &[(i64, Registers)],
    ) -> Result<(), StoreError> {
        self.write(|tables| {
            let mut table = tables.open_table(table)?;
            for (at, registers) in values {
                table.insert((meter, *at), pair(registers))?;
            }
            Ok(())
        })
    }

    fn of_meter(
        &self,
        table: Registered,
        meter: u32,
    ) -> Result<BTreeMap<i64, Registers>, StoreError> {
        self.read(|tables| {
            let table = tables.open_table(table)?;
            let mut found = BTreeMap::new();
            for entry in table.range((meter, i64::MIN)..=(meter, i64::MAX))? {
                let (key, value) = entry?;
                let (import, export) = value.value();
                let registers = Registers {
                    import: WhSum(import),
                    export: WhSum(export),
                };
                found.insert(key.value().1, registers);
            }
            Ok(found)
        })
    }
}

fn pair(registers: &Registers) -> (u64, u64) {
    (registers.import.0, registers.export.0)
}
