use joulebook_client::{
    layout::market::StandingOutcome,
    market::{
        events::MarketEvent,
        types::{StandingOrdersPlaced, StandingOrdersSet},
    },
};
use joulebook_tests::market::{
    amounts, check_invariants, close_gate, deliver_and_settle, market_events, BUYER, SELLER,
};

use super::{
    apply, enter, entry, expect_outcome, nothing, orders_of, quantities, row, rule, sell,
    with_standing_orders,
};

#[test]
fn given_a_standing_order_when_anybody_applies_it_then_it_is_in_the_book_as_by_hand() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(3, rule())]).unwrap();
    let receipt = apply(&mut community, start).unwrap();

    let orders = orders_of(&community, BUYER, start);
    let [order] = orders[..] else {
        panic!("{orders:?}");
    };
    assert_eq!(order.client_id, 7);
    assert_eq!((order.quantity, order.tick), (1_000, 60));
    assert_eq!(community.seat(BUYER).locked, amounts::BUY_LOCK);
    let placed = row(&community, BUYER).orders[3];
    expect_outcome(&community, BUYER, 3, StandingOutcome::Placed);
    assert_eq!((placed.window, placed.used_energy), (start, 1_000));
    assert_eq!(placed.used_lock, amounts::BUY_LOCK);
    let event = StandingOrdersPlaced {
        market: community.addresses.market,
        number: 0,
        window: start,
        first_seat: 0,
        seats: community.parameters.seats,
        orders: 1,
        bought: 1_000,
        sold: 0,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::StandingOrdersPlaced(event)]
    );
    check_invariants(&community);
}

#[test]
fn given_orders_entered_when_one_is_taken_away_then_the_event_says_what_stands_and_by_whom() {
    let (mut community, start) = with_standing_orders();
    let entries = vec![entry(0, rule()), entry(7, sell())];
    let entered = enter(&mut community, BUYER, entries).unwrap();
    let taken = enter(&mut community, BUYER, vec![nothing(0)]).unwrap();
    let buyer = &community.households[BUYER];
    let event = |entered: u8| {
        MarketEvent::StandingOrdersSet(StandingOrdersSet {
            market: community.addresses.market,
            number: 0,
            seat: buyer.seat,
            entered,
            by: buyer.address(),
        })
    };
    assert_eq!(market_events(&entered), [event(0b1000_0001)]);
    assert_eq!(market_events(&taken), [event(0b1000_0000)]);
    apply(&mut community, start).unwrap();
    let orders = orders_of(&community, BUYER, start);
    let sides: Vec<u8> = orders.iter().map(|order| order.state).collect();
    // A live sell.
    assert_eq!(sides, [2]);
    check_invariants(&community);
}

#[test]
fn given_one_that_can_not_be_placed_when_there_is_money_later_then_it_is_placed() {
    let (mut community, start) = with_standing_orders();
    let all = community.seat(BUYER).free / 1000;
    community.withdraw(BUYER, all).unwrap();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::NotEnoughFree);
    community.deposit(BUYER, 1_000_000).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::Placed);
    check_invariants(&community);
}

/// From the rule to the money, as in `amounts`, with nobody's signature since the rules were entered.
#[test]
fn given_standing_orders_alone_when_a_window_runs_to_its_end_then_it_is_traded_and_settled() {
    let (mut community, start) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let sell = joulebook_client::layout::market::StandingRule {
        limit: 150_000,
        quantity: 1_200,
        ..sell()
    };
    enter(&mut community, SELLER, vec![entry(0, sell)]).unwrap();
    apply(&mut community, start).unwrap();
    assert_eq!(community.seat(SELLER).locked, amounts::SELL_LOCK);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    assert_eq!(community.window(start).volume, 1_000);
    assert_eq!(community.seat(SELLER).locked, amounts::DELIVERY_LOCK);
    deliver_and_settle(&mut community, start, &[(1_000, 0), (0, 1_000)]);
    let income = joulebook_tests::market::FREE + amounts::INCOME;
    assert_eq!(community.seat(SELLER).free, income);
    // What was placed is not placed again once the window is over.
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
    check_invariants(&community);
}
