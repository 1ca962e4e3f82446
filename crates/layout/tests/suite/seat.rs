//! Seats: who trades for one, its money, and what is left in it.

use joulebook_layout::{
    market::{DelegateBounds, Owing, Seat, SeatStatus},
    Address,
};

const OWNER: Address = Address([1; 32]);
const DELEGATE: Address = Address([2; 32]);

fn seat() -> Seat {
    Seat {
        owner: OWNER,
        delegate: DELEGATE,
        delegate_bounds: DelegateBounds::of_a_day(100),
        ..Seat::default()
    }
}

#[test]
fn given_a_seat_when_opened_then_owner_and_delegate_trade_for_it() {
    assert!(!seat().is_open());
    let open = Seat {
        status: SeatStatus::Open as u8,
        ..seat()
    };
    assert!(open.is_open());
    assert!(open.trades_for(&OWNER) && open.trades_for(&DELEGATE));
    assert!(!open.trades_for(&Address([3; 32])));
}

#[test]
fn given_a_day_s_limit_when_a_delegate_locks_then_it_counts_until_the_next_day() {
    let mut seat = seat();
    assert_eq!(seat.lock_as_delegate(60, 7), Some(()));
    assert_eq!(seat.lock_as_delegate(41, 7), None);
    assert_eq!((seat.delegate_locked, seat.delegate_day), (60, 7));
    assert_eq!(seat.lock_as_delegate(40, 7), Some(()));
    assert_eq!(seat.lock_as_delegate(1, 7), None);
    assert_eq!(seat.lock_as_delegate(100, 8), Some(()));
    assert_eq!((seat.delegate_locked, seat.delegate_day), (100, 8));
}

#[test]
fn given_more_than_fits_when_a_delegate_locks_it_then_it_is_refused() {
    let mut seat = Seat {
        delegate_bounds: DelegateBounds::of_a_day(u64::MAX),
        ..seat()
    };
    assert_eq!(seat.lock_as_delegate(u64::MAX, 7), Some(()));
    let before = seat;
    assert_eq!(seat.lock_as_delegate(1, 7), None);
    assert_eq!(seat, before);
}

#[test]
fn given_money_when_counted_then_free_locked_and_held_are_its_sum() {
    let seat = |free, locked, held| Seat {
        free,
        locked,
        held,
        owing: [Owing {
            debt: 1_000,
            claim: 0,
        }; 2],
        ..seat()
    };
    assert_eq!(seat(1, 20, 300).money(), Some(321));
    assert_eq!(seat(u64::MAX, 0, 0).money(), Some(u64::MAX));
    assert_eq!(seat(u64::MAX, 1, 0).money(), None);
    assert_eq!(seat(u64::MAX - 1, 1, 1).money(), None);
}

#[test]
fn given_free_money_when_credited_then_it_grows_as_far_as_it_fits() {
    let mut seat = Seat { free: 5, ..seat() };
    assert_eq!(seat.credit(7), Some(()));
    assert_eq!(seat.free, 12);
    assert_eq!(seat.credit(u64::MAX - 11), None);
    assert_eq!(seat.free, 12);
}

#[test]
fn given_debts_when_one_is_paid_then_it_takes_what_is_free_and_no_more() {
    for place in [0, 1] {
        for (free, debt, paid) in [(5, 0, 0), (0, 5, 0), (5, 3, 3), (5, 5, 5), (3, 5, 3)] {
            let mut seat = Seat {
                free,
                owing: [Owing { debt, claim: 0 }; 2],
                locked: 9,
                ..seat()
            };
            assert_eq!(seat.pay_debt(place), paid);
            let (of_place, of_other) = (seat.owing(place).debt, seat.owing(place ^ 1).debt);
            assert_eq!((of_place, of_other), (debt - paid, debt));
            assert_eq!((seat.free, seat.locked), (free - paid, 9));
        }
    }
}
