//! The oracle's pages: the registers known of each meter, and the values that follow from them.

use std::collections::BTreeMap;

use joulebook_client::oracle::errors::OracleError;

use super::{row, Model, Reasons};

/// The energy of consecutive intervals.
#[derive(Clone, Debug)]
pub struct IntervalPage {
    pub start: i64,
    /// Start of the page opened before it.
    pub previous: Option<i64>,
    /// By the meters' rows; those of which nothing is known are not there.
    pub meters: BTreeMap<usize, MeterPage>,
    /// Meters before this one are finished.
    pub finished_meters: u16,
}

/// What a page knows of one meter.
#[derive(Clone, Debug, Default)]
pub struct MeterPage {
    /// Registers by boundary, unix seconds.
    pub known: BTreeMap<i64, Energy>,
    /// A verifier's values by the number of the interval.
    pub replaced: BTreeMap<u16, Energy>,
    /// Charged and credited energy, Wh, once the meter is finished.
    pub finished: Option<(i128, i128)>,
    /// Whether its counting begins in this page, at its time.
    pub begins: bool,
    /// Whether its counting begins in this page, too late.
    pub begins_late: bool,
}

/// Registers, or what they moved, Wh.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Energy {
    pub import: i128,
    pub export: i128,
}

/// What an interval's entry says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Entry {
    Missing,
    /// Energy since the boundary before that is known, if one is.
    Gap(Energy),
    Measured(Energy),
    Replaced(Energy),
}

impl Energy {
    pub fn less(self, other: Energy) -> Energy {
        Energy {
            import: self.import - other.import,
            export: self.export - other.export,
        }
    }

    pub fn plus(self, other: Energy) -> Energy {
        Energy {
            import: self.import + other.import,
            export: self.export + other.export,
        }
    }
}

impl IntervalPage {
    pub fn new(start: i64, previous: Option<i64>) -> IntervalPage {
        IntervalPage {
            start,
            previous,
            meters: BTreeMap::new(),
            finished_meters: 0,
        }
    }
}

impl MeterPage {
    /// The known registers before and behind a boundary.
    pub fn neighbours(&self, boundary: i64) -> [Option<(i64, Energy)>; 2] {
        let before = self.known.range(..boundary).next_back();
        let behind = self.known.range(boundary + 1..).next();
        [before, behind].map(|found| found.map(|(time, registers)| (*time, *registers)))
    }

    pub fn last(&self) -> Option<(i64, Energy)> {
        self.known
            .iter()
            .next_back()
            .map(|(time, last)| (*time, *last))
    }
}

impl Model {
    pub fn is_finished(&self, page: &IntervalPage) -> bool {
        page.finished_meters == self.sizes.meters
    }

    /// Of the page that starts at `start`.
    pub fn meter_page(&self, start: i64, meter: u32) -> Option<&MeterPage> {
        let page = self.interval_pages.get(&self.page_slot(start))?;
        page.meters.get(&row(meter)).filter(|_| page.start == start)
    }

    /// Number `interval` of the page that starts at `start`.
    pub fn entry(&self, start: i64, meter: u32, interval: u16) -> Entry {
        let Some(page) = self.meter_page(start, meter) else {
            return Entry::Missing;
        };
        if let Some(value) = page.replaced.get(&interval) {
            return Entry::Replaced(*value);
        }
        let begin = start + self.length() * i64::from(interval);
        let end = begin + self.length();
        let Some(at_end) = page.known.get(&end) else {
            return Entry::Missing;
        };
        match page.neighbours(end)[0] {
            Some((time, before)) if time == begin => Entry::Measured(at_end.less(before)),
            Some((_, before)) => Entry::Gap(at_end.less(before)),
            None => Entry::Gap(Energy::default()),
        }
    }

    /// What is known of the interval itself.
    pub fn value(&self, start: i64, meter: u32, interval: u16) -> Option<Energy> {
        match self.entry(start, meter, interval) {
            Entry::Missing | Entry::Gap(_) => None,
            Entry::Measured(value) | Entry::Replaced(value) => Some(value),
        }
    }

    /// Nobody closes a page of intervals while the market is there.
    pub fn close_interval_page(&self, slot: i64) -> Reasons {
        let held = self.interval_pages.get(&slot);
        let is_busy = held.is_some_and(|page| !self.is_finished(page));
        let mut reasons = Reasons::because(OracleError::SettlementInUse);
        reasons.when(is_busy, OracleError::PageInUse);
        reasons
    }
}
