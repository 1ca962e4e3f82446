//! The end of every walk: all windows are settled, everyone leaves, and every token is back.

use joulebook_testkit::Token;

use super::{Step, Walker, PURSE};
use crate::model::{Phase, GRID_OPERATOR, SUPPLIER};

/// Enough for whatever the supplier may have to pay.
const PLENTY: u64 = 400_000_000;

impl Walker {
    pub fn drain(&mut self) -> Step {
        self.pause(true, 0)?;
        self.sweep()?;
        self.put_in(SUPPLIER, SUPPLIER, PLENTY)?;
        let latest = self
            .model
            .windows
            .values()
            .map(|window| window.settle_by)
            .max();
        let latest = latest.unwrap_or(0).max(self.model.now) + self.model.length();
        self.wait_until(latest);
        self.compare()?;

        // A window may have to wait for an interval that waits for an older window.
        for _ in 0..100 {
            let Some(slot) = self.unfinished().first().copied() else {
                break;
            };
            self.finish(slot)?;
            self.compare()?;
        }
        if !self.unfinished().is_empty() {
            return Err("a window does not end".to_string());
        }
        self.leave()
    }

    /// Takes the window in `slot` as far as it goes.
    fn finish(&mut self, slot: i64) -> Step {
        self.try_reuse(slot)?;
        self.clear(slot)?;
        while self.model.windows[&slot].phase == Phase::Cleared {
            self.allocate(slot, 5, Some(2).filter(|seat| self.has_seat(*seat)))?;
        }
        self.try_reuse(slot)?;
        self.reach_interval(slot)?;
        self.meter(slot)?;
        if self.model.windows[&slot].phase == Phase::Metered {
            self.try_reuse(slot)?;
            while self.model.windows[&slot].phase == Phase::Metered {
                self.settle(slot, 3, None)?;
            }
        }
        Ok(())
    }

    /// Does what it takes for the window in `slot` to be metered, as far as the clock lets it.
    pub(super) fn reach_interval(&mut self, slot: i64) -> Step {
        let start = self.start_in(slot);
        let interval_slot = self.model.interval_slot(start);
        let held = self.model.intervals.get(&interval_slot);
        match held.map(|interval| (interval.start, interval.is_open)) {
            Some((held, true)) if held < start => self.free(interval_slot, held),
            Some((held, _)) if held >= start => Ok(()),
            _ => self.open_late(interval_slot, start),
        }
    }

    fn has_seat(&self, seat: u16) -> bool {
        self.model.seats.contains_key(&seat)
    }

    /// Opens the interval of a window that nobody has opened it for, and has the meters read; or a later
    /// one if it is too late for that.
    fn open_late(&mut self, slot: i64, start: i64) -> Step {
        let length = self.model.length();
        let round = length * i64::from(self.model.sizes.interval_ring);
        let mut late = start;
        if !self.model.intervals.contains_key(&slot) {
            while self.model.now - late >= round {
                late += round;
            }
        }
        self.open_interval_in(slot, late)?;
        let readings = self.honest(late + length);
        for batch in readings.chunks(8) {
            self.submit(slot, batch.to_vec())?;
        }
        Ok(())
    }

    /// Has the interval that starts at `held` let go: its window is over, or opens that window late: it comes first.
    fn free(&mut self, slot: i64, held: i64) -> Step {
        let window_slot = self.model.slot(held);
        let window = self.model.windows.get(&window_slot);
        if window.is_none_or(|window| window.start < held) {
            return self.open_window_in(window_slot, held);
        }
        self.release(slot, window_slot)
    }

    /// However late, the slot is not to be had for another window (number 7).
    fn try_reuse(&mut self, slot: i64) -> Step {
        let round = self.model.length() * i64::from(self.model.sizes.ring);
        let start = self.start_in(slot);
        let phase = self.model.windows[&slot].phase;
        self.open_window_in(slot, start + round)?;
        self.close_window(slot)?;
        let still = self.model.windows.get(&slot).map(|window| window.start);
        if phase == Phase::Settled || still != Some(start) {
            return Err(format!("slot {slot} was used again before it was settled"));
        }
        Ok(())
    }

    /// Everyone pays, withdraws and closes; then the market itself.
    fn leave(&mut self) -> Step {
        let seats: Vec<u16> = self.model.seats.keys().copied().collect();
        for seat in &seats {
            let debt = self.model.seats[seat].debt;
            if debt > 0 {
                self.put_in(*seat, *seat, (debt / 1000 + 1) as u64)?;
            }
        }
        for slot in 0..i64::from(self.model.sizes.ring) {
            self.close_window(slot)?;
        }
        let operators = [GRID_OPERATOR, SUPPLIER];
        let others = seats.into_iter().filter(|seat| !operators.contains(seat));
        for seat in others.chain(operators) {
            let whole = (self.model.seats[&seat].free / 1000) as u64;
            if whole > 0 {
                self.take_out(seat, seat, whole)?;
            }
            self.close_seat(seat, seat)?;
            self.compare()?;
        }
        let fees = self.model.fees;
        if fees % 1000 != 0 {
            return Err(format!("the fees are {fees} milli-atoms, not whole atoms"));
        }
        if fees > 0 {
            self.take_fees(true, (fees / 1000) as u64)?;
        }
        self.compare()?;

        let outside: u64 = (0..self.people())
            .map(|who| Token::balance(&self.world.chain, &self.person(who).tokens))
            .sum();
        let all = self.world.token.supply(&self.world.chain);
        if outside != all || all < PURSE * u64::from(self.people()) {
            return Err(format!("of {all} atoms only {outside} came back"));
        }
        self.close_market()
    }
}
