//! What a seat cannot pay: owed to the supplier, in the way of new orders, paid from what comes next.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{DebtIncurred, Deposited, Withdrawn},
};
use joulebook_testkit::{Failure, Setup, World};
use joulebook_tests::{
    market::{
        amounts, buy, close_gate, contract, deliver, first_start, id, length, make, market_events,
        pass_until, retire_meters, sell, send_as, sound, village, BUYER, DEPOSIT, SELLER,
        SUPPLIER_DEPOSIT,
    },
    refused::refused,
};

/// What is left in the buyer's seat, atoms.
const LITTLE: u64 = 200_000;
/// 1000 Wh beyond the contract at 300,000, less the 28,500,000 that the seat has left.
const DEBT: u64 = 271_500_000;

/// A village whose buyer has little money.
fn poor() -> World {
    let mut world = village();
    world.withdraw(BUYER, DEPOSIT - LITTLE).unwrap();
    world
}

/// The buyer has drawn twice what it bought, and owes [`DEBT`]; returns the next window's start.
fn indebted() -> (World, i64) {
    let mut world = poor();
    let start = first_start(&world);
    contract(&mut world, start);
    deliver(&mut world, start, &[(2000, 0), (0, 1000)]);
    let receipts = world.meter_and_settle(start).unwrap();
    let incurred = DebtIncurred {
        market: world.at.market,
        window: start,
        seat: world.households[BUYER].seat,
        amount: DEBT,
    };
    let events: Vec<_> = receipts.iter().flat_map(market_events).collect();
    assert!(events.contains(&MarketEvent::DebtIncurred(incurred)));
    let next = start + 2 * length(&world);
    world.open_window(next).unwrap();
    (world, next)
}

#[test]
fn given_more_drawn_than_a_seat_can_pay_when_it_is_settled_then_the_rest_is_debt() {
    let (world, _) = indebted();
    let buyer = world.seat(BUYER);
    assert_eq!((buyer.free, buyer.locked, buyer.debt), (0, 0, DEBT));
    assert_eq!(
        world.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 28_500_000
    );
    // The contract was covered all the same.
    assert_eq!(world.seat(SELLER).free, DEPOSIT * 1000 + amounts::INCOME);
    sound(&world);
}

#[test]
fn given_a_debt_when_its_seat_places_or_closes_then_it_must_pay_first() {
    let (mut world, next) = indebted();
    let in_debt = Err(Failure::Market(MarketError::InDebt));
    assert_eq!(
        world.place(BUYER, next, vec![buy(1, 1)]).map(|_| ()),
        in_debt
    );
    assert_eq!(
        world.place(BUYER, next, vec![sell(1, 127)]).map(|_| ()),
        in_debt
    );
    let poor = Err(Failure::Market(MarketError::NotEnoughFree));
    assert_eq!(world.withdraw(BUYER, 1).map(|_| ()), poor);
    let close = make::close_seat(&world, &world.households[BUYER]);
    let buyer = &world.households[BUYER].wallet;
    refused(&mut world.chain, &close, &[buyer], MarketError::SeatInUse);
    sound(&world);
}

#[test]
fn given_a_debt_when_anyone_deposits_then_it_is_paid_before_anything_else() {
    let (mut world, next) = indebted();
    let deposited = |world: &World, amount, debt_paid| {
        [MarketEvent::Deposited(Deposited {
            market: world.at.market,
            seat: world.households[BUYER].seat,
            amount,
            debt_paid,
        })]
    };
    let receipt = world.deposit(BUYER, 100_000).unwrap();
    assert_eq!(
        market_events(&receipt),
        deposited(&world, 100_000, 100_000_000)
    );
    let buyer = world.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt), (0, DEBT - 100_000_000));
    sound(&world);
    let receipt = world.deposit(BUYER, LITTLE).unwrap();
    assert_eq!(
        market_events(&receipt),
        deposited(&world, LITTLE, 171_500_000)
    );
    let buyer = world.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt), (28_500_000, 0));
    // 28,500,000 it had and 300,000,000 in all for the 1000 Wh.
    assert_eq!(
        world.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300_000_000
    );
    world.place(BUYER, next, vec![buy(1, 1)]).unwrap();
    sound(&world);
}

/// The buyer has an order in a later window, which it can cancel, and draws energy in this one.
fn indebted_with_order(
    order: joulebook_client::market::types::NewOrder,
    drawn: u64,
) -> (World, i64) {
    let mut world = poor();
    let start = first_start(&world);
    let later = start + 600;
    world.open_window(start).unwrap();
    pass_until(&mut world, later - 900);
    world.open_window(later).unwrap();
    world.place(BUYER, later, vec![order]).unwrap();
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    deliver(&mut world, start, &[(drawn, 0)]);
    world.meter_and_settle(start).unwrap();
    sound(&world);
    (world, later)
}

