//! Rows as they are sent: a line of JSON each, which names its columns, so that the server refuses what does not fit its table.

use serde_json::{json, Map, Value};
use sqlx::{any::AnyRow, Row as _};

use super::{tables::CopiedTable, CopyError};
use crate::{rows::Kind, store::StoreError};

/// Of rows that were read in the sequence of [`CopiedTable::column_names`].
pub(super) fn lines(table: &CopiedTable, rows: &[AnyRow]) -> Result<Vec<u8>, CopyError> {
    let mut lines = vec![];
    for row in rows {
        let line = object(table, row).map_err(StoreError::from)?;
        serde_json::to_writer(&mut lines, &line).map_err(CopyError::no_lines)?;
        lines.push(b'\n');
    }
    Ok(lines)
}

fn object(table: &CopiedTable, row: &AnyRow) -> Result<Map<String, Value>, sqlx::Error> {
    let mut object = Map::new();
    for (place, (name, kind)) in table.columns.iter().enumerate() {
        let value = match kind {
            Kind::Number => json!(row.try_get::<i64, _>(place)?),
            Kind::NumberOrNone => json!(row.try_get::<Option<i64>, _>(place)?),
            Kind::Flag => json!(u8::from(row.try_get::<i64, _>(place)? != 0)),
            Kind::Text => json!(row.try_get::<String, _>(place)?),
            Kind::TextOrNone => json!(row.try_get::<Option<String>, _>(place)?),
        };
        object.insert((*name).to_owned(), value);
    }
    let revision: i64 = row.try_get(table.columns.len())?;
    object.insert("revision".to_owned(), json!(revision));
    Ok(object)
}
