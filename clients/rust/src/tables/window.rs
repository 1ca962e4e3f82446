use bytemuck::{Pod, Zeroable};
use joulebook_auction::{block_count, Level};

use super::{
    cut::{check_discriminator, Cut},
    TableError,
};
use crate::market::accounts::{Window, WINDOW_DISCRIMINATOR};

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

/// The outcome of one node. Energy in Wh, price in atoms per kWh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct NodeState {
    pub volume: u64,
    /// Rationing of buys at the marginal tick: to give, asked for, asked and served so far.
    pub buys: [u64; 4],
    pub sells: [u64; 4],
    /// 0 if nothing traded.
    pub price: u32,
    /// The clearing interval, ticks.
    pub low: u16,
    pub high: u16,
}

/// What a seat has in one window, Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Position {
    /// What its orders lock, milli-atoms, until they are allocated.
    pub locked: u64,
    pub bought: u32,
    pub sold: u32,
    pub imported: u32,
    pub exported: u32,
    /// Live orders.
    pub orders: u16,
    /// 1 estimated, 2 caught up, 4 metered, 8 unread.
    pub flags: u8,
    pub reserved: [u8; 5],
}

/// One order. Its id is (window start, index, sequence).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Pod, Zeroable)]
#[repr(C)]
pub struct Order {
    pub quantity: u32,
    pub tick: u16,
    /// 0 free, 1 buy, 2 sell.
    pub state: u8,
    pub node: u8,
    /// Known once the window is allocated.
    pub filled: u32,
    pub seat: u16,
    pub sequence: u16,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Free,
    Open,
    Cleared,
    Allocated,
    Metered,
    Settled,
}

impl WindowTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full window.
    pub fn from_bytes(data: &[u8]) -> Result<WindowTable, TableError> {
        check_discriminator(data, &WINDOW_DISCRIMINATOR)?;
        let header = Window::from_bytes(data).map_err(|_| TableError::Length)?;
        let nodes = usize::from(header.nodes);
        let mut cut = Cut::behind(data, Window::LEN)?;
        let table = WindowTable {
            nodes: cut.records(nodes)?,
            blocks: cut.records(nodes * block_count(header.ticks))?,
            levels: cut.records(nodes * usize::from(header.ticks))?,
            positions: cut.records(header.seats.into())?,
            orders: cut.records(header.orders.into())?,
            header,
        };
        cut.finish()?;
        Ok(table)
    }

    /// `None` for a phase that this client does not know.
    pub fn phase(&self) -> Option<Phase> {
        match self.header.phase {
            0 => Some(Phase::Free),
            1 => Some(Phase::Open),
            2 => Some(Phase::Cleared),
            3 => Some(Phase::Allocated),
            4 => Some(Phase::Metered),
            5 => Some(Phase::Settled),
            _ => None,
        }
    }

    /// The live orders with their places, in sequence.
    pub fn live_orders(&self) -> impl Iterator<Item = (u16, &Order)> {
        let used = usize::from(self.header.used_orders);
        (0u16..)
            .zip(self.orders.iter().take(used))
            .filter(|(_, order)| order.state != 0)
    }
}
