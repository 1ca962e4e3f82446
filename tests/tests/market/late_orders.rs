//! Orders and cancellations that come later than they were meant to: the book holds another window by then.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::Parameters;
use joulebook_tests::{
    market::{
        buy, check_invariants, close_gate, community_with_open_window, id, length, pass_until,
        BUYER,
    },
    refused::refused_when,
};

#[test]
fn given_the_books_next_window_when_an_order_for_the_last_one_comes_then_it_is_too_late() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let round = i64::from(community.parameters.books) * length(&community);
    let next = start + round;
    assert_eq!(
        community.addresses.book(start),
        community.addresses.book(next)
    );
    let buyer = &community.households[BUYER];
    let address = buyer.address();
    let place = |start| {
        community
            .addresses
            .place_orders(address, &buyer.address(), start, vec![buy(5, 60)])
    };
    let cancel = |start| {
        let first = vec![id(0, 0)];
        community
            .addresses
            .cancel_orders(address, buyer.seat, start, first)
    };
    let too_late = [place(start), cancel(start)];
    let too_early = [place(next), cancel(next)];
    let key = buyer.wallet.insecure_clone();

    community.place(BUYER, start, vec![buy(1, 60)]).unwrap();
    for early in &too_early {
        let why = MarketError::NotOpen;
        refused_when("early", &mut community.chain, early, &[&key], why);
    }
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    for late in &too_late {
        let why = MarketError::NotOpen;
        refused_when("allocated", &mut community.chain, late, &[&key], why);
    }
    pass_until(&mut community, next - 900);
    community.open_window(next).unwrap();
    // The same index and sequence as the order that the cancellation was meant for.
    community.place(BUYER, next, vec![buy(2, 60)]).unwrap();
    for late in &too_late {
        let why = MarketError::GateClosed;
        refused_when(
            "the next one is open",
            &mut community.chain,
            late,
            &[&key],
            why,
        );
    }
    for early in &too_early {
        community
            .chain
            .send(std::slice::from_ref(early), &[&key])
            .unwrap();
    }
    assert_eq!(community.book(next).header.live_orders, 1);
    check_invariants(&community);
}
