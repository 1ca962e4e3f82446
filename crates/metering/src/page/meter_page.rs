//! A meter's row of a page.

use joulebook_layout::oracle::{PageEntry, PageRegisters, Quality};
use joulebook_units::{Seconds, UnixTime, WhSum, SECONDS_PER_DAY};

use super::{EnergySum, Rejection};
use crate::register::Registers;

/// What one page knows of one meter, and when its boundaries are.
pub struct MeterPage<'a> {
    pub(super) registers: &'a mut PageRegisters,
    pub(super) entries: &'a mut [PageEntry],
    start: UnixTime,
    length: Seconds,
}

/// The registers at a boundary of the page, given by its index.
#[derive(Clone, Copy)]
pub(super) struct Known {
    pub boundary: u16,
    pub registers: Registers,
}

impl<'a> MeterPage<'a> {
    /// The row of a page that starts at `start`, with one entry for each of its intervals of `length`. `None` if the
    /// length is not from a second to a day, there are more than 65,535 intervals, the page's end is no time, or the
    /// last known boundary lies behind it.
    pub fn new(
        registers: &'a mut PageRegisters,
        entries: &'a mut [PageEntry],
        start: UnixTime,
        length: Seconds,
    ) -> Option<MeterPage<'a>> {
        let intervals = u16::try_from(entries.len()).ok()?;
        // Before anything is multiplied with it.
        if !(1..=SECONDS_PER_DAY).contains(&length.0) || registers.last > intervals {
            return None;
        }
        start.checked_add(span(length, intervals))?;
        Some(MeterPage {
            registers,
            entries,
            start,
            length,
        })
    }

    /// Of an interval.
    pub(super) fn length(&self) -> Seconds {
        self.length
    }

    /// The registers at the last known boundary.
    #[inline(always)]
    pub(super) fn last(&self) -> Option<Known> {
        self.registers.is_known().then_some(Known {
            boundary: self.registers.last,
            registers: Registers {
                import: WhSum(self.registers.import),
                export: WhSum(self.registers.export),
            },
        })
    }

    #[inline(always)]
    pub(super) fn set_last(&mut self, last: &Known) {
        self.registers.import = last.registers.import.0;
        self.registers.export = last.registers.export.0;
        self.registers.last = last.boundary;
        self.registers.known = 1;
    }

    /// Notes the registers at the first known boundary.
    #[inline(always)]
    pub(super) fn set_first(&mut self, first: &Known) {
        self.registers.first_import = first.registers.import.0;
        self.registers.first_export = first.registers.export.0;
    }

    /// When a boundary of the page is.
    #[inline(always)]
    pub(super) fn time(&self, boundary: u16) -> UnixTime {
        // Not after the page's end, which is a time.
        UnixTime(self.start.0.wrapping_add(span(self.length, boundary).0))
    }

    /// From one boundary to a later one.
    #[inline(always)]
    pub(super) fn elapsed(&self, from: &Known, to: &Known) -> Seconds {
        span(self.length, to.boundary.saturating_sub(from.boundary))
    }

    /// The index of the boundary at `time`, if need be behind the page's end; `None` if none is.
    #[inline]
    pub fn boundary_at(&self, time: UnixTime) -> Option<u16> {
        let seconds = u64::try_from(time.since(self.start)?.0).ok()?;
        let length = u64::try_from(self.length.0).ok()?;
        if seconds.checked_rem(length)? != 0 {
            return None;
        }
        u16::try_from(seconds.checked_div(length)?).ok()
    }

    /// The entry of the interval that ends at a boundary; `None` for boundary 0.
    #[inline(always)]
    pub(super) fn entry_before(&self, boundary: u16) -> Option<&PageEntry> {
        self.entries.get(usize::from(boundary).checked_sub(1)?)
    }

    /// Notes that a boundary is known, with the entry of the interval before it, unless that one was replaced.
    #[inline(always)]
    pub(super) fn set_known(&mut self, boundary: u16, entry: PageEntry) {
        let Some(interval) = usize::from(boundary).checked_sub(1) else {
            self.registers.base = 1;
            return;
        };
        if let Some(place) = self.entries.get_mut(interval) {
            *place = if place.is(Quality::Replaced) {
                place.with_boundary_known()
            } else {
                entry
            };
        }
    }
}

impl Known {
    /// The entry of the interval that ends here, from the energy since the known boundary `before` it; of no energy if
    /// there is none.
    ///
    /// # Errors
    /// [`Rejection::PowerLimit`] if it does not fit.
    #[inline(always)]
    pub(super) fn entry(
        &self,
        before: Option<&Known>,
        energy: &EnergySum,
    ) -> Result<PageEntry, Rejection> {
        let quality = match before {
            Some(before) if before.boundary.checked_add(1) == Some(self.boundary) => {
                Quality::Measured
            }
            _ => Quality::Gap,
        };
        energy.entry(quality).ok_or(Rejection::PowerLimit)
    }
}

#[inline(always)]
fn span(length: Seconds, intervals: u16) -> Seconds {
    // Fits: at most a day in seconds, times 16 bits. Not checked, because that is dear on chain.
    Seconds(length.0.wrapping_mul(i64::from(intervals)))
}
