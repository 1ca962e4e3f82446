//! Shares of what the seat's meters moved in the same window a day or a week before: windows of an hour, pages of a day, nine of
//! them.

use joulebook_client::layout::market::{QuantityKind, Side, StandingOutcome, StandingRule};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    check_invariants, deliver, govern, instructions, meters_of, pass_until, read_start, BUYER,
    SELLER,
};

use super::{
    applying_with, before_a_window, enter, entry, expect_outcome, open_next, quantities, rule, DAY,
};

const HOUR: i64 = 3600;
/// What the buyer draws and feeds in, and the seller.
const FLOWS: [(u64, u64); 2] = [(1_500, 300), (0, 900)];

pub fn days() -> Parameters {
    let mut parameters = Parameters {
        window_seconds: 3600,
        page_windows: 24,
        pages: 9,
        seats: 8,
        ..Parameters::default()
    };
    parameters.terms.horizon = 7200;
    parameters
}

/// A community in which [`FLOWS`] flowed through a window, and all was heard; its start, in the tenth hour of a day.
fn moved() -> (LocalCommunity, i64) {
    let (mut community, first) = before_a_window(days());
    assert_eq!(first % DAY, 0);
    let start = first + 10 * HOUR;
    deliver(&mut community, start, &FLOWS);
    (community, start)
}

/// Every day's page is opened when it begins.
fn days_pass(community: &mut LocalCommunity, from: i64, until: i64) {
    let midnights = (from / DAY + 1)..=until / DAY;
    for midnight in midnights.map(|day| day * DAY) {
        pass_until(community, midnight);
        community.open_pages(midnight).unwrap();
    }
}

/// Buys or sells so many basis points of what was moved.
pub fn share(side: Side, kind: QuantityKind, basis_points: u32) -> StandingRule {
    StandingRule {
        side: side as u8,
        quantity: basis_points,
        quantity_kind: kind as u8,
        limit: 304_000,
        ..rule()
    }
}

use QuantityKind::{DayBefore, WeekBefore};
use Side::{Buy, Sell};

/// Applies all that is due in a window, with the page that holds `earlier`.
pub fn apply_with(community: &mut LocalCommunity, start: i64, earlier: i64) {
    let apply = applying_with(community, start, earlier);
    community.send_with_full_budget(&[apply]).unwrap();
    check_invariants(community);
}

#[test]
fn given_values_of_a_day_before_when_shares_are_due_then_they_are_of_what_was_moved_on_the_whole() {
    let (mut community, start) = moved();
    // Of 1,200 drawn: all, a half, a third rounded down, a ten-thousandth.
    let entries = [10_000, 5_000, 3_333, 8, 9];
    for (place, basis_points) in (0u8..).zip(entries) {
        let rule = share(Buy, DayBefore, basis_points);
        enter(&mut community, BUYER, vec![entry(place, rule)]).unwrap();
    }
    let fed_in = vec![entry(0, share(Sell, DayBefore, 10_000))];
    enter(&mut community, SELLER, fed_in).unwrap();
    open_next(&mut community, start + DAY);
    apply_with(&mut community, start + DAY, start);
    assert_eq!(
        quantities(&community, BUYER, start + DAY),
        [1_200, 600, 399, 1]
    );
    expect_outcome(&community, BUYER, 3, StandingOutcome::TooLittle);
    assert_eq!(quantities(&community, SELLER, start + DAY), [900]);
}

#[test]
fn given_a_seat_that_drew_when_a_share_of_what_it_fed_in_is_due_then_that_is_too_little() {
    let (mut community, start) = moved();
    let sell = vec![entry(0, share(Sell, DayBefore, 10_000))];
    enter(&mut community, BUYER, sell).unwrap();
    let buy = vec![entry(0, share(Buy, DayBefore, 10_000))];
    enter(&mut community, SELLER, buy).unwrap();
    open_next(&mut community, start + DAY);
    apply_with(&mut community, start + DAY, start);
    for place in [BUYER, SELLER] {
        expect_outcome(&community, place, 0, StandingOutcome::TooLittle);
    }
}

#[test]
fn given_values_of_a_week_before_when_either_page_is_passed_then_each_has_the_orders_that_it_is_for(
) {
    let (mut community, start) = moved();
    let entries = vec![
        entry(0, share(Buy, DayBefore, 10_000)),
        entry(1, share(Buy, WeekBefore, 10_000)),
    ];
    enter(&mut community, BUYER, entries).unwrap();
    let day_before = start + 6 * DAY;
    days_pass(&mut community, start, day_before);
    deliver(&mut community, day_before, &[(700, 0)]);
    let window = start + 7 * DAY;
    open_next(&mut community, window);
    // Neither: that of the window itself.
    apply_with(&mut community, window, window);
    for number in [0, 1] {
        expect_outcome(&community, BUYER, number, StandingOutcome::NoValues);
    }
    apply_with(&mut community, window, start);
    expect_outcome(&community, BUYER, 0, StandingOutcome::NoValues);
    expect_outcome(&community, BUYER, 1, StandingOutcome::Placed);
    apply_with(&mut community, window, day_before);
    expect_outcome(&community, BUYER, 0, StandingOutcome::Placed);
    apply_with(&mut community, window, start);
    assert_eq!(quantities(&community, BUYER, window), [1_200, 700]);
}

