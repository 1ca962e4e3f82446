//! How long each table's account is, and so what rent it locks.

use joulebook_auction::{block_count, Level};

use super::{
    HistoryRecord, HistoryTable, IntervalEntry, IntervalTable, LedgerTable, Meter, MeterRecords,
    NodeState, Order, Position, Seat, WindowTable,
};
use crate::{
    market::accounts::{History, Ledger, Window},
    oracle::accounts::{Interval, MeterTable},
};

impl LedgerTable {
    /// Bytes of a ledger for so many seats.
    pub fn full_len(seats: u16) -> usize {
        Ledger::LEN + usize::from(seats) * size_of::<Seat>()
    }
}

impl HistoryTable {
    /// Bytes of a history of so many past windows.
    pub fn full_len(records: u16) -> usize {
        History::LEN + usize::from(records) * size_of::<HistoryRecord>()
    }
}

impl WindowTable {
    /// Bytes of a window with so many nodes, ticks, seats and orders.
    pub fn full_len(nodes: u8, ticks: u16, seats: u16, orders: u16) -> usize {
        let levels = block_count(ticks) + usize::from(ticks);
        Window::LEN
            + usize::from(nodes) * (size_of::<NodeState>() + levels * size_of::<Level>())
            + usize::from(seats) * size_of::<Position>()
            + usize::from(orders) * size_of::<Order>()
    }
}

impl MeterRecords {
    /// Bytes of a table of so many meters.
    pub fn full_len(meters: u16) -> usize {
        MeterTable::LEN + usize::from(meters) * size_of::<Meter>()
    }
}

impl IntervalTable {
    /// Bytes of an interval of so many meters.
    pub fn full_len(meters: u16) -> usize {
        Interval::LEN + usize::from(meters) * size_of::<IntervalEntry>()
    }
}
