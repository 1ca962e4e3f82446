use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{
    layout::market::{DelegateBounds, MarketTerms},
    market::errors::MarketError,
};

use super::{
    auction, standing::Tried, terms::all_in, Bid, Model, Order, Outcome, Reasons, WindowStatus,
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Open,
    Cleared,
    Allocated,
}

/// The orders of one window.
#[derive(Clone, Debug)]
pub struct Book {
    pub start: i64,
    pub gate: i64,
    pub end: i64,
    pub phase: Phase,
    /// As they were when it opened, with the grid fee of the page.
    pub terms: MarketTerms,
    pub short: i128,
    pub long: i128,
    /// Live orders by their places.
    pub orders: BTreeMap<u16, Order>,
    /// What each seat's connections can draw and feed in while it lasts, Wh.
    pub carried: BTreeMap<u16, (i128, i128)>,
    /// Every (place, sequence) ever given.
    pub ids: BTreeSet<(u16, u16)>,
    /// Standing orders that were placed.
    pub placed_standing: BTreeSet<Tried>,
    /// Those that somebody had applied.
    pub tried_standing: BTreeSet<Tried>,
    /// `None` before clearing, and if nothing traded.
    pub outcome: Option<Outcome>,
    /// Places that have their fills.
    pub order_cursor: u16,
    /// Seats that have their contracts.
    pub seat_cursor: u16,
    /// What contracts were paid, until all seats have theirs, milli-atoms.
    pub escrow: i128,
    /// Wh bought and sold by seats.
    pub fills: BTreeMap<u16, (i128, i128)>,
}

impl Book {
    pub fn price_of(&self, tick: u16) -> i128 {
        i128::from(self.terms.floor_price) + i128::from(tick) * i128::from(self.terms.tick_size)
    }

    /// The middle of the clearing interval; `None` if nothing traded.
    pub fn price(&self) -> Option<i128> {
        let outcome = self.outcome.as_ref()?;
        Some((self.price_of(outcome.low) + self.price_of(outcome.high)).div_euclid(2))
    }

    pub fn volume(&self) -> i128 {
        self.outcome.as_ref().map_or(0, |outcome| outcome.volume)
    }

    /// What 1 kWh sold at `price` and not delivered costs beyond the price.
    pub fn shortfall(&self, price: i128) -> i128 {
        (self.short - price.max(0)).max(0)
    }

    /// What 1 kWh bought at `price` and not taken costs beyond what it earns.
    pub fn surplus(&self, price: i128) -> i128 {
        (price.min(0) - self.long).max(0)
    }

    /// What a kWh may cost at most that a delegate buys: what the owner allows, and the retail price.
    pub fn most_of_delegate(&self, bounds: &DelegateBounds) -> i128 {
        self.short.min(bounds.highest_buy.into())
    }

    /// Whether a delegate's order may be at that tick.
    pub fn delegate_may(&self, bounds: &DelegateBounds, buy: bool, tick: u16) -> bool {
        let price = self.price_of(tick);
        match buy {
            true => all_in(&self.terms, price) <= self.most_of_delegate(bounds),
            false => price >= self.long.max(bounds.lowest_sell.into()),
        }
    }

    pub fn lock_of(&self, buy: bool, tick: u16, quantity: i128) -> i128 {
        let limit = self.price_of(tick);
        let cost = if buy {
            all_in(&self.terms, limit) + (-self.long).max(0)
        } else {
            self.shortfall(limit) + (-limit).max(0)
        };
        quantity * cost.max(self.terms.min_lock.into())
    }

    /// What a seat's orders lock.
    pub fn locked(&self, seat: u16) -> i128 {
        let orders = self.orders.values().filter(|order| order.seat == seat);
        orders.map(|order| order.lock).sum()
    }

    /// Whether a seat has orders that are no contracts yet.
    pub fn engages(&self, seat: u16) -> bool {
        let waits = self.phase < Phase::Allocated && seat >= self.seat_cursor;
        waits && self.orders_of(seat) > 0
    }

    /// What more a seat may buy and sell, Wh.
    pub fn left(&self, seat: u16) -> (i128, i128) {
        let ordered = |buy: bool| -> i128 {
            let orders = self.orders.values();
            let own = orders.filter(|order| order.seat == seat && order.buy == buy);
            own.map(|order| order.quantity).sum()
        };
        let (draws, feeds_in) = self.carried[&seat];
        (draws - ordered(true), feeds_in - ordered(false))
    }

    pub fn orders_of(&self, seat: u16) -> usize {
        self.orders
            .values()
            .filter(|order| order.seat == seat)
            .count()
    }

    /// Places used so far: those from here on never held an order.
    pub fn used_places(&self) -> u16 {
        self.ids
            .iter()
            .map(|(place, _)| place + 1)
            .max()
            .unwrap_or(0)
    }

