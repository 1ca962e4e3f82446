//! Whole accounts: a header and the rows behind it, as one value of their own. The layouts are those of the programs
//! ([`crate::layout`]).

use joulebook_layout::{
    account::read_header,
    cut,
    market::{
        block_count, Book, BookRows, BookSeat, History, HistoryRecord, Ledger, Level, NodeState,
        Order, OrderState, Page, PageRows, PageWindow, Phase, Position, Seat, StandingOrders,
        StandingSeat,
    },
    oracle::{IntervalPage, IntervalPageRows, Meter, MeterTable, PageEntry, PageRegisters},
    Account, Viewer, DISCRIMINATOR_LEN,
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
        #[derive(Clone, Debug, PartialEq, Eq)]
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
    /// What seats order in every window; a seat's place is its participant's index.
    StandingTable { StandingOrders, seats: StandingSeat }
}

table! {
    /// Past windows; the one that starts at t is in record (t / length) mod capacity.
    HistoryTable { History, records: HistoryRecord }
}

table! {
    /// A community's meters, by row; see [`MeterRecords::meter`].
    MeterRecords { MeterTable, meters: Meter }
}

impl MeterRecords {
    /// The meter with this number; `None` if there is none, or its row has another by now.
    pub fn meter(&self, number: u32) -> Option<&Meter> {
        let row = Meter::row(number);
        let meter = self.meters.get(usize::from(row))?;
        (row < self.header.count && meter.number(row) == number).then_some(meter)
    }
}

/// What comes first in a book: all but its orders and their sums.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookHead {
    pub header: Book,
    /// By participant's index.
    pub seats: Vec<BookSeat>,
}

impl BookHead {
    /// Bytes of a book with so many nodes and seats.
    pub const fn len(nodes: u8, seats: u16) -> usize {
        DISCRIMINATOR_LEN
            + size_of::<Book>()
            + nodes as usize * size_of::<NodeState>()
            + seats as usize * size_of::<BookSeat>()
    }

    /// Of as many bytes as [`BookHead::len`] says, or of a whole book.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn from_bytes(data: &[u8]) -> Result<BookHead, TableError> {
        if !data.starts_with(&Book::DISCRIMINATOR) {
            return Err(TableError::Discriminator);
        }
        let header: Book = read_header(data).ok_or(TableError::Length)?;
        let Book {
            nodes,
            ticks,
            seats,
            orders,
            ..
        } = header;
        let len = BookHead::len(nodes, seats);
        if ![len, Book::full_len(nodes, ticks, seats, orders)].contains(&data.len()) {
            return Err(TableError::Length);
        }
        let rows = data[BookHead::len(nodes, 0)..len].chunks_exact(size_of::<BookSeat>());
        Ok(BookHead {
            header,
            seats: rows.map(bytemuck::pod_read_unaligned).collect(),
        })
    }
}

/// What a window's orders come to: all of a book but its seats and the orders themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookDepth {
    pub header: Book,
    pub nodes: Vec<NodeState>,
    /// Block sums, node by node.
    pub blocks: Vec<Level>,
    /// Energy per tick, node by node.
    pub levels: Vec<Level>,
}

impl BookDepth {
    /// Bytes of a book with so many nodes, ticks and seats, up to its orders.
    pub const fn len(nodes: u8, ticks: u16, seats: u16) -> usize {
        Book::full_len(nodes, ticks, seats, 0)
    }

    /// Of as many bytes as [`BookDepth::len`] says, or of more.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn from_bytes(data: &[u8]) -> Result<BookDepth, TableError> {
        let copy = aligned::<Book>(data)?;
        let depth = || {
            let mut viewer = Viewer::new(bytemuck::cast_slice(&copy).get(..data.len())?)?;
            let header = viewer.header::<Book>()?;
            let nodes = usize::from(header.nodes);
            let [blocks, levels] = [block_count(header.ticks), header.ticks.into()];
            let states = viewer.rows(nodes)?.to_vec();
            viewer.rows::<BookSeat>(header.seats.into())?;
            Some(BookDepth {
                header: *header,
                nodes: states,
                blocks: viewer.rows(nodes.checked_mul(blocks)?)?.to_vec(),
                levels: viewer.rows(nodes.checked_mul(levels)?)?.to_vec(),
            })
        };
        depth().ok_or(TableError::Length)
    }
}

