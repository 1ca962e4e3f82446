//! A seat with two meters.

use joulebook_client::layout::market::{QuantityKind, Side, StandingOutcome};
use joulebook_sim::LocalCommunity;
use joulebook_tests::market::{
    first_start, pass_until, read_start, trading_community_with, BUYER, SELLER,
};

use super::{create, enter, entry, expect_outcome, moved, open_next, quantities, DAY};

const HOUR: i64 = 3600;

/// The buyer's first meter draws 1,500 Wh in a window, its second one feeds in 1,100 and draws 200; `heard` of the three meters
/// are. Returns the window's start.
fn two_meters(heard: usize) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(moved::days());
    create(&mut community);
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community) + 10 * HOUR;
    read_start(&mut community, start);
    pass_until(&mut community, start + HOUR);
    community.households[BUYER].devices[1].flow(200, 1_100);
    let mut readings = community.read_meters(start, &[(1_500, 0), (0, 50)]);
    readings.truncate(heard);
    community.submit(start, readings).unwrap();
    (community, start)
}

fn all_of_it(community: &mut LocalCommunity, start: i64) {
    let share = |side| moved::share(side, QuantityKind::DayBefore, 10_000);
    let bought = vec![entry(0, share(Side::Buy))];
    enter(community, BUYER, bought).unwrap();
    let sold = vec![entry(0, share(Side::Sell))];
    enter(community, SELLER, sold).unwrap();
    open_next(community, start + DAY);
    moved::apply_with(community, start + DAY, start);
}

#[test]
fn given_two_meters_when_a_share_is_due_then_it_is_of_what_both_moved_together() {
    let (mut community, start) = two_meters(3);
    all_of_it(&mut community, start);
    // 1,500 + 200 - 1,100
    assert_eq!(quantities(&community, BUYER, start + DAY), [600]);
    assert_eq!(quantities(&community, SELLER, start + DAY), [50]);
}

#[test]
fn given_two_meters_when_one_was_not_heard_then_nothing_is_known_of_both() {
    let (mut community, start) = two_meters(1);
    all_of_it(&mut community, start);
    for place in [BUYER, SELLER] {
        expect_outcome(&community, place, 0, StandingOutcome::NoValues);
    }
    assert_eq!(community.book(start + DAY).header.live_orders, 0);
}
