//! Meters that were not heard: estimated, and trued up when they are.

use joulebook_client::{
    events::Event,
    layout::market::NewOrder,
    market::errors::MarketError,
    oracle::{events::OracleEvent, types::ReadingResult},
    ring,
};
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        amounts, buy, check_invariants, contract, first_start, pass_until, read_start, sell, trade,
        trading_community_with, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
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
fn two_windows(second: Option<(NewOrder, NewOrder)>) -> (LocalCommunity, i64, i64) {
    let mut community = trading_community_with(Parameters::default());
    let first = first_start(&community);
    let next = first + 300;
    community.open_window(first).unwrap();
    community.open_window(next).unwrap();
    trade(&mut community, first);
    if let Some((buy, sell)) = second {
        community.place(BUYER, next, vec![buy]).unwrap();
        community.place(SELLER, next, vec![sell]).unwrap();
    }
    pass_until(&mut community, next - 60);
    community.clear_and_allocate(first).unwrap();
    community.clear_and_allocate(next).unwrap();
    read_start(&mut community, first);
    community.open_interval(first).unwrap();
    pass_until(&mut community, next);
    community.open_interval(next).unwrap();
    pass_until(&mut community, next + 300);
    (community, first, next)
}

/// 500 Wh at 200,000.
fn second_trade() -> Option<(NewOrder, NewOrder)> {
    Some((buy(500, 75), sell(500, 75)))
}

fn settle_unheard(community: &mut LocalCommunity, start: i64) {
    pass_until(community, start + 900);
    community.meter_and_settle(start).unwrap();
}

fn flags(community: &LocalCommunity, start: i64, place: usize) -> u8 {
    community.window(start).positions[usize::from(community.households[place].seat)].flags
}

fn read(community: &mut LocalCommunity, start: i64, flows: &[(u64, u64)]) -> Vec<ReadingResult> {
    let readings = community.read_meters(start, flows);
    let receipts = community.submit(start, readings).unwrap();
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
    let (mut community, first, _) = two_windows(None);
    settle_unheard(&mut community, first);
    let (buyer, seller) = (community.seat(BUYER), community.seat(SELLER));
    assert_eq!(
        (buyer.free, seller.free),
        (FREE - amounts::PAID, FREE + amounts::INCOME)
    );
    assert_eq!((buyer.estimated, seller.estimated), (1000, -1000));
    assert_eq!((buyer.estimated_windows, seller.estimated_windows), (1, 1));
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
    assert_eq!(flags(&community, first, BUYER), ESTIMATED);
    let slot = ring::slot(first, 300, 16).unwrap();
    let record = community.history().records[usize::from(slot)];
    assert_eq!(
        (record.estimated, record.imported, record.exported),
        (2, 0, 0)
    );
    check_invariants(&community);
}

#[test]
fn given_an_estimate_when_the_meter_catches_up_then_the_rest_is_paid_at_the_tariff() {
    let (mut community, first, next) = two_windows(second_trade());
    settle_unheard(&mut community, first);
    let results = read(&mut community, next, &[(1800, 0), (0, 1400)]);
    assert_eq!(results, [ReadingResult::Counted, ReadingResult::Counted]);
    community.meter_and_settle(next).unwrap();
    assert_eq!(flags(&community, next, BUYER) & CAUGHT_UP, CAUGHT_UP);

    // Buyer: 1800 − 500 − 1000 = 300 more than contracts and estimate, at 300,000.
    let buyer = FREE - amounts::PAID - SECOND_PAID - 90_000_000;
    // Seller: −1400 + 500 + 1000 = 100 less delivered, at 300,000.
    let seller = FREE + amounts::INCOME + SECOND_INCOME - 30_000_000;
    assert_eq!(
        (community.seat(BUYER).free, community.seat(SELLER).free),
        (buyer, seller)
    );
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 120_000_000
    );
    for place in [BUYER, SELLER] {
        let seat = community.seat(place);
        assert_eq!(
            (seat.estimated, seat.estimated_windows, seat.debt),
            (0, 0, 0)
        );
    }
    check_invariants(&community);
}

