use std::collections::{BTreeMap, BTreeSet};

use joulebook_client::{layout::market::MarketTerms, market::errors::MarketError};

use super::{auction, terms::all_in, Bid, Model, Order, Outcome, Reasons};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    Open,
    Cleared,
    Allocated,
    Metered,
    Settled,
}

#[derive(Clone, Debug)]
pub struct Window {
    pub start: i64,
    pub gate: i64,
    pub end: i64,
    pub settle_by: i64,
    pub phase: Phase,
    /// As they were when it opened.
    pub terms: MarketTerms,
    pub short: i128,
    pub long: i128,
    /// Live orders by their places.
    pub orders: BTreeMap<u16, Order>,
    /// Every (place, sequence) ever given.
    pub ids: BTreeSet<(u16, u16)>,
    /// `None` before clearing, and if nothing traded.
    pub outcome: Option<Outcome>,
    /// Places that have their fills.
    pub order_cursor: u16,
    /// Seats allocated while the window is cleared, and settled once it is metered.
    pub seat_cursor: u16,
    /// A later window was allocated before.
    pub is_out_of_turn: bool,
    /// Milli-atoms buyers paid that nobody has yet.
    pub escrow: i128,
    pub positions: BTreeMap<u16, Position>,
    /// Metered energy of the seats settled, and how many of them had a meter missing.
    pub imported: i128,
    pub exported: i128,
    pub estimated_seats: u16,
}

/// What a seat has in a window: Wh, and milli-atoms.
#[derive(Clone, Debug, Default)]
pub struct Position {
    pub bought: i128,
    pub sold: i128,
    /// Kept for what is sold, in case it is not delivered.
    pub lock: i128,
    pub imported: i128,
    pub exported: i128,
    pub heard: bool,
    pub missing: bool,
    pub caught_up: bool,
    /// Nobody's meters could be heard.
    pub unread: bool,
}

impl Window {
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

    pub fn lock_of(&self, buy: bool, tick: u16, quantity: i128) -> i128 {
        let limit = self.price_of(tick);
        let cost = if buy {
            all_in(&self.terms, limit) + (-self.long).max(0)
        } else {
            self.shortfall(limit) + (-limit).max(0)
        };
        quantity * cost.max(self.terms.min_lock.into())
    }

    pub fn locked(&self, seat: u16) -> i128 {
        let orders = self.orders.values().filter(|order| order.seat == seat);
        let contracts = self
            .positions
            .get(&seat)
            .map_or(0, |position| position.lock);
        orders.map(|order| order.lock).sum::<i128>() + contracts
    }

    pub fn engages(&self, seat: u16) -> bool {
        let is_settled = match self.phase {
            Phase::Open | Phase::Cleared | Phase::Allocated => false,
            Phase::Metered => seat < self.seat_cursor,
            Phase::Settled => true,
        };
        !is_settled && self.orders_of(seat) > 0
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
}

impl Model {
    /// `slot` is the ring slot whose account is passed.
    pub fn open_window(&mut self, slot: i64, start: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let is_boundary = start % self.length() == 0;
        reasons.when(!is_boundary, MarketError::OffBoundary);
        reasons.when(self.slot(start) != slot, MarketError::WrongSlot);
        match self.windows.get(&slot) {
            Some(held) => {
                reasons.when(held.phase != Phase::Settled, MarketError::SlotBusy);
                reasons.when(start <= held.start, MarketError::StartPassed);
            }
            None => {
                let round = self.length() * i64::from(self.sizes.ring);
                reasons.when(self.now - start >= round, MarketError::StartTooOld);
            }
        }
        let opens = start - i64::from(self.terms.horizon);
        reasons.when(self.now < opens, MarketError::TooEarlyToOpen);
        reasons.found()?;

        let tariff = *self.tariff_at(start);
        let end = start + self.length();
        let window = Window {
            start,
            gate: start - i64::from(self.terms.gate_lead),
            end,
            settle_by: end + i64::from(self.terms.metering_grace),
            phase: Phase::Open,
            terms: self.terms,
            short: tariff.short.into(),
            long: tariff.long.into(),
            orders: BTreeMap::new(),
            ids: BTreeSet::new(),
            outcome: None,
            order_cursor: 0,
            seat_cursor: 0,
            is_out_of_turn: false,
            escrow: 0,
            positions: BTreeMap::new(),
            imported: 0,
            exported: 0,
            estimated_seats: 0,
        };
        self.windows.insert(slot, window);
        Ok(())
    }

