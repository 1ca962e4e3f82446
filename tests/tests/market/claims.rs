//! What the supplier can't pay becomes a claim: nobody waits for it, and it pays before it does anything else.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{ClaimIncurred, ClaimsPaid},
};
use joulebook_sim::{roles::CONSUMER, LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, buy, check_invariants, check_settled, contract, deliver,
        deliver_and_settle, first_start, instructions, length, market_events, pass_until, DEPOSIT,
        FREE, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

/// Households behind the buyer and the seller.
const AFTER: usize = 2;
/// What the seller feeds in beyond its contract, 1000 Wh at the feed-in tariff of 80,000.
const SURPLUS: u64 = 80_000_000;

/// A community whose supplier has nothing; the seller feeds in 1000 Wh too much, the buyer draws `drawn` Wh and the
/// last household `after` Wh.
pub fn surplus(drawn: u64, after: u64) -> (LocalCommunity, i64) {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    community.join("after", DEPOSIT).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    contract(&mut community, start);
    deliver(&mut community, start, &[(drawn, 0), (0, 2000), (after, 0)]);
    (community, start)
}

pub fn settle(community: &mut LocalCommunity, start: i64) -> Vec<MarketEvent> {
    let settle = instructions::settle(community, start);
    let receipt = community.send_with_full_budget(&[settle]).unwrap();
    check_invariants(community);
    check_settled(community, start);
    market_events(&receipt)
}

fn pay_claims(community: &mut LocalCommunity) -> Vec<MarketEvent> {
    let pay = community.addresses.pay_claims();
    let receipt = sweep(&mut community.chain, &pay, &[]);
    check_invariants(community);
    market_events(&receipt)
}

#[test]
fn given_a_supplier_without_money_when_a_window_is_settled_then_all_are_settled_and_one_has_a_claim(
) {
    let (mut community, start) = surplus(1000, 10);
    let events = settle(&mut community, start);
    let claim = MarketEvent::ClaimIncurred(ClaimIncurred {
        market: community.addresses.market,
        number: 0,
        window: start,
        seat: community.households[SELLER].seat,
        amount: SURPLUS,
    });
    assert!(events.contains(&claim), "{events:?}");
    let seller = community.seat(SELLER);
    assert_eq!((seller.free, seller.locked), (FREE + amounts::INCOME, 0));
    assert_eq!(seller.claim(), SURPLUS);
    assert_eq!(community.ledger().header.claims(), SURPLUS);
    // Who comes after is settled too, and what it pays is there for the claim.
    assert_eq!(community.supplier_seat().free, 3_000_000);
}

#[test]
fn given_others_who_pay_the_supplier_first_when_surplus_is_settled_then_their_money_will_do() {
    // 267 Wh at 300,000 are 80,100,000.
    let (mut community, start) = surplus(1267, 10);
    settle(&mut community, start);
    assert_eq!(community.supplier_seat().free, 100_000 + 3_000_000);
    assert_eq!(community.ledger().header.claims(), 0);
}

#[test]
fn given_a_claim_when_the_supplier_has_part_of_it_then_anyone_has_that_part_paid() {
    let (mut community, start) = surplus(1000, 10);
    settle(&mut community, start);
    let paid = ClaimsPaid {
        market: community.addresses.market,
        number: 0,
        amount: 3_000_000,
        left: SURPLUS - 3_000_000,
    };
    assert_eq!(pay_claims(&mut community), [MarketEvent::ClaimsPaid(paid)]);
    assert_eq!(community.supplier_seat().free, 0);
    assert_eq!(
        community.seat(SELLER).free,
        FREE + amounts::INCOME + 3_000_000
    );
    // Nothing to pay with: nothing happens.
    assert_eq!(pay_claims(&mut community), []);

    community.fund_supplier(80_000).unwrap();
    pay_claims(&mut community);
    let seller = community.seat(SELLER);
    assert_eq!(
        (seller.free, seller.claim()),
        (FREE + amounts::INCOME + SURPLUS, 0)
    );
    assert_eq!(community.supplier_seat().free, 3_000_000);
    assert_eq!(community.ledger().header.claims(), 0);
}

#[test]
fn given_claims_of_two_when_the_supplier_can_pay_one_then_seats_are_paid_in_their_order() {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    for name in ["first", "second"] {
        community.join(name, DEPOSIT).unwrap();
    }
    let start = first_start(&community);
    deliver_and_settle(&mut community, start, &[(0, 100), (0, 100)]);
    // Each is owed 8,000 atoms.
    community.fund_supplier(10_000).unwrap();
    pay_claims(&mut community);
    let claims = [0, 1].map(|household| community.seat(household).claim());
    assert_eq!(claims, [0, 6_000_000]);
}

#[test]
fn given_claims_when_the_supplier_withdraws_or_trades_then_it_must_pay_first() {
    let (mut community, start) = surplus(1000, 10);
    settle(&mut community, start);
    let supplier = community.supplier.wallet.insecure_clone();
    let seat = community.supplier.seat;
    let withdraw =
        community
            .addresses
            .withdraw(supplier.pubkey(), community.supplier.tokens, seat, 1);
    refused(
        &mut community.chain,
        &withdraw,
        &[&supplier],
        MarketError::ClaimsUnpaid,
    );
    let next = first_start(&community);
    community.open_window(next).unwrap();
    let orders = community.orders_of(&community.supplier, next, vec![buy(1, 0)]);
    refused(
        &mut community.chain,
        &orders,
        &[&supplier],
        MarketError::ClaimsUnpaid,
    );
    let close = community.addresses.close_seat(supplier.pubkey(), seat);
    refused(
        &mut community.chain,
        &close,
        &[&supplier],
        MarketError::SeatInUse,
    );

    community.fund_supplier(80_000).unwrap();
    pay_claims(&mut community);
    community.chain.send(&[withdraw], &[&supplier]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_claim_when_its_seat_draws_too_much_later_then_the_one_is_set_off_against_the_other() {
    let (mut community, start) = surplus(1000, 0);
    settle(&mut community, start);
    let next = start + length(&community);
    // 200 Wh at 300,000 are 60,000,000, of a claim of 80,000,000.
    deliver_and_settle(&mut community, next, &[(0, 0), (200, 0), (0, 0)]);
    let seller = community.seat(SELLER);
    assert_eq!(
        (seller.free, seller.claim(), seller.debt()),
        (FREE + amounts::INCOME, 20_000_000, 0)
    );
    assert_eq!(community.ledger().header.claims(), 20_000_000);
    check_invariants(&community);
}

#[test]
fn given_a_claim_when_its_seat_is_closed_then_it_waits_for_its_money() {
    let (mut community, start) = surplus(1000, 0);
    settle(&mut community, start);
    let seller = community.households[SELLER].wallet.insecure_clone();
    let all = community.seat(SELLER).free / 1000;
    community.withdraw(SELLER, all).unwrap();
    let seat = community.households[SELLER].seat;
    let close = community.addresses.close_seat(seller.pubkey(), seat);
    refused(
        &mut community.chain,
        &close,
        &[&seller],
        MarketError::SeatInUse,
    );
    community.fund_supplier(80_000).unwrap();
    // What the supplier has is paid, so that there is money to take out first.
    refused(
        &mut community.chain,
        &close,
        &[&seller],
        MarketError::SeatInUse,
    );
    pay_claims(&mut community);
    community.withdraw(SELLER, 80_000).unwrap();
    community.chain.send(&[close], &[&seller]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_the_ledger_of_another_market_when_claims_are_paid_then_it_is_refused() {
    let (mut community, start) = surplus(1000, 10);
    settle(&mut community, start);
    let pay = community.addresses.pay_claims();
    for (what, other) in [
        ("a book", community.addresses.book(start)),
        ("a page", community.addresses.page(start)),
        ("the market", community.addresses.market),
    ] {
        let altered = swap(&pay, community.addresses.ledger, other);
        refused_when(
            what,
            &mut community.chain,
            &altered,
            &[],
            anchor_lang::error::ErrorCode::AccountDiscriminatorMismatch,
        );
    }
}

#[test]
fn given_supplier_and_grid_operator_without_a_seat_when_windows_are_settled_then_their_rows_do() {
    let chain = joulebook_sim::Chain::new(&joulebook_sim::Chain::programs_dir(), 0).unwrap();
    let mut community = LocalCommunity::without_market(chain, Parameters::default(), 0).unwrap();
    community.create_market().unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1100, 0), (0, 1000)]);
    let ledger = community.ledger();
    assert_eq!(ledger.header.fees, amounts::MARKET_FEES);
    let supplier = community.supplier.seat;
    let operator = community.grid_operator.seat;
    let [supplier_row, operator_row] =
        [supplier, operator].map(|seat| ledger.seats[usize::from(seat)]);
    assert!(!supplier_row.is_open() && !operator_row.is_open());
    assert_eq!(supplier_row.free, 30_000_000);
    assert_eq!(operator_row.free, amounts::GRID_FEES);
    check_invariants(&community);

    // It is theirs once they open their seats.
    let open = community.seat_of(&community.supplier);
    community
        .chain
        .send(&[open], &[&community.supplier.wallet])
        .unwrap();
    assert_eq!(community.supplier_seat().free, 30_000_000);
    check_invariants(&community);
}

#[test]
fn given_a_participant_with_a_meter_and_no_seat_when_windows_are_settled_then_it_owes_what_it_drew()
{
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    for name in ["buyer", "seller"] {
        community.join(name, DEPOSIT).unwrap();
    }
    let guest = community.admit("guest", CONSUMER).unwrap();
    community.households.push(guest);
    community.add_meter(AFTER).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000), (100, 0)]);
    let guest = community.seat(AFTER);
    assert!(!guest.is_open());
    assert_eq!((guest.free, guest.debt()), (0, 30_000_000));
    check_invariants(&community);

    // The debt is its own once it opens the seat, and the next deposit pays it.
    let open = community.seat_of(&community.households[AFTER]);
    let wallet = community.households[AFTER].wallet.insecure_clone();
    community.chain.send(&[open], &[&wallet]).unwrap();
    assert_eq!(community.seat(AFTER).debt(), 30_000_000);
}

