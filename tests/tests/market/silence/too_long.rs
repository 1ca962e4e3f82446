//! Seats whose meters were silent for too many windows place no orders until they are heard.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        buy, check_invariants, contract, deliver, first_start, pass_until, sell,
        trading_community_with, BUYER, SELLER,
    },
    refused::refused,
};

const PAGE: i64 = 1200;

/// A community whose seats may order until they were silent for so many windows.
fn with_most(max_silent: u16) -> (LocalCommunity, i64) {
    let mut parameters = Parameters::default();
    parameters.terms.max_silent = max_silent;
    let community = trading_community_with(parameters);
    let start = first_start(&community);
    (community, start)
}

/// The first window of the page behind the next one, when the page at `start` has just become final.
fn window_after(community: &mut LocalCommunity, start: i64) -> i64 {
    community.finish_page(start).unwrap();
    let window = start + 2 * PAGE + 300;
    assert!(community.chain.now() < window - 60);
    community.open_window(window).unwrap();
    window
}

#[test]
fn given_meters_silent_for_too_long_when_their_seats_place_orders_then_they_must_be_read_first() {
    let (mut community, start) = with_most(4);
    let bystander = community.take_seat("bystander").unwrap();
    contract(&mut community, start);
    // As long as the page is not final, its values may come.
    let next = start + PAGE;
    pass_until(&mut community, next);
    community.open_pages(next).unwrap();
    assert_eq!(community.seat(BUYER).silent_windows, 0);
    let window = window_after(&mut community, start);
    let silent = || Err(Failure::Market(MarketError::MetersSilent));
    for (place, order) in [(BUYER, buy(1, 1)), (SELLER, sell(1, 1))] {
        assert_eq!(community.seat(place).silent_windows, 4);
        let placed = community.place(place, window, vec![order]);
        assert_eq!(placed.map(|_| ()), silent());
    }
    // Without a meter there is no silence: all that is missing is money.
    let owner = &community.households[bystander];
    let place = community.orders_of(owner, window, vec![buy(1, 0)]);
    let why = MarketError::NotEnoughFree;
    refused(&mut community.chain, &place, &[&owner.wallet], why);
    check_invariants(&community);
}

#[test]
fn given_a_seat_that_was_silent_when_it_is_heard_through_a_page_then_it_may_order_again() {
    let (mut community, start) = with_most(4);
    contract(&mut community, start);
    let next = start + PAGE;
    for window in (0..4).map(|number| next + number * 300) {
        deliver(&mut community, window, &[]);
    }
    community.finish_page(next).unwrap();
    assert_eq!(community.seat(BUYER).silent_windows, 0);
    let window = next + 2 * PAGE + 300;
    community.open_window(window).unwrap();
    community.place(BUYER, window, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_window_less_than_too_many_when_seats_place_orders_then_they_may() {
    let (mut community, start) = with_most(5);
    contract(&mut community, start);
    let window = window_after(&mut community, start);
    community.place(BUYER, window, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_no_limit_when_meters_stay_silent_then_their_seats_may_go_on() {
    let (mut community, start) = with_most(0);
    contract(&mut community, start);
    let window = window_after(&mut community, start);
    assert_eq!(community.seat(BUYER).silent_windows, 4);
    community.place(BUYER, window, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}
