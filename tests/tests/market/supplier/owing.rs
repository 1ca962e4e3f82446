//! Debts and claims stay with the supplier of the window that they came from.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{DebtsPaid, OwingDropped},
};
use joulebook_sim::LocalCommunity;
use joulebook_tests::{
    market::{
        amounts, buy, check_invariants, check_settled, contract, deliver_and_settle, govern,
        instructions, market_events, meters_of, pass_until, send_as, BUYER, DEPOSIT, FREE, SELLER,
        SUPPLIER_DEPOSIT,
    },
    refused::refused,
};

use super::{community, empty_first, name, replace, NEXT, THIRD};

/// What the seller feeds in beyond its contract, 1000 Wh at the feed-in tariff of 80,000.
const SURPLUS: u64 = 80_000_000;
/// 100 Wh drawn beyond the contract, at 300,000.
const SHORTAGE: u64 = 30_000_000;
/// 92 days.
const LIMITATION: i64 = 92 * 86_400;

/// Has a verifier set the values of a household's meter from the window at `start` on, and settles its page.
fn correct(community: &mut LocalCommunity, place: usize, start: i64, values: &[(u32, u32)]) {
    let page = community.addresses.page_start(start);
    let closes = i64::from(community.parameters.reading_seconds);
    pass_until(community, page + community.page_length() + closes);
    let meter = meters_of(community, place)[0];
    let owner = &community.households[place];
    let replace = instructions::replace_values(community, owner, start, meter, values);
    govern(community, replace).unwrap();
    community.settle(start).unwrap();
    check_settled(community, start);
    check_invariants(community);
}

fn pay_claims(community: &mut LocalCommunity) -> Vec<MarketEvent> {
    let pay = community.addresses.pay_claims();
    let receipt = community.chain.send(&[pay], &[]).unwrap();
    check_invariants(community);
    market_events(&receipt)
}

#[test]
fn given_a_bankrupt_supplier_when_it_is_replaced_then_trading_goes_on_and_its_claims_stay_its_own()
{
    let (mut community, start) = community();
    empty_first(&mut community);
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 2000)]);
    assert_eq!(community.seat(SELLER).claim(), SURPLUS);

    let from = replace(&mut community, NEXT);
    contract(&mut community, from);
    deliver_and_settle(&mut community, from, &[(1000, 0), (0, 2000)]);
    // The new one pays what it owes, and nothing else.
    assert_eq!(community.seat(NEXT).free, FREE - SURPLUS);
    let seller = community.seat(SELLER);
    let claims = [0, 1].map(|place| seller.owing(place).claim);
    assert_eq!(claims, [SURPLUS, 0]);
    assert_eq!(seller.free, FREE + 2 * amounts::INCOME + SURPLUS);
    assert_eq!(pay_claims(&mut community), []);
    assert_eq!(community.seat(NEXT).free, FREE - SURPLUS);

    community.fund_supplier(80_000 + 1).unwrap();
    let one = community.withdrawal_of(&community.supplier, 1);
    let key = community.supplier.wallet.insecure_clone();
    let why = MarketError::ClaimsUnpaid;
    refused(&mut community.chain, &one, &[&key], why);
    pay_claims(&mut community);
    assert_eq!(community.seat(SELLER).claim(), 0);
    community.chain.send(&[one], &[&key]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_another_supplier_when_a_window_of_the_former_is_corrected_then_the_new_ones_money_stays() {
    let (mut community, start) = community();
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1100, 0), (0, 1000)]);
    replace(&mut community, NEXT);
    correct(&mut community, BUYER, start, &[(1000, 0)]);
    assert_eq!(community.seat(NEXT).free, FREE);
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);

    // It takes out all it can, and then there is more to pay back.
    empty_first(&mut community);
    correct(&mut community, BUYER, start, &[(900, 0)]);
    assert_eq!(community.seat(NEXT).free, FREE);
    assert_eq!(community.seat(BUYER).owing(0).claim, 8_000_000);
    assert_eq!(pay_claims(&mut community), []);
    assert_eq!(community.seat(NEXT).free, FREE);
}

