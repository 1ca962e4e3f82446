use joulebook_layout::{
    market::{
        Book, BookSeat, DelegateBounds, Seat, SeatStatus, Side, StandingOrder, StandingOutcome,
        StandingSeat,
    },
    registry::Roles,
};
use joulebook_standing::{place, readiness, Asked, Trader, Window};

use crate::support::{rule, NOW};

use StandingOutcome::{
    BeyondConnection, CapReached, DelegateLimit, DelegatePrice, InDebt, MetersSilent, NoRoom,
    NotActive, NotEnoughFree, NotPermitted, NotYours, OffGrid, Overflow, TooLittle,
    UnitLockTooHigh,
};

/// Today, days of UTC.
const DAY: u32 = (NOW.0 / 86_400) as u32;
/// What the order of [`rule`] locks at tick 150,000: 100 Wh, at 200,000 atoms per kWh with a fee of 1 %.
const LOCK: u64 = 100 * 202_000;
/// What it buys at, atoms per kWh.
const LIMIT: i32 = 200_000;
/// With the fee.
const ALL_IN: i32 = 202_000;

type ChangeCase = fn(&mut Case);
type ChangeSeat = fn(&mut Seat, &mut StandingSeat);

/// All that placing an order reads and changes.
#[derive(Clone, Debug, PartialEq)]
struct Case {
    book: Book,
    seat: Seat,
    standing: BookSeat,
    order: StandingOrder,
    roles: Roles,
    margin: u64,
}

fn case() -> Case {
    Case {
        book: Book {
            floor_price: 50_000,
            tick_size: 1_000,
            ticks: 200,
            min_quantity: 10,
            short: 300_000,
            fee_bps: 100,
            min_lock: 1,
            max_orders_per_seat: 2,
            room_per_seat: 2,
            seats: 1,
            orders: 2,
            ..Book::default()
        },
        seat: Seat {
            free: LOCK,
            delegate_bounds: DelegateBounds {
                daily_limit: u64::MAX,
                highest_buy: ALL_IN,
                lowest_sell: LIMIT,
            },
            ..Seat::default()
        },
        standing: BookSeat {
            may_buy: 100,
            ..BookSeat::default()
        },
        order: StandingOrder {
            rule: rule(),
            ..StandingOrder::default()
        },
        roles: Roles::TRADING,
        margin: 0,
    }
}

fn placed(case: &mut Case) -> Result<u32, StandingOutcome> {
    let asked = placed_at(case)?;
    assert_eq!(asked.tick.0, 150);
    Ok(asked.quantity)
}

fn placed_at(case: &mut Case) -> Result<Asked, StandingOutcome> {
    let window = Window::of(&case.book, DAY);
    let mut trader = Trader {
        seat: &mut case.seat,
        standing: &mut case.standing,
        roles: case.roles,
        margin: case.margin,
    };
    place(&mut trader, &mut case.book, &window, &mut case.order, None)
}

#[test]
fn given_all_that_an_order_needs_when_placed_then_it_takes_just_that() {
    let mut found = case();
    assert_eq!(placed(&mut found), Ok(100));
    let mut due = case();
    (due.seat.free, due.seat.locked, due.seat.engaged) = (0, LOCK, 1);
    (
        due.standing.locked,
        due.standing.orders,
        due.standing.may_buy,
    ) = (LOCK, 1, 0);
    due.book.live_orders = 1;
    let order = &mut due.order;
    (order.day, order.used_energy, order.used_lock) = (DAY, 100, LOCK);
    assert_eq!(found, due);
}

#[test]
fn given_less_than_all_when_placed_then_it_is_as_much_as_that() {
    let smaller: [fn(&mut Case); 4] = [
        |case| case.order.rule.energy_cap = 40,
        |case| case.order.rule.lock_cap = LOCK * 41 / 100 - 1,
        |case| case.standing.may_buy = 40,
        |case| {
            (case.order.day, case.order.used_energy) = (DAY, 60);
            case.order.rule.energy_cap = 100;
        },
    ];
    for change in smaller {
        let mut found = case();
        change(&mut found);
        assert_eq!(placed(&mut found), Ok(40));
        assert_eq!(found.seat.locked, LOCK * 40 / 100);
    }
}

