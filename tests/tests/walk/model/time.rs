//! Windows, pages, and the rings that hold them.

use super::Model;

impl Model {
    /// Of a window, seconds.
    pub fn length(&self) -> i64 {
        i64::from(self.sizes.window_seconds)
    }

    /// Windows of a page.
    pub fn windows_of_page(&self) -> u16 {
        self.sizes.page_windows
    }

    /// Of a page, seconds.
    pub fn span(&self) -> i64 {
        self.length() * i64::from(self.windows_of_page())
    }

    /// The last boundary not after now.
    pub fn boundary(&self) -> i64 {
        self.now - self.now % self.length()
    }

    pub fn book_slot(&self, start: i64) -> i64 {
        start / self.length() % i64::from(self.sizes.books)
    }

    /// Start of the page that holds `time`.
    pub fn page_start(&self, time: i64) -> i64 {
        time - time % self.span()
    }

    pub fn page_slot(&self, time: i64) -> i64 {
        time / self.span() % i64::from(self.sizes.pages)
    }

    /// Number of the window at `start` in its page.
    pub fn window_number(&self, start: i64) -> u16 {
        (start % self.span() / self.length()) as u16
    }

    /// Readings of the page at `start` are taken until then.
    pub fn readings_until(&self, start: i64) -> i64 {
        start + self.span() + i64::from(self.sizes.reading_seconds)
    }

    /// A verifier's values of the page at `start` are taken until then.
    pub fn corrections_until(&self, start: i64) -> i64 {
        start + self.span() + i64::from(self.sizes.correction_seconds)
    }

    /// Start of the page that is opened next: the one after the last, but for those that are past all correction.
    pub fn next_page(&self) -> i64 {
        let Some(last) = self.last_opened else {
            return self.page_start(self.now);
        };
        let mut next = last + self.span();
        while self.corrections_until(next) <= self.now {
            next += self.span();
        }
        next
    }
}