#[test]
fn given_an_estimate_when_the_missing_reading_comes_late_then_it_is_carried_and_paid_the_same() {
    let (mut community, first, next) = two_windows(second_trade());
    settle_unheard(&mut community, first);
    let late = read(&mut community, first, &[(1300, 0), (0, 900)]);
    assert_eq!(
        late,
        [ReadingResult::CountedLate, ReadingResult::CountedLate]
    );
    read(&mut community, next, &[(500, 0), (0, 500)]);
    community.meter_and_settle(next).unwrap();
    let buyer = FREE - amounts::PAID - SECOND_PAID - 90_000_000;
    let seller = FREE + amounts::INCOME + SECOND_INCOME - 30_000_000;
    assert_eq!(
        (community.seat(BUYER).free, community.seat(SELLER).free),
        (buyer, seller)
    );
    assert_eq!(
        (
            community.seat(BUYER).estimated,
            community.seat(SELLER).estimated
        ),
        (0, 0)
    );
    check_invariants(&community);
}

#[test]
fn given_no_trade_when_the_meter_catches_up_then_the_rest_is_paid_at_the_tariff() {
    let (mut community, first, next) = two_windows(None);
    settle_unheard(&mut community, first);
    read(&mut community, next, &[(1300, 0), (0, 1100)]);
    community.meter_and_settle(next).unwrap();
    // 300 more drawn, at 300,000; 100 more fed in, at 80,000.
    let buyer = FREE - amounts::PAID - 90_000_000;
    let seller = FREE + amounts::INCOME + 8_000_000;
    assert_eq!(
        (community.seat(BUYER).free, community.seat(SELLER).free),
        (buyer, seller)
    );
    assert_eq!(
        (
            community.seat(BUYER).estimated,
            community.seat(SELLER).estimated
        ),
        (0, 0)
    );
    check_invariants(&community);
}

/// Whoever settles first must not decide what an estimate is worth.
#[test]
fn given_the_catch_up_metered_before_the_estimate_when_it_is_settled_then_it_waits_for_that_one() {
    let (mut community, first, next) = two_windows(second_trade());
    read(&mut community, next, &[(1800, 0), (0, 1400)]);
    let steps = [
        community.addresses.meter(next),
        community.addresses.settle(next, 1, None),
    ];
    community.send_with_full_budget(&steps[..1]).unwrap();
    let early = MarketError::EarlierUnsettled;
    refused(&mut community.chain, &steps[1], &[], early.clone());
    pass_until(&mut community, first + 900);
    let meter = community.addresses.meter(first);
    community.send_with_full_budget(&[meter]).unwrap();
    refused(&mut community.chain, &steps[1], &[], early.clone());
    // Not even between two calls for the first one.
    let (some, all) = (
        community.addresses.settle(first, 1, None),
        community.addresses.settle(first, u16::MAX, None),
    );
    community.send_with_full_budget(&[some]).unwrap();
    refused(&mut community.chain, &steps[1], &[], early);
    community.send_with_full_budget(&[all]).unwrap();
    let rest = community.addresses.settle(next, u16::MAX, None);
    community.send_with_full_budget(&[rest]).unwrap();

    let buyer = FREE - amounts::PAID - SECOND_PAID - 90_000_000;
    let seller = FREE + amounts::INCOME + SECOND_INCOME - 30_000_000;
    assert_eq!(
        (community.seat(BUYER).free, community.seat(SELLER).free),
        (buyer, seller)
    );
    let ledger = community.ledger().header;
    assert_eq!((ledger.last_allocated, ledger.last_settled), (next, next));
    assert_eq!(community.window(next).header.previous, first);
    check_invariants(&community);
}

/// Nothing waits for a later window, or windows could wait for each other in a circle.
#[test]
fn given_a_window_allocated_after_a_later_one_when_both_are_settled_then_it_has_no_turn_to_wait_for(
) {
    let mut community = trading_community_with(Parameters::default());
    let first = first_start(&community);
    let next = first + 300;
    community.open_window(first).unwrap();
    community.open_window(next).unwrap();
    trade(&mut community, first);
    pass_until(&mut community, next - 60);
    community.clear_and_allocate(next).unwrap();
    community.clear_and_allocate(first).unwrap();
    assert_eq!(community.window(first).header.previous, i64::MIN);
    assert_eq!(community.window(next).header.previous, 0);
    for (start, settled) in [(first, 0), (next, next)] {
        read_start(&mut community, start);
        community.open_interval(start).unwrap();
        settle_unheard(&mut community, start);
        assert_eq!(community.ledger().header.last_settled, settled);
    }
    assert_eq!(community.ledger().header.last_allocated, next);
    check_invariants(&community);
}