#[test]
fn given_anything_that_is_missing_when_placed_then_it_is_told_and_nothing_changes() {
    let missing: [(StandingOutcome, ChangeCase); 17] = [
        (NotPermitted, |case| case.roles = Roles(0)),
        (OffGrid, |case| case.order.rule.limit = 49_999),
        (TooLittle, |case| case.order.rule.quantity = 9),
        (UnitLockTooHigh, |case| {
            case.order.rule.unit_lock_cap = 201_999
        }),
        (CapReached, |case| case.order.rule.energy_cap = 9),
        (CapReached, |case| case.order.rule.lock_cap = LOCK / 10 - 1),
        (BeyondConnection, |case| case.standing.may_buy = 9),
        (NotEnoughFree, |case| case.seat.free -= 1),
        (NotEnoughFree, |case| case.margin = 1),
        (NoRoom, |case| case.standing.orders = 2),
        (NoRoom, |case| case.book.room_per_seat = 0),
        (Overflow, |case| case.seat.engaged = u16::MAX),
        (Overflow, |case| case.seat.locked = u64::MAX),
        (DelegateLimit, |case| {
            case.order.by_delegate = 1;
            case.seat.delegate_bounds.daily_limit = LOCK - 1;
        }),
        (DelegatePrice, |case| {
            case.order.by_delegate = 1;
            case.seat.delegate_bounds.highest_buy = -1;
        }),
        (DelegatePrice, |case| {
            case.order.by_delegate = 1;
            (case.book.short, case.book.grid_fee) = (10, 11);
        }),
        (OffGrid, |case| {
            case.order.by_delegate = 1;
            case.order.rule.side = Side::Sell as u8;
            case.standing.may_sell = 100;
            case.seat.delegate_bounds.lowest_sell = 250_000;
        }),
    ];
    for (outcome, change) in missing {
        let mut before = case();
        change(&mut before);
        if outcome == NoRoom {
            before.book.orders = 0;
        }
        let mut found = before.clone();
        assert_eq!(placed(&mut found), Err(outcome));
        assert_eq!(found, before, "{outcome:?}");
    }
}

#[test]
fn given_a_delegates_order_when_placed_then_its_limit_counts_and_the_use_is_its() {
    let mut found = case();
    (
        found.order.by_delegate,
        found.seat.delegate_bounds.daily_limit,
    ) = (1, LOCK);
    assert_eq!(placed(&mut found), Ok(100));
    assert_eq!(
        (found.seat.delegate_locked, found.order.used_by_delegate),
        (LOCK, 1)
    );
}

#[test]
fn given_a_delegates_rule_beyond_its_prices_when_placed_then_it_is_at_the_next_price_within() {
    let moved: [(u16, ChangeCase); 6] = [
        // A tick is 1,000 atoms, and the fee a hundredth.
        (149, |case| {
            case.seat.delegate_bounds.highest_buy = ALL_IN - 1
        }),
        (149, |case| case.book.short = ALL_IN - 1),
        (148, |case| {
            (case.book.short, case.book.grid_fee) = (ALL_IN, 1_011)
        }),
        (150, |case| {
            (case.book.short, case.book.grid_fee) = (ALL_IN + 1_010, 1_010);
            case.seat.delegate_bounds.highest_buy = i32::MAX;
        }),
        (151, |case| {
            case.order.rule.side = Side::Sell as u8;
            case.seat.delegate_bounds.lowest_sell = LIMIT + 1;
        }),
        (160, |case| {
            case.order.rule.side = Side::Sell as u8;
            case.book.long = LIMIT + 10_000;
        }),
    ];
    for (tick, change) in moved {
        let mut found = case();
        (found.order.by_delegate, found.standing.may_sell) = (1, 100);
        found.seat.free = u64::MAX;
        change(&mut found);
        let asked = placed_at(&mut found).map(|asked| asked.tick.0);
        assert_eq!(asked, Ok(tick));
        // Its owner may want it so.
        found = case();
        found.standing.may_sell = 100;
        change(&mut found);
        found.seat.free = u64::MAX;
        assert_eq!(placed(&mut found), Ok(100));
    }
}

#[test]
fn given_a_sell_when_placed_then_what_the_seat_may_sell_is_less() {
    let mut found = case();
    found.order.rule.side = Side::Sell as u8;
    (found.standing.may_buy, found.standing.may_sell) = (0, 150);
    // At 200,000 where the retail price is 300,000.
    assert_eq!(placed(&mut found), Ok(100));
    assert_eq!(
        (found.standing.may_sell, found.seat.locked),
        (50, 100 * 100_000)
    );
}

#[test]
fn given_a_seat_that_may_order_nothing_when_asked_then_the_reason_is_told() {
    let seat = Seat {
        status: SeatStatus::Open as u8,
        ..Seat::default()
    };
    let row = StandingSeat {
        is_active: 1,
        ..StandingSeat::default()
    };
    let book = Book {
        max_silent: 3,
        ..Book::default()
    };
    assert_eq!(readiness(&seat, &row, &book, false), Ok(()));
    let owes = readiness(&seat, &row, &book, true);
    assert_eq!(owes, Err(StandingOutcome::ClaimsUnpaid));
    let unready: [(StandingOutcome, ChangeSeat); 5] = [
        (NotYours, |seat, _| seat.status = SeatStatus::Vacant as u8),
        (NotYours, |_, row| row.owner = [1; 32].into()),
        (NotActive, |_, row| row.is_active = 0),
        (InDebt, |seat, _| seat.owing[1].debt = 1),
        (MetersSilent, |seat, _| seat.silent_windows = 3),
    ];
    for (outcome, change) in unready {
        let (mut seat, mut row) = (seat, row);
        change(&mut seat, &mut row);
        assert_eq!(readiness(&seat, &row, &book, false), Err(outcome));
    }
}
