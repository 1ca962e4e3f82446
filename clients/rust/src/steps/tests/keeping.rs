//! Steps, taken as the programs take them.

use super::market::*;
use crate::{
    layout::{
        market::{BookSeat, Phase, PositionStatus, WindowStatus},
        oracle::PageEntry,
    },
    steps::{next_steps, MarketState, Step},
};

/// Does to the state what the programs do, and refuses what they refuse.
pub fn apply(state: &mut MarketState, step: Step, now: i64) {
    match step {
        Step::OpenPage { start } => open_page(state, start, now),
        Step::OpenWindow { start } => {
            let opens = start - HORIZON..start - GATE_LEAD;
            assert!(opens.contains(&now), "{step:?}: not now");
            let book = book(state, start);
            assert!([0, 3].contains(&book.phase), "{step:?}: the slot is busy");
            (book.start, book.gate, book.end) = (start, start - GATE_LEAD, start + LENGTH);
            book.phase = Phase::Open as u8;
            (book.tick_size, book.min_quantity, book.min_lock) = (1, 1, 1);
            (book.max_orders_per_seat, book.short, book.long) = (4, SHORT, LONG);
            book_head(state, start).seats.fill(BookSeat {
                may_buy: u32::MAX,
                may_sell: u32::MAX,
                ..BookSeat::default()
            });
            let status = window_status(state, start);
            assert_eq!(*status, WindowStatus::Unopened as u8, "{step:?}");
            *status = WindowStatus::Open as u8;
        }
        Step::Clear { start } => {
            let book = book(state, start);
            assert_eq!((book.start, book.phase), (start, 1), "{step:?}");
            assert!(now >= book.gate, "{step:?}: the gate is open");
            book.phase = Phase::Cleared as u8;
        }
        Step::Allocate { start } => {
            let book = book(state, start);
            assert_eq!((book.start, book.phase), (start, 2), "{step:?}");
            book.phase = Phase::Allocated as u8;
            let status = window_status(state, start);
            assert_eq!(*status, WindowStatus::Open as u8, "{step:?}");
            *status = WindowStatus::Allocated as u8;
        }
        Step::Settle {
            page,
            windows,
            seats,
        } => {
            assert!(windows.1 * seats.1 <= 2_048, "{step:?}: too large");
            let mut changed = 0;
            for window in windows.0..windows.0 + windows.1 {
                for seat in seats.0..seats.0 + seats.1 {
                    changed += usize::from(settle(state, page, window, seat, now));
                }
            }
            assert!(changed > 0, "{step:?}: nothing to settle");
        }
        Step::FinishIntervalPage { page } => finish_interval_page(state, page, now),
        Step::FinishPage { page } => finish_page(state, page, now),
        Step::ApplyStandingOrders { start, seats, .. } => {
            apply_standing_orders(state, start, seats)
        }
        Step::PayClaims => assert!(state.ledger.header.claims() > 0),
    }
}

/// Whoever's orders are due has them placed.
fn apply_standing_orders(state: &mut MarketState, start: i64, (first, count): (u16, u16)) {
    assert_eq!(
        book(state, start).phase,
        Phase::Open as u8,
        "{start}: not open"
    );
    let mut changed = 0;
    for seat in usize::from(first)..usize::from(first + count) {
        let standing = state.standing_orders.as_ref().expect("somebody has some");
        let entered = standing.seats[seat].entered;
        let found = &mut book_head(state, start).seats[seat];
        changed += (entered & !found.placed).count_ones();
        (found.placed, found.tried) = (found.placed | entered, found.tried | entered);
    }
    assert!(changed > 0, "{start}: nothing was due");
}

