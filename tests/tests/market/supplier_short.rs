//! A supplier that cannot pay for surplus stops the settling, by name, until it deposits.

use joulebook_client::{
    layout::market::Phase,
    market::{errors::MarketError, events::MarketEvent},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        amounts, check_invariants, contract, deliver, first_start, market_events, BUYER, DEPOSIT,
        FREE, SELLER,
    },
    refused::refused,
};

/// A community whose supplier has nothing; the seller feeds in 1000 Wh too much, worth 80,000 atoms, and
/// the buyer draws `drawn` Wh.
fn surplus(drawn: u64) -> (LocalCommunity, i64) {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    community.join("after", DEPOSIT).unwrap();
    let start = first_start(&community);
    contract(&mut community, start);
    deliver(&mut community, start, &[(drawn, 0), (0, 2000), (10, 0)]);
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    (community, start)
}

#[test]
fn given_a_supplier_without_money_when_surplus_is_settled_then_it_stops_there_until_it_deposits() {
    let (mut community, start) = surplus(1000);
    let settle = community.addresses.settle(start, u16::MAX, None);
    let receipt = community
        .send_with_full_budget(std::slice::from_ref(&settle))
        .unwrap();
    let MarketEvent::SeatsSettled(part) = &market_events(&receipt)[0] else {
        panic!("some seats are settled");
    };
    let seller = community.households[SELLER].seat;
    assert_eq!((part.from, part.to, part.done), (0, seller, false));
    assert_eq!(community.seat(BUYER).free, FREE - amounts::PAID);
    assert_eq!(community.seat(SELLER).locked, amounts::DELIVERY_LOCK);
    check_invariants(&community);
    refused(
        &mut community.chain,
        &settle,
        &[],
        MarketError::SupplierShort,
    );
    let one = community.addresses.settle(start, 1, None);
    refused(&mut community.chain, &one, &[], MarketError::SupplierShort);

    community.fund_supplier(79_999).unwrap();
    refused(
        &mut community.chain,
        &settle,
        &[],
        MarketError::SupplierShort,
    );
    community.fund_supplier(1).unwrap();
    community.send_with_full_budget(&[settle]).unwrap();
    assert_eq!(community.window(start).phase(), Some(Phase::Settled));
    assert_eq!(
        community.seat(SELLER).free,
        FREE + amounts::INCOME + 80_000_000
    );
    // What the last household pays comes after.
    assert_eq!(community.supplier_seat().free, 3_000_000);
    check_invariants(&community);
}

#[test]
fn given_others_who_pay_the_supplier_first_when_surplus_is_settled_then_their_money_will_do() {
    // 267 Wh at 300,000 are 80,100,000.
    let (mut community, start) = surplus(1267);
    let settle = community.addresses.settle(start, u16::MAX, None);
    community.send_with_full_budget(&[settle]).unwrap();
    assert_eq!(community.window(start).phase(), Some(Phase::Settled));
    assert_eq!(community.supplier_seat().free, 100_000 + 3_000_000);
    check_invariants(&community);
}

#[test]
fn given_a_supplier_without_a_seat_when_windows_are_settled_then_it_must_open_one() {
    let chain = joulebook_sim::Chain::new(&joulebook_sim::Chain::programs_dir()).unwrap();
    let mut community = LocalCommunity::without_market(chain, Parameters::default(), 0).unwrap();
    community.create_market().unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    let start = first_start(&community);
    contract(&mut community, start);
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    let settle = community.addresses.settle(start, 1, None);
    refused(&mut community.chain, &settle, &[], MarketError::NoSuchSeat);
    let open = community.seat_of(&community.supplier);
    community
        .chain
        .send(&[open], &[&community.supplier.wallet])
        .unwrap();
    community.meter_and_settle(start).unwrap();
    // A grid operator without a seat leaves its fee to the market.
    let fees = amounts::GRID_FEES + amounts::MARKET_FEES;
    assert_eq!(community.ledger().header.fees, fees);
    check_invariants(&community);
}
