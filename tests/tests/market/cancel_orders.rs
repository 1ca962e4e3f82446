//! `cancel_orders`.

use joulebook_client::{
    market::{
        errors::MarketError,
        events::MarketEvent,
        types::{OrderRef, OrdersCancelled},
    },
    tables::Order,
};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::write, buy, close_gate, first_start, govern, id, make, market_events, open_village,
        sell, sound, trade, village, BUYER, FREE, SELLER,
    },
    refused::refused_when,
};
use solana_signer::Signer;

#[track_caller]
fn refuse(world: &mut World, start: i64, orders: Vec<OrderRef>, why: MarketError, case: &str) {
    let buyer = &world.households[BUYER];
    let cancel = world
        .at
        .cancel_orders(&buyer.address(), buyer.seat, start, orders);
    refused_when(case, &mut world.chain, &cancel, &[&buyer.wallet], why);
}

#[test]
fn given_orders_when_they_are_cancelled_then_their_locks_are_free_at_once() {
    let (mut world, start) = open_village(Setup::default());
    world
        .place(BUYER, start, vec![buy(1000, 60), sell(5, 70), buy(3, 3)])
        .unwrap();
    let buyer = &world.households[BUYER];
    let orders = vec![id(1, 0), id(0, 0)];
    let cancel = world
        .at
        .cancel_orders(&buyer.address(), buyer.seat, start, orders.clone());
    let receipt = sweep(&mut world.chain, &cancel, &[&buyer.wallet]);

    let cancelled = OrdersCancelled {
        market: world.at.market,
        window: start,
        seat: buyer.seat,
        orders,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::OrdersCancelled(cancelled)]
    );
    // 3 × (56,000 + 20,000 + 560) for the order that is left.
    assert_eq!(world.seat(BUYER).locked, 229_680);
    assert_eq!(world.window(start).header.live_orders, 1);
    assert_eq!(world.seat(BUYER).engaged, 1);
    sound(&world);

    world.cancel(BUYER, start, vec![id(2, 0)]).unwrap();
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).locked),
        (FREE, 0)
    );
    assert_eq!(world.seat(BUYER).engaged, 0);
    let window = world.window(start);
    assert!(window
        .levels
        .iter()
        .all(|level| level.buy == 0 && level.sell == 0));
    sound(&world);
}

#[test]
fn given_no_such_order_when_it_is_cancelled_then_nothing_is() {
    let (mut world, start) = open_village(Setup::default());
    world
        .place(BUYER, start, vec![buy(10, 10), buy(20, 20)])
        .unwrap();
    world.place(SELLER, start, vec![sell(30, 100)]).unwrap();
    for (case, bad, why) in [
        ("never used", id(3, 0), MarketError::NoSuchOrder),
        ("beyond the book", id(64, 0), MarketError::NoSuchOrder),
        ("far beyond", id(u16::MAX, 0), MarketError::NoSuchOrder),
        ("another sequence", id(0, 1), MarketError::NoSuchOrder),
        (
            "the last sequence",
            id(0, u16::MAX),
            MarketError::NoSuchOrder,
        ),
        ("the seller's", id(2, 0), MarketError::NotYourOrder),
        ("one twice", id(1, 0), MarketError::NoSuchOrder),
    ] {
        refuse(&mut world, start, vec![id(1, 0), bad], why, case);
    }
    refuse(&mut world, start, vec![], MarketError::NoOrders, "none");
    assert_eq!(world.window(start).header.live_orders, 3);
    sound(&world);
}

