//! A market of four seats and three meters, without a chain: seat 0 is the supplier, seat n has meter n − 1.

use crate::{
    layout::{
        market::{
            Book, BookSeat, Ledger, Market, MarketTerms, Page, PageWindow, Phase, Position, Seat,
            SeatStatus, Supplier,
        },
        oracle::{
            IntervalPage, Meter, MeterStatus, MeterTable, PageEntry, PageRegisters, Quality, ALWAYS,
        },
        registry::Community,
    },
    steps::MarketState,
    tables::{BookHead, IntervalPageTable, LedgerTable, MeterRecords, PageTable},
};
use joulebook_units::Wh;

/// Of a window, seconds.
pub const LENGTH: i64 = 300;
/// Windows of a page.
pub const WINDOWS: u16 = 4;
/// Of a page, seconds.
pub const SPAN: i64 = 1_200;
pub const HORIZON: i64 = 900;
pub const GATE_LEAD: i64 = 60;
pub const GRACE: i64 = 600;
/// Behind a page's end.
pub const CORRECTION: i64 = 1_200;
pub const BOOKS: u16 = 8;
pub const PAGES: u16 = 6;
pub const SEATS: u16 = 4;
pub const METERS: u16 = 3;
/// Silent windows before a standard draw.
pub const DRAW_AFTER: u16 = 2;
/// Wh.
pub const DRAW: u32 = 50;
/// Atoms per kWh.
pub const SHORT: i32 = 3;
/// Atoms per kWh.
pub const LONG: i32 = 1;
pub const WEEK: i64 = 7 * 86_400;
/// A boundary that has slot 0 in all rings.
pub const NOON: i64 = SPAN * PAGES as i64 * 1_000;
pub const NEVER: i64 = i64::MIN;

/// A market where nothing has happened yet.
pub fn fresh() -> MarketState {
    MarketState {
        community: Community::default(),
        market: market(),
        ledger: LedgerTable {
            header: Ledger {
                last_final: NEVER,
                suppliers: [0, Supplier::NOBODY].map(Supplier::new),
                supplier_from: NEVER,
                capacity: SEATS,
                open_seats: SEATS,
                version: 1,
                ..Default::default()
            },
            seats: vec![open_seat(); SEATS.into()],
        },
        meter_table: MeterRecords {
            header: MeterTable {
                last_opened: NEVER,
                last_finished: NEVER,
                settled_from: NEVER,
                interval_seconds: LENGTH as u32,
                reading_seconds: 600,
                correction_seconds: CORRECTION as u32,
                capacity: METERS,
                count: METERS,
                page_intervals: WINDOWS,
                ring: PAGES,
                pages: PAGES,
                version: 1,
                ..Default::default()
            },
            meters: (1..=METERS).map(meter_of).collect(),
        },
        standing_orders: None,
        books: (0..BOOKS).map(book_slot).collect(),
        pages: (0..PAGES).map(page_slot).collect(),
        interval_pages: (0..PAGES).map(interval_page_slot).collect(),
    }
}

fn open_seat() -> Seat {
    Seat {
        status: SeatStatus::Open as u8,
        ..Default::default()
    }
}

fn market() -> Market {
    let terms = MarketTerms {
        horizon: HORIZON as u32,
        gate_lead: GATE_LEAD as u32,
        metering_grace: GRACE as u32,
        draw_after: DRAW_AFTER,
        tick_size: 1,
        min_quantity: 1,
        min_lock: 1,
        ..Default::default()
    };
    Market {
        community: [1; 32].into(),
        meter_table: [2; 32].into(),
        quote_mint: [3; 32].into(),
        token_program: [4; 32].into(),
        vault: [5; 32].into(),
        terms,
        planned_terms: terms,
        last_page: NEVER,
        ends_at: Market::ENDLESS,
        window_seconds: LENGTH as u32,
        correction_seconds: CORRECTION as u32,
        books: BOOKS,
        page_windows: WINDOWS,
        pages: PAGES,
        seats: SEATS,
        orders: 4,
        ticks: 4,
        history: 4,
        max_orders_per_seat: 4,
        first_supplier: 0,
        grid_operator: 0,
        book_accounts: BOOKS,
        page_accounts: PAGES,
        nodes: 1,
        has_ledger: 1,
        has_history: 1,
        version: 1,
        ..Default::default()
    }
}

