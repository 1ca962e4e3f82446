//! The end of every walk: every page is final, everyone leaves, and every token is back.

use super::{Checked, Walker};
use crate::model::Phase;

/// Enough for whatever the supplier may have to pay.
const FINAL_SUPPLIER_DEPOSIT: u64 = 400_000_000;

impl Walker {
    pub fn drain(&mut self) -> Checked {
        self.pause(true, 0)?;
        self.sweep()?;
        for supplier in self.latest_suppliers() {
            self.deposit_atoms(supplier, supplier, FINAL_SUPPLIER_DEPOSIT)?;
        }
        let latest = self.model.last_page.unwrap_or(self.model.now);
        self.wait_until(latest.max(self.model.now) + self.model.span());
        self.compare()?;
        for slot in self.busy_books() {
            self.finish_book(slot)?;
        }
        for slot in self.unfinished_pages() {
            // Some meters are heard late, some never.
            if self.random.percent(50) {
                self.send_all_readings(slot)?;
            }
            self.finish_page_in(slot)?;
            self.compare()?;
        }
        self.leave()
    }

    fn finish_book(&mut self, slot: i64) -> Checked {
        self.close_book(slot)?;
        self.clear(slot)?;
        let page_slot = self.model.page_slot(self.start_in(slot));
        let keeper = Some(2).filter(|seat| self.model.is_open(*seat));
        while self.model.books[&slot].phase == Phase::Cleared {
            self.allocate(slot, page_slot, 5, keeper)?;
        }
        self.compare()
    }

    /// Takes the page in `slot` to its end; it is not to be had for another one before (number 8).
    fn finish_page_in(&mut self, slot: i64) -> Checked {
        let (windows, seats) = (self.model.windows_of_page(), self.model.sizes.seats);
        self.settle(slot, slot, 0..windows, 0..seats)?;
        self.finish_page(slot, slot, seats)?;
        let start = self.model.pages[&slot].start;
        let end = self.model.corrections_until(start);
        if self.model.now < end {
            self.wait_until(end);
        }
        self.settle(slot, slot, 0..windows, 0..seats)?;
        self.close_page(slot)?;
        for _ in 0..self.model.meters.len().div_ceil(5).max(1) {
            self.finish_interval_page(slot, 5)?;
        }
        self.close_page(slot)?;
        for _ in 0..seats.div_ceil(3) {
            self.finish_page(slot, slot, 3)?;
        }
        match self.model.is_final(&self.model.pages[&slot]) {
            true => Ok(()),
            false => Err(format!("page {start} does not end")),
        }
    }
}