#[test]
fn given_a_slot_used_again_when_the_old_order_is_cancelled_then_it_is_gone() {
    let (mut world, start) = open_village(Setup::default());
    world.place(BUYER, start, vec![buy(10, 10)]).unwrap();
    world.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    refuse(
        &mut world,
        start,
        vec![id(0, 0)],
        MarketError::NoSuchOrder,
        "free slot",
    );
    refuse(
        &mut world,
        start,
        vec![id(0, 1)],
        MarketError::NoSuchOrder,
        "not used yet",
    );
    world.place(BUYER, start, vec![buy(11, 11)]).unwrap();
    refuse(
        &mut world,
        start,
        vec![id(0, 0)],
        MarketError::NoSuchOrder,
        "the old one",
    );
    world.cancel(BUYER, start, vec![id(0, 1)]).unwrap();
    sound(&world);
}

#[test]
fn given_another_seat_when_its_orders_are_cancelled_then_the_signer_is_no_trader_there() {
    let (mut world, start) = open_village(Setup::default());
    trade(&mut world, start);
    let (buyer, seller) = (&world.households[BUYER], &world.households[SELLER]);
    for (seat, thief, why) in [
        (buyer.seat, &seller.wallet, MarketError::NotTrader),
        (buyer.seat, &world.authority, MarketError::NotTrader),
        (31, &buyer.wallet, MarketError::NoSuchSeat),
        (32, &buyer.wallet, MarketError::NoSuchSeat),
        (u16::MAX, &buyer.wallet, MarketError::NoSuchSeat),
    ] {
        let cancel = world
            .at
            .cancel_orders(&thief.pubkey(), seat, start, vec![id(0, 0)]);
        refused_when("", &mut world.chain, &cancel, &[thief], why);
    }
}

#[test]
fn given_a_gate_that_has_closed_when_orders_are_cancelled_then_they_are_binding() {
    let mut world = village();
    let start = first_start(&world);
    refuse(
        &mut world,
        start,
        vec![id(0, 0)],
        MarketError::NotOpen,
        "never opened",
    );
    world.open_window(start).unwrap();
    trade(&mut world, start);
    close_gate(&mut world, start);
    refuse(
        &mut world,
        start,
        vec![id(0, 0)],
        MarketError::GateClosed,
        "at the gate",
    );
    world.clear_and_allocate(start).unwrap();
    refuse(
        &mut world,
        start,
        vec![id(0, 0)],
        MarketError::NotOpen,
        "allocated",
    );
    sound(&world);
}

#[test]
fn given_a_pause_and_a_suspension_when_orders_are_cancelled_then_they_are() {
    let (mut world, start) = open_village(Setup::default());
    trade(&mut world, start);
    let pause = make::set_pause(&world, 7);
    govern(&mut world, pause).unwrap();
    let suspend = make::suspend(&world, &world.households[BUYER]);
    govern(&mut world, suspend).unwrap();
    world.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    assert_eq!(world.seat(BUYER).free, FREE);
    sound(&world);
}

#[test]
fn given_a_slot_used_as_often_as_can_be_counted_when_it_is_freed_then_it_is_left_alone() {
    let (mut world, start) = open_village(Setup {
        orders: 2,
        max_orders_per_seat: 2,
        ..Setup::default()
    });
    world.place(BUYER, start, vec![buy(10, 10)]).unwrap();
    let window = world.at.window(start);
    let first = world.chain.data(&window).len() - 2 * size_of::<Order>();
    let sequence = std::mem::offset_of!(Order, sequence);
    write(
        &mut world.chain,
        &window,
        first + sequence,
        &u16::MAX.to_le_bytes(),
    );
    world.cancel(BUYER, start, vec![id(0, u16::MAX)]).unwrap();
    refuse(
        &mut world,
        start,
        vec![id(0, u16::MAX)],
        MarketError::NoSuchOrder,
        "worn out",
    );
    world.place(BUYER, start, vec![buy(10, 10)]).unwrap();
    assert_eq!(world.window(start).orders[1].sequence, 0);
    let more = world.place(BUYER, start, vec![buy(10, 10)]);
    let full = joulebook_testkit::Failure::Market(MarketError::BookFull);
    assert_eq!(more.map(|_| ()), Err(full));
    sound(&world);
}
