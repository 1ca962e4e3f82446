//! Meters that were not heard: estimated, and trued up when they are.

use joulebook_client::{
    events::Event,
    market::{errors::MarketError, types::NewOrder},
    oracle::{events::OracleEvent, types::ReadingResult},
    ring,
};
use joulebook_testkit::{Failure, Setup, World};
use joulebook_tests::{
    market::{
        amounts, buy, contract, first_start, pass_until, read_start, sell, sound, trade,
        village_of, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
    },
    refused::refused,
};

const ESTIMATED: u8 = 1;
const CAUGHT_UP: u8 = 2;
/// 500 × (200,000 + 20,000 + 2,000)
const SECOND_PAID: u64 = 111_000_000;
/// 500 × 200,000
const SECOND_INCOME: u64 = 100_000_000;

/// Two windows with contracts: 1000 Wh at 150,000 in the first, and in the second what `second` says.
/// Nobody's meter is read at the end of the first; both intervals are open at the end of the second.
fn two_windows(second: Option<(NewOrder, NewOrder)>) -> (World, i64, i64) {
    let mut world = village_of(Setup::default());
    let first = first_start(&world);
    let next = first + 300;
    world.open_window(first).unwrap();
    world.open_window(next).unwrap();
    trade(&mut world, first);
    if let Some((buy, sell)) = second {
        world.place(BUYER, next, vec![buy]).unwrap();
        world.place(SELLER, next, vec![sell]).unwrap();
    }
    pass_until(&mut world, next - 60);
    world.clear_and_allocate(first).unwrap();
    world.clear_and_allocate(next).unwrap();
    read_start(&mut world, first);
    world.open_interval(first).unwrap();
    pass_until(&mut world, next);
    world.open_interval(next).unwrap();
    pass_until(&mut world, next + 300);
    (world, first, next)
}

/// 500 Wh at 200,000.
fn second_trade() -> Option<(NewOrder, NewOrder)> {
    Some((buy(500, 75), sell(500, 75)))
}

fn settle_unheard(world: &mut World, start: i64) {
    pass_until(world, start + 900);
    world.meter_and_settle(start).unwrap();
}

fn flags(world: &World, start: i64, place: usize) -> u8 {
    world.window(start).positions[usize::from(world.households[place].seat)].flags
}

fn read(world: &mut World, start: i64, flows: &[(u64, u64)]) -> Vec<ReadingResult> {
    let readings = world.read_meters(start, flows);
    let receipts = world.submit(start, readings).unwrap();
    let events = receipts.iter().flat_map(|receipt| receipt.events());
    events
        .flat_map(|event| match event {
            Event::Oracle(OracleEvent::ReadingsProcessed(processed)) => processed.results,
            _ => vec![],
        })
        .map(|outcome| outcome.result)
        .collect()
}

