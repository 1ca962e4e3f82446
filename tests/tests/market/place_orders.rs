//! `place_orders`: right use.

use joulebook_client::market::{
    events::MarketEvent,
    types::{OrdersPlaced, PlacedOrder},
};
use joulebook_testkit::Setup;
use joulebook_tests::{
    hostile::sweep,
    market::{
        amounts, buy, close_gate, govern, id, make, market_events, open_village, sell, sound,
        trade, village_of, BUYER, FREE, SELLER,
    },
};

#[test]
fn given_an_open_window_when_orders_are_placed_then_they_are_in_the_book_and_their_cost_is_locked()
{
    let (mut world, start) = open_village(Setup::default());
    let buyer = &world.households[BUYER];
    let orders = vec![buy(1000, 60), buy(7, 127), sell(5, 0), sell(9, 127)];
    let place = world
        .at
        .place_orders(&buyer.address(), buyer, start, orders);
    let receipt = sweep(&mut world.chain, &place, &[&world.households[BUYER].wallet]);

    let placed = |index, quantity, tick, side| PlacedOrder {
        quantity,
        tick,
        index,
        sequence: 0,
        node: 0,
        side,
    };
    let seat = world.households[BUYER].seat;
    let event = OrdersPlaced {
        market: world.at.market,
        window: start,
        seat,
        reserved: [0; 3],
        orders: vec![
            placed(0, 1000, 60, 0),
            placed(1, 7, 127, 0),
            placed(2, 5, 0, 1),
            placed(3, 9, 127, 1),
        ],
    };
    assert_eq!(market_events(&receipt), [MarketEvent::OrdersPlaced(event)]);
    // The top price is 304,000, above the short price: selling there can cost nothing.
    let locked = amounts::BUY_LOCK + 7 * (304_000 + 20_000 + 3_040) + 5 * 250_000;
    assert_eq!(world.seat(BUYER).locked, locked);
    assert_eq!(world.seat(BUYER).free, FREE - locked);
    assert_eq!(world.seat(BUYER).engaged, 1);
    let window = world.window(start);
    assert_eq!(
        (window.header.live_orders, window.header.used_orders),
        (4, 4)
    );
    assert_eq!(window.positions[usize::from(seat)].orders, 4);
    assert_eq!((window.levels[60].buy, window.levels[127].buy), (1000, 7));
    assert_eq!((window.levels[0].sell, window.levels[127].sell), (5, 9));
    sound(&world);
}

#[test]
fn given_orders_in_several_windows_when_one_seat_places_them_then_it_is_engaged_in_each() {
    let (mut world, start) = open_village(Setup::default());
    world.open_window(start + 300).unwrap();
    trade(&mut world, start);
    trade(&mut world, start + 300);
    world.place(BUYER, start, vec![buy(1, 1)]).unwrap();
    assert_eq!(world.seat(BUYER).engaged, 2);
    assert_eq!(world.seat(SELLER).locked, 2 * amounts::SELL_LOCK);
    sound(&world);
}

#[test]
fn given_a_second_before_the_gate_when_orders_are_placed_then_they_are_taken() {
    let (mut world, start) = open_village(Setup::default());
    world.chain.set_time(start - 61);
    trade(&mut world, start);
    sound(&world);
}

#[test]
fn given_quantities_at_the_bounds_when_they_are_placed_then_they_are_taken() {
    let mut setup = Setup::default();
    setup.terms.min_quantity = 10;
    let (mut world, start) = open_village(setup);
    let largest = u32::MAX / 8;
    world.place(BUYER, start, vec![buy(10, 0)]).unwrap();
    // Selling at the short price or above it locks nothing, however much.
    world
        .place(SELLER, start, vec![sell(largest, 125); 8])
        .unwrap();
    assert_eq!(world.seat(SELLER).locked, 0);
    sound(&world);
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    sound(&world);
}

#[test]
fn given_other_things_paused_when_orders_are_placed_then_they_are_taken() {
    let (mut world, start) = open_village(Setup::default());
    let pause = make::set_pause(&world, 0b011);
    govern(&mut world, pause).unwrap();
    trade(&mut world, start);
    sound(&world);
}

#[test]
fn given_a_storage_when_it_places_both_sides_then_they_are_taken() {
    let (mut world, start) = open_village(Setup::default());
    let roles = make::set_roles(
        &world,
        &world.households[BUYER],
        joulebook_testkit::world::STORAGE,
    );
    govern(&mut world, roles).unwrap();
    world
        .place(BUYER, start, vec![buy(1, 1), sell(1, 2)])
        .unwrap();
    sound(&world);
}

#[test]
fn given_cancelled_orders_when_others_are_placed_then_their_slots_are_used_again() {
    let mut world = village_of(Setup {
        orders: 3,
        max_orders_per_seat: 3,
        ..Setup::default()
    });
    let start = joulebook_tests::market::first_start(&world);
    world.open_window(start).unwrap();
    world
        .place(BUYER, start, vec![buy(1, 1), buy(2, 2), buy(3, 3)])
        .unwrap();
    world
        .cancel(BUYER, start, vec![id(2, 0), id(0, 0)])
        .unwrap();
    let receipt = world
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
    assert_eq!(world.window(start).header.used_orders, 3);
    sound(&world);
}