    pub fn is_taking_orders(&self, now: i64) -> bool {
        self.phase == Phase::Open && now < self.gate
    }

    /// Gives the order at `place`, if there is one, its fill.
    pub(super) fn fill(&mut self, place: u16) {
        let (Some(order), Some(outcome)) = (self.orders.get_mut(&place), &self.outcome) else {
            return;
        };
        order.filled = outcome.fills[&place];
        let (bought, sold) = self.fills.entry(order.seat).or_default();
        *if order.buy { bought } else { sold } += order.filled;
    }
}

impl Model {
    /// `slot` is that of the book that is passed, `page_slot` that of the page.
    pub fn open_window(&mut self, slot: i64, page_slot: i64, start: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let is_boundary = start % self.length() == 0;
        reasons.when(!is_boundary, MarketError::OffBoundary);
        reasons.when(self.book_slot(start) != slot, MarketError::WrongSlot);
        let number = self.window_number(start);
        let page = self.pages.get(&page_slot);
        match page.filter(|page| page.start == self.page_start(start)) {
            None => reasons.when(true, MarketError::WrongPage),
            Some(page) => {
                let status = page.windows[usize::from(number)].status;
                // Somebody else was faster.
                let is_asked = is_boundary && self.book_slot(start) == slot;
                if status != WindowStatus::Unopened && is_asked {
                    return Ok(());
                }
            }
        }
        let is_busy = |book: &Book| book.phase != Phase::Allocated;
        let held = self.books.get(&slot);
        reasons.when(held.is_some_and(is_busy), MarketError::SlotBusy);
        let mut terms = *self.rules_at(start).terms;
        let opens = start - i64::from(terms.horizon);
        reasons.when(self.now < opens, MarketError::TooEarlyToOpen);
        let gate = start - i64::from(terms.gate_lead);
        reasons.when(self.now >= gate, MarketError::GateClosed);
        reasons.found()?;

        let end = start + self.length();
        let Some(window) = self.window_mut(start) else {
            return Err(Reasons::because(MarketError::WrongPage));
        };
        window.status = WindowStatus::Open;
        let (short, long, grid_fee) = (window.short, window.long, window.grid_fee);
        terms.grid_fee = grid_fee as i32;
        let carried = self.carried(start);
        let book = Book {
            start,
            gate,
            end,
            phase: Phase::Open,
            terms,
            short,
            long,
            orders: BTreeMap::new(),
            carried,
            ids: BTreeSet::new(),
            placed_standing: BTreeSet::new(),
            tried_standing: BTreeSet::new(),
            outcome: None,
            order_cursor: 0,
            seat_cursor: 0,
            escrow: 0,
            fills: BTreeMap::new(),
        };
        self.books.insert(slot, book);
        Ok(())
    }

    /// What connections can carry in a window: of meters that are in service in its page, with all that 32 bits hold for the
    /// supplier.
    fn carried(&self, start: i64) -> BTreeMap<u16, (i128, i128)> {
        let page = self.page_start(start);
        let seats = 0..self.sizes.seats;
        let power_of = |seat: u16| {
            let meters = self.meters.iter();
            let own = meters.filter(|meter| meter.owner == seat && meter.serves(page));
            own.fold((0, 0), |(import, export), meter| {
                let more = meter.limits_at(page);
                (import + i128::from(more.0), export + i128::from(more.1))
            })
        };
        let most = i128::from(u32::MAX);
        let energy = |power: i128| (power.min(most) * i128::from(self.length()) / 3600).min(most);
        let carried = seats.map(|seat| {
            let (import, export) = power_of(seat);
            (seat, (energy(import), energy(export)))
        });
        let mut carried: BTreeMap<_, _> = carried.collect();
        let turn = self.pages[&self.page_slot(start)].turn;
        carried.insert(self.turns[turn].seat, (most, most));
        carried
    }

    pub fn clear(&mut self, slot: i64) -> Result<(), Reasons> {
        let now = self.now;
        let Some(book) = self.books.get_mut(&slot) else {
            return Err(Reasons::because(MarketError::WrongPhase));
        };
        if book.phase > Phase::Open {
            return Ok(());
        }
        let mut reasons = Reasons::default();
        reasons.when(now < book.gate, MarketError::GateOpen);
        reasons.found()?;

        let bid = |order: &Order| Bid {
            buy: order.buy,
            tick: order.tick,
            quantity: order.quantity,
        };
        let bids = book
            .orders
            .iter()
            .map(|(place, order)| (*place, bid(order)))
            .collect();
        book.outcome = auction(&bids);
        book.phase = Phase::Cleared;
        Ok(())
    }
}
