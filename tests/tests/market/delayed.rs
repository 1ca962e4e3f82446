//! Transactions that come later than they were meant to.

use joulebook_client::market::errors::MarketError;
use joulebook_testkit::Setup;
use joulebook_tests::{
    market::{
        buy, close_gate, deliver_and_settle, id, open_village, pass_until, sound, BUYER, SELLER,
    },
    refused::refused_when,
};

#[test]
fn given_the_slots_next_window_when_an_order_for_the_last_one_comes_then_it_is_too_late() {
    let (mut world, start) = open_village(Setup::default());
    let round = i64::from(world.setup.ring) * i64::from(world.setup.window_seconds);
    let next = start + round;
    assert_eq!(world.at.window(start), world.at.window(next));
    let buyer = &world.households[BUYER];
    let address = buyer.address();
    let place = |start| {
        world
            .at
            .place_orders(&address, buyer, start, vec![buy(5, 60)])
    };
    let cancel = |start| {
        let first = vec![id(0, 0)];
        world.at.cancel_orders(&address, buyer.seat, start, first)
    };
    let too_late = [place(start), cancel(start)];
    let too_early = [place(next), cancel(next)];
    let key = buyer.wallet.insecure_clone();

    world.place(BUYER, start, vec![buy(1, 60)]).unwrap();
    for early in &too_early {
        let why = MarketError::NotOpen;
        refused_when("early", &mut world.chain, early, &[&key], why);
    }
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut world, start, &[]);
    for late in &too_late {
        let why = MarketError::NotOpen;
        refused_when("settled", &mut world.chain, late, &[&key], why);
    }
    pass_until(&mut world, next - 900);
    world.open_window(next).unwrap();
    // The same index and sequence as the order that the cancellation was meant for.
    world.place(BUYER, next, vec![buy(2, 60)]).unwrap();
    for late in &too_late {
        let why = MarketError::GateClosed;
        refused_when("the next one is open", &mut world.chain, late, &[&key], why);
    }
    for early in &too_early {
        world
            .chain
            .send(std::slice::from_ref(early), &[&key])
            .unwrap();
    }
    assert_eq!(world.window(next).header.live_orders, 1);
    assert_eq!(world.seat(SELLER).engaged, 0);
    sound(&world);
}
