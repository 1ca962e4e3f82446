//! Room for orders: every seat has some, whatever the others do, and none is for nothing.

use joulebook_client::{layout::market::NewOrder, market::errors::MarketError};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        buy, check_invariants, community_with_open_window, first_start, id, sell,
        trading_community, trading_community_with, BUYER, CARRIED, DEPOSIT, SELLER,
    },
    refused::refused_when,
};

use crate::place_refusals::refuse;

/// A third household beside buyer and seller.
const THIRD: usize = 2;

/// Books of 14 orders: 2 for each of five seats, and 4 that whoever comes first has.
fn roomy() -> (LocalCommunity, i64) {
    let mut community = trading_community_with(Parameters {
        seats: 5,
        orders: 14,
        max_orders_per_seat: 8,
        room_per_seat: 2,
        ..Parameters::default()
    });
    assert_eq!(community.join("third", DEPOSIT), Ok(THIRD));
    let start = first_start(&community);
    community.open_window(start).unwrap();
    (community, start)
}

/// As many orders, all of them cheap.
fn orders(count: usize) -> Vec<NewOrder> {
    vec![buy(1, 1); count]
}

#[track_caller]
fn full(community: &mut LocalCommunity, place: usize, start: i64, count: usize, case: &str) {
    let why = MarketError::BookFull;
    refuse(community, place, start, orders(count), why, case);
}

fn beyond_room(community: &LocalCommunity, start: i64) -> u16 {
    community.book(start).header.beyond_room
}

#[test]
fn given_one_seat_that_takes_all_it_can_when_others_place_then_each_has_its_own_room() {
    let (mut community, start) = roomy();
    community.place(BUYER, start, orders(6)).unwrap();
    assert_eq!(beyond_room(&community, start), 4);
    full(&mut community, BUYER, start, 1, "beyond what is shared");
    full(&mut community, SELLER, start, 3, "one beyond its room");
    for place in [SELLER, THIRD] {
        community.place(place, start, orders(2)).unwrap();
        full(&mut community, place, start, 1, "beyond its room");
    }
    assert_eq!(beyond_room(&community, start), 4);
    let book = community.book(start).header;
    assert_eq!((book.live_orders, book.used_orders), (10, 10));
    check_invariants(&community);
}

#[test]
fn given_orders_beyond_their_rooms_when_two_seats_place_them_then_they_share_the_rest() {
    let (mut community, start) = roomy();
    community.place(BUYER, start, orders(5)).unwrap();
    full(
        &mut community,
        SELLER,
        start,
        4,
        "two are needed, one is left",
    );
    community.place(SELLER, start, orders(3)).unwrap();
    assert_eq!(beyond_room(&community, start), 4);
    full(&mut community, THIRD, start, 3, "none is left");
    community.place(THIRD, start, orders(2)).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_full_book_when_an_order_beyond_the_room_is_cancelled_then_anybody_has_its_place() {
    let (mut community, start) = roomy();
    community.place(BUYER, start, orders(6)).unwrap();
    community.place(SELLER, start, orders(2)).unwrap();
    full(&mut community, SELLER, start, 1, "full");
    community.cancel(BUYER, start, vec![id(3, 0)]).unwrap();
    assert_eq!(beyond_room(&community, start), 3);
    community.place(SELLER, start, orders(1)).unwrap();
    full(&mut community, BUYER, start, 1, "taken by another");
    check_invariants(&community);
}

#[test]
fn given_orders_within_the_room_when_they_are_cancelled_then_it_is_still_the_seats_own() {
    let (mut community, start) = roomy();
    community.place(BUYER, start, orders(2)).unwrap();
    community.place(SELLER, start, orders(6)).unwrap();
    community.cancel(SELLER, start, vec![id(2, 0)]).unwrap();
    community.place(BUYER, start, orders(1)).unwrap();
    // Of its three orders one is beyond the room: of the two that go it is one.
    community
        .cancel(BUYER, start, vec![id(0, 0), id(1, 0)])
        .unwrap();
    assert_eq!(beyond_room(&community, start), 3);
    community.cancel(BUYER, start, vec![id(2, 1)]).unwrap();
    assert_eq!(beyond_room(&community, start), 3);
    community.place(SELLER, start, orders(1)).unwrap();
    assert_eq!(beyond_room(&community, start), 4);
    community.place(BUYER, start, orders(2)).unwrap();
    full(&mut community, BUYER, start, 1, "the shared room is gone");
    check_invariants(&community);
}

#[test]
fn given_a_new_window_when_its_book_held_a_full_one_before_then_all_room_is_back() {
    let (mut community, start) = roomy();
    community.place(BUYER, start, orders(6)).unwrap();
    let later = start + 8 * 300;
    community.pass_until(later - 900);
    community.clear_and_allocate(start).unwrap();
    community.open_window(later).unwrap();
    assert_eq!(beyond_room(&community, later), 0);
    community.place(SELLER, later, orders(6)).unwrap();
    check_invariants(&community);
}

#[test]
fn given_books_that_are_all_rooms_when_a_seat_wants_more_then_there_is_nothing_to_share() {
    let mut community = trading_community_with(Parameters {
        seats: 4,
        orders: 8,
        max_orders_per_seat: 4,
        room_per_seat: 2,
        ..Parameters::default()
    });
    let start = first_start(&community);
    community.open_window(start).unwrap();
    full(&mut community, BUYER, start, 3, "at once");
    community.place(BUYER, start, orders(2)).unwrap();
    full(&mut community, BUYER, start, 1, "one more");
    check_invariants(&community);
}

#[test]
fn given_a_market_without_rooms_when_a_book_is_full_then_there_is_none() {
    let (mut community, start) = community_with_open_window(Parameters {
        orders: 5,
        max_orders_per_seat: 4,
        ..Parameters::default()
    });
    community.place(BUYER, start, orders(4)).unwrap();
    full(&mut community, SELLER, start, 2, "two for one");
    community.place(SELLER, start, orders(1)).unwrap();
    full(&mut community, SELLER, start, 1, "full");
    check_invariants(&community);
}

/// In the first version a sell at or above the short price locked nothing: eight seats without money filled the book.
#[test]
fn given_eight_seats_without_money_when_they_place_what_they_can_then_the_book_stays_empty() {
    // Of 64 orders, eight a seat.
    let mut community = trading_community();
    let poor: Vec<usize> = (0..8)
        .map(|number| community.join(&format!("poor {number}"), 0).unwrap())
        .collect();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    for place in poor {
        let owner = &community.households[place];
        // Tick 125 is the short price; nothing sold there or above can cost anything.
        for (what, order) in [
            ("a buy at the bottom", buy(1, 0)),
            ("a sell at the short price", sell(1, 125)),
            ("a sell at the top", sell(1, 127)),
            ("the largest sell", sell(CARRIED, 127)),
        ] {
            let orders = community.orders_of(owner, start, vec![order; 8]);
            let why = MarketError::NotEnoughFree;
            refused_when(what, &mut community.chain, &orders, &[&owner.wallet], why);
        }
    }
    assert_eq!(community.book(start).header.live_orders, 0);
    community.place(SELLER, start, vec![sell(1, 50)]).unwrap();
    check_invariants(&community);
}