/// Who was paid for energy that no meter has confirmed could otherwise take the money, and never be heard again.
#[test]
fn given_sold_energy_that_no_meter_confirmed_when_its_money_is_taken_out_then_what_it_may_cost_stays(
) {
    let (mut community, first, next) = two_windows(None);
    settle_unheard(&mut community, first);
    assert_eq!(community.seat(SELLER).estimated, -1000);
    let free = community.seat(SELLER).free / 1000;
    // 1000 Wh at 300,000.
    let kept = 300_000;
    let unconfirmed = Err(Failure::Market(MarketError::Unconfirmed));
    assert_eq!(
        community.withdraw(SELLER, free - kept + 1).map(|_| ()),
        unconfirmed
    );
    community.withdraw(SELLER, free - kept).unwrap();
    // Nor is it there to buy with.
    let later = first + 1800;
    community.open_window(later).unwrap();
    let bought = community.place(SELLER, later, vec![buy(1, 0)]);
    assert_eq!(bought.map(|_| ()), unconfirmed);
    // The buyer owes nothing for what it was assumed to draw.
    let all = community.seat(BUYER).free / 1000;
    community.withdraw(BUYER, all).unwrap();
    check_invariants(&community);

    read(&mut community, next, &[(1000, 0), (0, 1000)]);
    community.meter_and_settle(next).unwrap();
    assert_eq!(community.seat(SELLER).estimated, 0);
    community.withdraw(SELLER, kept).unwrap();
    check_invariants(&community);
}

/// A market price that the seat makes itself, by trading with itself where nobody else does, is worth nothing to
/// it.
#[test]
fn given_a_seller_who_stayed_silent_when_it_trades_with_itself_then_it_pays_the_tariff_all_the_same(
) {
    let own = |tick| (buy(1, tick), sell(1, tick));
    let mut paid = vec![];
    for tick in [0, 50, 127] {
        let mut community = trading_community_with(Parameters::default());
        let first = first_start(&community);
        let next = first + 300;
        community.open_window(first).unwrap();
        community.open_window(next).unwrap();
        trade(&mut community, first);
        let (buy, sell) = own(tick);
        community.place(SELLER, next, vec![buy, sell]).unwrap();
        pass_until(&mut community, next - 60);
        community.clear_and_allocate(first).unwrap();
        community.clear_and_allocate(next).unwrap();
        assert_eq!(community.window(next).nodes[0].volume, 1);
        read_start(&mut community, first);
        community.open_interval(first).unwrap();
        pass_until(&mut community, next);
        community.open_interval(next).unwrap();
        pass_until(&mut community, next + 300);
        settle_unheard(&mut community, first);
        let before = community.supplier_seat().free;
        read(&mut community, next, &[(1000, 0), (0, 0)]);
        community.meter_and_settle(next).unwrap();
        // The 1000 Wh that it sold and did not deliver, at 300,000.
        paid.push(community.supplier_seat().free - before);
        check_invariants(&community);
    }
    assert_eq!(paid, [300_000_000; 3]);
}

#[test]
fn given_one_of_two_meters_missing_when_it_is_settled_then_the_rest_of_the_contract_is_estimated() {
    let mut community = trading_community_with(Parameters::default());
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community);
    contract(&mut community, start);
    read_start(&mut community, start);
    community.open_interval(start).unwrap();
    pass_until(&mut community, start + 300);
    let readings = community.read_meters(start, &[(400, 0), (0, 1000)]);
    community
        .submit(start, vec![readings[0].clone(), readings[2].clone()])
        .unwrap();
    settle_unheard(&mut community, start);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.estimated), (FREE - amounts::PAID, 600));
    assert_eq!((buyer.imported, buyer.estimated_windows), (400, 1));
    assert_eq!(community.seat(SELLER).estimated, 0);
    check_invariants(&community);

    let next = start + 900;
    community.open_window(next).unwrap();
    community.clear_and_allocate(next).unwrap();
    community.open_interval(next).unwrap();
    pass_until(&mut community, next + 300);
    community.households[BUYER].devices[1].flow(700, 0);
    read(&mut community, next, &[]);
    community.meter_and_settle(next).unwrap();
    // 700 measured where 600 were estimated, at 300,000.
    let buyer = community.seat(BUYER);
    assert_eq!(
        (buyer.free, buyer.estimated),
        (FREE - amounts::PAID - 30_000_000, 0)
    );
    check_invariants(&community);
}