    /// Closes the account of a slot.
    pub fn close_window(&mut self, slot: i64) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        let held = self.windows.get(&slot);
        reasons.when(
            held.is_some_and(|window| window.phase != Phase::Settled),
            MarketError::StillInUse,
        );
        reasons.found()?;
        self.windows.remove(&slot);
        self.window_accounts -= 1;
        Ok(())
    }

    pub fn clear(&mut self, slot: i64) -> Result<(), Reasons> {
        let now = self.now;
        let Some(window) = self.windows.get_mut(&slot) else {
            return Err(Reasons::because(MarketError::WrongPhase));
        };
        if window.phase > Phase::Open {
            return Ok(());
        }
        let mut reasons = Reasons::default();
        reasons.when(now < window.gate, MarketError::GateOpen);
        reasons.found()?;

        let bid = |order: &Order| Bid {
            buy: order.buy,
            tick: order.tick,
            quantity: order.quantity,
        };
        let bids = window
            .orders
            .iter()
            .map(|(place, order)| (*place, bid(order)))
            .collect();
        window.outcome = auction(&bids);
        window.phase = Phase::Cleared;
        Ok(())
    }

    pub fn allocate(
        &mut self,
        slot: i64,
        limit: u16,
        reward_seat: Option<u16>,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(limit == 0, MarketError::ZeroLimit);
        let held = self.windows.get(&slot);
        reasons.when(
            held.is_none_or(|window| window.phase < Phase::Cleared),
            MarketError::WrongPhase,
        );
        let seats = self.sizes.seats;
        if let Some(window) = held.filter(|window| window.phase == Phase::Cleared) {
            let left = window.used_places() - window.order_cursor + seats - window.seat_cursor;
            let has_seat = reward_seat.is_none_or(|seat| self.is_open(seat));
            reasons.when(limit >= left && !has_seat, MarketError::NoSuchSeat);
        }
        reasons.found()?;
        let Some(window) = self
            .windows
            .get_mut(&slot)
            .filter(|window| window.phase == Phase::Cleared)
        else {
            return Ok(());
        };

        // First every order gets its fill, then every seat its contracts.
        for _ in 0..limit {
            if window.order_cursor < window.used_places() {
                window.fill(window.order_cursor);
                window.order_cursor += 1;
            } else if window.seat_cursor < seats {
                let freed = window.contract(window.seat_cursor);
                if let Some(seat) = self.seats.get_mut(&window.seat_cursor) {
                    seat.free += freed;
                }
                window.seat_cursor += 1;
            }
        }
        if window.order_cursor == window.used_places() && window.seat_cursor == seats {
            window.phase = Phase::Allocated;
            window.seat_cursor = 0;
            // One that is late itself settles whenever it can.
            if window.start > self.last_allocated {
                self.last_allocated = window.start;
                self.unsettled.push_back(window.start);
            } else {
                window.is_out_of_turn = true;
            }
            let reward = i128::from(window.terms.keeper_reward);
            self.reward(reward_seat, reward);
        }
        Ok(())
    }
}

impl Window {
    /// Gives the order at `place`, if there is one, its fill.
    fn fill(&mut self, place: u16) {
        let (Some(order), Some(outcome)) = (self.orders.get_mut(&place), &self.outcome) else {
            return;
        };
        order.filled = outcome.fills[&place];
        let position = self.positions.entry(order.seat).or_default();
        if order.buy {
            position.bought += order.filled;
        } else {
            position.sold += order.filled;
        }
    }

    /// A seat's orders become contracts: it pays for what it buys, and keeps locked what failing to
    /// deliver can cost. Returns what is free again.
    fn contract(&mut self, seat: u16) -> i128 {
        let price = self.price().unwrap_or(0);
        let all_in = all_in(&self.terms, price);
        let (shortfall, surplus) = (self.shortfall(price), self.surplus(price));
        let mut unlocked = 0;
        for order in self.orders.values_mut().filter(|order| order.seat == seat) {
            unlocked += std::mem::take(&mut order.lock);
        }
        let position = self.positions.entry(seat).or_default();
        position.lock = position.sold * shortfall + position.bought * surplus;
        // A seller pays at a price below zero.
        let paid = position.bought * all_in + position.sold * (-price).max(0);
        self.escrow += paid;
        unlocked - position.lock - paid
    }
}
