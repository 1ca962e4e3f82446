//! Whether a standing order can be placed now, by the market's own rules.

use joulebook_layout::{
    market::{Book, BookSeat, Ledger, Seat, Side, StandingOrder, StandingSeat},
    registry::Roles,
};
use joulebook_settlement::Terms;
use joulebook_standing::{asked, side_of, Window};
use joulebook_units::{NetWh, Wh};

/// A seat's standing orders in a window that takes orders. It has the seat's owner's, and they have not lapsed.
pub struct Placing<'a> {
    pub ledger: &'a Ledger,
    pub book: &'a Book,
    /// The participant's.
    pub index: u16,
    pub seat: &'a Seat,
    pub standing: &'a BookSeat,
    pub row: &'a StandingSeat,
    /// The present day, days of UTC since 1970-01-01.
    pub day: u32,
}

impl Placing<'_> {
    /// `moved` is what a share is of, as far as it is known.
    pub fn can_be_placed(&self, order: &StandingOrder, moved: Option<NetWh>) -> bool {
        self.may_order(order)
            && self
                .lock_of(order, moved)
                .is_some_and(|lock| self.can_lock(order, lock))
    }

    fn may_order(&self, order: &StandingOrder) -> bool {
        let Placing {
            seat,
            book,
            standing,
            ..
        } = self;
        let allowed = match side_of(order) {
            Side::Buy => Roles::BUYING,
            Side::Sell => Roles::SELLING,
        };
        let live = standing.orders.saturating_add(1);
        self.row.is_active != 0
            && Roles(self.row.roles).intersects(allowed)
            && seat.debt() == 0
            && !seat.is_silent(book.max_silent)
            && !self.ledger.owes_others(self.index)
            && live <= book.max_orders_per_seat
            && book.room_for(live, 1).is_some()
            && (standing.orders > 0 || seat.engaged < u16::MAX)
    }

    /// Milli-atoms; `None` if nothing is ordered.
    fn lock_of(&self, order: &StandingOrder, moved: Option<NetWh>) -> Option<u64> {
        let book = self.book;
        let window = Window::of(book, self.day);
        let may = match side_of(order) {
            Side::Buy => self.standing.may_buy,
            Side::Sell => self.standing.may_sell,
        };
        let locks = Terms::from(book).locks();
        let unit_lock = |side, price| {
            let lock = match side {
                Side::Buy => locks.buy(Wh(1), price),
                Side::Sell => locks.sell(Wh(1), price),
            };
            lock.map(|lock| lock.0)
        };
        let asked = asked(order, &window, may, moved, unit_lock).ok()?;
        asked.unit.checked_mul(asked.quantity.into())
    }

    fn can_lock(&self, order: &StandingOrder, lock: u64) -> bool {
        let mut seat = *self.seat;
        let free = seat.free.saturating_sub(self.ledger.margin_of(self.index));
        lock <= free && (order.by_delegate == 0 || seat.lock_as_delegate(lock, self.day).is_some())
    }
}
