use joulebook_client::{
    layout::{
        account::read_header,
        market::{Market, Page, PageWindow, Position, PositionStatus, Seat, WindowStatus},
        oracle::{Meter, MeterStatus},
        Account,
    },
    tables::{LedgerTable, MeterRecords, PageTable},
};

use super::*;

const LENGTH: i64 = 900;
const WINDOWS: u16 = 4;
const PAGE: i64 = LENGTH * WINDOWS as i64;
/// The start of a page.
const NOON: i64 = PAGE * 100;

fn zeroed<T: Account>() -> T {
    let mut data = T::DISCRIMINATOR.to_vec();
    data.resize(8 + size_of::<T>(), 0);
    read_header(&data).expect("zeros are one")
}

fn row<T: bytemuck::Pod>() -> T {
    bytemuck::pod_read_unaligned(&vec![0; size_of::<T>()])
}

fn page(start: i64) -> PageTable {
    let mut header: Page = zeroed();
    header.start = start;
    header.window_seconds = LENGTH as u32;
    header.windows = WINDOWS;
    header.seats = 2;
    PageTable {
        header,
        windows: vec![row::<PageWindow>(); WINDOWS.into()],
        positions: vec![row::<Position>(); usize::from(WINDOWS) * 2],
    }
}

/// Two seats, one meter that was just heard, pages around noon.
fn state() -> MarketState {
    let mut market: Market = zeroed();
    market.window_seconds = LENGTH as u32;
    market.page_windows = WINDOWS;
    market.pages = 6;
    market.books = 4;
    market.ends_at = i64::MAX;
    market.terms.gate_lead = 300;
    market.planned_terms.gate_lead = 300;
    market.correction_seconds = 7_200;
    let mut meter: Meter = row();
    meter.status = MeterStatus::Active as u8;
    meter.boundary = NOON;
    meter.service_until = i64::MAX;
    meter.limits_from = i64::MIN;
    let mut meter_table = MeterRecords {
        header: zeroed(),
        meters: vec![meter],
    };
    meter_table.header.count = 1;
    meter_table.header.reading_seconds = 3_600;
    meter_table.header.correction_seconds = 7_200;
    MarketState {
        community: zeroed(),
        market,
        ledger: LedgerTable {
            header: zeroed(),
            seats: vec![row::<Seat>(); 2],
        },
        meter_table,
        standing_orders: None,
        books: vec![],
        pages: vec![page(NOON - PAGE), page(NOON)],
        interval_pages: vec![],
    }
}

fn status(state: &MarketState, now: i64) -> Status {
    let addresses = Addresses::of_market(&state.market);
    Status::of(&addresses, state, &[], now)
}

#[test]
fn given_a_market_in_order_when_asked_then_nothing_concerns_anybody() {
    let mut state = state();
    state.pages[1].windows[3].status = WindowStatus::Open as u8;
    let status = status(&state, NOON + 1);
    assert!(status.concerns().is_empty(), "{:?}", status.concerns());
    assert_eq!((status.windows.open, status.windows.uncleared), (1, 0));
    assert_eq!(status.meters.in_service, 1);
    assert_eq!(status.prices.open_until, Some(NOON + PAGE));
    assert_eq!(status.prices.by_tariff, 3);
}

#[test]
fn given_a_window_whose_gate_has_closed_when_nobody_cleared_it_then_it_is_behind() {
    let mut state = state();
    state.pages[1].windows[1].status = WindowStatus::Open as u8;
    let gate = NOON + LENGTH - 300;
    assert_eq!(status(&state, gate - 1).windows.uncleared, 0);
    let behind = status(&state, gate);
    assert_eq!(behind.windows.uncleared, 1);
    assert_eq!(behind.windows.first_uncleared, Some(NOON + LENGTH));
    assert!(behind.concerns()[0].contains("is a keeper running?"));
}

#[test]
fn given_contracts_that_no_meter_confirmed_when_readings_are_over_then_they_are_overdue() {
    let mut state = state();
    // Window 3 of the page before noon, seat 1; and one that is confirmed.
    state.pages[0].positions[7].bought = 100;
    state.pages[0].positions[6].sold = 100;
    state.pages[0].positions[6].status = PositionStatus::Confirmed as u8;
    let counts = |now| {
        let windows = status(&state, now).windows;
        (windows.unsettled_positions, windows.overdue_positions)
    };
    assert_eq!(counts(NOON - 1), (0, 0));
    assert_eq!(counts(NOON), (1, 0));
    assert_eq!(counts(NOON + 3_600), (1, 1));
    assert_eq!(status(&state, NOON + 7_200).windows.unfinished_pages, 1);
    assert_eq!(status(&state, NOON + 7_199).windows.unfinished_pages, 0);
}

#[test]
fn given_meters_when_they_are_silent_quarantined_or_changing_then_each_is_named() {
    let mut state = state();
    let heard = state.meter_table.meters[0];
    let with = |change: &dyn Fn(&mut Meter)| {
        let mut meter = heard;
        change(&mut meter);
        meter
    };
    state.meter_table.meters = vec![
        heard,
        with(&|meter| meter.boundary = NOON - PAGE - 1),
        with(&|meter| meter.status = MeterStatus::Quarantined as u8),
        with(&|meter| meter.limits_from = NOON + PAGE),
        with(&|meter| meter.service_from = NOON + PAGE),
        with(&|meter| {
            meter.status = MeterStatus::Retired as u8;
            meter.service_until = NOON;
        }),
    ];
    state.meter_table.header.count = 6;
    let meters = status(&state, NOON + 10).meters;
    assert_eq!(meters.silent, [1]);
    assert_eq!(meters.quarantined, [2]);
    assert_eq!(meters.changing, [3, 4]);
    assert_eq!(meters.in_service, 4);
}

#[test]
fn given_debts_claims_and_a_supplier_short_of_money_when_asked_then_they_are_named() {
    let mut state = state();
    state.ledger.header.supplier_margin = 5_000;
    state.ledger.seats[0].free = 4_999;
    state.ledger.seats[1].owing[0].debt = 7;
    let told = status(&state, NOON);
    assert_eq!(told.debts.len(), 1);
    assert_eq!((told.debts[0].seat, told.debts[0].amount), (1, 7));
    let concerns = told.concerns().join("\n");
    assert!(concerns.contains("less than its margin"), "{concerns}");
    assert!(concerns.contains("1 seats have debts"), "{concerns}");
}

#[test]
fn given_posted_prices_when_asked_then_it_is_said_until_when() {
    let mut state = state();
    state.pages[1].windows[2].short = 1;
    let prices = status(&state, NOON).prices;
    assert_eq!(prices.posted_until, Some(NOON + 3 * LENGTH));
    assert_eq!(prices.by_tariff, 2);
}

#[test]
fn given_a_clock_at_its_ends_or_broken_lengths_when_asked_then_nothing_panics() {
    let mut state = state();
    for now in [i64::MIN, -1, 0, i64::MAX] {
        status(&state, now);
    }
    state.market.window_seconds = 0;
    for page in &mut state.pages {
        page.header.window_seconds = 0;
        page.positions.clear();
    }
    state.ledger.seats.clear();
    status(&state, NOON);
}
