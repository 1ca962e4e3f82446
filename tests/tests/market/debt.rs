//! What a seat cannot pay: owed to the supplier, in the way of new orders, paid from what comes next.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{DebtIncurred, Deposited, Withdrawn},
};
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        amounts, buy, check_invariants, close_gate, contract, deliver, first_start, id,
        instructions, length, market_events, pass_until, sell, trading_community, BUYER, DEPOSIT,
        SELLER, SUPPLIER_DEPOSIT,
    },
    refused::refused,
};

/// What is left in the buyer's seat, atoms.
const LITTLE: u64 = 200_000;
/// 1000 Wh beyond the contract at 300,000, less the 28,500,000 that the seat has left.
const DEBT: u64 = 271_500_000;

/// A community whose buyer has little money.
fn poor() -> LocalCommunity {
    let mut community = trading_community();
    community.withdraw(BUYER, DEPOSIT - LITTLE).unwrap();
    community
}

/// The buyer has drawn twice what it bought, and owes [`DEBT`]; returns the next window's start.
pub fn indebted() -> (LocalCommunity, i64) {
    let mut community = poor();
    let start = first_start(&community);
    contract(&mut community, start);
    deliver(&mut community, start, &[(2000, 0), (0, 1000)]);
    let receipts = community.settle(start).unwrap();
    let incurred = DebtIncurred {
        market: community.addresses.market,
        number: 0,
        window: start,
        seat: community.households[BUYER].seat,
        amount: DEBT,
    };
    let events: Vec<_> = receipts.iter().flat_map(market_events).collect();
    assert!(events.contains(&MarketEvent::DebtIncurred(incurred)));
    let next = start + 2 * length(&community);
    community.open_window(next).unwrap();
    (community, next)
}

#[test]
fn given_more_drawn_than_a_seat_can_pay_when_it_is_settled_then_the_rest_is_debt() {
    let (community, _) = indebted();
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.locked, buyer.debt()), (0, 0, DEBT));
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 28_500_000
    );
    // The contract was covered all the same.
    assert_eq!(
        community.seat(SELLER).free,
        DEPOSIT * 1000 + amounts::INCOME
    );
    check_invariants(&community);
}

#[test]
fn given_a_debt_when_its_seat_places_or_closes_then_it_must_pay_first() {
    let (mut community, next) = indebted();
    let in_debt = Err(Failure::Market(MarketError::InDebt));
    assert_eq!(
        community.place(BUYER, next, vec![buy(1, 1)]).map(|_| ()),
        in_debt
    );
    assert_eq!(
        community.place(BUYER, next, vec![sell(1, 127)]).map(|_| ()),
        in_debt
    );
    let poor = Err(Failure::Market(MarketError::NotEnoughFree));
    assert_eq!(community.withdraw(BUYER, 1).map(|_| ()), poor);
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    let buyer = &community.households[BUYER].wallet;
    refused(
        &mut community.chain,
        &close,
        &[buyer],
        MarketError::SeatInUse,
    );
    check_invariants(&community);
}

#[test]
fn given_a_debt_when_anyone_deposits_then_it_is_paid_before_anything_else() {
    let (mut community, next) = indebted();
    let deposited = |community: &LocalCommunity, amount, debt_paid| {
        [MarketEvent::Deposited(Deposited {
            market: community.addresses.market,
            number: 0,
            seat: community.households[BUYER].seat,
            amount,
            debt_paid,
        })]
    };
    let receipt = community.deposit(BUYER, 100_000).unwrap();
    assert_eq!(
        market_events(&receipt),
        deposited(&community, 100_000, 100_000_000)
    );
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (0, DEBT - 100_000_000));
    check_invariants(&community);
    let receipt = community.deposit(BUYER, LITTLE).unwrap();
    assert_eq!(
        market_events(&receipt),
        deposited(&community, LITTLE, 171_500_000)
    );
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (28_500_000, 0));
    // 28,500,000 it had and 300,000,000 in all for the 1000 Wh.
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300_000_000
    );
    community.place(BUYER, next, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}