/// One slot of a market's book ring: the orders of one window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookTable {
    pub header: Book,
    pub nodes: Vec<NodeState>,
    /// By participant's index.
    pub seats: Vec<BookSeat>,
    /// Block sums, node by node.
    pub blocks: Vec<Level>,
    /// Energy per tick, node by node.
    pub levels: Vec<Level>,
    /// Every slot; those from `header.used_orders` on are stale.
    pub orders: Vec<Order>,
}

impl BookTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full book.
    pub fn from_bytes(data: &[u8]) -> Result<BookTable, TableError> {
        let mut copy = aligned::<Book>(data)?;
        let data = &mut bytemuck::cast_slice_mut(&mut copy)[..data.len()];
        let rows = BookRows::cut(data).ok_or(TableError::Length)?;
        Ok(BookTable {
            header: *rows.header,
            nodes: rows.nodes.to_vec(),
            seats: rows.seats.to_vec(),
            blocks: rows.blocks.to_vec(),
            levels: rows.levels.to_vec(),
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

/// What comes first in a page: prices and outcomes of its windows, without what seats have in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageHead {
    pub header: Page,
    pub windows: Vec<PageWindow>,
}

impl PageHead {
    /// Bytes of a page with so many windows, up to the positions.
    pub const fn len(windows: u16) -> usize {
        Page::full_len(windows, 0)
    }

    /// Of as many bytes as [`PageHead::len`] says, or of more.
    ///
    /// # Errors
    /// [`TableError`].
    pub fn from_bytes(data: &[u8]) -> Result<PageHead, TableError> {
        let copy = aligned::<Page>(data)?;
        let head = || {
            let mut viewer = Viewer::new(bytemuck::cast_slice(&copy).get(..data.len())?)?;
            let header = viewer.header::<Page>()?;
            Some(PageHead {
                header: *header,
                windows: viewer.rows(header.windows.into())?.to_vec(),
            })
        };
        head().ok_or(TableError::Length)
    }
}

/// One slot of a market's page ring: what consecutive windows leave behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageTable {
    pub header: Page,
    pub windows: Vec<PageWindow>,
    /// Window by window, all seats of each.
    pub positions: Vec<Position>,
}

impl PageTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full page.
    pub fn from_bytes(data: &[u8]) -> Result<PageTable, TableError> {
        let mut copy = aligned::<Page>(data)?;
        let data = &mut bytemuck::cast_slice_mut(&mut copy)[..data.len()];
        let rows = PageRows::cut(data).ok_or(TableError::Length)?;
        Ok(PageTable {
            header: *rows.header,
            windows: rows.windows.to_vec(),
            positions: rows.positions.to_vec(),
        })
    }

    /// That of a seat in window number `window`; `None` beyond the page.
    pub fn position(&self, window: u16, seat: u16) -> Option<&Position> {
        let place = place(window.into(), seat, self.header.seats)?;
        self.positions.get(place)
    }
}

/// One slot of a meter table's page ring: what each meter moved in consecutive intervals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntervalPageTable {
    pub header: IntervalPage,
    /// By meter.
    pub registers: Vec<PageRegisters>,
    /// Meter by meter, all intervals of each.
    pub entries: Vec<PageEntry>,
}

impl IntervalPageTable {
    /// # Errors
    /// [`TableError`] if the bytes are not a full page.
    pub fn from_bytes(data: &[u8]) -> Result<IntervalPageTable, TableError> {
        let mut copy = aligned::<IntervalPage>(data)?;
        let data = &mut bytemuck::cast_slice_mut(&mut copy)[..data.len()];
        let rows = IntervalPageRows::cut(data).ok_or(TableError::Length)?;
        Ok(IntervalPageTable {
            header: *rows.header,
            registers: rows.registers.to_vec(),
            entries: rows.entries.to_vec(),
        })
    }

    /// That of a meter in interval number `interval`; `None` beyond the page. Its row alone counts: one that a page of the
    /// ring has something of has no other meter yet.
    pub fn entry(&self, meter: u32, interval: u16) -> Option<&PageEntry> {
        let place = place(Meter::row(meter).into(), interval, self.header.intervals)?;
        self.entries.get(place)
    }
}

/// The place of an element in rows of `length`; `None` beyond the row.
fn place(row: u32, element: u16, length: u16) -> Option<usize> {
    let row = usize::try_from(row).ok()?;
    let first = row.checked_mul(length.into())?;
    (element < length).then_some(first.checked_add(element.into())?)
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