/// The buyer has nothing and owes [`SHORTAGE`] to the first supplier; the next one has its first page, from what is returned.
fn debt_to_the_former() -> (LocalCommunity, i64) {
    let (mut community, start) = community();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    deliver_and_settle(&mut community, start, &[(100, 0)]);
    let from = replace(&mut community, NEXT);
    (community, from)
}

#[test]
fn given_debts_to_two_suppliers_when_the_debtor_deposits_then_each_has_its_own_the_former_first() {
    let (mut community, from) = debt_to_the_former();
    deliver_and_settle(&mut community, from, &[(10, 0)]);
    let debts = [0, 1].map(|place| community.seat(BUYER).owing(place).debt);
    assert_eq!(debts, [SHORTAGE, 3_000_000]);

    community.deposit(BUYER, 31_000).unwrap();
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + SHORTAGE
    );
    assert_eq!(community.seat(NEXT).free, FREE + 1_000_000);
    assert_eq!(community.seat(BUYER).debt(), 2_000_000);
    let next = from + 600;
    community.open_window(next).unwrap();
    let orders = community.orders_of(&community.households[BUYER], next, vec![buy(1, 1)]);
    let key = community.households[BUYER].wallet.insecure_clone();
    let why = MarketError::InDebt;
    refused(&mut community.chain, &orders, &[&key], why);
    community.deposit(BUYER, 3_000).unwrap();
    assert_eq!(community.seat(NEXT).free, FREE + 3_000_000);
    community.chain.send(&[orders], &[&key]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_debt_to_the_former_when_the_debtor_earns_from_the_new_one_then_anyone_has_it_paid() {
    let (mut community, from) = debt_to_the_former();
    deliver_and_settle(&mut community, from, &[(0, 100)]);
    // 100 Wh at 80,000, of the new supplier.
    assert_eq!(community.seat(NEXT).free, FREE - 8_000_000);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (8_000_000, SHORTAGE));
    let paid = DebtsPaid {
        market: community.addresses.market,
        number: 0,
        amount: 8_000_000,
    };
    assert_eq!(pay_claims(&mut community), [MarketEvent::DebtsPaid(paid)]);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (0, SHORTAGE - 8_000_000));
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 8_000_000
    );
}

#[track_caller]
fn unsettled(community: &mut LocalCommunity) {
    let why = MarketError::SupplierUnsettled;
    let third = &community.households[THIRD];
    let key = third.wallet.insecure_clone();
    let name = instructions::replace_supplier(community, third);
    let signers = [&community.authority, &key];
    refused(&mut community.chain, &name, &signers, why);
}

/// After 92 days its debt would be dropped, though it has the money.
#[test]
fn given_a_debtor_with_money_when_a_third_is_named_then_it_pays() {
    let (mut community, from) = debt_to_the_former();
    let start = from - community.page_length();
    community.finish_page(start).unwrap();
    deliver_and_settle(&mut community, from, &[(0, 100)]);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (8_000_000, SHORTAGE));
    let now = community.chain.now();
    pass_until(&mut community, now + LIMITATION);
    let before = community.supplier_seat().free;
    name(&mut community, THIRD);
    assert_eq!(community.supplier_seat().free, before + 8_000_000);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.owing(0).debt), (0, 0));
}

