use joulebook_client::market::errors::MarketError;

use super::{
    terms::{all_in, market_fee},
    Book, Model, Phase, Position, Reasons, WindowStatus, GRID_OPERATOR,
};

impl Model {
    pub fn allocate(
        &mut self,
        slot: i64,
        page_slot: i64,
        limit: u16,
        reward_seat: Option<u16>,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(limit == 0, MarketError::ZeroLimit);
        let held = self.books.get(&slot);
        reasons.when(
            held.is_none_or(|book| book.phase < Phase::Cleared),
            MarketError::WrongPhase,
        );
        let seats = self.sizes.seats;
        let cleared = held.filter(|book| book.phase == Phase::Cleared).cloned();
        if let Some(book) = &cleared {
            let own = self.page_slot(book.start);
            reasons.when(own != page_slot, MarketError::WrongPage);
            let left = book.used_places() - book.order_cursor + seats - book.seat_cursor;
            let has_seat = reward_seat.is_none_or(|seat| self.is_open(seat));
            reasons.when(limit >= left && !has_seat, MarketError::NoSuchSeat);
        }
        reasons.found()?;
        let Some(mut book) = cleared else {
            return Ok(());
        };

        // First every order gets its fill, then every seat its contracts.
        for _ in 0..limit {
            if book.order_cursor < book.used_places() {
                book.fill(book.order_cursor);
                book.order_cursor += 1;
            } else if book.seat_cursor < seats {
                self.contract(&mut book);
                book.seat_cursor += 1;
            }
        }
        if book.order_cursor == book.used_places() && book.seat_cursor == seats {
            self.finish_allocation(&mut book, reward_seat);
        }
        self.books.insert(slot, book);
        Ok(())
    }

    /// The orders of the seat at the cursor become contracts: it pays for what it buys, and keeps locked what not
    /// keeping them can cost.
    fn contract(&mut self, book: &mut Book) {
        let number = book.seat_cursor;
        if book.orders_of(number) == 0 {
            return;
        }
        let (bought, sold) = book.fills.get(&number).copied().unwrap_or_default();
        let price = book.price().unwrap_or(0);
        let mut unlocked = 0;
        for order in book.orders.values_mut() {
            if order.seat == number {
                unlocked += std::mem::take(&mut order.lock);
            }
        }
        let locked = sold * book.shortfall(price) + bought * book.surplus(price);
        // A seller pays at a price below zero, and a buyer earns.
        let paid = bought * all_in(&book.terms, price) + sold * (-price).max(0);
        book.escrow += paid;
        let position = Position {
            bought,
            sold,
            earns: sold * price.max(0) + bought * (-price).max(0),
            locked,
            ..Position::default()
        };
        if position.is_contract() {
            self.set_position(book.start, number, position);
        }
        let seat = self.seats.entry(number).or_default();
        seat.free += unlocked - locked - paid;
        seat.bought += bought;
        seat.sold += sold;
    }

    /// The fees to their places, the outcome into the page, and something for the keeper.
    fn finish_allocation(&mut self, book: &mut Book, reward_seat: Option<u16>) {
        let volume = book.volume();
        let price = book.price().unwrap_or(0);
        let market_fees = volume * market_fee(&book.terms, price);
        let grid_fees = volume * i128::from(book.terms.grid_fee);
        // The rest is what the positions earn.
        book.escrow = 0;
        book.phase = Phase::Allocated;
        self.fees += market_fees;
        self.seats.entry(GRID_OPERATOR).or_default().free += grid_fees;
        let outcome = book.outcome.clone();
        if let Some(window) = self.window_mut(book.start) {
            window.status = WindowStatus::Allocated;
            window.volume = volume;
            window.price = price;
            (window.low, window.high) = outcome.map_or((0, 0), |found| (found.low, found.high));
            window.orders = book.orders.len();
            window.market_fees = market_fees;
        }
        let reward = i128::from(book.terms.keeper_reward).min(market_fees);
        if let Some(seat) = reward_seat {
            let paid = reward.min(self.fees);
            self.fees -= paid;
            self.seats.entry(seat).or_default().free += paid;
        }
    }
}
