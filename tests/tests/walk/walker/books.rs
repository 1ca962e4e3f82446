//! Windows opened, cleared and allocated: by keepers, and by whoever else may try.

use joulebook_client::market::instructions as market;

use super::{Checked, Walker};
use crate::model::Phase;

impl Walker {
    /// Slots whose book is not free again, the oldest window first.
    pub fn busy_books(&self) -> Vec<i64> {
        let books = self.model.books.iter();
        let mut slots: Vec<i64> = books
            .filter(|(_, book)| book.phase != Phase::Allocated)
            .map(|(slot, _)| *slot)
            .collect();
        slots.sort_by_key(|slot| self.model.books[slot].start);
        slots
    }

    /// The slot of a book that is not free, or just any.
    pub fn some_book(&mut self) -> i64 {
        let busy = self.busy_books();
        if busy.is_empty() || self.random.percent(5) {
            self.random.below(self.model.sizes.books.into()) as i64
        } else {
            self.random.pick(&busy)
        }
    }

    /// A start that belongs in `slot`: that of the window it holds.
    pub fn start_in(&self, slot: i64) -> i64 {
        let length = self.model.length();
        match self.model.books.get(&slot) {
            Some(book) => book.start,
            None => slot * length,
        }
    }

    /// The first window whose gate has not closed and that nobody has opened yet, and the pages up to it.
    pub fn open_next_window(&mut self) -> Checked {
        let length = self.model.length();
        let mut start = self.model.boundary();
        for _ in 0..self.model.sizes.books {
            start += length;
            let lead = self.model.rules_at(start).terms.gate_lead;
            let slot = self.model.book_slot(start);
            let held = self.model.books.get(&slot).map(|book| book.start);
            if self.model.now < start - i64::from(lead) && held < Some(start) {
                self.open_pages_up_to(start)?;
                return self.open_window_in(slot, self.model.page_slot(start), start);
            }
        }
        Ok(())
    }

    pub fn open_window(&mut self) -> Checked {
        if self.random.percent(50) {
            return self.open_next_window();
        }
        let length = self.model.length();
        let mut start = self.model.boundary() + length * self.random.between(0, 4) as i64;
        match self.random.below(20) {
            // Late, far too late, and at no boundary.
            0 => start -= length * self.random.between(2, 30) as i64,
            1 => start += self.random.between(1, 299) as i64,
            2..4 => {
                // A slot that may not be done with the window before.
                let slot = self.some_book();
                start = self.start_in(slot) + length * i64::from(self.model.sizes.books);
            }
            _ => {}
        }
        let sizes = (self.model.sizes.books, self.model.sizes.pages);
        let slot = self.mostly_slot(self.model.book_slot(start), sizes.0);
        let page_slot = self.mostly_slot(self.model.page_slot(start), sizes.1);
        self.open_window_in(slot, page_slot, start)
    }

    pub fn open_window_in(&mut self, slot: i64, page_slot: i64, start: i64) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::OpenWindow {
            market: at.market,
            meter_table: at.meter_table,
            page: at.page_slot(page_slot as u16),
            book: at.book_slot(slot as u16),
        }
        .instruction(market::OpenWindowInstructionArgs { start });
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.open_window(slot, page_slot, start);
        let what = format!("window {start} opens in book {slot} and page {page_slot}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub fn clear(&mut self, slot: i64) -> Checked {
        let book = self.community.addresses.book_slot(slot as u16);
        let instruction = market::Clear { book }.instruction();
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.clear(slot);
        let start = self.start_in(slot);
        self.agree(format!("window {start} is cleared"), predicted, found)
            .map(|_| ())
    }

    /// With as many orders at a time as somebody likes, for the seat of one of two keepers or for nobody.
    pub fn allocate_some(&mut self, slot: i64) -> Checked {
        self.keeper = !self.keeper;
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
        let page_slot = self.model.page_slot(self.start_in(slot));
        let page_slot = self.mostly_slot(page_slot, self.model.sizes.pages);
        self.allocate(slot, page_slot, limit, reward_seat)
    }

    pub fn allocate(
        &mut self,
        slot: i64,
        page_slot: i64,
        limit: u16,
        reward_seat: Option<u16>,
    ) -> Checked {
        let at = &self.community.addresses;
        let instruction = market::Allocate {
            ledger: at.ledger,
            page: at.page_slot(page_slot as u16),
            book: at.book_slot(slot as u16),
        }
        .instruction(market::AllocateInstructionArgs { limit, reward_seat });
        let found = self.community.send_with_full_budget(&[instruction]);
        let predicted = self.model.allocate(slot, page_slot, limit, reward_seat);
        let start = self.start_in(slot);
        let what = format!("{limit} orders of window {start} are allocated for {reward_seat:?}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub fn close_book(&mut self, slot: i64) -> Checked {
        let authority = self.authority();
        let instruction = self.community.addresses.close_book(authority, slot as u16);
        let found = self.govern(instruction, true);
        let predicted = self.model.close_book(slot);
        self.agree(format!("book {slot} is closed"), predicted, found)
            .map(|_| ())
    }
}
