//! Whether a standing order can be placed, by the rules for orders by hand, and what it then takes of its seat, of the
//! book's room and of its caps. The order itself is entered by who has the book.

use joulebook_layout::{
    market::{Book, BookSeat, Seat, Side, StandingOrder, StandingOutcome, StandingSeat},
    registry::Roles,
};
use joulebook_settlement::{DelegatePrices, Terms};
use joulebook_units::NetWh;

use crate::order::{asked, side_of, Asked, Window};

/// A seat that may order, with what it has in a book.
pub struct Trader<'a> {
    pub seat: &'a mut Seat,
    pub standing: &'a mut BookSeat,
    pub roles: Roles,
    /// What it can't lock, milli-atoms.
    pub margin: u64,
}

/// Whether a seat may order anything now by the standing orders of its row; `owes_others` if other seats have claims on it.
///
/// # Errors
/// Why not.
#[inline(always)]
pub fn readiness(
    seat: &Seat,
    row: &StandingSeat,
    book: &Book,
    owes_others: bool,
) -> Result<(), StandingOutcome> {
    if !seat.is_open() || seat.owner != row.owner {
        return Err(StandingOutcome::NotYours);
    }
    if row.is_active == 0 {
        return Err(StandingOutcome::NotActive);
    }
    if seat.debt() > 0 {
        return Err(StandingOutcome::InDebt);
    }
    if seat.is_silent(book.max_silent) {
        return Err(StandingOutcome::MetersSilent);
    }
    if owes_others {
        return Err(StandingOutcome::ClaimsUnpaid);
    }
    Ok(())
}

/// Takes off what the order that a rule comes to needs; which one that is. `moved` is as [`wanted`](crate::wanted) has it.
///
/// # Errors
/// Why it can't be placed; then nothing is changed.
#[inline(always)]
pub fn place(
    trader: &mut Trader,
    book: &mut Book,
    window: &Window,
    order: &mut StandingOrder,
    moved: Option<NetWh>,
) -> Result<Asked, StandingOutcome> {
    let Trader {
        seat,
        standing,
        roles,
        margin,
    } = trader;
    let side = side_of(order);
    let (may, allowed) = match side {
        Side::Buy => (&mut standing.may_buy, Roles::BUYING),
        Side::Sell => (&mut standing.may_sell, Roles::SELLING),
    };
    if !roles.intersects(allowed) {
        return Err(StandingOutcome::NotPermitted);
    }
    let prices = match order.by_delegate {
        0 => None,
        _ => Some(prices_of_delegate(seat, book)),
    };
    let asked = asked(order, window, *may, moved, prices)?;
    let overflow = StandingOutcome::Overflow;
    let sum = |sum: u64, more: u64| sum.checked_add(more).ok_or(overflow);
    // Of 32 bits each.
    let lock = u64::from(asked.unit).wrapping_mul(asked.quantity.into());
    if lock > seat.free.saturating_sub(*margin) {
        return Err(StandingOutcome::NotEnoughFree);
    }
    let live = standing.orders.saturating_add(1);
    if live > book.max_orders_per_seat {
        return Err(StandingOutcome::NoRoom);
    }
    let beyond_room = book.room_for(live, 1).ok_or(StandingOutcome::NoRoom)?;
    let engages = u16::from(standing.orders == 0);
    let engaged = seat.engaged.checked_add(engages).ok_or(overflow)?;
    let live_orders = book.live_orders.checked_add(1).ok_or(overflow)?;
    let (seat_locked, standing_locked) = (sum(seat.locked, lock)?, sum(standing.locked, lock)?);
    let (used_energy, used_lock) = order.used(window.day);
    let used_energy = sum(used_energy, asked.quantity.into())?;
    let used_lock = sum(used_lock, lock)?;
    if order.by_delegate != 0 {
        let locked = seat.lock_as_delegate(lock, window.day);
        locked.ok_or(StandingOutcome::DelegateLimit)?;
    }

    // Not more than there is, both.
    seat.free = seat.free.wrapping_sub(lock);
    *may = may.wrapping_sub(asked.quantity);
    (seat.locked, seat.engaged) = (seat_locked, engaged);
    (standing.locked, standing.orders) = (standing_locked, live);
    (book.beyond_room, book.live_orders) = (beyond_room, live_orders);
    order.day = window.day;
    order.used_by_delegate = order.by_delegate;
    (order.used_energy, order.used_lock) = (used_energy, used_lock);
    Ok(asked)
}

#[cold]
#[inline(never)]
fn prices_of_delegate(seat: &Seat, book: &Book) -> DelegatePrices {
    DelegatePrices::of(&seat.delegate_bounds, &Terms::from(book))
}
