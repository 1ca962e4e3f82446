//! The slices behind the headers of the large accounts, which the IDLs can't express. Each type is laid
//! out as the program has it, little endian, without padding; `tests/` compares them.

mod cut;
mod history;
mod interval;
mod ledger;
mod meter_table;
mod sizes;
mod window;

pub use history::{HistoryRecord, HistoryTable};
pub use interval::{IntervalEntry, IntervalTable, Quality};
pub use ledger::{LedgerTable, Seat};
pub use meter_table::{Meter, MeterRecords};
pub use window::{NodeState, Order, Phase, Position, WindowTable};

/// Why an account's bytes are not the table they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the account is of another kind; check its address")]
    Discriminator,
    #[error("the account is not as long as its header says; a new one must be grown first")]
    Length,
}