/// What two households have that fed in, once the second one's surplus is settled before or behind the payment of the first
/// one's older claim.
fn paid_in_turn(pays_claims_first: bool) -> [u64; 2] {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    for name in ["first", "second", "drawer"] {
        community.join(name, DEPOSIT).unwrap();
    }
    let start = first_start(&community);
    deliver_and_settle(&mut community, start, &[(0, 1000)]);
    assert_eq!(community.seat(0).claim(), SURPLUS);
    let next = start + length(&community);
    deliver(&mut community, next, &[(0, 0), (0, 1000), (300, 0)]);
    let at = community.addresses.clone();
    let window = at.window_number(next);
    let [second, drawer] = [1, 2].map(|place| community.households[place].seat);
    let settle = |seat: u16| at.settle(next, window..window + 1, seat..seat + 1);
    let mut calls = vec![settle(drawer)];
    if pays_claims_first {
        calls.push(at.pay_claims());
    }
    calls.extend([settle(second), at.pay_claims()]);
    community.chain.send(&calls, &[]).unwrap();
    check_invariants(&community);
    [0, 1].map(|place| community.seat(place).free)
}

#[test]
fn given_an_older_claim_when_a_newer_surplus_is_settled_first_then_it_passes_nobody() {
    // 90,000,000 from who drew 300 Wh: all of the older claim, and the rest for the newer one.
    let paid = [FREE + SURPLUS, FREE + 10_000_000];
    assert_eq!(paid_in_turn(true), paid);
    assert_eq!(paid_in_turn(false), paid);
}
