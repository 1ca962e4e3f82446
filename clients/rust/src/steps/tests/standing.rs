//! Standing orders that are applied.

use super::{keeping::*, market::*};
use crate::{
    layout::{
        market::{QuantityKind, StandingOrders, StandingRule, StandingSeat},
        registry::Pause,
    },
    steps::{next_steps, MarketState, Step},
    tables::StandingTable,
    Addresses,
};

const DAY: i64 = 86_400;
/// The window that is opened last at noon.
const LAST: i64 = NOON + HORIZON;

/// Lets a seat have standing orders for every window, one of each kind.
fn enter(state: &mut MarketState, seat: u16, kinds: &[QuantityKind]) {
    let table = state.standing_orders.get_or_insert_with(|| StandingTable {
        header: StandingOrders::default(),
        seats: vec![StandingSeat::default(); SEATS.into()],
    });
    let row = &mut table.seats[usize::from(seat)];
    for (order, kind) in row.orders.iter_mut().zip(kinds) {
        order.rule = StandingRule {
            valid_until: i64::MAX,
            half_hours: (1 << 48) - 1,
            weekdays: 0b0111_1111,
            quantity: 10_000,
            quantity_kind: *kind as u8,
            lock_cap: u64::MAX,
            energy_cap: u64::MAX,
            unit_lock_cap: i32::MAX,
            limit: 1_000_000,
            ..Default::default()
        };
    }
    row.entered = (1 << kinds.len()) - 1;
    (row.is_active, row.roles) = (1, u16::MAX);
    let seat = &mut state.ledger.seats[usize::from(seat)];
    (row.owner, seat.free) = (seat.owner, 1 << 40);
}

/// Window behind noon, seats, and how long before the window the page is, of what is applied.
fn applied(state: &MarketState, now: i64) -> Vec<(i64, (u16, u16), i64)> {
    let steps = next_steps(state, now).into_iter();
    steps
        .filter_map(|step| match step {
            Step::ApplyStandingOrders {
                start,
                seats,
                earlier,
            } => Some((start - NOON, seats, start - earlier)),
            _ => None,
        })
        .collect()
}

#[test]
fn given_standing_orders_when_windows_are_opened_then_they_are_applied_in_the_same_go_and_once() {
    let mut state = fresh();
    enter(&mut state, 1, &[QuantityKind::Fixed]);
    enter(
        &mut state,
        3,
        &[QuantityKind::Profile, QuantityKind::DayBefore],
    );
    let expected = [300, 600, 900].map(|start| (start, (1, 3), DAY));
    assert_eq!(applied(&state, NOON), expected);
    run(&mut state, NOON);
    rests(&state, NOON);
}

#[test]
fn given_nobody_with_standing_orders_when_windows_are_open_then_nothing_is_applied() {
    let mut state = opened();
    assert_eq!(applied(&state, NOON), []);
    enter(&mut state, 2, &[]);
    assert_eq!(applied(&state, NOON), []);
}

#[test]
fn given_orders_entered_while_windows_are_open_when_the_keeper_comes_then_they_are_applied() {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    assert_eq!(applied(&state, NOON + 1).len(), 3);
    run(&mut state, NOON + 1);
    rests(&state, NOON + 1);
    // Its gate is closed.
    enter(&mut state, 1, &[QuantityKind::Fixed]);
    assert_eq!(applied(&state, NOON + 240).len(), 2);
}

#[test]
fn given_a_window_that_an_order_is_not_due_in_when_opened_then_it_is_not_applied() {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    let order = &mut state.standing_orders.as_mut().unwrap().seats[2].orders[0];
    order.rule.valid_until = NOON + 600;
    assert_eq!(applied(&state, NOON + 1), [(300, (2, 1), DAY)]);
}

#[test]
fn given_trading_paused_when_windows_are_open_then_nothing_is_applied_until_it_goes_on() {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    state.community.paused = Pause::TRADING.0;
    rests(&state, NOON + 1);
    state.community.paused = 0;
    assert_eq!(applied(&state, NOON + 1).len(), 3);
}

/// A market that has the page of a day before [`LAST`], where nobody was heard, and a seat whose order takes a share of
/// that.
fn without_values() -> MarketState {
    let mut state = fresh();
    run(&mut state, NOON);
    let earlier = LAST - DAY;
    let start = earlier - earlier.rem_euclid(SPAN);
    // In a slot that nothing else needs.
    interval_page(&mut state, start).header.start = start;
    enter(&mut state, 2, &[QuantityKind::DayBefore]);
    run(&mut state, NOON + 1);
    let seat = &mut book_head(&mut state, LAST).seats[2];
    (seat.placed, seat.tried) = (0, 1);
    state
}