#[test]
fn given_nobody_heard_when_the_grace_is_over_then_all_counts_as_delivered() {
    let (mut world, first, _) = two_windows(None);
    settle_unheard(&mut world, first);
    let (buyer, seller) = (world.seat(BUYER), world.seat(SELLER));
    assert_eq!(
        (buyer.free, seller.free),
        (FREE - amounts::PAID, FREE + amounts::INCOME)
    );
    assert_eq!((buyer.estimated, seller.estimated), (1000, -1000));
    assert_eq!((buyer.estimated_windows, seller.estimated_windows), (1, 1));
    assert_eq!(world.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
    assert_eq!(flags(&world, first, BUYER), ESTIMATED);
    let slot = ring::slot(first, 300, 16).unwrap();
    let record = world.history().records[usize::from(slot)];
    assert_eq!(
        (record.estimated, record.imported, record.exported),
        (2, 0, 0)
    );
    sound(&world);
}

#[test]
fn given_an_estimate_when_the_meter_catches_up_then_the_rest_is_paid_at_the_tariff() {
    let (mut world, first, next) = two_windows(second_trade());
    settle_unheard(&mut world, first);
    let results = read(&mut world, next, &[(1800, 0), (0, 1400)]);
    assert_eq!(results, [ReadingResult::Counted, ReadingResult::Counted]);
    world.meter_and_settle(next).unwrap();
    assert_eq!(flags(&world, next, BUYER) & CAUGHT_UP, CAUGHT_UP);

    // Buyer: 1800 − 500 − 1000 = 300 more than contracts and estimate, at 300,000.
    let buyer = FREE - amounts::PAID - SECOND_PAID - 90_000_000;
    // Seller: −1400 + 500 + 1000 = 100 less delivered, at 300,000.
    let seller = FREE + amounts::INCOME + SECOND_INCOME - 30_000_000;
    assert_eq!(
        (world.seat(BUYER).free, world.seat(SELLER).free),
        (buyer, seller)
    );
    assert_eq!(
        world.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 120_000_000
    );
    for place in [BUYER, SELLER] {
        let seat = world.seat(place);
        assert_eq!(
            (seat.estimated, seat.estimated_windows, seat.debt),
            (0, 0, 0)
        );
    }
    sound(&world);
}

#[test]
fn given_an_estimate_when_the_missing_reading_comes_late_then_it_is_carried_and_paid_the_same() {
    let (mut world, first, next) = two_windows(second_trade());
    settle_unheard(&mut world, first);
    let late = read(&mut world, first, &[(1300, 0), (0, 900)]);
    assert_eq!(
        late,
        [ReadingResult::CountedLate, ReadingResult::CountedLate]
    );
    read(&mut world, next, &[(500, 0), (0, 500)]);
    world.meter_and_settle(next).unwrap();
    let buyer = FREE - amounts::PAID - SECOND_PAID - 90_000_000;
    let seller = FREE + amounts::INCOME + SECOND_INCOME - 30_000_000;
    assert_eq!(
        (world.seat(BUYER).free, world.seat(SELLER).free),
        (buyer, seller)
    );
    assert_eq!(
        (world.seat(BUYER).estimated, world.seat(SELLER).estimated),
        (0, 0)
    );
    sound(&world);
}

#[test]
fn given_no_trade_when_the_meter_catches_up_then_the_rest_is_paid_at_the_tariff() {
    let (mut world, first, next) = two_windows(None);
    settle_unheard(&mut world, first);
    read(&mut world, next, &[(1300, 0), (0, 1100)]);
    world.meter_and_settle(next).unwrap();
    // 300 more drawn, at 300,000; 100 more fed in, at 80,000.
    let buyer = FREE - amounts::PAID - 90_000_000;
    let seller = FREE + amounts::INCOME + 8_000_000;
    assert_eq!(
        (world.seat(BUYER).free, world.seat(SELLER).free),
        (buyer, seller)
    );
    assert_eq!(
        (world.seat(BUYER).estimated, world.seat(SELLER).estimated),
        (0, 0)
    );
    sound(&world);
}

/// Whoever settles first must not decide what an estimate is worth.
#[test]
fn given_the_catch_up_metered_before_the_estimate_when_it_is_settled_then_it_waits_for_that_one() {
    let (mut world, first, next) = two_windows(second_trade());
    read(&mut world, next, &[(1800, 0), (0, 1400)]);
    let steps = [world.at.meter(next), world.at.settle(next, 1, None)];
    world.crank(&steps[..1]).unwrap();
    let early = MarketError::EarlierUnsettled;
    refused(&mut world.chain, &steps[1], &[], early.clone());
    pass_until(&mut world, first + 900);
    let meter = world.at.meter(first);
    world.crank(&[meter]).unwrap();
    refused(&mut world.chain, &steps[1], &[], early.clone());
    // Not even between two calls for the first one.
    let (some, all) = (
        world.at.settle(first, 1, None),
        world.at.settle(first, u16::MAX, None),
    );
    world.crank(&[some]).unwrap();
    refused(&mut world.chain, &steps[1], &[], early);
    world.crank(&[all]).unwrap();
    let rest = world.at.settle(next, u16::MAX, None);
    world.crank(&[rest]).unwrap();

    let buyer = FREE - amounts::PAID - SECOND_PAID - 90_000_000;
    let seller = FREE + amounts::INCOME + SECOND_INCOME - 30_000_000;
    assert_eq!(
        (world.seat(BUYER).free, world.seat(SELLER).free),
        (buyer, seller)
    );
    let ledger = world.ledger().header;
    assert_eq!((ledger.last_allocated, ledger.last_settled), (next, next));
    assert_eq!(world.window(next).header.previous, first);
    sound(&world);
}

/// Nothing waits for a later window, or windows could wait for each other in a circle.
#[test]
fn given_a_window_allocated_after_a_later_one_when_both_are_settled_then_it_has_no_turn_to_wait_for(
) {
    let mut world = village_of(Setup::default());
    let first = first_start(&world);
    let next = first + 300;
    world.open_window(first).unwrap();
    world.open_window(next).unwrap();
    trade(&mut world, first);
    pass_until(&mut world, next - 60);
    world.clear_and_allocate(next).unwrap();
    world.clear_and_allocate(first).unwrap();
    assert_eq!(world.window(first).header.previous, i64::MIN);
    assert_eq!(world.window(next).header.previous, 0);
    for (start, settled) in [(first, 0), (next, next)] {
        read_start(&mut world, start);
        world.open_interval(start).unwrap();
        settle_unheard(&mut world, start);
        assert_eq!(world.ledger().header.last_settled, settled);
    }
    assert_eq!(world.ledger().header.last_allocated, next);
    sound(&world);
}

/// Who was paid for energy that no meter has confirmed could otherwise take the money, and never be heard again.
#[test]
fn given_sold_energy_that_no_meter_confirmed_when_its_money_is_taken_out_then_what_it_may_cost_stays(
) {
    let (mut world, first, next) = two_windows(None);
    settle_unheard(&mut world, first);
    assert_eq!(world.seat(SELLER).estimated, -1000);
    let free = world.seat(SELLER).free / 1000;
    // 1000 Wh at 300,000.
    let kept = 300_000;
    let unconfirmed = Err(Failure::Market(MarketError::Unconfirmed));
    assert_eq!(
        world.withdraw(SELLER, free - kept + 1).map(|_| ()),
        unconfirmed
    );
    world.withdraw(SELLER, free - kept).unwrap();
    // Nor is it there to buy with.
    let later = first + 1800;
    world.open_window(later).unwrap();
    let bought = world.place(SELLER, later, vec![buy(1, 0)]);
    assert_eq!(bought.map(|_| ()), unconfirmed);
    // The buyer owes nothing for what it was assumed to draw.
    let all = world.seat(BUYER).free / 1000;
    world.withdraw(BUYER, all).unwrap();
    sound(&world);

    read(&mut world, next, &[(1000, 0), (0, 1000)]);
    world.meter_and_settle(next).unwrap();
    assert_eq!(world.seat(SELLER).estimated, 0);
    world.withdraw(SELLER, kept).unwrap();
    sound(&world);
}

/// A market price that the seat makes itself, by trading with itself where nobody else does, is worth nothing to
/// it.
#[test]
fn given_a_seller_who_stayed_silent_when_it_trades_with_itself_then_it_pays_the_tariff_all_the_same(
) {
    let own = |tick| (buy(1, tick), sell(1, tick));
    let mut paid = vec![];
    for tick in [0, 50, 127] {
        let mut world = village_of(Setup::default());
        let first = first_start(&world);
        let next = first + 300;
        world.open_window(first).unwrap();
        world.open_window(next).unwrap();
        trade(&mut world, first);
        let (buy, sell) = own(tick);
        world.place(SELLER, next, vec![buy, sell]).unwrap();
        pass_until(&mut world, next - 60);
        world.clear_and_allocate(first).unwrap();
        world.clear_and_allocate(next).unwrap();
        assert_eq!(world.window(next).nodes[0].volume, 1);
        read_start(&mut world, first);
        world.open_interval(first).unwrap();
        pass_until(&mut world, next);
        world.open_interval(next).unwrap();
        pass_until(&mut world, next + 300);
        settle_unheard(&mut world, first);
        let before = world.supplier_seat().free;
        read(&mut world, next, &[(1000, 0), (0, 0)]);
        world.meter_and_settle(next).unwrap();
        // The 1000 Wh that it sold and did not deliver, at 300,000.
        paid.push(world.supplier_seat().free - before);
        sound(&world);
    }
    assert_eq!(paid, [300_000_000; 3]);
}

#[test]
fn given_one_of_two_meters_missing_when_it_is_settled_then_the_rest_of_the_contract_is_estimated() {
    let mut world = village_of(Setup::default());
    world.add_meter(BUYER).unwrap();
    let start = first_start(&world);
    contract(&mut world, start);
    read_start(&mut world, start);
    world.open_interval(start).unwrap();
    pass_until(&mut world, start + 300);
    let readings = world.read_meters(start, &[(400, 0), (0, 1000)]);
    world
        .submit(start, vec![readings[0].clone(), readings[2].clone()])
        .unwrap();
    settle_unheard(&mut world, start);
    let buyer = world.seat(BUYER);
    assert_eq!((buyer.free, buyer.estimated), (FREE - amounts::PAID, 600));
    assert_eq!((buyer.imported, buyer.estimated_windows), (400, 1));
    assert_eq!(world.seat(SELLER).estimated, 0);
    sound(&world);

    let next = start + 900;
    world.open_window(next).unwrap();
    world.clear_and_allocate(next).unwrap();
    world.open_interval(next).unwrap();
    pass_until(&mut world, next + 300);
    world.households[BUYER].devices[1].flow(700, 0);
    read(&mut world, next, &[]);
    world.meter_and_settle(next).unwrap();
    // 700 measured where 600 were estimated, at 300,000.
    let buyer = world.seat(BUYER);
    assert_eq!(
        (buyer.free, buyer.estimated),
        (FREE - amounts::PAID - 30_000_000, 0)
    );
    sound(&world);
}