#[test]
fn given_two_suppliers_when_a_third_comes_then_the_first_is_through_with_everything_before() {
    let (mut community, from) = debt_to_the_former();
    unsettled(&mut community);
    let start = from - community.page_length();
    community.finish_page(start).unwrap();
    unsettled(&mut community);
    community.deposit(BUYER, 30_000).unwrap();
    let from = replace(&mut community, THIRD);
    let seats = [THIRD, NEXT].map(|place| community.households[place].seat);
    let header = community.ledger().header;
    assert_eq!(header.suppliers.map(|supplier| supplier.seat), seats);
    assert_eq!(community.window(from).supplier, seats[0]);
    assert_eq!(community.page(from).header.supplier_place, 0);

    // The first one is a seat like any other, and may come back.
    empty_first(&mut community);
    community.fund_supplier(1).unwrap();
    community
        .finish_page(from - community.page_length())
        .unwrap();
    let back = instructions::replace_supplier(&community, &community.supplier);
    govern(&mut community, back).unwrap();
    let seats = [seats[0], community.supplier.seat];
    let header = community.ledger().header;
    assert_eq!(header.suppliers.map(|supplier| supplier.seat), seats);
    check_invariants(&community);
}

#[test]
fn given_debts_and_claims_that_nobody_pays_when_92_days_have_passed_then_a_third_may_come() {
    let (mut community, start) = community();
    empty_first(&mut community);
    community.withdraw(BUYER, DEPOSIT).unwrap();
    deliver_and_settle(&mut community, start, &[(100, 0), (0, 1000)]);
    // What the buyer could not pay went to nobody.
    assert_eq!(community.seat(SELLER).claim(), SURPLUS);
    replace(&mut community, NEXT);
    community.finish_page(start).unwrap();
    let final_at = community.ledger().header.suppliers[0].final_at;
    assert_eq!(final_at, community.chain.now());
    unsettled(&mut community);
    pass_until(&mut community, final_at + LIMITATION - 1);
    unsettled(&mut community);
    pass_until(&mut community, final_at + LIMITATION);
    let (_, events) = name(&mut community, THIRD);
    let dropped = OwingDropped {
        market: community.addresses.market,
        number: 0,
        supplier: community.supplier.seat,
        debts: SHORTAGE,
        claims: SURPLUS,
    };
    assert!(
        events.contains(&MarketEvent::OwingDropped(dropped)),
        "{events:?}"
    );
    assert_eq!(community.seat(BUYER).debt(), 0);
    assert_eq!(community.seat(SELLER).claim(), 0);
    assert_eq!(community.ledger().header.claims(), 0);
}

/// Waiting does not pay.
#[test]
fn given_debtors_and_suppliers_with_money_when_92_days_have_passed_then_they_pay_first() {
    let (mut community, from) = debt_to_the_former();
    deliver_and_settle(&mut community, from, &[(0, 100)]);
    community
        .finish_page(from - community.page_length())
        .unwrap();
    let final_at = community.ledger().header.suppliers[0].final_at;
    pass_until(&mut community, final_at + LIMITATION);
    let (_, events) = name(&mut community, THIRD);
    let dropped = OwingDropped {
        market: community.addresses.market,
        number: 0,
        supplier: community.supplier.seat,
        debts: SHORTAGE - 8_000_000,
        claims: 0,
    };
    assert!(
        events.contains(&MarketEvent::OwingDropped(dropped)),
        "{events:?}"
    );
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 8_000_000
    );
}

#[test]
fn given_windows_that_are_not_final_when_a_former_supplier_closes_its_seat_then_it_is_in_use() {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let from = replace(&mut community, NEXT);
    empty_first(&mut community);
    let key = community.supplier.wallet.insecure_clone();
    let close = instructions::close_seat(&community, &community.supplier);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&key], why);
    community.finish_page(start).unwrap();
    community.chain.send(&[close], &[&key]).unwrap();
    let withdraw = community.withdrawal_of(&community.households[NEXT], DEPOSIT);
    send_as(&mut community, NEXT, withdraw).unwrap();
    let close = instructions::close_seat(&community, &community.households[NEXT]);
    let key = community.households[NEXT].wallet.insecure_clone();
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&key], why);
    deliver_and_settle(&mut community, from, &[(10, 0)]);
    assert_eq!(community.seat(NEXT).free, 3_000_000);
}
