//! What steps compute, as far as their accounts tell. Measured on the programs and rounded up: who asks for too much pays nothing
//! for it, who asks for too little has paid for nothing, and tries what [`retries`](super::retries) says.

use joulebook_layout::{
    market::{
        limits::{MAX_FINAL_ENTRIES, STANDING_ORDERS},
        Seat,
    },
    oracle::Meter,
};

use super::{
    finishing::{meters_at_once, seats_at_once, ALLOCATED_AT_ONCE},
    standing, MarketState, Step,
};
use crate::packing;

/// What one instruction may compute beside those that take little.
pub const MAX_UNITS: u32 = packing::MAX_COMPUTE_UNITS - 50_000;

/// What applying standing orders may compute that are not known yet.
const MAX_APPLIED: u32 = 900_000;

/// Whatever a step does.
const STEP: u32 = 10_000;
/// Opening a page has the oracle open one.
const PAGE: u32 = 60_000;
const SEAT: u32 = 120;
const METER: u32 = 120;
const ORDER: u32 = 70;
const POSITION: u32 = 220;
const FINAL_POSITION: u32 = 320;
const ENTRY: u32 = 30;
/// An entry that is looked at for the standard draw of a meter.
const DRAW: u32 = 25;
/// A seat whose standing orders are looked at, and one of these that is placed or asks for nothing.
const STANDING_SEAT: u32 = 350;
const PLACED_ORDER: u32 = 800;
const SKIPPED_ORDER: u32 = 250;
/// A seat with a debt or a claim.
const OWING: u32 = 800;
/// A position that ends in one.
const OWING_POSITION: u32 = 400;

/// Compute units of a step, at most, by what its accounts hold before it.
pub fn units(state: &MarketState, step: Step) -> u32 {
    let seats = state.ledger.seats.len() as u32;
    let meters = meters(state);
    let more = match step {
        Step::OpenPage { .. } => PAGE + times(METER, meters),
        Step::OpenWindow { .. } => times(SEAT, seats) + times(METER, meters),
        Step::ApplyStandingOrders { start, seats, .. } => {
            standing::units(state, start, seats.0..seats.0.saturating_add(seats.1))
        }
        Step::Clear { .. } => 0,
        Step::Allocate { start } => {
            let at_once = ALLOCATED_AT_ONCE.into();
            let orders = used_orders(state, start).min(at_once);
            times(SEAT, seats.min(at_once)) + times(ORDER, orders)
        }
        Step::Settle {
            page,
            windows,
            seats,
        } => {
            let entries = windows
                .1
                .saturating_add(windows.0.min(draw_after(state, page)));
            times(
                POSITION + owing(state),
                u32::from(windows.1) * u32::from(seats.1),
            ) + times(METER, meters)
                + times(DRAW, draws(state, seats) * u32::from(entries))
        }
        Step::FinishIntervalPage { .. } => {
            let intervals = state.meter_table.header.page_intervals;
            let at_once = meters.min(meters_at_once(intervals).into());
            times(ENTRY, at_once * u32::from(intervals))
        }
        Step::FinishPage { .. } => {
            let windows = state.market.page_windows;
            let at_once = seats.min(seats_at_once(windows).into());
            let entries = draws(state, (0, u16::MAX)) * u32::from(windows);
            times(FINAL_POSITION + owing(state), at_once * u32::from(windows))
                + times(METER, meters)
                + times(DRAW, entries.min(MAX_FINAL_ENTRIES.into()))
        }
        Step::PayClaims => times(OWING, seats),
    };
    STEP.saturating_add(more).min(packing::MAX_COMPUTE_UNITS)
}

