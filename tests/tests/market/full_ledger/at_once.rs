//! Debts and claims, as many as one instruction pays.

use joulebook_client::{
    layout::{
        market::{
            limits::{MAX_NAMING_PAYMENTS, MAX_PAYMENTS, MAX_SEATS},
            Owing, Seat, SeatStatus,
        },
        Address,
    },
    market::{
        errors::MarketError,
        events::MarketEvent,
        types::{ClaimsPaid, DebtsPaid},
    },
};
use joulebook_sim::Failure;
use joulebook_tests::market::instructions;

use super::{full, owing_both, pay_claims, send, with_seats};

#[test]
fn given_a_full_ledger_of_debtors_when_debts_are_paid_then_a_number_of_them_at_a_time() {
    let debt = Owing { debt: 7, claim: 0 };
    let mut community = full(10, [debt, Owing::default()]);
    let others = u64::from(MAX_SEATS) - 1;
    let mut left = others;
    while left > 0 {
        let paid = left.min(MAX_PAYMENTS.into());
        let events = pay_claims(&mut community);
        let [MarketEvent::DebtsPaid(DebtsPaid { amount, .. })] = events[..] else {
            panic!("{events:?}");
        };
        assert_eq!(amount, 7 * paid);
        left -= paid;
    }
    assert_eq!(pay_claims(&mut community), []);
    assert_eq!(community.supplier_seat().free, 7 * others);
    let ledger = community.ledger();
    assert!(ledger.seats.iter().all(|seat| seat.debt() == 0));
}

#[test]
fn given_a_full_ledger_of_claims_when_they_are_paid_then_a_number_of_them_in_their_order() {
    let claim = Owing { debt: 0, claim: 5 };
    let mut community = full(0, [claim, Owing::default()]);
    let others = u64::from(MAX_SEATS) - 1;
    let mut left = others;
    while left > 0 {
        let paid = left.min(MAX_PAYMENTS.into());
        let events = pay_claims(&mut community);
        left -= paid;
        let [MarketEvent::ClaimsPaid(told)] = &events[..] else {
            panic!("{events:?}");
        };
        let ClaimsPaid {
            amount, left: rest, ..
        } = told;
        assert_eq!((*amount, *rest), (5 * paid, 5 * left));
        let seats = community.ledger().seats;
        let unpaid = seats.iter().rposition(|seat| seat.claim() == 0);
        assert_eq!(unpaid, Some((others - left) as usize));
    }
    assert_eq!(pay_claims(&mut community), []);
}

/// Nobody is passed by: what one instruction does not reach is paid before anything else.
#[test]
fn given_more_claims_than_one_instruction_pays_when_a_seat_is_closed_then_they_come_first() {
    let claim = Owing { debt: 0, claim: 5 };
    let mut community = full(0, [claim, Owing::default()]);
    let owner = community.supplier.address();
    let close = community.addresses.close_seat(owner, MAX_SEATS - 1);
    let found = send(&mut community, close).unwrap_err();
    assert_eq!(found, Failure::Market(MarketError::PaymentsDue));
}

#[test]
fn given_a_full_ledger_of_debtors_when_another_supplier_is_named_then_one_transaction_does_it() {
    let debt = Owing { debt: 7, claim: 0 };
    let mut community = full(0, [debt, Owing::default()]);
    let (seat, owner) = (
        community.households[0].seat,
        community.households[0].address(),
    );
    with_seats(&mut community, |_, seats| {
        seats[usize::from(seat)] = Seat {
            owner: Address(owner.to_bytes()),
            status: SeatStatus::Open as u8,
            free: u64::MAX / 2,
            ..Seat::default()
        };
    });
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    send(&mut community, replace).unwrap();
    assert!(community.ledger().header.awaits_supplier());
}

#[test]
fn given_a_full_ledger_that_owes_both_suppliers_when_another_is_named_then_one_transaction_does_it()
{
    // A payer pays both suppliers at once, a claimant is paid by each.
    let most = usize::from(MAX_NAMING_PAYMENTS) - 1;
    for (payers, claimants) in [(0, 0), (most, 0), (0, most / 2), (most / 2, most / 4)] {
        let mut community = owing_both(payers, claimants);
        let replace = instructions::replace_supplier(&community, &community.households[0]);
        let receipt = send(&mut community, replace).unwrap();
        println!("{payers} {claimants}: {}", receipt.compute_units);
        assert!(community.ledger().header.awaits_supplier());
    }
    let mut community = owing_both(most + 1, 0);
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    let found = send(&mut community, replace.clone()).unwrap_err();
    assert_eq!(found, Failure::Market(MarketError::PaymentsDue));
    assert_eq!(pay_claims(&mut community).len(), 1);
    send(&mut community, replace).unwrap();
}

#[test]
fn given_a_full_ledger_that_owes_both_suppliers_when_asked_then_one_transaction_pays_the_most() {
    let most = usize::from(MAX_PAYMENTS);
    for (payers, claimants) in [(most, 0), (0, most / 2), (most / 2, most / 4)] {
        let mut community = owing_both(payers, claimants);
        let pay = community.addresses.pay_claims();
        let receipt = send(&mut community, pay).unwrap();
        println!("{payers} {claimants}: {}", receipt.compute_units);
    }
}

/// Debtors that pay both suppliers are the dearest; a seat that passes on has the table looked over for more, and a claim that is
/// not paid whole is looked for to the last row.
#[test]
fn given_the_dearest_rows_when_asked_then_one_transaction_pays_the_most() {
    let mut community = owing_both(0, 0);
    let supplying = community.supplier.seat;
    with_seats(&mut community, |header, seats| {
        let len = seats.len();
        let is_row = |row: &Seat| row.owing != <[Owing; 2]>::default();
        let claims: Vec<usize> = (0..len).filter(|index| is_row(&seats[*index])).collect();
        let (last, rest) = claims.split_last().unwrap();
        let (passing, rest) = rest.split_last().unwrap();
        for index in rest {
            seats[*index].owing = Default::default();
        }
        for index in &rest[rest.len() - usize::from(MAX_PAYMENTS) - 1_000..] {
            seats[*index].owing = [Owing { debt: 5, claim: 0 }; 2];
            seats[*index].free = 20;
        }
        let claim = |claim| Owing { debt: 0, claim };
        seats[*passing].owing = [claim(5), Owing { debt: 5, claim: 0 }];
        seats[*last].owing = [claim(0), claim(1 << 41)];
        seats[usize::from(supplying)].free = 1 << 40;
        header.suppliers[0].claims = 5;
        header.suppliers[1].claims = 1 << 41;
    });
    let pay = community.addresses.pay_claims();
    let receipt = send(&mut community, pay).unwrap();
    println!("{}", receipt.compute_units);
}
