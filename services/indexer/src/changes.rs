//! What is to be written: what accounts say now, less what they said before. It depends on nothing else, so whoever reads the
//! same accounts writes the same rows, however often and wherever he stopped.

mod endings;
mod facts;
mod flows;
mod gaps;
mod orders;
mod page;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    rows::{
        EndingRow, GapRow, MeterRow, OrderRow, OwnerRow, PageRow, PastWindowRow, PositionRow,
        ReadingRow, RowError, SeatRow, WindowRow,
    },
    view::View,
};

pub use endings::Remembered;
pub use facts::{begin_with_approval, LedgerFigures, MarketFacts};
pub use gaps::past_windows;

/// How a page is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// As it was in the end.
    pub is_final: bool,
    /// And the cluster can't take that back any more.
    pub is_certain: bool,
}

/// What the database has, as far as it matters for what is to be written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Pages by start. Older ones than those of a ring may be left out.
    pub pages: BTreeMap<i64, Kept>,
    /// Who has each seat.
    pub owners: BTreeMap<i64, String>,
    /// By page and seat: what its silence was behind the page; none if that is not known.
    pub endings: BTreeMap<(i64, i64), Option<Remembered>>,
    /// By kind and beginning: until when.
    pub gaps: BTreeMap<(String, i64), i64>,
}

impl Known {
    /// As it is once these changes are written.
    pub fn apply(&mut self, changes: &Changes) {
        for page in &changes.pages {
            let kept = Kept {
                is_final: page.is_final,
                is_certain: false,
            };
            self.pages.insert(page.start, kept);
        }
        for row in &changes.owners {
            self.owners.insert(row.seat, row.owner.clone());
        }
        for row in &changes.endings {
            let key = (row.page, row.seat);
            self.endings.insert(key, Remembered::of(row));
        }
        for gap in &changes.gaps {
            let key = (gap.kind.clone(), gap.since);
            self.gaps.insert(key, gap.until);
        }
    }

    /// Forgets all pages but the newest ones.
    pub fn forget(&mut self, keep: usize) {
        while self.pages.len() > keep {
            self.pages.pop_first();
        }
        if let Some((first, _)) = self.pages.first_key_value() {
            self.endings = self.endings.split_off(&(*first, i64::MIN));
        }
    }

    /// Whether nothing of a page is to be written again: it is kept as it was in the end, for good.
    fn has_all_of(&self, page: i64) -> bool {
        let kept = self.pages.get(&page);
        let is_kept = kept.is_some_and(|kept| kept.is_final && kept.is_certain);
        // An older version did not write how it ended.
        let mut endings = self.endings.range((page, i64::MIN)..=(page, i64::MAX));
        is_kept && endings.next().is_some()
    }
}

/// The orders of a window.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BookChanges {
    /// Of the window.
    pub start: i64,
    /// Those that are not known to be the same.
    pub orders: Vec<OrderRow>,
    /// Whether all orders of the window are among them, so that any other that was open is cancelled.
    pub is_whole: bool,
}

/// Rows to be written, all or none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The newest that an account was read in.
    pub slot: u64,
    /// The chain's clock then, unix seconds.
    pub now: i64,
    pub ledger: LedgerFigures,
    pub pages: Vec<PageRow>,
    pub windows: Vec<WindowRow>,
    /// Those that the history alone tells of.
    pub past_windows: Vec<PastWindowRow>,
    pub positions: Vec<PositionRow>,
    /// By start of a window that positions are of: from when on they are settled, whichever meters are silent.
    pub graces: BTreeMap<i64, i64>,
    /// Of the seats that pages are final for.
    pub endings: Vec<EndingRow>,
    pub readings: Vec<ReadingRow>,
    pub books: Vec<BookChanges>,
    /// Windows that have a book now: an open order of any other went by unseen.
    pub open_books: BTreeSet<i64>,
    pub seats: Vec<SeatRow>,
    pub owners: Vec<OwnerRow>,
    pub meters: Vec<MeterRow>,
    pub gaps: Vec<GapRow>,
}

impl Changes {
    /// Rows.
    pub fn len(&self) -> usize {
        let orders: usize = self.books.iter().map(|book| book.orders.len()).sum();
        self.pages.len()
            + self.windows.len()
            + self.past_windows.len()
            + self.positions.len()
            + self.endings.len()
            + self.readings.len()
            + orders
            + self.seats.len()
            + self.owners.len()
            + self.meters.len()
            + self.gaps.len()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What is to be written. `before` is what was written last; without it, all that the accounts say is written again, but for
/// pages that the database has as they were in the end.
///
/// # Errors
/// [`RowError`] if a number does not fit.
pub fn changes(before: Option<&View>, known: &Known, now: &View) -> Result<Changes, RowError> {
    let mut changes = Changes {
        slot: now.newest_slot,
        now: now.now,
        ledger: facts::ledger(now)?,
        gaps: gaps::gaps(known, now),
        seats: facts::seats(before, now)?,
        owners: facts::owners(known, now),
        meters: facts::meters(before, now)?,
        ..Changes::default()
    };
    for table in now.pages() {
        // Both are opened by one instruction. Without the oracle's, accounts of two moments were read, and zeros would be written
        // over what is known.
        let Some(intervals) = now.interval_page(table.header.start) else {
            continue;
        };
        let is_same = match before {
            Some(before) => page::is_same(before, now, table),
            None => known.has_all_of(table.header.start),
        };
        if !is_same {
            page::changes(before, now, table, &mut changes)?;
            endings::changes(known, now, table, intervals, &mut changes);
        }
    }
    orders::changes(before, now, &mut changes);
    Ok(changes)
}
