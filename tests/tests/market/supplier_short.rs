//! A supplier that cannot pay for surplus stops the settling, by name, until it deposits.

use joulebook_client::{
    market::{errors::MarketError, events::MarketEvent},
    tables::Phase,
};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    market::{
        amounts, contract, deliver, first_start, market_events, sound, BUYER, DEPOSIT, FREE, SELLER,
    },
    refused::refused,
};

/// A village whose supplier has nothing; the seller feeds in 1000 Wh too much, worth 80,000 atoms, and
/// the buyer draws `drawn` Wh.
fn surplus(drawn: u64) -> (World, i64) {
    let mut world = World::new(Setup::default()).unwrap();
    world.join("buyer", DEPOSIT).unwrap();
    world.join("seller", DEPOSIT).unwrap();
    world.join("after", DEPOSIT).unwrap();
    let start = first_start(&world);
    contract(&mut world, start);
    deliver(&mut world, start, &[(drawn, 0), (0, 2000), (10, 0)]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    (world, start)
}

#[test]
fn given_a_supplier_without_money_when_surplus_is_settled_then_it_stops_there_until_it_deposits() {
    let (mut world, start) = surplus(1000);
    let settle = world.at.settle(start, u16::MAX, None);
    let receipt = world.crank(std::slice::from_ref(&settle)).unwrap();
    let MarketEvent::SeatsSettled(part) = &market_events(&receipt)[0] else {
        panic!("some seats are settled");
    };
    let seller = world.households[SELLER].seat;
    assert_eq!((part.from, part.to, part.done), (0, seller, false));
    assert_eq!(world.seat(BUYER).free, FREE - amounts::PAID);
    assert_eq!(world.seat(SELLER).locked, amounts::DELIVERY_LOCK);
    sound(&world);
    refused(&mut world.chain, &settle, &[], MarketError::SupplierShort);
    let one = world.at.settle(start, 1, None);
    refused(&mut world.chain, &one, &[], MarketError::SupplierShort);

    world.fund_supplier(79_999).unwrap();
    refused(&mut world.chain, &settle, &[], MarketError::SupplierShort);
    world.fund_supplier(1).unwrap();
    world.crank(&[settle]).unwrap();
    assert_eq!(world.window(start).phase(), Some(Phase::Settled));
    assert_eq!(world.seat(SELLER).free, FREE + amounts::INCOME + 80_000_000);
    // What the last household pays comes after.
    assert_eq!(world.supplier_seat().free, 3_000_000);
    sound(&world);
}

#[test]
fn given_others_who_pay_the_supplier_first_when_surplus_is_settled_then_their_money_will_do() {
    // 267 Wh at 300,000 are 80,100,000.
    let (mut world, start) = surplus(1267);
    let settle = world.at.settle(start, u16::MAX, None);
    world.crank(&[settle]).unwrap();
    assert_eq!(world.window(start).phase(), Some(Phase::Settled));
    assert_eq!(world.supplier_seat().free, 100_000 + 3_000_000);
    sound(&world);
}

#[test]
fn given_a_supplier_without_a_seat_when_windows_are_settled_then_it_must_open_one() {
    let chain = joulebook_testkit::Chain::new(&joulebook_testkit::Chain::programs_dir()).unwrap();
    let mut world = World::founded(chain, Setup::default(), 0).unwrap();
    world.create_market().unwrap();
    world.join("buyer", DEPOSIT).unwrap();
    world.join("seller", DEPOSIT).unwrap();
    let start = first_start(&world);
    contract(&mut world, start);
    deliver(&mut world, start, &[(1000, 0), (0, 1000)]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    let settle = world.at.settle(start, 1, None);
    refused(&mut world.chain, &settle, &[], MarketError::NoSuchSeat);
    let open = world.open_seat_of(&world.supplier);
    world
        .chain
        .send(&[open], &[&world.supplier.wallet])
        .unwrap();
    world.meter_and_settle(start).unwrap();
    // A grid operator without a seat leaves its fee to the market.
    let fees = amounts::GRID_FEES + amounts::MARKET_FEES;
    assert_eq!(world.ledger().header.fees, fees);
    sound(&world);
}
