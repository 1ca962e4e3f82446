use super::{Checked, Walker};
use crate::model::Phase;

impl Walker {
    /// A keeper takes a book or a page a step further, or tries to.
    pub(super) fn keep(&mut self) -> Checked {
        match self.random.below(100) {
            0..30 => self.keep_book(),
            30..70 => self.settle_some(),
            70..74 => self.finish_oldest(),
            74..87 => {
                let slot = self.oldest_page();
                let limit = self.some_limit();
                self.finish_interval_page(slot, limit)
            }
            _ => {
                let slot = self.oldest_page();
                let interval_slot = self.mostly_slot(slot, self.model.sizes.pages);
                let limit = self.some_limit();
                self.finish_page(slot, interval_slot, limit)
            }
        }
    }

    fn keep_book(&mut self) -> Checked {
        let oldest = self.busy_books().first().copied();
        let slot = match oldest {
            Some(oldest) if self.random.percent(50) => oldest,
            _ => self.some_book(),
        };
        let phase = self.model.books.get(&slot).map(|book| book.phase);
        let is_cleared = phase >= Some(Phase::Cleared);
        match is_cleared != self.random.percent(8) {
            true => self.allocate_some(slot),
            false => self.clear(slot),
        }
    }

    /// Mostly the page that is to be finished next.
    fn oldest_page(&mut self) -> i64 {
        match self.unfinished_pages().first() {
            Some(oldest) if self.random.percent(80) => *oldest,
            _ => self.some_page(),
        }
    }

    fn some_limit(&mut self) -> u16 {
        match self.random.below(12) {
            0 => 0,
            1 => u16::MAX,
            _ => self.random.between(1, 12) as u16,
        }
    }

    /// Closing a slot whose book or page is not over must not be a way to use it again.
    pub(super) fn close_what_is_busy(&mut self) -> Checked {
        let books = self.busy_books();
        if !books.is_empty() && self.random.percent(50) {
            let slot = self.random.pick(&books);
            return self.close_book(slot);
        }
        let pages = self.unfinished_pages();
        if pages.is_empty() {
            return Ok(());
        }
        let slot = self.random.pick(&pages);
        match self.random.below(3) {
            0 => self.close_page(slot),
            1 => self.close_interval_page(slot),
            _ => self.release_meter_table(),
        }
    }

    /// Nobody takes the meter table away from a market that goes on.
    fn release_meter_table(&mut self) -> Checked {
        let instruction = self.community.addresses.release_meter_table();
        let found = self.send(&[instruction], &[]);
        let predicted = self.model.release_meter_table();
        self.agree("meter table released".to_string(), predicted, found)
            .map(|_| ())
    }
}
