//! What is paid of all debts and claims, held against what must be so afterwards.

use joulebook_client::layout::{
    market::{Ledger, Owing, Seat, SeatStatus, Supplier},
    Account,
};
use market::state::LedgerView;
use proptest::prelude::*;

const SEATS: u16 = 7;

/// A row's money, and what it owes each supplier (below zero: is owed).
type Row = (u64, [i64; 2]);

fn ledger(rows: &[Row], suppliers: [u16; 2]) -> Vec<u8> {
    let mut seats: Vec<Seat> = rows
        .iter()
        .map(|(free, owed)| Seat {
            free: *free,
            owing: owed.map(|owed| Owing {
                debt: owed.max(0).unsigned_abs(),
                claim: owed.min(0).unsigned_abs(),
            }),
            status: SeatStatus::Open as u8,
            ..Seat::default()
        })
        .collect();
    // Nobody owes itself.
    for (place, seat) in suppliers.into_iter().enumerate() {
        seats[usize::from(seat)].owing[place] = Owing::default();
    }
    let claims = |place: usize| seats.iter().map(|seat| seat.owing[place].claim).sum();
    let header = Ledger {
        suppliers: [0, 1].map(|place| Supplier {
            claims: claims(place),
            ..Supplier::new(suppliers[place])
        }),
        supplying: 1,
        capacity: SEATS,
        ..Ledger::default()
    };
    let mut data = Ledger::DISCRIMINATOR.to_vec();
    data.extend(bytemuck::bytes_of(&header));
    data.extend(bytemuck::cast_slice(&seats));
    data
}

/// What each row has and is owed, less what it owes.
fn worth(view: &LedgerView) -> Vec<i128> {
    let mut worth: Vec<i128> = view
        .seats
        .iter()
        .map(|seat| i128::from(seat.free) + i128::from(seat.claim()) - i128::from(seat.debt()))
        .collect();
    for place in 0..2 {
        let supplier = usize::from(view.header.suppliers[place].seat);
        for seat in view.seats.iter() {
            let Owing { debt, claim } = seat.owing[place];
            worth[supplier] += i128::from(debt) - i128::from(claim);
        }
    }
    worth
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    let money = prop_oneof![Just(0), 0..50u64];
    let owed = || prop_oneof![Just(0), -40..40i64];
    let row = (money, [owed(), owed()]);
    prop::collection::vec(row, usize::from(SEATS))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_owing_when_paid_then_nothing_is_left_that_could_be_and_nobody_is_worth_more(
        rows in rows(), first in 0..SEATS, step in 1..SEATS
    ) {
        let mut data = ledger(&rows, [first, (first + step) % SEATS]);
        let mut view = LedgerView::load(&mut data).unwrap();
        let before = worth(&view);
        let money: u64 = view.seats.iter().map(|seat| seat.free).sum();
        view.pay_owing(&mut { u16::MAX }).unwrap();

        prop_assert_eq!(worth(&view), before);
        let left: u64 = view.seats.iter().map(|seat| seat.free).sum();
        prop_assert_eq!(left, money);
        prop_assert!(!view.seats.iter().any(Seat::can_pay_debt));
        for (place, supplier) in view.header.suppliers.into_iter().enumerate() {
            let claims: u64 = view.seats.iter().map(|seat| seat.owing[place].claim).sum();
            prop_assert_eq!(supplier.claims, claims);
            prop_assert!(claims == 0 || view.seats[usize::from(supplier.seat)].free == 0);
        }
        let paid = view.pay_owing(&mut { u16::MAX }).unwrap();
        prop_assert_eq!((paid.set_off, paid.debts, paid.claims), (0, 0, 0));
    }

    /// In however many steps.
    #[test]
    fn given_few_payments_at_a_time_when_paid_as_often_as_it_takes_then_nothing_is_left_either(
        rows in rows(), first in 0..SEATS, step in 1..SEATS, payments in 1..4u16
    ) {
        let mut data = ledger(&rows, [first, (first + step) % SEATS]);
        let mut view = LedgerView::load(&mut data).unwrap();
        let before = worth(&view);
        for _ in 0..100 {
            view.pay_owing(&mut { payments }).unwrap();
        }
        prop_assert_eq!(worth(&view), before);
        prop_assert!(!view.seats.iter().any(Seat::can_pay_debt));
        let paid = view.pay_owing(&mut { payments }).unwrap();
        prop_assert_eq!((paid.set_off, paid.debts, paid.claims), (0, 0, 0));
    }
}
