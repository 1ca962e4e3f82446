use joulebook_client::market::errors::MarketError;

use super::{
    terms::market_fee, Model, Phase, Position, Quality, Reasons, Seat, Window, GRID_OPERATOR,
    SUPPLIER,
};

/// A window that is over.
#[derive(Clone, Debug)]
pub struct Record {
    pub start: i64,
    pub volume: i128,
    pub imported: i128,
    pub exported: i128,
    pub price: i128,
    pub short: i128,
    pub long: i128,
    pub low: u16,
    pub high: u16,
    pub orders: usize,
    pub estimated: u16,
}

/// Energy still to be paid once contracts are, Wh: positive is owed by the seat.
#[derive(Clone, Copy, Debug, Default)]
struct Due {
    imbalance: i128,
    true_up: i128,
    /// Estimated and not yet measured, from now on.
    estimated: i128,
}

impl Model {
    /// Takes over the metered energy of the window in `slot`.
    pub fn meter(&mut self, slot: i64) -> Result<(), Reasons> {
        let Some(window) = self.windows.get(&slot) else {
            // Which of the two is first is the program's business.
            let mut reasons = Reasons::because(MarketError::WrongPhase);
            reasons.when(true, MarketError::IntervalNotOpened);
            return Err(reasons);
        };
        if window.phase > Phase::Allocated {
            return Ok(());
        }
        let mut reasons = Reasons::default();
        reasons.when(window.phase < Phase::Allocated, MarketError::WrongPhase);
        let interval_slot = self.interval_slot(window.start);
        let interval = self.intervals.get(&interval_slot);
        let reached = interval.is_some_and(|interval| interval.start >= window.start);
        reasons.when(!reached, MarketError::IntervalNotOpened);
        let own = interval.filter(|interval| interval.start == window.start);
        let all_heard = own.is_some_and(|interval| interval.heard() == interval.expected());
        let due = if all_heard {
            window.end
        } else {
            window.settle_by
        };
        reasons.when(self.now < due, MarketError::TooEarlyToMeter);
        reasons.found()?;

        let entries = own.map(|interval| interval.entries.clone());
        let seats = self.sizes.seats;
        let Some(window) = self.windows.get_mut(&slot) else {
            return Ok(());
        };
        window.phase = Phase::Metered;
        let Some(entries) = entries else {
            for seat in 0..seats {
                window.positions.entry(seat).or_default().unread = true;
            }
            return Ok(());
        };
        for entry in entries.values().filter(|entry| entry.owner < seats) {
            let position = window.positions.entry(entry.owner).or_default();
            match entry.quality {
                Quality::Missing => position.missing = true,
                Quality::Measured => position.heard = true,
                Quality::CaughtUp => {
                    position.heard = true;
                    position.caught_up = true;
                }
            }
            position.imported += entry.import;
            position.exported += entry.export;
        }
        self.release(interval_slot);
        Ok(())
    }

    pub fn settle(
        &mut self,
        slot: i64,
        limit: u16,
        reward_seat: Option<u16>,
    ) -> Result<(), Reasons> {
        let mut reasons = Reasons::default();
        reasons.when(limit == 0, MarketError::ZeroLimit);
        let held = self.windows.get(&slot);
        reasons.when(
            held.is_none_or(|window| window.phase < Phase::Metered),
            MarketError::WrongPhase,
        );
        reasons.found()?;
        let Some(mut window) = held
            .filter(|window| window.phase == Phase::Metered)
            .cloned()
        else {
            return Ok(());
        };

        let is_next = window.is_out_of_turn || self.unsettled.front() == Some(&window.start);
        let mut reasons = Reasons::default();
        reasons.when(!is_next, MarketError::EarlierUnsettled);
        reasons.found()?;

        // All of it happens, or nothing.
        let seats = self.seats.clone();
        let last = window
            .seat_cursor
            .saturating_add(limit)
            .min(self.sizes.seats);
        while window.seat_cursor < last {
            self.settle_seat(&mut window);
            window.seat_cursor += 1;
        }
        let mut reasons = Reasons::default();
        let done = window.seat_cursor == self.sizes.seats;
        let has_seat = reward_seat.is_none_or(|seat| self.is_open(seat));
        reasons.when(done && !has_seat, MarketError::NoSuchSeat);
        if let Err(reasons) = reasons.found() {
            self.seats = seats;
            return Err(reasons);
        }
        if done {
            self.finish(&mut window);
            if !window.is_out_of_turn {
                self.unsettled.pop_front();
            }
            self.reward(reward_seat, window.terms.keeper_reward.into());
        }
        self.windows.insert(slot, window);
        Ok(())
    }

