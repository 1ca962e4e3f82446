//! `place_orders`: right use.

use joulebook_client::{
    layout::market::NewOrder,
    market::{
        events::MarketEvent,
        types::{OrdersPlaced, PlacedOrder},
    },
};
use joulebook_sim::Parameters;
use joulebook_tests::{
    hostile::sweep,
    market::{
        amounts, buy, check_invariants, close_gate, community_with_open_window, first_start,
        govern, id, instructions, market_events, sell, trade, trading_community_with, BUYER,
        CARRIED, FREE, SELLER,
    },
};

#[test]
fn given_an_open_window_when_orders_are_placed_then_they_are_in_the_book_and_their_cost_is_locked()
{
    let (mut community, start) = community_with_open_window(Parameters::default());
    let buyer = &community.households[BUYER];
    let orders = vec![buy(1000, 60), buy(7, 127), sell(5, 0), sell(9, 127)];
    let place = community.orders_of(buyer, start, orders);
    let receipt = sweep(
        &mut community.chain,
        &place,
        &[&community.households[BUYER].wallet],
    );

    let placed = |index, quantity, tick, side| PlacedOrder {
        quantity,
        tick,
        index,
        side,
        client_id: 0,
        sequence: 0,
        node: 0,
        reserved: 0,
    };
    let seat = community.households[BUYER].seat;
    let event = OrdersPlaced {
        market: community.addresses.market,
        number: 0,
        window: start,
        seat,
        reserved: 0,
        orders: vec![
            placed(0, 1000, 60, 0),
            placed(1, 7, 127, 0),
            placed(2, 5, 0, 1),
            placed(3, 9, 127, 1),
        ],
    };
    assert_eq!(market_events(&receipt), [MarketEvent::OrdersPlaced(event)]);
    // The top price is 304,000, above the short price: selling there can cost nothing, and locks the least.
    let locked = amounts::BUY_LOCK + 7 * (304_000 + 20_000 + 3_040) + 5 * 250_000 + 9;
    assert_eq!(community.seat(BUYER).locked, locked);
    assert_eq!(community.seat(BUYER).free, FREE - locked);
    assert_eq!(community.seat(BUYER).engaged, 1);
    let book = community.book(start);
    assert_eq!((book.header.live_orders, book.header.used_orders), (4, 4));
    let row = book.seats[usize::from(seat)];
    assert_eq!((row.orders, row.locked), (4, locked));
    assert_eq!((book.levels[60].buy, book.levels[127].buy), (1000, 7));
    assert_eq!((book.levels[0].sell, book.levels[127].sell), (5, 9));
    check_invariants(&community);
}

#[test]
fn given_ids_of_the_client_when_orders_are_placed_then_they_come_back_in_rows_and_event() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let with_id = |client_id, order: NewOrder| NewOrder { client_id, ..order };
    // They need not differ.
    let orders = vec![
        with_id(7, buy(1, 1)),
        with_id(u16::MAX, sell(2, 100)),
        with_id(7, buy(3, 2)),
    ];
    let receipt = community.place(BUYER, start, orders).unwrap();
    let [MarketEvent::OrdersPlaced(placed)] = &market_events(&receipt)[..] else {
        panic!("one event of placed orders");
    };
    let ids: Vec<_> = placed.orders.iter().map(|order| order.client_id).collect();
    assert_eq!(ids, [7, u16::MAX, 7]);
    community.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    community
        .place(SELLER, start, vec![with_id(9, sell(4, 90))])
        .unwrap();
    let book = community.book(start);
    let rows: Vec<_> = book
        .live_orders()
        .map(|(index, order)| (index, order.client_id, order.quantity))
        .collect();
    assert_eq!(rows, [(0, 9, 4), (1, u16::MAX, 2), (2, 7, 3)]);
    check_invariants(&community);
}

#[test]
fn given_orders_in_several_windows_when_one_seat_places_them_then_it_is_engaged_in_each() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.open_window(start + 300).unwrap();
    trade(&mut community, start);
    trade(&mut community, start + 300);
    community.place(BUYER, start, vec![buy(1, 1)]).unwrap();
    assert_eq!(community.seat(BUYER).engaged, 2);
    assert_eq!(community.seat(SELLER).locked, 2 * amounts::SELL_LOCK);
    check_invariants(&community);
}

#[test]
fn given_a_second_before_the_gate_when_orders_are_placed_then_they_are_taken() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.chain.set_time(start - 61);
    trade(&mut community, start);
    check_invariants(&community);
}

#[test]
fn given_quantities_at_the_bounds_when_they_are_placed_then_they_are_taken() {
    let mut parameters = Parameters::default();
    parameters.terms.min_quantity = 10;
    let (mut community, start) = community_with_open_window(parameters);
    community.place(BUYER, start, vec![buy(10, 0)]).unwrap();
    // Selling at the short price or above it can cost nothing: the least is locked, one atom per kWh.
    community
        .place(SELLER, start, vec![sell(CARRIED, 125)])
        .unwrap();
    assert_eq!(community.seat(SELLER).locked, u64::from(CARRIED));
    check_invariants(&community);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_least_lock_when_an_order_would_cost_less_then_that_is_locked() {
    let mut parameters = Parameters::default();
    parameters.terms.min_lock = 5_000;
    let (mut community, start) = community_with_open_window(parameters);
    // Selling 100 Wh at tick 124, 298,000, may cost 2,000 each; at tick 120, 290,000, it may cost 10,000.
    community
        .place(SELLER, start, vec![sell(100, 124), sell(100, 120)])
        .unwrap();
    assert_eq!(community.seat(SELLER).locked, 100 * (5_000 + 10_000));
    check_invariants(&community);
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE);
    check_invariants(&community);
}

#[test]
fn given_other_things_paused_when_orders_are_placed_then_they_are_taken() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let pause = instructions::set_pause(&community, 0b01);
    govern(&mut community, pause).unwrap();
    trade(&mut community, start);
    check_invariants(&community);
}

#[test]
fn given_a_storage_when_it_places_both_sides_then_they_are_taken() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let roles = instructions::set_roles(
        &community,
        &community.households[BUYER],
        joulebook_sim::roles::STORAGE,
    );
    govern(&mut community, roles).unwrap();
    community
        .place(BUYER, start, vec![buy(1, 1), sell(1, 2)])
        .unwrap();
    check_invariants(&community);
}

#[test]
fn given_cancelled_orders_when_others_are_placed_then_their_slots_are_used_again() {
    let mut community = trading_community_with(Parameters {
        orders: 3,
        max_orders_per_seat: 3,
        ..Parameters::default()
    });
    let start = first_start(&community);
    community.open_window(start).unwrap();
    community
        .place(BUYER, start, vec![buy(1, 1), buy(2, 2), buy(3, 3)])
        .unwrap();
    community
        .cancel(BUYER, start, vec![id(2, 0), id(0, 0)])
        .unwrap();
    let receipt = community
        .place(SELLER, start, vec![sell(4, 100), sell(5, 101)])
        .unwrap();
    let [MarketEvent::OrdersPlaced(placed)] = &market_events(&receipt)[..] else {
        panic!("one event of placed orders");
    };
    let ids: Vec<_> = placed
        .orders
        .iter()
        .map(|order| (order.index, order.sequence))
        .collect();
    assert_eq!(ids, [(0, 1), (2, 1)]);
    assert_eq!(community.book(start).header.used_orders, 3);
    check_invariants(&community);
}
