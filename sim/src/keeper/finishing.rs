//! The end of pages.

use std::collections::BTreeSet;

use joulebook_client::{layout::market::Phase, steps::Step, tables::BookTable};

use crate::{Failure, LocalCommunity, Receipt};

impl LocalCommunity {
    /// Makes the page that holds `start` final, and every page before it that is not: lets time pass until it takes no
    /// values any more, has the oracle finish its page, then the market.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn finish_page(&mut self, start: i64) -> Result<Vec<Receipt>, Failure> {
        let last = self.addresses.page_start(start);
        let mut receipts = vec![];
        for page in self.unfinished_pages() {
            if page <= last {
                receipts.extend(self.finish_interval_page(page)?);
                receipts.extend(self.finish_market_page(page)?);
            }
        }
        Ok(receipts)
    }

    /// Ends every auction of a window that starts before `time`, and makes all pages that start before then final, unix
    /// seconds. Time passes as far as it must.
    ///
    /// # Errors
    /// What the chain refused.
    pub fn finish_pages_before(&mut self, time: i64) -> Result<Vec<Receipt>, Failure> {
        let books = self.books();
        let is_busy =
            |book: &&BookTable| matches!(book.phase(), Some(Phase::Open | Phase::Cleared));
        let mut receipts = vec![];
        for book in books.iter().filter(is_busy) {
            let (start, gate) = (book.header.start, book.header.gate);
            if start < time {
                self.pass_until(gate);
                receipts.extend(self.clear_and_allocate(start)?);
            }
        }
        let pages = self.unfinished_pages();
        let last = pages.into_iter().filter(|page| *page < time).max();
        if let Some(last) = last {
            receipts.extend(self.finish_page(last)?);
        }
        Ok(receipts)
    }

    /// Has the oracle finish its page that starts at `page`, if it holds that one.
    fn finish_interval_page(&mut self, page: i64) -> Result<Vec<Receipt>, Failure> {
        let mut receipts = vec![];
        loop {
            let header = self.interval_page(page).header;
            if header.start != page || header.is_finished() {
                return Ok(receipts);
            }
            self.pass_until(header.corrections_until);
            receipts.push(self.take(&[Step::FinishIntervalPage { page }])?);
        }
    }

    fn finish_market_page(&mut self, page: i64) -> Result<Vec<Receipt>, Failure> {
        let mut receipts = vec![];
        loop {
            let header = self.page(page).header;
            if header.start != page || header.is_final() {
                return Ok(receipts);
            }
            receipts.push(self.take(&[Step::FinishPage { page }])?);
        }
    }

    /// The starts of the pages that are not final, here or at the oracle's, in their sequence.
    fn unfinished_pages(&self) -> BTreeSet<i64> {
        let pages = self.pages().into_iter().map(|page| page.header);
        let interval_pages = self.interval_pages().into_iter().map(|page| page.header);
        let pages = pages.filter(|page| !page.is_final()).map(|page| page.start);
        let interval_pages = interval_pages
            .filter(|page| !page.is_finished())
            .map(|page| page.start);
        pages.chain(interval_pages).collect()
    }
}
