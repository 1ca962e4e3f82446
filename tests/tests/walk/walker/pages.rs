//! Pages opened, settled and finished: by keepers, and by whoever else may try.

use std::ops::Range;

use joulebook_client::{
    market::instructions as market,
    oracle::{instructions as oracle, ORACLE_ID},
};

use super::{energy, Checked, Walker};

impl Walker {
    /// Slots whose page is not final, the oldest first.
    pub fn unfinished_pages(&self) -> Vec<i64> {
        let pages = self.model.pages.iter();
        let mut slots: Vec<i64> = pages
            .filter(|(_, page)| !self.model.is_final(page))
            .map(|(slot, _)| *slot)
            .collect();
        slots.sort_by_key(|slot| self.model.pages[slot].start);
        slots
    }

    /// The slot of a page that is not final, or just any.
    pub fn some_page(&mut self) -> i64 {
        let unfinished = self.unfinished_pages();
        if unfinished.is_empty() || self.random.percent(5) {
            self.random.below(self.model.sizes.pages.into()) as i64
        } else {
            self.random.pick(&unfinished)
        }
    }

    /// Opens pages until `start` lies in one, as far as they can be had. Whoever wants one mostly sees to it that its slot is
    /// free.
    pub fn open_pages_up_to(&mut self, start: i64) -> Checked {
        while self.model.next_page() <= start {
            let opened = self.model.last_opened;
            let slot = self.model.page_slot(self.model.next_page());
            let held = self.model.pages.get(&slot);
            let is_busy = held.is_some_and(|page| !self.model.is_final(page));
            if is_busy && self.random.percent(70) {
                self.finish_oldest()?;
            }
            self.open_page_in(slot, slot)?;
            if self.model.last_opened == opened {
                break;
            }
        }
        Ok(())
    }

    /// Takes the oldest page to its end, if it is time.
    pub fn finish_oldest(&mut self) -> Checked {
        let Some(slot) = self.unfinished_pages().first().copied() else {
            return Ok(());
        };
        let start = self.model.pages[&slot].start;
        if self.model.now < self.model.corrections_until(start) {
            return Ok(());
        }
        for book in self.busy_books() {
            self.clear(book)?;
            let page_slot = self.model.page_slot(self.start_in(book));
            self.allocate(book, page_slot, u16::MAX, None)?;
        }
        self.finish_interval_page(slot, u16::MAX)?;
        self.finish_page(slot, slot, u16::MAX)
    }

    pub fn open_page(&mut self) -> Checked {
        let pages = self.model.sizes.pages;
        let due = self.model.page_slot(self.model.next_page());
        let slot = self.mostly_slot(due, pages);
        let interval_slot = self.mostly_slot(due, pages);
        self.open_page_in(slot, interval_slot)
    }

    fn open_page_in(&mut self, slot: i64, interval_slot: i64) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::OpenPage {
            market: at.market,
            ledger: at.ledger,
            meter_table: at.meter_table,
            page: at.page_slot(slot as u16),
            interval_page: at.interval_page_slot(interval_slot as u16),
            oracle_program: ORACLE_ID,
        }
        .instruction();
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.open_page(slot, interval_slot);
        let what = format!("a page opens in slots {slot} and {interval_slot}");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// Some rectangle of a page, small or large, now and then beyond it.
    pub fn settle_some(&mut self) -> Checked {
        let slot = self.some_page();
        let interval_slot = self.mostly_slot(slot, self.model.sizes.pages);
        let windows = self.some_range(self.model.windows_of_page());
        let seats = self.some_range(self.model.sizes.seats);
        self.settle(slot, interval_slot, windows, seats)
    }

    fn some_range(&mut self, end: u16) -> Range<u16> {
        match self.random.below(20) {
            0 => 0..u16::MAX,
            1 => end..end + 3,
            2 => u16::MAX - 1..u16::MAX,
            3..10 => 0..end,
            _ => {
                let first = self.random.below(end.into()) as u16;
                let last = self.random.between(first.into(), end.into()) as u16;
                first..last
            }
        }
    }

    pub fn settle(
        &mut self,
        slot: i64,
        interval_slot: i64,
        windows: Range<u16>,
        seats: Range<u16>,
    ) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::Settle {
            ledger: at.ledger,
            page: at.page_slot(slot as u16),
            meter_table: at.meter_table,
            interval_page: at.interval_page_slot(interval_slot as u16),
        }
        .instruction(market::SettleInstructionArgs {
            first_window: windows.start,
            windows: windows.end - windows.start,
            first_seat: seats.start,
            seats: seats.end - seats.start,
        });
        let found = self.community.send_with_full_budget(&[instruction]);
        let what = format!("windows {windows:?}, seats {seats:?} of page {slot} are settled");
        let predicted = self.model.settle(slot, interval_slot, windows, seats);
        self.agree(what, predicted, found)?;
        self.help_supplier()
    }

    /// Sometimes a supplier that owes others brings money.
    fn help_supplier(&mut self) -> Checked {
        let is_told = self.flows.is_some();
        let mut turns = 0..self.model.turns.len();
        let owing = turns.find(|turn| self.model.claims_on(*turn) > 0);
        if let Some(turn) = owing.filter(|_| !is_told && self.random.percent(30)) {
            let (supplier, atoms) = (self.model.turns[turn].seat, self.random.of_any_size(8));
            return self.deposit_atoms(supplier, supplier, atoms);
        }
        Ok(())
    }

    pub fn finish_interval_page(&mut self, slot: i64, limit: u16) -> Checked {
        let at = &self.community.addresses;
        let page = at.interval_page_slot(slot as u16);
        let instruction = oracle::FinishPage {
            meter_table: at.meter_table,
            page,
        }
        .instruction(oracle::FinishPageInstructionArgs { limit });
        let before = energy::Totals::of(&self.community, slot);
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.finish_interval_page(slot, limit);
        let what = format!("{limit} meters of interval page {slot} are finished");
        self.agree(what, predicted, found)?;
        energy::Totals::of(&self.community, slot).check_after(&before)
    }

    pub fn finish_page(&mut self, slot: i64, interval_slot: i64, limit: u16) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::FinishPage {
            ledger: at.ledger,
            page: at.page_slot(slot as u16),
            meter_table: at.meter_table,
            interval_page: at.interval_page_slot(interval_slot as u16),
            history: at.history,
        }
        .instruction(market::FinishPageInstructionArgs { limit });
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.finish_page(slot, interval_slot, limit);
        let what = format!("{limit} seats of page {slot} are finished");
        self.agree(what, predicted, found)?;
        self.help_supplier()
    }

    pub fn close_page(&mut self, slot: i64) -> Checked {
        let authority = self.authority();
        let instruction = self.community.addresses.close_page(authority, slot as u16);
        let found = self.govern(instruction, true);
        let predicted = self.model.close_page(slot);
        self.agree(format!("page {slot} is closed"), predicted, found)
            .map(|_| ())
    }

    pub fn close_interval_page(&mut self, slot: i64) -> Checked {
        let authority = self.authority();
        let at = &self.community.addresses;
        let instruction = at.close_interval_page(authority, slot as u16);
        let found = self.govern(instruction, true);
        let predicted: Result<(), _> = Err(self.model.close_interval_page(slot));
        let what = format!("interval page {slot} is closed");
        self.agree(what, predicted, found).map(|_| ())
    }
}