/// Of another hour, or of no day that is meant, nothing is taken.
#[test]
fn given_values_of_other_windows_when_a_share_is_due_then_it_has_none() {
    let (mut community, first) = before_a_window(Parameters {
        books: 11,
        ..days()
    });
    let start = first + 10 * HOUR;
    deliver(&mut community, start, &FLOWS);
    let entries = vec![
        entry(0, share(Buy, DayBefore, 10_000)),
        entry(1, share(Buy, WeekBefore, 10_000)),
    ];
    enter(&mut community, BUYER, entries).unwrap();
    for window in [
        start + DAY - HOUR,
        start + DAY + HOUR,
        start + 2 * DAY,
        start + 8 * DAY,
    ] {
        days_pass(&mut community, start, window - 7_200);
        open_next(&mut community, window);
        apply_with(&mut community, window, start);
        for number in [0, 1] {
            expect_outcome(&community, BUYER, number, StandingOutcome::NoValues);
        }
    }
}

#[test]
fn given_a_meter_that_was_not_heard_when_shares_are_due_then_they_wait_and_the_others_do_not() {
    let (mut community, first) = before_a_window(days());
    let start = first + 10 * HOUR;
    read_start(&mut community, start);
    pass_until(&mut community, start + HOUR);
    let mut readings = community.read_meters(start, &FLOWS);
    readings.truncate(1);
    community.submit(start, readings).unwrap();
    for (place, side) in [(BUYER, Buy), (SELLER, Sell)] {
        let entries = vec![
            entry(0, share(side, DayBefore, 10_000)),
            entry(1, super::sell()),
        ];
        enter(&mut community, place, entries).unwrap();
    }
    let window = start + DAY;
    open_next(&mut community, window);
    apply_with(&mut community, window, start);
    assert_eq!(quantities(&community, BUYER, window), [1_200, 1_000]);
    expect_outcome(&community, SELLER, 0, StandingOutcome::NoValues);
    assert_eq!(quantities(&community, SELLER, window), [1_000]);
}

/// What the gateway delivers once a day.
#[test]
fn given_a_profile_of_the_day_before_when_a_share_is_due_then_its_value_counts() {
    let (mut community, first) = before_a_window(days());
    let end = first + DAY;
    pass_until(&mut community, first);
    community.open_pages(first).unwrap();
    pass_until(&mut community, end);
    let binding = community.binding();
    let mut values = vec![(0, 0); 24];
    values[2] = (410, 10);
    let device = &mut community.households[BUYER].devices[0];
    let profile = device.signed_profile(&binding, end, &values);
    let at = community.addresses.clone();
    let submit = at.submit_profiles(first, vec![profile]);
    community.send_with_full_budget(&[submit]).unwrap();
    let rule = share(Buy, DayBefore, 10_000);
    enter(&mut community, BUYER, vec![entry(0, rule)]).unwrap();
    let window = end + 2 * HOUR;
    open_next(&mut community, window);
    apply_with(&mut community, window, first + 2 * HOUR);
    assert_eq!(quantities(&community, BUYER, window), [400]);
}

/// As an entry stands when it is applied: a verifier's value counts for what is placed after.
#[test]
fn given_a_value_that_is_replaced_when_a_share_is_due_then_the_new_one_counts() {
    let mut parameters = days();
    parameters.correction_seconds = 86_400;
    let (mut community, first) = before_a_window(parameters);
    let start = first + 10 * HOUR;
    deliver(&mut community, start, &FLOWS);
    pass_until(&mut community, first + DAY + 600);
    let buyer = &community.households[BUYER];
    let meter = meters_of(&community, BUYER)[0];
    let replace = instructions::replace_values(&community, buyer, start, meter, &[(2_000, 0)]);
    govern(&mut community, replace).unwrap();
    let rule = share(Buy, DayBefore, 10_000);
    enter(&mut community, BUYER, vec![entry(0, rule)]).unwrap();
    open_next(&mut community, start + DAY);
    apply_with(&mut community, start + DAY, start);
    assert_eq!(quantities(&community, BUYER, start + DAY), [2_000]);
}

/// Another page has its account by then.
#[test]
fn given_a_ring_that_has_forgotten_the_day_when_a_share_is_due_then_it_has_no_values() {
    let mut parameters = days();
    parameters.pages = 7;
    parameters.terms.max_silent = 0;
    let (mut community, first) = before_a_window(parameters);
    let start = first + 10 * HOUR;
    deliver(&mut community, start, &FLOWS);
    let rule = share(Buy, WeekBefore, 10_000);
    enter(&mut community, BUYER, vec![entry(0, rule)]).unwrap();
    let window = start + 7 * DAY;
    community.finish_page(start).unwrap();
    days_pass(&mut community, start, window - 7_200);
    open_next(&mut community, window);
    apply_with(&mut community, window, start);
    expect_outcome(&community, BUYER, 0, StandingOutcome::NoValues);
}
