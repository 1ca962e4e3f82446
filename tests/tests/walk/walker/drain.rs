//! The end of every walk: all windows are settled, everyone leaves, and every token is back.

use joulebook_sim::{Token, TokenKind};
use spl_token_2022_interface::extension::transfer_fee::instruction::harvest_withheld_tokens_to_mint;

use super::{Checked, Walker, INITIAL_ATOMS};
use crate::model::{Phase, Window, GRID_OPERATOR, SUPPLIER};

/// Enough for whatever the supplier may have to pay.
const FINAL_SUPPLIER_DEPOSIT: u64 = 400_000_000;

impl Walker {
    pub fn drain(&mut self) -> Checked {
        self.pause(true, 0)?;
        self.sweep()?;
        self.deposit_atoms(SUPPLIER, SUPPLIER, FINAL_SUPPLIER_DEPOSIT)?;
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
            let unfinished = self.unfinished();
            // One that is metered may have to wait for another to be settled first.
            let is_behind = |slot: &&i64| self.model.windows[*slot].phase < Phase::Metered;
            let next = unfinished.iter().find(is_behind).or(unfinished.first());
            let Some(slot) = next.copied() else {
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
    fn finish(&mut self, slot: i64) -> Checked {
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
        }
        self.settle_in_turn()
    }

    /// Settles what is metered, in the order in which it was allocated, and what has no place in it.
    fn settle_in_turn(&mut self) -> Checked {
        while let Some(start) = self.model.unsettled.front().copied() {
            let slot = self.model.slot(start);
            if self.model.windows[&slot].phase != Phase::Metered {
                break;
            }
            self.settle(slot, 3, None)?;
        }
        let slots: Vec<i64> = self.model.windows.keys().copied().collect();
        for slot in slots {
            let is_ready =
                |window: &Window| window.is_out_of_turn && window.phase == Phase::Metered;
            while is_ready(&self.model.windows[&slot]) {
                self.settle(slot, 3, None)?;
            }
        }
        Ok(())
    }

    /// Does what it takes for the window in `slot` to be metered, as far as the clock lets it.
    pub(super) fn reach_interval(&mut self, slot: i64) -> Checked {
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
        self.model.is_open(seat)
    }

    /// Opens the interval of a window that nobody has opened it for, and has the meters read; or a later
    /// one if it is too late for that.
    fn open_late(&mut self, slot: i64, start: i64) -> Checked {
        let length = self.model.length();
        let is_fresh = !self.model.intervals.contains_key(&slot);
        let start = self.still_possible(start, self.model.sizes.interval_ring, is_fresh);
        self.open_interval_in(slot, start)?;
        let readings = self.honest(start + length);
        for batch in readings.chunks(8) {
            self.submit(slot, batch.to_vec())?;
        }
        Ok(())
    }

    /// A slot that was never used takes no start older than one round of its ring.
    fn still_possible(&self, mut start: i64, ring: u16, is_fresh: bool) -> i64 {
        let round = self.model.length() * i64::from(ring);
        while is_fresh && self.model.now - start >= round {
            start += round;
        }
        start
    }

    /// Has the interval that starts at `held` let go if its window can't be any more. Otherwise that
    /// window comes first, and is opened late.
    fn free(&mut self, slot: i64, held: i64) -> Checked {
        let window_slot = self.model.slot(held);
        let window = self.model.windows.get(&window_slot);
        if window.is_none_or(|window| window.start < held) {
            let is_fresh = window.is_none();
            let start = self.still_possible(held, self.model.sizes.ring, is_fresh);
            return self.open_window_in(window_slot, start);
        }
        self.release(slot, window_slot)
    }

    /// However late, the slot is not to be had for another window (number 7).
    fn try_reuse(&mut self, slot: i64) -> Checked {
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

    /// Programs go, everyone pays, withdraws and closes; then the market itself.
    fn leave(&mut self) -> Checked {
        self.empty_door()?;
        // Money waits for those who never opened a seat.
        for who in 0..self.people() {
            if !self.model.is_open(who) && self.model.seats.contains_key(&who) {
                self.open_seat(who)?;
            }
        }
        let seats: Vec<u16> = self.model.open_seats().map(|(seat, _)| seat).collect();
        for seat in &seats {
            let debt = self.model.seats[seat].debt;
            if debt > 0 {
                // A little more, for the token's own fee.
                self.deposit_atoms(*seat, *seat, (debt / 1000 + 1) as u64 * 11 / 10 + 1)?;
            }
        }
        for slot in 0..i64::from(self.model.sizes.ring) {
            self.close_window(slot)?;
        }
        let claims = self.model.claims();
        if claims > 0 {
            let atoms = (claims / 1000 + 1) as u64 * 11 / 10 + 1;
            self.deposit_atoms(SUPPLIER, SUPPLIER, atoms)?;
            self.pay_claims()?;
        }
        let operators = [GRID_OPERATOR, SUPPLIER];
        let others = seats.into_iter().filter(|seat| !operators.contains(seat));
        for seat in others.chain(operators) {
            let whole = (self.model.seats[&seat].free / 1000) as u64;
            if whole > 0 {
                self.withdraw_atoms(seat, seat, whole)?;
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

        self.count_tokens()?;
        self.harvest()?;
        self.close_market()
    }

    /// All tokens are in the members' accounts, but for what the token's own fee withheld.
    fn count_tokens(&self) -> Checked {
        let chain = &self.community.chain;
        let mut found = Token::withheld(chain, &self.community.addresses.vault);
        for who in 0..self.people() {
            let tokens = &self.person(who).tokens;
            found += Token::balance(chain, tokens) + Token::withheld(chain, tokens);
        }
        let all = self.community.token.supply(chain);
        if found != all || all < INITIAL_ATOMS * u64::from(self.people()) {
            return Err(format!("of {all} atoms only {found} came back"));
        }
        Ok(())
    }

    /// A vault with withheld fees does not close; anyone may send them to their mint.
    fn harvest(&mut self) -> Checked {
        if let TokenKind::Token2022WithFee(_) = self.model.sizes.token {
            let at = &self.community.addresses;
            let harvest =
                harvest_withheld_tokens_to_mint(&at.token_program, &at.quote_mint, &[&at.vault])
                    .map_err(|error| error.to_string())?;
            self.send(&[harvest], &[])
                .map_err(|failure| failure.to_string())?;
        }
        Ok(())
    }
}
