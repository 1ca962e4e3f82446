//! What the accounts say now.

use joulebook_client::{
    layout::{
        market::{Market, PageWindow, Position, Seat},
        oracle::{MeterStatus, PageEntry},
    },
    reading,
    steps::MarketState,
    tables::{BookTable, HistoryTable, IntervalPageTable, LedgerTable, MeterRecords, PageTable},
};

use super::LocalCommunity;

impl LocalCommunity {
    pub fn market(&self) -> Market {
        Market::from_bytes(&self.chain.data(&self.addresses.market))
            .expect("the market was created")
    }

    pub fn ledger(&self) -> LedgerTable {
        LedgerTable::from_bytes(&self.chain.data(&self.addresses.ledger))
            .expect("the ledger was created")
    }

    /// Of household number `place`.
    pub fn seat(&self, place: usize) -> Seat {
        self.ledger().seats[usize::from(self.households[place].seat)]
    }

    pub fn supplier_seat(&self) -> Seat {
        self.ledger().seats[usize::from(self.supplier.seat)]
    }

    /// The book account that the window at `start` uses, whichever window it holds now.
    pub fn book(&self, start: i64) -> BookTable {
        BookTable::from_bytes(&self.chain.data(&self.addresses.book(start)))
            .expect("the book was created")
    }

    /// The page account that the window at `start` uses, whichever page it holds now.
    pub fn page(&self, start: i64) -> PageTable {
        PageTable::from_bytes(&self.chain.data(&self.addresses.page(start)))
            .expect("the page was created")
    }

    /// What its page says of the window at `start`; all zero while the slot does not hold that page.
    pub fn window(&self, start: i64) -> PageWindow {
        let number = usize::from(self.addresses.window_number(start));
        match self.page_of(start) {
            Some(page) => page.windows[number],
            None => PageWindow::default(),
        }
    }

    /// Of all seats in the window at `start`; all zero while the slot does not hold its page.
    pub fn positions(&self, start: i64) -> Vec<Position> {
        let seats = usize::from(self.parameters.seats);
        let first = usize::from(self.addresses.window_number(start)) * seats;
        match self.page_of(start) {
            Some(page) => page.positions[first..first + seats].to_vec(),
            None => vec![Position::default(); seats],
        }
    }

    /// Of one seat in the window at `start`.
    pub fn position(&self, start: i64, seat: u16) -> Position {
        self.positions(start)[usize::from(seat)]
    }

    fn page_of(&self, start: i64) -> Option<PageTable> {
        let page = self.page(start);
        (page.header.start == self.addresses.page_start(start)).then_some(page)
    }

    /// The oracle's page account that the interval at `start` uses, whichever page it holds now.
    pub fn interval_page(&self, start: i64) -> IntervalPageTable {
        IntervalPageTable::from_bytes(&self.chain.data(&self.addresses.interval_page(start)))
            .expect("the page was created")
    }

    /// What a meter moved in the interval at `start`; nothing known while the slot does not hold its page.
    pub fn entry(&self, start: i64, meter: u32) -> PageEntry {
        let page = self.interval_page(start);
        if page.header.start != self.addresses.page_start(start) {
            return PageEntry::MISSING;
        }
        let interval = self.addresses.window_number(start);
        *page
            .entry(meter, interval)
            .expect("the page has room for every meter")
    }

    /// Every book account that exists at its full length.
    pub fn books(&self) -> Vec<BookTable> {
        let slots = 0..self.parameters.books;
        let books = slots.map(|slot| self.chain.data(&self.addresses.book_slot(slot)));
        books
            .filter_map(|data| BookTable::from_bytes(&data).ok())
            .collect()
    }

    /// Every page account that exists at its full length.
    pub fn pages(&self) -> Vec<PageTable> {
        let slots = 0..self.parameters.pages;
        let pages = slots.map(|slot| self.chain.data(&self.addresses.page_slot(slot)));
        pages
            .filter_map(|data| PageTable::from_bytes(&data).ok())
            .collect()
    }

    /// Every page account of the oracle that exists at its full length.
    pub fn interval_pages(&self) -> Vec<IntervalPageTable> {
        let slots = 0..self.parameters.pages;
        let pages = slots.map(|slot| self.chain.data(&self.addresses.interval_page_slot(slot)));
        pages
            .filter_map(|data| IntervalPageTable::from_bytes(&data).ok())
            .collect()
    }

    /// What the community's devices sign for.
    pub fn binding(&self) -> [u8; 32] {
        reading::binding(&self.parameters.cluster, &self.addresses.meter_table)
    }

    pub fn meters(&self) -> MeterRecords {
        MeterRecords::from_bytes(&self.chain.data(&self.addresses.meter_table))
            .expect("the meter table was created")
    }

    pub fn history(&self) -> HistoryTable {
        HistoryTable::from_bytes(&self.chain.data(&self.addresses.history))
            .expect("the history was created")
    }

    /// All that a keeper looks at.
    pub fn market_state(&self) -> MarketState {
        let data: Vec<Vec<u8>> = MarketState::accounts(&self.addresses)
            .iter()
            .map(|address| self.chain.data(address))
            .collect();
        MarketState::decode(&self.addresses, &data).expect("market and ledger were created")
    }

    /// Of a window, seconds.
    pub fn window_length(&self) -> i64 {
        i64::from(self.parameters.window_seconds)
    }

    /// Of a page, seconds.
    pub fn page_length(&self) -> i64 {
        self.addresses.page_seconds()
    }

    /// The first window boundary after now.
    pub fn next_start(&self) -> i64 {
        let length = self.window_length();
        (self.chain.now().div_euclid(length) + 1) * length
    }

    /// The start of the first window that leaves a whole one for its orders and lies in a page in which every meter that
    /// is not retired is in service.
    pub fn first_start(&self) -> i64 {
        let table = self.meters();
        let registered = table.meters.iter().take(table.header.count.into());
        registered
            .filter(|meter| !meter.is(MeterStatus::Retired))
            .map(|meter| meter.service_from)
            .fold(self.next_start() + self.window_length(), i64::max)
    }

    /// Lets time pass, if it is not that late yet; unix seconds.
    pub fn pass_until(&mut self, time: i64) {
        let now = self.chain.now();
        self.chain.set_time(now.max(time));
    }
}
