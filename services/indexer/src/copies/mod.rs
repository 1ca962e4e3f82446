//! Copies of all rows in ClickHouse, for questions over many markets. The database has the rows, the transactions and how far
//! copies have come ([`Store::copied`](crate::store::Store::copied)); ClickHouse is written to and never asked for anything but
//! whose copies it has. So it may be away for as long as it likes: whatever was written since is copied once it is back.
//!
//! | module | subject |
//! | --- | --- |
//! | `options` | where ClickHouse is |
//! | `tables` | what it holds: the database's tables and columns |
//! | `lines` | rows as they are sent |
//! | `clickhouse` | what is asked of it |
//! | `copying` | one step after the other |

mod clickhouse;
mod copying;
mod error;
mod lines;
mod options;
mod tables;

pub use clickhouse::ClickHouse;
pub use copying::{Copying, Progress};
pub use error::CopyError;
pub use options::{ClickHouseOptions, ClickHouseOptionsError};
pub use tables::{copied_tables, CopiedTable};
