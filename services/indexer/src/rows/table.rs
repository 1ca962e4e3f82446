//! Tables, and how rows of them are declared.

use sqlx::any::AnyRow;

use super::{Kind, Value};

/// A table, without the columns `market`, `slot` and `revision` that all have.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    pub name: &'static str,
    /// What tells its rows apart within a market.
    pub key: &'static [&'static str],
    pub columns: &'static [&'static str],
    /// Of each column.
    pub kinds: &'static [Kind],
}

/// A row of a table.
pub trait Row: Sized {
    const TABLE: Table;
    /// In the sequence of the table's columns.
    fn values(&self) -> Vec<Value>;
    /// # Errors
    /// If a column is missing, or of another type.
    fn read(row: &AnyRow) -> Result<Self, sqlx::Error>;
}

/// Declares a row: its table, what tells its rows apart, and its columns.
macro_rules! row {
    (
        $(#[$doc:meta])*
        $name:ident in $table:ident by [$($key:ident),+] {
            $($(#[$field_doc:meta])* $field:ident: $type:ty,)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)+
        }

        impl $crate::rows::Row for $name {
            const TABLE: $crate::rows::Table = $crate::rows::Table {
                name: stringify!($table),
                key: &[$(stringify!($key)),+],
                columns: &[$(stringify!($field)),+],
                kinds: &[$(<$type as $crate::rows::Field>::KIND),+],
            };

            fn values(&self) -> Vec<$crate::rows::Value> {
                vec![$($crate::rows::Field::value(&self.$field)),+]
            }

            fn read(row: &sqlx::any::AnyRow) -> Result<$name, sqlx::Error> {
                Ok($name { $($field: $crate::rows::Field::get(row, stringify!($field))?),+ })
            }
        }
    };
}

pub(super) use row;
