//! `apply_standing_orders`: calls that are refused, and those that have nothing to do.

use joulebook_client::{layout::market::StandingOutcome, market::errors::MarketError};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        check_invariants, close_gate, govern, instructions, market_events, pass_until, BUYER,
        SELLER,
    },
    refused::{refused, snapshot, Snapshot},
};

use super::{
    apply, applying, before_a_window, enter, entry, expect_outcome, quantities, rule, sell,
    with_standing_orders, with_standing_orders_of, DAY,
};

#[test]
fn given_a_good_call_when_it_is_spoilt_in_any_way_then_it_is_refused_by_name() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let apply = applying(&community, start);
    let receipt = sweep(&mut community.chain, &apply, &[]);
    assert_eq!(market_events(&receipt).len(), 1);
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
    check_invariants(&community);
}

fn everything(community: &LocalCommunity, start: i64) -> Snapshot {
    let at = &community.addresses;
    let tables = [
        at.ledger,
        at.standing_orders,
        at.book(start),
        at.page(start),
    ];
    snapshot(&community.chain, &tables)
}

/// It goes through, says nothing and changes nothing.
#[track_caller]
fn does_nothing(community: &mut LocalCommunity, start: i64) {
    let before = everything(community, start);
    let receipt = apply(community, start).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert!(everything(community, start) == before);
}

#[test]
fn given_a_window_that_takes_no_orders_when_applied_then_there_is_nothing_to_do() {
    let (mut community, start) = before_a_window(Parameters::default());
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    does_nothing(&mut community, start);
    community.open_window(start).unwrap();
    // The account has another window: of a round of eight books before or after, or of no boundary.
    let round = 8 * community.window_length();
    for other in [start - round, start + round, start - 1, start + 1] {
        does_nothing(&mut community, other);
    }
    close_gate(&mut community, start);
    does_nothing(&mut community, start);
    let at = community.addresses.clone();
    community.send_with_full_budget(&[at.clear(start)]).unwrap();
    does_nothing(&mut community, start);
    let allocate = at.allocate(start, 99, None);
    community.send_with_full_budget(&[allocate]).unwrap();
    does_nothing(&mut community, start);
    pass_until(&mut community, start + 1_000_000);
    does_nothing(&mut community, start);
    expect_outcome(&community, BUYER, 0, StandingOutcome::Never);
}

#[test]
fn given_a_pause_of_trading_when_applied_then_nothing_is_placed_until_it_is_over() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    for paused in [0b10, 0b11] {
        let pause = instructions::set_pause(&community, paused);
        govern(&mut community, pause).unwrap();
        does_nothing(&mut community, start);
    }
    // Registration alone.
    let pause = instructions::set_pause(&community, 0b01);
    govern(&mut community, pause).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
}

#[test]
fn given_a_moment_before_the_gate_when_applied_then_orders_are_placed() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    pass_until(&mut community, start - 61);
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
    check_invariants(&community);
}

#[test]
fn given_ranges_beyond_the_seats_when_applied_then_those_that_there_are_have_their_turn() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    enter(&mut community, SELLER, vec![entry(0, sell())]).unwrap();
    let at = community.addresses.clone();
    let apply = |community: &mut LocalCommunity, range| {
        let apply = at.apply_standing_orders(start, range, start - DAY);
        community.send_with_full_budget(&[apply]).unwrap();
        community.book(start).header.live_orders
    };
    for nobody in [0..0, 2..2, 4..u16::MAX, 32..33, u16::MAX..u16::MAX] {
        assert_eq!(apply(&mut community, nobody), 0);
    }
    // Seats 2 and 3.
    assert_eq!(apply(&mut community, 3..u16::MAX), 1);
    assert_eq!(apply(&mut community, 0..u16::MAX), 2);
    check_invariants(&community);
}

/// Together more than 16 bits.
#[test]
fn given_a_first_seat_and_a_number_beyond_all_when_applied_then_there_is_nothing_to_do() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let mut apply = applying(&community, start);
    for (first, seats) in [(u16::MAX, u16::MAX), (40, u16::MAX), (u16::MAX, 1)] {
        apply.data[16..18].copy_from_slice(&first.to_le_bytes());
        apply.data[18..20].copy_from_slice(&seats.to_le_bytes());
        let apply = std::slice::from_ref(&apply);
        community.send_with_full_budget(apply).unwrap();
        assert_eq!(community.book(start).header.live_orders, 0);
    }
}

#[test]
fn given_a_time_that_is_none_when_applied_then_nothing_is_done() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let mut apply = applying(&community, start);
    let mut at = |time: i64| {
        apply.data[8..16].copy_from_slice(&time.to_le_bytes());
        apply.clone()
    };
    for time in [i64::MIN, -1, 0, i64::MAX - 3600, i64::MAX] {
        let apply = at(time);
        community.send_with_full_budget(&[apply]).unwrap();
    }
    assert_eq!(community.book(start).header.live_orders, 0);
}

/// As many as can be settled at once: what their meters moved must fit the memory of a program.
#[test]
fn given_more_seats_than_a_call_may_have_when_applied_then_the_rectangle_is_too_large() {
    let (mut community, start) = with_standing_orders_of(Parameters {
        seats: 1_030,
        ..Parameters::default()
    });
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let at = community.addresses.clone();
    let all = at.apply_standing_orders(start, 0..1_025, start - DAY);
    let why = MarketError::RectangleTooLarge;
    refused(&mut community.chain, &all, &[], why);
    let most = at.apply_standing_orders(start, 0..1_024, start - DAY);
    community.send_with_full_budget(&[most]).unwrap();
    let rest = at.apply_standing_orders(start, 1_024..u16::MAX, start - DAY);
    community.send_with_full_budget(&[rest]).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
}

#[test]
fn given_anybody_with_lamports_when_it_applies_then_it_needs_no_signature_but_the_payers() {
    let (community, start) = with_standing_orders();
    let apply = applying(&community, start);
    assert!(apply.accounts.iter().all(|meta| !meta.is_signer));
    let writable = apply.accounts.iter().filter(|meta| meta.is_writable);
    let at = &community.addresses;
    let expected = [at.ledger, at.book(start), at.standing_orders];
    assert!(writable.map(|meta| meta.pubkey).eq(expected));
}
