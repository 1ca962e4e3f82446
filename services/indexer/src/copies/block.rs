//! Rows by column, as they are sent. The format names columns and types, so that the server refuses what does not fit its table.

use ::clickhouse::native::{
    builder::{BlockBuilder, ColumnBuilder},
    encode::Encode,
    Block,
};
use sqlx::{any::AnyRow, Row as _};

use super::{tables::CopiedTable, CopyError};
use crate::rows::Kind;

/// Of rows that were read in the sequence of [`CopiedTable::column_names`]; there is at least one.
pub(super) fn block(table: &CopiedTable, rows: &[AnyRow]) -> Result<Block, CopyError> {
    let mut block = BlockBuilder::new();
    for (place, (name, kind)) in table.columns.iter().enumerate() {
        match kind {
            Kind::Number => {
                let numbers = rows.iter().map(|row| row.try_get::<i64, _>(place));
                add(&mut block, name, numbers)?;
            }
            Kind::NumberOrNone => {
                let numbers = rows.iter().map(|row| row.try_get::<Option<i64>, _>(place));
                add(&mut block, name, numbers)?;
            }
            Kind::Flag => {
                let flags = rows.iter().map(|row| {
                    let flag: i64 = row.try_get(place)?;
                    Ok::<_, sqlx::Error>(u8::from(flag != 0))
                });
                add(&mut block, name, flags)?;
            }
            Kind::Text => {
                let texts = rows.iter().map(|row| row.try_get::<String, _>(place));
                add(&mut block, name, texts)?;
            }
            Kind::TextOrNone => {
                let texts = rows
                    .iter()
                    .map(|row| row.try_get::<Option<String>, _>(place));
                add(&mut block, name, texts)?;
            }
        }
    }
    let revisions = rows.iter().map(|row| {
        let revision: i64 = row.try_get(table.columns.len())?;
        Ok::<_, sqlx::Error>(u64::try_from(revision).unwrap_or(0))
    });
    add(&mut block, "revision", revisions)?;
    block.build().map_err(CopyError::no_block)
}

fn add<T: Encode>(
    block: &mut BlockBuilder,
    name: &str,
    values: impl Iterator<Item = Result<T, sqlx::Error>>,
) -> Result<(), CopyError> {
    let mut column: ColumnBuilder<'_, T> =
        block.upsert_column(name).map_err(CopyError::no_block)?;
    for value in values {
        let value = value.map_err(crate::store::StoreError::from)?;
        column.add(value).map_err(CopyError::no_block)?;
    }
    Ok(())
}