fn meter_of(participant: u16) -> Meter {
    Meter {
        service_until: ALWAYS,
        standard_draw: DRAW,
        participant,
        status: MeterStatus::Active as u8,
        ..Default::default()
    }
}

fn book_slot(slot: u16) -> BookHead {
    let header = Book {
        start: NEVER,
        ticks: 4,
        seats: SEATS,
        orders: 4,
        slot,
        phase: Phase::Free as u8,
        nodes: 1,
        version: 1,
        ..Default::default()
    };
    BookHead {
        header,
        seats: vec![BookSeat::default(); SEATS.into()],
    }
}

fn page_slot(slot: u16) -> PageTable {
    let window = PageWindow {
        short: SHORT,
        long: LONG,
        ..Default::default()
    };
    PageTable {
        header: Page {
            start: NEVER,
            previous: NEVER,
            metering_grace: GRACE as u32,
            window_seconds: LENGTH as u32,
            draw_after: DRAW_AFTER,
            windows: WINDOWS,
            seats: SEATS,
            slot,
            version: 1,
            ..Default::default()
        },
        windows: vec![window; WINDOWS.into()],
        positions: vec![Position::default(); usize::from(WINDOWS * SEATS)],
    }
}

fn interval_page_slot(slot: u16) -> IntervalPageTable {
    IntervalPageTable {
        header: IntervalPage {
            start: NEVER,
            previous: NEVER,
            capacity: METERS,
            intervals: WINDOWS,
            slot,
            version: 1,
            ..Default::default()
        },
        registers: vec![PageRegisters::default(); METERS.into()],
        entries: vec![PageEntry::MISSING; usize::from(METERS * WINDOWS)],
    }
}

/// The slot of the window at `start`.
pub fn book(state: &mut MarketState, start: i64) -> &mut Book {
    &mut book_head(state, start).header
}

/// The slot of the window at `start`, with what it holds of seats.
pub fn book_head(state: &mut MarketState, start: i64) -> &mut BookHead {
    &mut state.books[start.div_euclid(LENGTH).rem_euclid(BOOKS.into()) as usize]
}

/// The slot of the page at `time`.
pub fn page(state: &mut MarketState, time: i64) -> &mut PageTable {
    &mut state.pages[page_number(time)]
}

/// The oracle's slot of the page at `time`.
pub fn interval_page(state: &mut MarketState, time: i64) -> &mut IntervalPageTable {
    &mut state.interval_pages[page_number(time)]
}

fn page_number(time: i64) -> usize {
    time.div_euclid(SPAN).rem_euclid(PAGES.into()) as usize
}

/// Which of its page's windows starts at `start`.
pub fn window_number(start: i64) -> u16 {
    (start.rem_euclid(SPAN) / LENGTH) as u16
}

/// Lets a meter have drawn so much in the interval at `start`, Wh.
pub fn hear(state: &mut MarketState, start: i64, meter: u16, drawn: u32) {
    let page = interval_page(state, start);
    assert_eq!(page.header.start, start - start.rem_euclid(SPAN));
    let entry = PageEntry::new(Wh(drawn), Wh(0), Quality::Measured, true).unwrap();
    page.entries[usize::from(meter * WINDOWS + window_number(start))] = entry;
}

/// Lets every meter have drawn 10 Wh in the interval at `start`.
pub fn hear_everybody(state: &mut MarketState, start: i64) {
    for meter in 0..METERS {
        hear(state, start, meter, 10);
    }
}

/// Gives a seat contracts, Wh, in the window at `start`.
pub fn contract(state: &mut MarketState, start: i64, seat: u16, bought: u32, sold: u32) {
    let position = position(state, start, seat);
    (position.bought, position.sold) = (bought, sold);
}

pub fn position(state: &mut MarketState, start: i64, seat: u16) -> &mut Position {
    let place = usize::from(window_number(start) * SEATS + seat);
    &mut page(state, start).positions[place]
}