/// The same whatever its accounts hold by then: all orders that there is room for, a debt in each position.
pub fn most(state: &MarketState, step: Step) -> u32 {
    let market = &state.market;
    let more = match step {
        Step::ApplyStandingOrders { seats, .. } => {
            let rows = state.ledger.seats.iter().skip(seats.0.into());
            let orders = rows.take(seats.1.into()).map(most_standing_orders).sum();
            let windows = 2;
            application(
                seats.1.into(),
                orders,
                0,
                meters(state).saturating_mul(windows),
            )
        }
        Step::Allocate { .. } => {
            let rows = ALLOCATED_AT_ONCE.into();
            let seats = u32::from(market.seats).min(rows);
            let orders = u32::from(market.orders).min(rows - seats);
            times(SEAT, seats).saturating_add(times(ORDER, orders))
        }
        Step::Settle { windows, seats, .. } => units(state, step).saturating_add(times(
            OWING_POSITION,
            u32::from(windows.1) * u32::from(seats.1),
        )),
        Step::FinishPage { .. } => {
            let at_once = u32::from(market.seats).min(seats_at_once(market.page_windows).into());
            units(state, step).saturating_add(times(
                OWING_POSITION,
                at_once * u32::from(market.page_windows),
            ))
        }
        Step::OpenPage { .. }
        | Step::OpenWindow { .. }
        | Step::Clear { .. }
        | Step::FinishIntervalPage { .. }
        | Step::PayClaims => units(state, step),
    };
    STEP.saturating_add(more).min(packing::MAX_COMPUTE_UNITS)
}

/// Standing orders of a seat that may be placed in one window, however many it has entered by then.
pub fn most_standing_orders(seat: &Seat) -> u32 {
    match seat.is_open() {
        true => STANDING_ORDERS.into(),
        false => 0,
    }
}

/// Whether one instruction goes over so many seats and places so many standing orders, with room for more of both beside it.
pub fn applies_at_once(state: &MarketState, seats: u32, orders: u32) -> bool {
    application(seats, orders, 0, times(2, meters(state))) <= MAX_APPLIED
}

/// Of applying standing orders of so many seats, of which so many are placed, and so many ask for nothing; with shares of so
/// many windows of so many meters.
pub fn application(seats: u32, placed: u32, skipped: u32, meters: u32) -> u32 {
    STEP.saturating_add(times(STANDING_SEAT, seats))
        .saturating_add(times(PLACED_ORDER, placed))
        .saturating_add(times(SKIPPED_ORDER, skipped))
        .saturating_add(times(METER, meters))
}

/// Meters of these seats, first and how many, that have a standard draw.
fn draws(state: &MarketState, (first, count): (u16, u16)) -> u32 {
    let registered = state.meter_table.header.count.into();
    let meters = state.meter_table.meters.iter().take(registered);
    let seats = first..first.saturating_add(count);
    let draws = |meter: &&Meter| meter.standard_draw > 0 && seats.contains(&meter.participant);
    meters.filter(draws).count() as u32
}

/// What a position takes more where some can't pay.
fn owing(state: &MarketState) -> u32 {
    let mut seats = state.ledger.seats.iter();
    match seats.any(|seat| seat.debt() | seat.claim() > 0) {
        true => OWING_POSITION,
        false => 0,
    }
}

fn draw_after(state: &MarketState, page: i64) -> u16 {
    let mut pages = state.pages.iter().map(|page| &page.header);
    let page = pages.find(|header| header.start == page);
    page.map_or(u16::MAX, |page| page.draw_after)
}

/// Rows of the meter table that were ever used.
pub fn meters(state: &MarketState) -> u32 {
    state.meter_table.header.count.into()
}

/// Slots that allocating goes through, also those whose order was cancelled.
fn used_orders(state: &MarketState, start: i64) -> u32 {
    let mut books = state.books.iter().map(|book| &book.header);
    let book = books.find(|book| book.start == start);
    book.map_or(0, |book| {
        book.used_orders.saturating_sub(book.order_cursor).into()
    })
}

fn times(units: u32, count: u32) -> u32 {
    units.saturating_mul(count)
}
