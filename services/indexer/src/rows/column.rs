//! What a column can hold.

use sqlx::{any::AnyRow, Row as _};

/// A number that no database column holds.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{what} is {amount}, more than the database holds (2^63 - 1); nothing of this read is kept"
)]
pub struct RowError {
    pub what: &'static str,
    pub amount: u64,
}

/// # Errors
/// [`RowError`] beyond 63 bits.
pub fn number(what: &'static str, amount: u64) -> Result<i64, RowError> {
    i64::try_from(amount).map_err(|_| RowError { what, amount })
}

/// One column of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Number(Option<i64>),
    Text(Option<String>),
}

/// What a column holds; `None` where it may hold nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Number,
    NumberOrNone,
    /// 0 or 1.
    Flag,
    Text,
    TextOrNone,
}

/// What a column can hold.
pub trait Field: Sized {
    const KIND: Kind;
    fn value(&self) -> Value;
    /// # Errors
    /// If the column is missing, or of another type.
    fn get(row: &AnyRow, column: &str) -> Result<Self, sqlx::Error>;
}

impl Field for i64 {
    const KIND: Kind = Kind::Number;
    fn value(&self) -> Value {
        Value::Number(Some(*self))
    }
    fn get(row: &AnyRow, column: &str) -> Result<i64, sqlx::Error> {
        row.try_get(column)
    }
}

impl Field for Option<i64> {
    const KIND: Kind = Kind::NumberOrNone;
    fn value(&self) -> Value {
        Value::Number(*self)
    }
    fn get(row: &AnyRow, column: &str) -> Result<Option<i64>, sqlx::Error> {
        row.try_get(column)
    }
}

impl Field for bool {
    const KIND: Kind = Kind::Flag;
    fn value(&self) -> Value {
        Value::Number(Some((*self).into()))
    }
    fn get(row: &AnyRow, column: &str) -> Result<bool, sqlx::Error> {
        Ok(row.try_get::<i64, _>(column)? != 0)
    }
}

impl Field for String {
    const KIND: Kind = Kind::Text;
    fn value(&self) -> Value {
        Value::Text(Some(self.clone()))
    }
    fn get(row: &AnyRow, column: &str) -> Result<String, sqlx::Error> {
        row.try_get(column)
    }
}

impl Field for Option<String> {
    const KIND: Kind = Kind::TextOrNone;
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }
    fn get(row: &AnyRow, column: &str) -> Result<Option<String>, sqlx::Error> {
        row.try_get(column)
    }
}
