//! Whoever applies chooses when, in which parts and with which earlier page: no more than the rules say comes of it.

use joulebook_client::layout::market::{QuantityKind, Side, StandingOutcome, StandingRule};
use joulebook_sim::Parameters;
use joulebook_tests::market::{check_invariants, deliver, BUYER, DEPOSIT, SELLER};

use super::{
    apply, before_a_window, enter, entry, expect_outcome, moved, open_next, quantities, rule, sell,
    with_standing_orders, with_standing_orders_of, DAY,
};

/// Orders are placed in the sequence of their places; one that waits for another page comes behind those that do not.
#[test]
fn given_a_connection_for_one_of_two_when_the_first_waits_for_its_page_then_the_second_has_it() {
    let (mut community, first) = before_a_window(moved::days());
    let start = first + 36_000;
    deliver(&mut community, start, &[(80_000, 0)]);
    // 100 kW for an hour.
    let rest = StandingRule {
        quantity: 100_000,
        limit: 50_000,
        ..rule()
    };
    let share = moved::share(Side::Buy, QuantityKind::DayBefore, 10_000);
    let entries = vec![entry(0, share), entry(1, rest)];
    enter(&mut community, BUYER, entries).unwrap();
    community.deposit(BUYER, 100 * DEPOSIT).unwrap();
    let window = start + DAY;
    open_next(&mut community, window);
    moved::apply_with(&mut community, window, window);
    moved::apply_with(&mut community, window, start);
    assert_eq!(quantities(&community, BUYER, window), [100_000]);
    expect_outcome(&community, BUYER, 0, StandingOutcome::BeyondConnection);
    // Both are within what their owner signed; with the page at once it is the other way.
    let window = window + 3600;
    open_next(&mut community, window);
    moved::apply_with(&mut community, window, start);
    assert_eq!(quantities(&community, BUYER, window), [100_000]);
}

#[test]
fn given_a_seat_whose_orders_all_fail_when_applied_then_the_others_have_theirs() {
    let (mut community, start) = with_standing_orders();
    let dear = StandingRule {
        quantity: u32::MAX,
        ..rule()
    };
    community.withdraw(BUYER, DEPOSIT).unwrap();
    for place in 0..8 {
        enter(&mut community, BUYER, vec![entry(place, dear)]).unwrap();
    }
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    for _ in 0..3 {
        apply(&mut community, start).unwrap();
    }
    assert_eq!(quantities(&community, BUYER, start), [0; 0]);
    assert_eq!(quantities(&community, SELLER, start), [1_000]);
    check_invariants(&community);
}

/// One tick's sum would not fit 32 bits, if that were what it had.
#[test]
fn given_the_most_of_everything_when_all_seats_order_at_one_tick_then_it_fits() {
    let mut parameters = Parameters::default();
    parameters.terms.fee_bps = 0;
    parameters.terms.grid_fee = 0;
    let (mut community, start) = with_standing_orders_of(parameters);
    let free = StandingRule {
        quantity: u32::MAX,
        limit: 304_000,
        lock_cap: u64::MAX,
        ..sell()
    };
    let supplier = community.supplier.address();
    let key = community.supplier.wallet.insecure_clone();
    let at = &community.addresses;
    let set = at.set_standing_orders(supplier, &supplier, vec![entry(0, free)]);
    community.chain.send(&[set], &[&key]).unwrap();
    for place in [BUYER, SELLER] {
        enter(&mut community, place, vec![entry(0, free)]).unwrap();
    }
    apply(&mut community, start).unwrap();
    let row = super::row_of(&community, community.supplier.seat);
    assert_eq!(row.orders[0].outcome, StandingOutcome::Placed as u8);
    assert_eq!(row.orders[0].used_energy, u64::from(u32::MAX));
    for place in [BUYER, SELLER] {
        expect_outcome(&community, place, 0, StandingOutcome::Placed);
    }
    assert_eq!(community.book(start).header.live_orders, 3);
    check_invariants(&community);
}

/// A place is an order's for the whole window, whoever enters what in it afterwards.
#[test]
fn given_another_place_when_a_window_is_applied_again_and_again_then_nobody_else_orders_more() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, SELLER, vec![entry(2, sell())]).unwrap();
    apply(&mut community, start).unwrap();
    for place in 0..4 {
        enter(&mut community, BUYER, vec![entry(place, rule())]).unwrap();
        apply(&mut community, start).unwrap();
    }
    assert_eq!(quantities(&community, SELLER, start), [1_000]);
    assert_eq!(quantities(&community, BUYER, start), [1_000; 4]);
    check_invariants(&community);
}