/// The buyer has an order in a later window, which it can cancel, and draws energy in this one.
pub fn indebted_with_order(
    order: joulebook_client::layout::market::NewOrder,
    drawn: u64,
) -> (LocalCommunity, i64) {
    let mut community = poor();
    let start = first_start(&community);
    let later = start + 600;
    community.open_window(start).unwrap();
    pass_until(&mut community, later - 900);
    community.open_window(later).unwrap();
    community.place(BUYER, later, vec![order]).unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver(&mut community, start, &[(drawn, 0)]);
    community.settle(start).unwrap();
    check_invariants(&community);
    (community, later)
}

#[test]
fn given_a_debt_and_money_that_was_locked_when_it_is_withdrawn_then_the_debt_is_paid_first() {
    // The order leaves 200,000,000 − 191,700,000; the 100 Wh cost 30,000,000.
    let (mut community, later) = indebted_with_order(buy(1000, 60), 100);
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).debt()),
        (0, 21_700_000)
    );
    community.cancel(BUYER, later, vec![id(0, 0)]).unwrap();
    let receipt = community.withdraw(BUYER, 1000).unwrap();
    let withdrawn = Withdrawn {
        market: community.addresses.market,
        number: 0,
        seat: community.households[BUYER].seat,
        amount: 1000,
        debt_paid: 21_700_000,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Withdrawn(withdrawn)]);
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).debt()),
        (169_000_000, 0)
    );
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 30_000_000
    );
    check_invariants(&community);
}

#[test]
fn given_a_debt_when_its_seat_earns_then_the_income_pays_it() {
    // Selling 1000 Wh from 150,000 locks 150,000,000; the 1000 Wh drawn cost 300,000,000.
    let (mut community, later) = indebted_with_order(sell(1000, 50), 1000);
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).debt()),
        (0, 250_000_000)
    );
    community.place(SELLER, later, vec![buy(1000, 60)]).unwrap();
    close_gate(&mut community, later);
    community.clear_and_allocate(later).unwrap();
    // The price is 160,000: 10,000,000 of the lock are free.
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).locked),
        (10_000_000, 140_000_000)
    );
    deliver(&mut community, later, &[(0, 1000), (1000, 0)]);
    community.settle(later).unwrap();
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.locked, buyer.debt()), (60_000_000, 0, 0));
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300_000_000
    );
    check_invariants(&community);
}

#[test]
fn given_a_debt_when_the_supplier_would_leave_then_it_waits_for_its_money() {
    let (mut community, _) = indebted();
    community.end_market().unwrap();
    let supplier = community.supplier.wallet.insecure_clone();
    let all = community.supplier_seat().free / 1000;
    let withdraw = community.withdrawal_of(&community.supplier, all);
    community.chain.send(&[withdraw], &[&supplier]).unwrap();
    // Without its seat the debtor could neither pay nor take out what is left.
    let close = instructions::close_seat(&community, &community.supplier);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&supplier], why);
    community.deposit(BUYER, 300_000).unwrap();
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).debt()),
        (28_500_000, 0)
    );
    let debts = community.withdrawal_of(&community.supplier, DEBT / 1000);
    let leave = [debts, close];
    community.chain.send(&leave, &[&supplier]).unwrap();
    check_invariants(&community);
}

/// The heap of a call holds less than two hundred events, if each takes its part of it.
#[test]
fn given_many_seats_that_cannot_pay_when_they_are_settled_in_one_call_then_each_has_its_debt() {
    const MANY: usize = 200;
    let mut community = LocalCommunity::new(Parameters {
        seats: MANY as u16 + 2,
        meters: MANY as u16,
        ..Parameters::default()
    })
    .unwrap();
    for number in 0..MANY {
        community.join(&format!("household {number}"), 0).unwrap();
    }
    let start = first_start(&community);
    deliver(&mut community, start, &[(10, 0); MANY]);
    let settle = instructions::settle(&community, start);
    let receipt = community.send_with_full_budget(&[settle]).unwrap();
    let debts = market_events(&receipt)
        .into_iter()
        .filter(|event| matches!(event, MarketEvent::DebtIncurred(_)))
        .count();
    assert!((0..MANY).all(|place| community.seat(place).debt() == 10 * 300_000));
    // A node cuts long logs short: the first of them are there.
    assert!(debts > 50, "{debts} events");
    check_invariants(&community);
}
