//! Whole accounts: a header and the rows behind it, as one value of their own. The layouts are those of the programs
//! ([`crate::layout`]).

use joulebook_layout::{
    cut,
    market::{
        History, HistoryRecord, Ledger, Level, NodeState, Order, OrderState, Phase, Position, Seat,
        Window, WindowRows,
    },
    oracle::{Interval, IntervalEntry, Meter, MeterTable},
    Account,
};

/// Why an account's bytes are not the table they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    #[error("the account is of another kind; check its address")]
    Discriminator,
    #[error("the account is not as long as its header says; a new one must be grown first")]
    Length,
}

/// A table with rows of one kind.
macro_rules! table {
    ($(#[$doc:meta])* $table:ident { $header:ident, $rows:ident: $row:ident }) => {
        $(#[$doc])*
        #[derive(Clone, Debug)]
        pub struct $table {
            pub header: $header,
            pub $rows: Vec<$row>,
        }

        impl $table {
            /// # Errors
            /// [`TableError`] if the bytes are not a full table of this kind.
            pub fn from_bytes(data: &[u8]) -> Result<$table, TableError> {
                let mut copy = aligned::<$header>(data)?;
                let data = &mut bytemuck::cast_slice_mut(&mut copy)[..data.len()];
                let (header, rows) = cut::<$header>(data).ok_or(TableError::Length)?;
                Ok($table {
                    header: *header,
                    $rows: rows.to_vec(),
                })
            }
        }
    };
}

table! {
    /// A market's money; a seat's place is its participant's index.
    LedgerTable { Ledger, seats: Seat }
}

table! {
    /// Past windows; the one that starts at t is in record (t / length) mod capacity.
    HistoryTable { History, records: HistoryRecord }
}

table! {
    /// A community's meters; a meter's place is its number.
    MeterRecords { MeterTable, meters: Meter }
}

table! {
    /// What each meter moved in one interval; an entry's place is the meter's number.
    IntervalTable { Interval, entries: IntervalEntry }
}

/// One slot of a market's window ring.
#[derive(Clone, Debug)]
pub struct WindowTable {
    pub header: Window,
    pub nodes: Vec<NodeState>,
    /// Block sums, node by node.
    pub blocks: Vec<Level>,
    /// Energy per tick, node by node.
    pub levels: Vec<Level>,
    /// By seat.
    pub positions: Vec<Position>,
    /// Every slot of the book; those from `header.used_orders` on are stale.
    pub orders: Vec<Order>,
}

impl WindowTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full window.
    pub fn from_bytes(data: &[u8]) -> Result<WindowTable, TableError> {
        let mut copy = aligned::<Window>(data)?;
        let data = &mut bytemuck::cast_slice_mut(&mut copy)[..data.len()];
        let rows = WindowRows::cut(data).ok_or(TableError::Length)?;
        Ok(WindowTable {
            header: *rows.header,
            nodes: rows.nodes.to_vec(),
            blocks: rows.blocks.to_vec(),
            levels: rows.levels.to_vec(),
            positions: rows.positions.to_vec(),
            orders: rows.orders.to_vec(),
        })
    }

    /// `None` for a phase that this client does not know.
    pub fn phase(&self) -> Option<Phase> {
        self.header.phase()
    }

    /// The live orders with their places, in sequence.
    pub fn live_orders(&self) -> impl Iterator<Item = (u16, &Order)> {
        let used = usize::from(self.header.used_orders);
        (0u16..)
            .zip(self.orders.iter().take(used))
            .filter(|(_, order)| order.state != OrderState::Free as u8)
    }
}

/// An account's data with the alignment that rows need, which bytes from the network have not.
fn aligned<H: Account>(data: &[u8]) -> Result<Vec<u64>, TableError> {
    if !data.starts_with(&H::DISCRIMINATOR) {
        return Err(TableError::Discriminator);
    }
    let mut copy = vec![0; data.len().div_ceil(size_of::<u64>())];
    bytemuck::cast_slice_mut(&mut copy)[..data.len()].copy_from_slice(data);
    Ok(copy)
}
