//! More seats between the two suppliers than one call sets off.

use joulebook_client::layout::{
    market::{
        limits::{MAX_PAYMENTS, MAX_SET_OFF},
        Ledger, Owing, Seat, Supplier,
    },
    Account,
};
use market::state::LedgerView;

/// Seat 0 was the supplier before seat 1, and owes these rows what stands there.
fn ledger(rows: &[Seat]) -> Vec<u8> {
    let header = Ledger {
        suppliers: [
            Supplier {
                claims: rows.iter().map(|row| row.owing[0].claim).sum(),
                ..Supplier::new(0)
            },
            Supplier::new(1),
        ],
        supplying: 1,
        capacity: rows.len() as u16,
        ..Ledger::default()
    };
    let mut data = Ledger::DISCRIMINATOR.to_vec();
    data.extend(bytemuck::bytes_of(&header));
    data.extend(bytemuck::cast_slice(rows));
    data
}

/// The former supplier owes each of so many seats 5, who owe it to the present one; that owes the former `debt`. They are behind `others`.
fn passing_on(count: u16, debt: u64, others: &[Seat]) -> Vec<Seat> {
    let mut suppliers = [Seat::default(); 2];
    suppliers[1].owing[0].debt = debt;
    let passing = Seat {
        owing: [Owing { debt: 0, claim: 5 }, Owing { debt: 5, claim: 0 }],
        ..Seat::default()
    };
    [&suppliers, others, &vec![passing; count.into()]].concat()
}

/// In truth nobody owes anything but to seat 2, who has nothing to hope for. The present supplier used to pay it between two calls.
#[test]
fn given_more_than_is_set_off_at_once_when_paid_then_no_supplier_pays_what_goes_round() {
    const PASSING: u16 = 2 * MAX_SET_OFF;
    let all = u64::from(PASSING) * 5;
    let mut hopeless = Seat::default();
    hopeless.owing[0].claim = all;
    let mut rows = passing_on(PASSING, all, &[hopeless]);
    rows[1].free = all;
    let mut data = ledger(&rows);
    let mut view = LedgerView::load(&mut data).unwrap();
    for _ in 0..4 {
        view.pay_owing(&mut { MAX_PAYMENTS }).unwrap();
    }
    assert_eq!((view.seats[1].free, view.seats[2].free), (all, 0));
    assert!(view.seats[3..].iter().all(|seat| seat.debt() == 0));
}

/// The call before sets off as much as it can and pays nothing; what a deposit sets off is the rest.
#[test]
fn given_a_seat_behind_those_that_are_set_off_at_once_when_all_were_asked_before_then_it_pays_nothing(
) {
    let mut rows = passing_on(MAX_SET_OFF + 1, 1_000_000, &[]);
    let last = rows.len() - 1;
    rows[last].free = 5;
    let mut data = ledger(&rows);
    let mut view = LedgerView::load(&mut data).unwrap();
    view.pay_owing(&mut { MAX_PAYMENTS }).unwrap();
    assert_eq!(view.seats[last].debt(), 5);
    assert_eq!(view.set_off_for(last as u16).unwrap(), 5);
    assert_eq!(view.pay_debt(last as u16).unwrap(), 0);
    assert_eq!(view.seats[last].free, 5);
}
