//! The database: SQLite in a file, or PostgreSQL by its address. Both read the same lines of SQL, and hold the same rows.

mod ask;
mod billed;
mod corrections;
mod error;
mod known;
mod lease;
mod movements;
mod open;
mod owners;
mod read;
mod record;
mod revisions;
mod span;
mod sums;
mod write;

pub use billed::Billed;
pub use corrections::CorrectionSum;
pub use error::StoreError;
pub use lease::Lease;
pub use movements::{Checkpoint, Told};
pub use open::Store;
pub use read::{At, Paging};
pub use record::MarketRecord;
pub use span::Span;
pub use sums::{Balance, PriceSum};

/// A market's number in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MarketId(pub i64);