    /// Settles the seat at the window's cursor.
    fn settle_seat(&mut self, window: &mut Window) {
        let number = window.seat_cursor;
        let position = window.positions.get(&number).cloned().unwrap_or_default();
        let orders = window.orders_of(number);
        let nothing = position.bought + position.sold == 0
            && orders == 0
            && !position.heard
            && !position.missing;
        if nothing {
            return;
        }
        let supplier_free = self.seats.get(&SUPPLIER).map_or(0, |seat| seat.free);
        let mut seat = self.seats.get(&number).cloned().unwrap_or_default();
        let price = window.price().unwrap_or(0);
        let income = position.sold * price.max(0) + position.bought * (-price).max(0);
        seat.free += position.lock + income;

        // The supplier is the other side of imbalances, so it has none itself.
        if number != SUPPLIER {
            let due = due(&position, &seat);
            let (pays, receives) = payments(due, window);
            seat.estimated = due.estimated;
            // What one owes the other is set off first; the rest is paid as far as money goes.
            let offset = receives.min(seat.debt);
            let received = (receives - offset).min(supplier_free);
            seat.claim += receives - offset - received;
            let owed = seat.debt - offset + pays;
            let offset = owed.min(seat.claim);
            seat.claim -= offset;
            let paid = (owed - offset).min(seat.free + received);
            seat.free += received - paid;
            seat.debt = owed - offset - paid;
            self.seats.entry(SUPPLIER).or_default().free += paid - received;
        }
        if position.missing {
            seat.estimated_windows += 1;
            window.estimated_seats += 1;
        } else if !position.unread {
            seat.estimated_windows = 0;
        }
        seat.bought += position.bought;
        seat.sold += position.sold;
        seat.imported += position.imported;
        seat.exported += position.exported;
        self.seats.insert(number, seat);

        window.imported += position.imported;
        window.exported += position.exported;
        window.escrow -= income;
        if let Some(position) = window.positions.get_mut(&number) {
            position.lock = 0;
        }
    }

    /// The fees to their places, the record into the history.
    fn finish(&mut self, window: &mut Window) {
        let volume = window.volume();
        let price = window.price().unwrap_or(0);
        let grid_fees = volume * i128::from(window.terms.grid_fee);
        let market_fees = volume * market_fee(&window.terms, price);
        window.escrow -= grid_fees + market_fees;
        self.fees += market_fees;
        self.seats.entry(GRID_OPERATOR).or_default().free += grid_fees;
        window.phase = Phase::Settled;
        let (low, high) = window
            .outcome
            .as_ref()
            .map_or((0, 0), |outcome| (outcome.low, outcome.high));
        let record = Record {
            start: window.start,
            volume,
            imported: window.imported,
            exported: window.exported,
            price,
            short: window.short,
            long: window.long,
            low,
            high,
            orders: window.orders.len(),
            estimated: window.estimated_seats,
        };
        let place = window.start / self.length() % i64::from(self.sizes.history);
        // A window that comes late leaves a newer one its place.
        let held = self.history.get(&place).map(|held| held.start);
        if held <= Some(record.start) {
            self.history.insert(place, record);
        }
        self.recorded += 1;
        self.traded += volume;
    }
}

fn due(position: &Position, seat: &Seat) -> Due {
    let contracted = position.bought - position.sold;
    let metered = position.imported - position.exported;
    if position.missing || position.unread {
        // Counts as delivered as contracted, until the meters speak.
        return Due {
            estimated: seat.estimated + contracted - metered,
            ..Due::default()
        };
    }
    let true_up = -seat.estimated;
    if position.caught_up {
        // What of it belongs to this window nobody knows.
        return Due {
            true_up: true_up + metered - contracted,
            ..Due::default()
        };
    }
    Due {
        imbalance: metered - contracted,
        true_up,
        estimated: 0,
    }
}

/// What the seat pays to the supplier, and what it receives.
fn payments(due: Due, window: &Window) -> (i128, i128) {
    let cost = |energy: i128| {
        energy
            * if energy > 0 {
                window.short
            } else {
                window.long
            }
    };
    let sum = cost(due.imbalance) + cost(due.true_up);
    (sum.max(0), (-sum).max(0))
}
