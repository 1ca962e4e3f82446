//! Whether a standing order can be placed now, by the market's own rules.

use joulebook_layout::{
    market::{Book, BookSeat, Ledger, Seat, Side, StandingOrder},
    registry::Roles,
};
use joulebook_settlement::Terms;
use joulebook_standing::{asked, side_of, Asked, Window};
use joulebook_units::{NetWh, Wh};

/// A seat in a window that takes orders, with what its standing orders go by. These are its owner's, and have not lapsed.
pub struct Placing<'a> {
    pub ledger: &'a Ledger,
    pub book: &'a mut Book,
    /// The participant's, and what the row of its standing orders knows of it.
    pub index: u16,
    pub is_active: bool,
    pub roles: Roles,
    pub standing: &'a mut BookSeat,
    /// The present day, days of UTC since 1970-01-01.
    pub day: u32,
}

impl Placing<'_> {
    /// Takes off what the order needs, as placing it does; `None` if it can't be placed. `moved` is what a share is of, as far as
    /// it is known.
    pub fn place(
        &mut self,
        seat: &mut Seat,
        order: &mut StandingOrder,
        moved: Option<NetWh>,
    ) -> Option<()> {
        if !self.may_order(seat, order) {
            return None;
        }
        let side = side_of(order);
        let asked = self.asked(order, moved)?;
        let lock = asked.unit.checked_mul(asked.quantity.into())?;
        let live = self.standing.orders.checked_add(1)?;
        let most = self.book.max_orders_per_seat;
        let beyond_room = self.book.room_for(live, 1).filter(|_| live <= most)?;
        let engages = u16::from(self.standing.orders == 0);
        let engaged = seat.engaged.checked_add(engages)?;
        let margin = self.ledger.margin_of(self.index);
        let free = seat.free.checked_sub(lock).filter(|free| *free >= margin)?;
        if order.by_delegate != 0 {
            seat.lock_as_delegate(lock, self.day)?;
        }

        (seat.free, seat.engaged) = (free, engaged);
        self.standing.orders = live;
        self.book.beyond_room = beyond_room;
        let may = match side {
            Side::Buy => &mut self.standing.may_buy,
            Side::Sell => &mut self.standing.may_sell,
        };
        *may = may.saturating_sub(asked.quantity);
        let (energy, locked) = order.used(self.day);
        order.day = self.day;
        order.used_energy = energy.saturating_add(asked.quantity.into());
        order.used_lock = locked.saturating_add(lock);
        Some(())
    }

    fn may_order(&self, seat: &Seat, order: &StandingOrder) -> bool {
        let allowed = match side_of(order) {
            Side::Buy => Roles::BUYING,
            Side::Sell => Roles::SELLING,
        };
        self.is_active
            && self.roles.intersects(allowed)
            && seat.debt() == 0
            && !seat.is_silent(self.book.max_silent)
            && !self.ledger.owes_others(self.index)
    }

    fn asked(&self, order: &StandingOrder, moved: Option<NetWh>) -> Option<Asked> {
        let window = Window::of(self.book, self.day);
        let may = match side_of(order) {
            Side::Buy => self.standing.may_buy,
            Side::Sell => self.standing.may_sell,
        };
        let locks = Terms::from(&*self.book).locks();
        let unit_lock = |side, price| {
            let lock = match side {
                Side::Buy => locks.buy(Wh(1), price),
                Side::Sell => locks.sell(Wh(1), price),
            };
            lock.map(|lock| lock.0)
        };
        asked(order, &window, may, moved, unit_lock).ok()
    }
}
