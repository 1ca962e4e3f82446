//! When pages begin, and which one is opened next.

use joulebook_layout::{
    oracle::{IntervalPage, MeterTable},
    Address,
};
use joulebook_units::{Seconds, UnixTime};

/// The ring of pages of a meter table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRing {
    /// From the start of a page to that of the next.
    pub length: Seconds,
    /// Values are taken this long after a page's end.
    pub correction: Seconds,
    pub slots: u16,
}

impl From<&MeterTable> for PageRing {
    fn from(table: &MeterTable) -> PageRing {
        PageRing {
            length: table.page_length(),
            correction: Seconds(i64::from(table.correction_seconds)),
            slots: table.ring,
        }
    }
}

impl PageRing {
    /// The start of the page that holds `time`; `None` for a length that is not positive, or on overflow.
    pub fn holding(&self, time: UnixTime) -> Option<UnixTime> {
        time.boundary(self.length)
    }

    /// The start of the page after the one that holds `time`; `None` likewise.
    pub fn following(&self, time: UnixTime) -> Option<UnixTime> {
        self.holding(time)?.checked_add(self.length)
    }

    /// The start of the page of `table` that is opened next, when the clock shows `now`. The first page is the one that holds
    /// `now`; then comes one after the other, but for those whose values nobody could bring any more. The first one under a
    /// settlement is not before the one that holds `now`: energy of before is not settled. `None` for a length that is not
    /// positive, or on overflow.
    pub fn next(&self, table: &MeterTable, now: UnixTime) -> Option<UnixTime> {
        if table.last_opened == IntervalPage::NEVER {
            return self.holding(now);
        }
        let next = UnixTime(table.last_opened).checked_add(self.length)?;
        let is_settled_first =
            table.settlement != Address::NOBODY && table.settled_from == IntervalPage::NEVER;
        let earliest = if is_settled_first {
            self.holding(now)?
        } else {
            // Its end and the correction time are later than `now`, and those of the page before it are not.
            self.holding(now.checked_sub(self.correction)?)?
        };
        Some(next.max(earliest))
    }

    /// The slot of the page that starts at `start`; `None` if no page does.
    pub fn slot(&self, start: UnixTime) -> Option<u16> {
        start.ring_slot(self.length, self.slots)
    }

    /// Whether the slot of a page that starts at `start` holds a later page, once one was opened at `last_opened`.
    pub fn has_passed(&self, start: UnixTime, last_opened: i64) -> bool {
        let round = self.length.0.checked_mul(i64::from(self.slots));
        let since = last_opened.checked_sub(start.0);
        since
            .zip(round)
            .is_some_and(|(since, round)| since >= round)
    }
}