#[test]
fn given_a_debt_and_money_that_was_locked_when_it_is_withdrawn_then_the_debt_is_paid_first() {
    // The order leaves 200,000,000 − 191,700,000; the 100 Wh cost 30,000,000.
    let (mut world, later) = indebted_with_order(buy(1000, 60), 100);
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).debt),
        (0, 21_700_000)
    );
    world.cancel(BUYER, later, vec![id(0, 0)]).unwrap();
    let receipt = world.withdraw(BUYER, 1000).unwrap();
    let withdrawn = Withdrawn {
        market: world.at.market,
        seat: world.households[BUYER].seat,
        amount: 1000,
        debt_paid: 21_700_000,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Withdrawn(withdrawn)]);
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).debt),
        (169_000_000, 0)
    );
    assert_eq!(
        world.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 30_000_000
    );
    sound(&world);
}

#[test]
fn given_a_debt_when_its_seat_earns_then_the_income_pays_it() {
    // Selling 1000 Wh from 150,000 locks 150,000,000; the 1000 Wh drawn cost 300,000,000.
    let (mut world, later) = indebted_with_order(sell(1000, 50), 1000);
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).debt),
        (0, 250_000_000)
    );
    world.place(SELLER, later, vec![buy(1000, 60)]).unwrap();
    close_gate(&mut world, later);
    world.clear_and_allocate(later).unwrap();
    // The price is 160,000: 10,000,000 of the lock are free.
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).locked),
        (10_000_000, 140_000_000)
    );
    deliver(&mut world, later, &[(0, 1000), (1000, 0)]);
    world.meter_and_settle(later).unwrap();
    let buyer = world.seat(BUYER);
    assert_eq!((buyer.free, buyer.locked, buyer.debt), (60_000_000, 0, 0));
    assert_eq!(
        world.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300_000_000
    );
    sound(&world);
}

#[test]
fn given_a_debt_when_the_supplier_would_leave_then_it_waits_for_its_money() {
    let (mut world, next) = indebted();
    close_gate(&mut world, next);
    world.clear_and_allocate(next).unwrap();
    joulebook_tests::market::deliver_and_settle(&mut world, next, &[]);
    for slot in 0..world.setup.ring {
        let close = make::close_window(&world, slot);
        joulebook_tests::market::govern(&mut world, close).unwrap();
    }
    let supplier = &world.supplier;
    let all = world.supplier_seat().free / 1000;
    let withdraw = world.at.withdraw(supplier, all);
    world
        .chain
        .send(&[withdraw], &[&world.supplier.wallet])
        .unwrap();
    // Without its seat the debtor could neither pay nor take out what is left.
    let close = make::close_seat(&world, &world.supplier);
    let supplier = &world.supplier.wallet;
    refused(
        &mut world.chain,
        &close,
        &[supplier],
        MarketError::SeatInUse,
    );
    world.deposit(BUYER, 300_000).unwrap();
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).debt),
        (28_500_000, 0)
    );
    world.withdraw(BUYER, 28_500).unwrap();
    retire_meters(&mut world, BUYER);
    let close = make::close_seat(&world, &world.households[BUYER]);
    send_as(&mut world, BUYER, close).unwrap();
}

/// The heap of a call holds less than two hundred events, if each takes its part of it.
#[test]
fn given_many_seats_that_cannot_pay_when_they_are_settled_in_one_call_then_each_has_its_debt() {
    const MANY: usize = 200;
    let mut world = World::new(Setup {
        seats: MANY as u16 + 2,
        meters: MANY as u16,
        ..Setup::default()
    })
    .unwrap();
    for number in 0..MANY {
        world.join(&format!("household {number}"), 0).unwrap();
    }
    let start = first_start(&world);
    world.open_window(start).unwrap();
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    deliver(&mut world, start, &[(10, 0); MANY]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    let settle = world.at.settle(start, u16::MAX, None);
    let receipt = world.crank(&[settle]).unwrap();
    let debts = market_events(&receipt)
        .into_iter()
        .filter(|event| matches!(event, MarketEvent::DebtIncurred(_)))
        .count();
    assert!((0..MANY).all(|place| world.seat(place).debt == 10 * 300_000));
    // A node cuts long logs short: the first of them are there.
    assert!(debts > 50, "{debts} events");
    sound(&world);
}