fn open_page(state: &mut MarketState, start: i64, now: i64) {
    let last = state.meter_table.header.last_opened;
    let mut next = if last == NEVER {
        now - now.rem_euclid(SPAN)
    } else {
        last + SPAN
    };
    while next + SPAN + CORRECTION <= now && last != NEVER {
        next += SPAN;
    }
    assert_eq!(start, next, "not the next page");
    assert!(now >= start - HORIZON - SPAN, "too early to open {start}");
    assert!(start < state.market.ends_at, "{start}: the market ends");
    let previous = state.market.last_page;
    let is_behind_all = [NEVER, state.ledger.header.last_final].contains(&previous);
    assert!(
        is_behind_all || start == previous + SPAN,
        "{start}: an earlier one is not final"
    );
    let market_page = page(state, start);
    assert!(market_page.header.is_final(), "{start}: the slot is busy");
    market_page.header.start = start;
    market_page.header.final_seats = 0;
    market_page.positions.fill(Default::default());
    for window in &mut market_page.windows {
        window.status = WindowStatus::Unopened as u8;
    }
    market_page.header.previous = previous;
    state.market.last_page = start;
    let readings = interval_page(state, start);
    assert!(readings.header.is_finished(), "{start}: the slot is busy");
    readings.header.start = start;
    readings.header.corrections_until = start + SPAN + CORRECTION;
    readings.header.finished_meters = 0;
    readings.header.previous = last;
    readings.entries.fill(PageEntry::MISSING);
    state.meter_table.header.last_opened = start;
}

fn finish_interval_page(state: &mut MarketState, start: i64, now: i64) {
    let table = state.meter_table.header;
    let page = &mut interval_page(state, start).header;
    assert_eq!(page.start, start);
    assert!(now >= page.corrections_until, "{start}: too early");
    let is_turn = [NEVER, table.last_finished].contains(&page.previous);
    assert!(is_turn, "{start}: an earlier one is not finished");
    page.finished_meters = METERS;
    state.meter_table.header.last_finished = start;
}

fn finish_page(state: &mut MarketState, start: i64, now: i64) {
    let readings = interval_page(state, start).header;
    assert_eq!(readings.start, start);
    assert!(readings.is_finished(), "{start}: the oracle comes first");
    let last_final = state.ledger.header.last_final;
    let present = page(state, start);
    assert_eq!(present.header.start, start);
    assert!(!present.header.is_final(), "{start}: is final");
    assert_eq!(present.header.previous, last_final, "{start}: not its turn");
    let mut windows = present.windows.iter();
    assert!(windows.all(|window| !window.is(WindowStatus::Open)));
    for window in 0..WINDOWS {
        for seat in 0..SEATS {
            settle(state, start, window, seat, now);
        }
    }
    let present = page(state, start);
    for position in &mut present.positions {
        position.status = PositionStatus::Confirmed as u8;
    }
    present.header.final_seats = SEATS;
    state.ledger.header.last_final = start;
    for seat in 1..SEATS {
        let silent = silent_until(state, start, WINDOWS - 1, seat);
        state.ledger.seats[usize::from(seat)].silent_windows = silent;
    }
}

/// Whether a position changes.
fn settle(state: &mut MarketState, start: i64, window: u16, seat: u16, now: i64) -> bool {
    let present = page(state, start);
    assert_eq!(present.header.start, start);
    let start = start + LENGTH * i64::from(window);
    let is_open = *window_status(state, start) == WindowStatus::Open as u8;
    if now < start + LENGTH || is_open {
        return false;
    }
    let due = due(state, start, seat, now);
    let position = position(state, start, seat);
    let is_changed = due != (position.paid, position.status);
    (position.paid, position.status) = due;
    is_changed
}

/// What a position has paid once it is settled, milli-atoms, and its status.
fn due(state: &mut MarketState, start: i64, seat: u16, now: i64) -> (i64, u8) {
    const CONFIRMED: u8 = PositionStatus::Confirmed as u8;
    let position = *position(state, start, seat);
    let bought = i64::from(position.bought) - i64::from(position.sold);
    let is_empty = position.bought == 0 && position.sold == 0;
    if seat == 0 {
        // Nobody pays itself, and no meter has to confirm anything.
        return (0, if is_empty { position.status } else { CONFIRMED });
    }
    match drawn(state, start, seat) {
        Some(0) if is_empty && position.paid == 0 => (0, position.status),
        Some(drawn) => {
            let deviation = drawn - bought;
            let price = if deviation > 0 { SHORT } else { LONG };
            (deviation * i64::from(price), CONFIRMED)
        }
        None if position.status == CONFIRMED => (position.paid, CONFIRMED),
        None => {
            let page = start - start.rem_euclid(SPAN);
            let silent = silent_until(state, page, window_number(start), seat);
            let draws = silent > DRAW_AFTER.into() && now >= start + LENGTH + GRACE;
            let draw = i64::from(DRAW) * i64::from(SHORT);
            (if draws { draw } else { 0 }, position.status)
        }
    }
}

