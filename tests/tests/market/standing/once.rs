//! Each place of a seat at most once a window, whoever applies how often.

use joulebook_client::layout::market::StandingOutcome;
use joulebook_sim::LocalCommunity;
use joulebook_tests::{
    market::{check_invariants, id, BUYER, SELLER},
    refused::snapshot,
};

use super::{
    apply, enter, entry, expect_outcome, nothing, open_next, quantities, rule, sell,
    with_standing_orders,
};

fn everything(community: &LocalCommunity, start: i64) -> joulebook_tests::refused::Snapshot {
    let at = &community.addresses;
    let tables = [at.ledger, at.standing_orders, at.book(start)];
    snapshot(&community.chain, &tables)
}

#[test]
fn given_a_standing_order_that_was_placed_when_applied_again_then_nothing_changes() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    let before = everything(&community, start);
    let events = community.ledger().header.events;
    apply(&mut community, start).unwrap();
    assert!(everything(&community, start) == before);
    assert_eq!(community.ledger().header.events, events);
}

#[test]
fn given_one_that_was_placed_when_another_is_entered_in_its_place_then_it_waits_for_the_next() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    for entries in [
        vec![entry(0, sell())],
        vec![nothing(0)],
        vec![nothing(0), entry(0, rule())],
    ] {
        enter(&mut community, BUYER, entries).unwrap();
        apply(&mut community, start).unwrap();
        assert_eq!(community.book(start).header.live_orders, 1);
    }
    // Of the one before.
    expect_outcome(&community, BUYER, 0, StandingOutcome::Placed);
    let next = start + community.window_length();
    open_next(&mut community, next);
    apply(&mut community, next).unwrap();
    assert_eq!(quantities(&community, BUYER, next), [1_000]);
    check_invariants(&community);
}

/// What stands in a place is an order of its own: whoever moves one in an open window orders twice, with two caps.
#[test]
fn given_one_that_was_placed_when_its_owner_enters_it_in_another_place_then_that_orders_too() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    enter(&mut community, BUYER, vec![nothing(0), entry(1, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [1_000, 1_000]);
    check_invariants(&community);
}

#[test]
fn given_one_that_was_placed_when_it_is_cancelled_by_hand_then_it_is_not_placed_again() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    community.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(community.book(start).header.live_orders, 0);
    assert_eq!(community.seat(BUYER).locked, 0);
    expect_outcome(&community, BUYER, 0, StandingOutcome::Placed);
    check_invariants(&community);
}

#[test]
fn given_two_keepers_when_their_ranges_overlap_then_each_order_is_placed_once() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    // Seats 2 and 3.
    let seats = [BUYER, SELLER].map(|place| community.households[place].seat);
    assert_eq!(seats, [2, 3]);
    let at = community.addresses.clone();
    for range in [3..32, 0..3, 2..4, 3..4, 0..32] {
        let apply = at.apply_standing_orders(start, range, start - 86_400);
        community.send_with_full_budget(&[apply]).unwrap();
        check_invariants(&community);
    }
    for place in [BUYER, SELLER] {
        assert_eq!(quantities(&community, place, start), [1_000]);
    }
}

/// The same orders in the same sequence: byte for byte.
#[test]
fn given_any_ranges_when_they_are_applied_in_turn_then_the_outcome_is_the_same() {
    let outcomes = [1, 2, 5, 32].map(|size: u16| {
        let (mut community, start) = with_standing_orders();
        let third = community.join("third", 10_000_000).unwrap();
        for place in [BUYER, SELLER, third] {
            let entries = vec![entry(1, rule()), entry(6, sell())];
            enter(&mut community, place, entries).unwrap();
        }
        let at = community.addresses.clone();
        for first in (0..32).step_by(size.into()) {
            let apply = at.apply_standing_orders(start, first..first + size, start - 86_400);
            community.send_with_full_budget(&[apply]).unwrap();
        }
        let book = community.book(start);
        let seats = community.ledger().seats;
        let money: Vec<_> = seats.iter().map(|seat| (seat.free, seat.locked)).collect();
        (book.orders, book.levels, book.seats, money)
    });
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}
