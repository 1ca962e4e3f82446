//! All tables of a market and its meters, read at once.

use std::collections::BTreeMap;

use joulebook_client::{
    layout::{
        market::{Page, PageWindow, Phase, Position, WindowStatus},
        oracle::Meter,
    },
    tables::{BookTable, IntervalPageTable, LedgerTable, MeterRecords, PageTable},
};
use joulebook_units::Price;

use crate::LocalCommunity;

pub struct State {
    /// Unix seconds.
    pub now: i64,
    pub ledger: LedgerTable,
    /// `None` before it has its full length.
    meters: Option<MeterRecords>,
    /// Numbers of the meters of each participant, by index.
    owned: BTreeMap<u16, Vec<usize>>,
    /// Those that were ever used.
    pub books: Vec<BookTable>,
    /// Those that were ever used, by start.
    pub pages: Vec<PageTable>,
    pub interval_pages: Vec<IntervalPageTable>,
}

impl State {
    pub fn of(community: &LocalCommunity) -> State {
        let table = community.chain.data(&community.addresses.meter_table);
        let meters = MeterRecords::from_bytes(&table).ok();
        let mut books = community.books();
        books.retain(|book| book.phase() != Some(Phase::Free));
        let mut pages = community.pages();
        pages.retain(|page| page.header.start != Page::NEVER);
        pages.sort_by_key(|page| page.header.start);
        State {
            now: community.chain.now(),
            ledger: community.ledger(),
            owned: meters.as_ref().map(owned).unwrap_or_default(),
            meters,
            books,
            pages,
            interval_pages: community.interval_pages(),
        }
    }

    /// The meters of a participant, with their numbers.
    pub fn meters_of(&self, participant: u16) -> impl Iterator<Item = (usize, &Meter)> {
        let numbers = self.owned.get(&participant).into_iter().flatten();
        let rows = self.meters.as_ref().map_or(&[][..], |table| &table.meters);
        numbers.map(|number| (*number, &rows[*number]))
    }

    /// All windows of all pages.
    pub fn windows(&self) -> impl Iterator<Item = Window<'_>> {
        self.pages.iter().flat_map(windows)
    }

    /// The window of a book, if its page is still there.
    pub fn window_of(&self, book: &BookTable) -> Option<Window<'_>> {
        let start = book.header.start;
        self.windows().find(|window| window.start() == start)
    }

    /// The book with the orders of a window that has no contracts yet.
    pub fn book_of(&self, window: &Window) -> Option<&BookTable> {
        let mut books = self.books.iter().filter(|book| is_busy(book));
        books.find(|book| book.header.start == window.start())
    }
}

fn owned(table: &MeterRecords) -> BTreeMap<u16, Vec<usize>> {
    let registered = table.meters.iter().take(table.header.count.into());
    let mut owned: BTreeMap<u16, Vec<usize>> = BTreeMap::new();
    for (number, meter) in registered.enumerate() {
        owned.entry(meter.participant).or_default().push(number);
    }
    owned
}

/// Whether there are orders in the book that have not all become contracts.
pub fn is_busy(book: &BookTable) -> bool {
    matches!(book.phase(), Some(Phase::Open | Phase::Cleared))
}

/// A window as its page knows it.
#[derive(Clone, Copy)]
pub struct Window<'a> {
    pub page: &'a Page,
    pub number: u16,
    pub row: &'a PageWindow,
    pub positions: &'a [Position],
}

fn windows(page: &PageTable) -> impl Iterator<Item = Window<'_>> {
    let seats = usize::from(page.header.seats).max(1);
    let rows = page.windows.iter().zip(page.positions.chunks(seats));
    (0u16..).zip(rows).map(|(number, (row, positions))| Window {
        page: &page.header,
        number,
        row,
        positions,
    })
}

impl<'a> Window<'a> {
    /// Unix seconds.
    pub fn start(&self) -> i64 {
        self.end() - i64::from(self.page.window_seconds)
    }

    /// Unix seconds.
    pub fn end(&self) -> i64 {
        self.page.end_of(self.number)
    }

    pub fn price(&self) -> Price {
        Price(self.row.price)
    }

    pub fn is(&self, status: WindowStatus) -> bool {
        self.row.is(status)
    }

    /// The positions with their seats.
    pub fn seats(&self) -> impl Iterator<Item = (u16, &'a Position)> {
        (0u16..).zip(self.positions)
    }

    /// Whether a seat's position can't change any more.
    pub fn is_final(&self, seat: u16) -> bool {
        seat < self.page.final_seats
    }

    /// For messages.
    pub fn name(&self) -> String {
        format!("the window at {}", self.start())
    }
}