/// Silent windows of a seat's meter in a row, up to one of a page.
fn silent_until(state: &mut MarketState, page: i64, window: u16, seat: u16) -> u32 {
    let mut silent = state.ledger.seats[usize::from(seat)].silent_windows;
    for window in 0..=window {
        let is_heard = drawn(state, page + LENGTH * i64::from(window), seat).is_some();
        silent = if is_heard { 0 } else { silent + 1 };
    }
    silent
}

/// What a seat's meter drew in the interval at `start`, Wh; `None` if nothing is known of it.
fn drawn(state: &mut MarketState, start: i64, seat: u16) -> Option<i64> {
    let readings = interval_page(state, start);
    let place = (seat - 1) * WINDOWS + window_number(start);
    let entry = readings.entries[usize::from(place)];
    let net = i64::from(entry.import().0) - i64::from(entry.export().0);
    entry.has_value().then_some(net)
}

fn window_status(state: &mut MarketState, start: i64) -> &mut u8 {
    let page = page(state, start);
    assert_eq!(page.header.start, start - start.rem_euclid(SPAN));
    &mut page.windows[usize::from(window_number(start))].status
}

/// Takes all steps that are due, and returns them.
pub fn run(state: &mut MarketState, now: i64) -> Vec<Step> {
    let steps = next_steps(state, now);
    for step in &steps {
        apply(state, *step, now);
    }
    steps
}

/// Goes on until nothing is due, and returns what was done. Then every position is settled.
pub fn run_to_rest(state: &mut MarketState, now: i64) -> Vec<Step> {
    let mut all = vec![];
    for _ in 0..10 {
        let steps = run(state, now);
        if steps.is_empty() {
            check_settled(state, now);
            return all;
        }
        all.extend(steps);
    }
    panic!("steps without end: {:?}", &all[all.len() - 5..]);
}

fn check_settled(state: &mut MarketState, now: i64) {
    let unfinished: Vec<i64> = state
        .pages
        .iter()
        .filter(|page| !page.header.is_final())
        .map(|page| page.header.start)
        .collect();
    for start in unfinished {
        for window in 0..WINDOWS {
            for seat in 0..SEATS {
                let is_changed = settle(state, start, window, seat, now);
                assert!(!is_changed, "page {start}, window {window}, seat {seat}");
            }
        }
    }
}

/// A market with its first pages and windows opened at noon.
pub fn opened() -> MarketState {
    let mut state = fresh();
    run(&mut state, NOON);
    state
}

/// A market whose keeper has done all there was to do up to noon, ten hours on end, and whose meters were all heard.
pub fn running() -> MarketState {
    let mut state = fresh();
    let mut now = NOON - 36_000;
    while now <= NOON {
        run_to_rest(&mut state, now);
        if now.rem_euclid(LENGTH) == 0 && now > NOON - 36_000 {
            hear_everybody(&mut state, now - LENGTH);
        }
        run_to_rest(&mut state, now);
        now += GATE_LEAD;
    }
    state
}

#[track_caller]
pub fn rests(state: &MarketState, now: i64) {
    assert_eq!(next_steps(state, now), []);
}

/// The steps that are due, but for pages and windows that are opened.
pub fn run_without_openings(state: &mut MarketState, now: i64) -> Vec<Step> {
    let is_opening = |step: &Step| matches!(step, Step::OpenPage { .. } | Step::OpenWindow { .. });
    let steps = run(state, now).into_iter();
    steps.filter(|step| !is_opening(step)).collect()
}
