//! What goes round between the suppliers, by more seats than one call sets off.

use joulebook_client::{
    layout::market::{
        limits::{MAX_SEATS, MAX_SET_OFF},
        Owing,
    },
    market::errors::MarketError,
};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::market::instructions;

use super::{owing_both, send, with_seats};

/// Every second row passes on from the one supplier to the other what the next row passes back.
#[test]
fn given_a_full_ledger_in_which_all_goes_round_when_asked_then_each_call_sets_off_a_number_of_them()
{
    let mut community = owing_both(0, 0);
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let seat = community.households[0].seat;
    with_seats(&mut community, |header, seats| {
        for (index, row) in (0u16..).zip(seats.iter_mut()) {
            let (debt, claim) = (Owing { debt: 5, claim: 0 }, Owing { debt: 0, claim: 5 });
            row.owing = match index % 2 {
                0 => [debt, claim],
                _ => [claim, debt],
            };
            if suppliers.contains(&index) || index == seat {
                row.owing = Default::default();
            }
        }
        for (place, supplier) in header.suppliers.iter_mut().enumerate() {
            supplier.claims = seats.iter().map(|row| row.owing[place].claim).sum();
        }
    });
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    let found = send(&mut community, replace.clone()).unwrap_err();
    assert_eq!(found, Failure::Market(MarketError::PaymentsDue));
    let mut calls = 0;
    while send(&mut community, replace.clone()).is_err() {
        let pay = community.addresses.pay_claims();
        let receipt = send(&mut community, pay).unwrap();
        println!("round: {}", receipt.compute_units);
        calls += 1;
    }
    // And one that pays the rest.
    assert_eq!(calls, usize::from(MAX_SEATS / 2 / MAX_SET_OFF) + 1);
    assert!(community.ledger().header.awaits_supplier());
}

/// So many rows have a claim on the first supplier and a debt to the second; two at the end the other way round.
fn passing_on(rows: usize, is_lopsided: bool) -> LocalCommunity {
    let mut community = owing_both(0, 0);
    let suppliers = [community.supplier.seat, community.households[1].seat];
    let seat = community.households[0].seat;
    let (debt, claim) = (Owing { debt: 5, claim: 0 }, Owing { debt: 0, claim: 5 });
    with_seats(&mut community, |header, seats| {
        let len = seats.len();
        for (index, row) in (0u16..).zip(seats.iter_mut()) {
            let is_last = usize::from(index) + 2 >= len;
            row.owing = match is_last && is_lopsided {
                true => [debt, claim],
                false if is_last => [Owing::default(), claim],
                false if usize::from(index) < rows => [claim, debt],
                false => Default::default(),
            };
            if suppliers.contains(&index) || index == seat {
                row.owing = Default::default();
            }
        }
        for (place, supplier) in header.suppliers.iter_mut().enumerate() {
            supplier.claims = seats.iter().map(|row| row.owing[place].claim).sum();
        }
        for index in suppliers {
            seats[usize::from(index)].free = 0;
        }
    });
    community
}

/// It used to cost more than a transaction may, for good.
#[test]
fn given_a_full_ledger_that_passes_on_one_way_when_asked_then_one_transaction_looks_at_it() {
    for is_lopsided in [false, true] {
        for rows in [1024, 6000, usize::from(MAX_SEATS)] {
            let mut community = passing_on(rows, is_lopsided);
            let pay = community.addresses.pay_claims();
            let paid = send(&mut community, pay).unwrap().compute_units;
            let replace = instructions::replace_supplier(&community, &community.households[0]);
            let named = send(&mut community, replace).unwrap().compute_units;
            println!("{rows} {is_lopsided}: {paid} {named}");
        }
    }
}

#[test]
fn given_debts_as_high_as_can_be_written_when_asked_then_nothing_overflows() {
    let mut community = owing_both(0, 0);
    let suppliers = [community.supplier.seat, community.households[1].seat];
    with_seats(&mut community, |header, seats| {
        for row in seats.iter_mut() {
            row.owing = Default::default();
        }
        let first = &mut seats[usize::from(suppliers[0])];
        first.owing[1].debt = u64::MAX;
        first.free = 0;
        seats[usize::from(suppliers[1])].owing[0].claim = 1;
        header.suppliers[0].claims = 1;
        header.suppliers[1].claims = 0;
    });
    let pay = community.addresses.pay_claims();
    send(&mut community, pay).unwrap();
}