#[test]
fn given_values_that_come_late_when_the_window_is_open_still_then_their_order_is_applied_again() {
    let mut state = without_values();
    assert_eq!(applied(&state, NOON + 2), []);
    hear(&mut state, LAST - DAY, 1, 70);
    assert_eq!(applied(&state, NOON + 2), [(900, (2, 1), DAY)]);
}

#[test]
fn given_a_later_window_that_was_tried_when_the_keeper_comes_then_the_earlier_ones_are_still_due() {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    let seat = &mut book_head(&mut state, LAST).seats[2];
    (seat.placed, seat.tried) = (1, 1);
    // What the row says is of the latest window alone.
    let order = &mut state.standing_orders.as_mut().unwrap().seats[2].orders[0];
    order.window = LAST;
    let expected = [300, 600].map(|start| (start, (2, 1), DAY));
    assert_eq!(applied(&state, NOON + 1), expected);
}

#[test]
fn given_values_for_two_open_windows_when_they_come_then_both_are_applied_again() {
    let mut state = without_values();
    let before_last = LAST - LENGTH;
    let seat = &mut book_head(&mut state, before_last).seats[2];
    (seat.placed, seat.tried) = (0, 1);
    let start = before_last - DAY;
    let start = start - start.rem_euclid(SPAN);
    interval_page(&mut state, start).header.start = start;
    hear(&mut state, before_last - DAY, 1, 70);
    hear(&mut state, LAST - DAY, 1, 70);
    let expected = [600, 900].map(|start| (start, (2, 1), DAY));
    assert_eq!(applied(&state, NOON + 2), expected);
}

#[test]
fn given_a_seat_that_is_closed_or_has_another_owner_when_the_keeper_comes_then_nobody_calls_for_it()
{
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    assert_eq!(applied(&state, NOON + 1).len(), 3);
    let seat = state.ledger.seats[2];
    state.ledger.seats[2].owner = [77; 32].into();
    rests(&state, NOON + 1);
    state.ledger.seats[2] = seat;
    state.ledger.seats[2].status = 0;
    rests(&state, NOON + 1);
}

#[test]
fn given_an_order_of_a_delegate_that_is_none_any_more_when_the_keeper_comes_then_nobody_calls_for_it(
) {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    let row = &mut state.standing_orders.as_mut().unwrap().seats[2];
    (row.delegate, row.orders[0].by_delegate) = ([8; 32].into(), 1);
    rests(&state, NOON + 1);
    state.ledger.seats[2].delegate = [8; 32].into();
    assert_eq!(applied(&state, NOON + 1).len(), 3);
}

#[test]
fn given_no_slot_of_the_day_before_when_nobody_has_a_share_then_another_page_is_passed() {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::Fixed]);
    let page = interval_page(&mut state, LAST - DAY).header.slot;
    state
        .interval_pages
        .retain(|other| other.header.slot != page);
    let addresses = Addresses::of_market(&state.market);
    let found = applied(&state, NOON + 1);
    assert_eq!(found.len(), 3);
    for (start, _, back) in found {
        let passed = addresses.interval_page(NOON + start - back);
        assert_ne!(passed, addresses.interval_page_slot(page));
    }
    state.interval_pages.clear();
    assert_eq!(applied(&state, NOON + 1), []);
}

#[test]
fn given_a_share_of_the_week_before_when_the_ring_has_no_such_page_then_any_page_is_passed() {
    let mut state = opened();
    enter(&mut state, 2, &[QuantityKind::WeekBefore]);
    assert_eq!(applied(&state, NOON + 1)[0], (300, (2, 1), DAY));
}

#[test]
fn given_shares_of_both_days_when_the_ring_has_their_pages_then_each_has_its_call() {
    let mut state = opened();
    enter(
        &mut state,
        2,
        &[QuantityKind::WeekBefore, QuantityKind::DayBefore],
    );
    let week_before = LAST - 7 * DAY;
    let start = week_before - week_before.rem_euclid(SPAN);
    interval_page(&mut state, start).header.start = start;
    let last: Vec<_> = applied(&state, NOON + 1)
        .into_iter()
        .filter(|(start, ..)| *start == 900)
        .collect();
    assert_eq!(last, [(900, (2, 1), DAY), (900, (2, 1), 7 * DAY)]);
}
