//! Windows and intervals moved along: by keepers, and by whoever else may try.

use joulebook_client::{
    market::instructions as market,
    oracle::{instructions as oracle, ORACLE_ID},
};

use super::{Checked, Walker};
use crate::model::{Phase, SUPPLIER};

impl Walker {
    /// The first window whose gate has not closed and that nobody has opened yet.
    pub(super) fn open_next_window(&mut self) -> Checked {
        let length = self.model.length();
        let lead = i64::from(self.model.terms.gate_lead);
        let mut start = self.model.boundary() + length;
        loop {
            let slot = self.model.slot(start);
            let held = self.model.windows.get(&slot).map(|window| window.start);
            if self.model.now < start - lead && held < Some(start) {
                return self.open_window_in(slot, start);
            }
            start += length;
        }
    }

    pub(super) fn open_window(&mut self) -> Checked {
        if self.random.percent(50) {
            return self.open_next_window();
        }
        let length = self.model.length();
        let horizon = i64::from(self.model.terms.horizon) / length;
        let mut start = self.model.boundary() + length * self.random.between(0, 4) as i64;
        match self.random.below(20) {
            0..5 => start = self.model.boundary() + length * horizon,
            // Late, far too late, and at no boundary.
            5 => start -= length * self.random.between(2, 30) as i64,
            6 => start += self.random.between(1, 299) as i64,
            7..9 => {
                // A slot that may not be done with the window before.
                let slot = self.some_slot();
                start = self.start_in(slot) + length * i64::from(self.model.sizes.ring);
            }
            _ => {}
        }
        let mut slot = self.model.slot(start);
        if self.random.percent(3) {
            slot = self.random.below(self.model.sizes.ring.into()) as i64;
        }
        self.open_window_in(slot, start)
    }

    pub(super) fn open_window_in(&mut self, slot: i64, start: i64) -> Checked {
        let instruction = market::OpenWindow {
            market: self.community.addresses.market,
            window: self.community.addresses.window_slot(slot as u16),
        }
        .instruction(market::OpenWindowInstructionArgs { start });
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.open_window(slot, start);
        let what = format!("window {start} opens in slot {slot}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub(super) fn open_interval(&mut self) -> Checked {
        let length = self.model.length();
        let waiting: Vec<i64> = self
            .unfinished()
            .into_iter()
            .map(|slot| self.model.windows[&slot].start)
            .collect();
        let start = match self.random.below(12) {
            0 => self.model.now,
            1 => self.model.boundary() + length,
            2 => self.model.boundary() - length * self.random.between(1, 12) as i64,
            3..8 if !waiting.is_empty() => self.random.pick(&waiting),
            _ => self.model.boundary(),
        };
        let mut slot = self.model.interval_slot(start);
        if self.random.percent(3) {
            slot = self.random.below(self.model.sizes.interval_ring.into()) as i64;
        }
        self.open_interval_in(slot, start)
    }

    pub(super) fn open_interval_in(&mut self, slot: i64, start: i64) -> Checked {
        let instruction = oracle::OpenInterval {
            meter_table: self.community.addresses.meter_table,
            interval: self.community.addresses.interval_slot(slot as u16),
        }
        .instruction(oracle::OpenIntervalInstructionArgs { start });
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.open_interval(slot, start);
        let what = format!("interval {start} opens in slot {slot}");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// One of two keepers takes a window a step further, or tries to.
    pub(super) fn advance_window(&mut self) -> Checked {
        self.keeper = !self.keeper;
        let oldest = self.unfinished().first().copied();
        let slot = match oldest {
            Some(oldest) if self.random.percent(50) => oldest,
            _ => self.some_slot(),
        };
        let limit = match self.random.below(12) {
            0 => 0,
            1 => u16::MAX,
            _ => self.random.between(1, 15) as u16,
        };
        let reward_seat = match self.random.below(10) {
            0..4 => None,
            4 => Some(self.random.pick(&[7, 8, u16::MAX])),
            _ => Some(if self.keeper { 2 } else { 3 }),
        };
        let phase = self.model.windows.get(&slot).map(|window| window.phase);
        let mut next = match phase {
            None | Some(Phase::Open) => 0,
            Some(Phase::Cleared) => 1,
            Some(Phase::Allocated) => 2,
            Some(Phase::Metered | Phase::Settled) => 3,
        };
        if self.random.percent(12) {
            next = self.random.below(4);
        }
        match next {
            0 => self.clear(slot),
            1 => self.allocate(slot, limit, reward_seat),
            2 if self.random.percent(40) => self.reach_interval(slot),
            2 => self.meter(slot),
            _ => self.settle(slot, limit, reward_seat),
        }
    }

    pub(super) fn clear(&mut self, slot: i64) -> Checked {
        let start = self.start_in(slot);
        let found = self
            .community
            .send_with_full_budget(&[self.community.addresses.clear(start)]);
        let predicted = self.model.clear(slot);
        self.agree(format!("window {start} is cleared"), predicted, found)
            .map(|_| ())
    }

    pub(super) fn allocate(&mut self, slot: i64, limit: u16, reward_seat: Option<u16>) -> Checked {
        let start = self.start_in(slot);
        let instruction = self.community.addresses.allocate(start, limit, reward_seat);
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.allocate(slot, limit, reward_seat);
        let what = format!("{limit} orders of window {start} are allocated for {reward_seat:?}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub(super) fn meter(&mut self, slot: i64) -> Checked {
        let start = self.start_in(slot);
        let interval = self.community.interval(start);
        let instruction = self.community.addresses.meter(start);
        let found = self.community.send_with_full_budget(&[instruction]);
        if found.is_ok() {
            self.energy
                .released(&interval, &self.community.interval(start));
        }
        let predicted = self.model.meter(slot);
        self.agree(format!("window {start} is metered"), predicted, found)
            .map(|_| ())
    }

    pub(super) fn settle(&mut self, slot: i64, limit: u16, reward_seat: Option<u16>) -> Checked {
        let start = self.start_in(slot);
        let instruction = self.community.addresses.settle(start, limit, reward_seat);
        let found = self
            .community
            .send_with_full_budget(&[instruction])
            .map(|_| ());
        let predicted = self.model.settle(slot, limit, reward_seat);
        let what = format!("{limit} seats of window {start} are settled for {reward_seat:?}");
        self.agree(what, predicted, found)?;
        if self.model.claims() > 0 && self.random.percent(30) {
            let atoms = self.random.of_any_size(8);
            return self.deposit_atoms(SUPPLIER, SUPPLIER, atoms);
        }
        Ok(())
    }

    pub(super) fn release_skipped(&mut self) -> Checked {
        let slot = self.random.below(self.model.sizes.interval_ring.into()) as i64;
        let start = self.model.intervals.get(&slot).map(|held| held.start);
        let mut window_slot = start.map_or(0, |start| self.model.slot(start));
        if self.random.percent(10) {
            window_slot = self.random.below(self.model.sizes.ring.into()) as i64;
        }
        self.release(slot, window_slot)
    }

    pub(super) fn release(&mut self, slot: i64, window_slot: i64) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::ReleaseSkipped {
            market: at.market,
            window: at.window_slot(window_slot as u16),
            meter_table: at.meter_table,
            interval: at.interval_slot(slot as u16),
            oracle_program: ORACLE_ID,
        }
        .instruction();
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.release_skipped(slot, window_slot);
        let what = format!("the interval in slot {slot} is let go");
        self.agree(what, predicted, found).map(|_| ())
    }
}
