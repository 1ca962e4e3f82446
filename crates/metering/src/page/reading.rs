//! Taking a reading into a page.

use joulebook_layout::oracle::PageEntry;

use super::{meter_page::Known, EnergySum, MeterPage, Rejection, Taken};
use crate::register::{LastReading, ReadingLimits, Registers};

impl MeterPage<'_> {
    /// Takes the registers at a boundary, 0 to W. `previous` is the last reading of the meter's row, of any page;
    /// `None` if it has none. The caller has checked what does not depend on the page: the signature, that the boundary
    /// is not in the future and within the meter's service, and the sequence ([`LastReading::is_moved_by`]).
    ///
    /// Each reading is compared with the nearest known ones before and behind it: those of the page, and that of the
    /// row, which may lie in a time of other limits. A register counts whole Wh, so each difference may be 1 Wh above the power limit.
    ///
    /// If the row's last reading is at a boundary of this page that the page has not heard of, and older than the new
    /// one, the page learns it first: the start of a page that the meter's readings run into, of a meter's service, or
    /// of a changed device.
    ///
    /// # Errors
    /// A [`Rejection`]; nothing has changed then. [`Rejection::Replaced`] comes before what could be wrong with the
    /// registers, because nothing is known to compare them with.
    pub fn take_reading(
        &mut self,
        boundary: u16,
        registers: Registers,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        self.judge::<true>(boundary, registers, limits, previous)
    }

    /// What [`take_reading`](MeterPage::take_reading) would say, changing nothing.
    ///
    /// # Errors
    /// Likewise.
    pub fn check_reading(
        &mut self,
        boundary: u16,
        registers: Registers,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        self.judge::<false>(boundary, registers, limits, previous)
    }

    /// Takes it if it `TAKES`.
    #[inline(always)]
    pub(super) fn judge<const TAKES: bool>(
        &mut self,
        boundary: u16,
        registers: Registers,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        if usize::from(boundary) > self.entries.len() {
            return Err(Rejection::OutsidePage);
        }
        let new = Known {
            boundary,
            registers,
        };
        match self.last() {
            Some(last) if boundary < last.boundary => {
                self.take_earlier::<TAKES>(last, &new, &limits.page)
            }
            Some(last) if boundary == last.boundary => new.compare(&last),
            last => self.append::<TAKES>(last, &new, limits, previous),
        }
    }

    /// A boundary behind all that the page knows.
    #[inline(always)]
    fn append<const TAKES: bool>(
        &mut self,
        last: Option<Known>,
        new: &Known,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        let taken = self.check_neighbours(last.as_ref(), new, limits, previous)?;
        let learned = previous.and_then(|row| self.learnable(last.as_ref(), new, row));
        let before = learned.map(|(row, _)| row).or(last);
        let entry = entry_since(before.as_ref(), new)?;
        // Nothing fails from here on.
        if !TAKES {
            return Ok(taken);
        }
        if last.is_none() {
            self.set_first(learned.as_ref().map_or(new, |(row, _)| row));
        }
        if let Some((row, entry)) = learned {
            self.set_known(row.boundary, entry);
        }
        self.set_known(new.boundary, entry);
        self.set_last(new);
        Ok(taken)
    }

    /// Compares a boundary behind all that the page knows with the page's last one and the row's, and says whether the
    /// row moves on.
    #[inline(always)]
    fn check_neighbours(
        &self,
        last: Option<&Known>,
        new: &Known,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        let time = self.time(new.boundary);
        let mut taken = Taken::Newest;
        if let Some(row) = previous {
            if row.boundary >= time {
                row.check_predecessor(time, &new.registers, &limits.row)?;
                taken = Taken::Filled;
            } else if last.is_none_or(|last| self.time(last.boundary) <= row.boundary) {
                // The nearest before it, and often the page's last one.
                row.check_follower(time, &new.registers, &limits.row)?;
                return Ok(taken);
            }
        }
        if let Some(last) = last {
            let elapsed = self.elapsed(last, new);
            let limits = &limits.page;
            limits.check_step(&last.registers, &new.registers, elapsed)?;
        }
        Ok(taken)
    }

    /// The row's reading, with its entry, if it is at a boundary between the page's last known one and `new`. `None`
    /// also if it does not go together with what the page knows: then the page goes by its own.
    #[inline(always)]
    pub(super) fn learnable(
        &self,
        last: Option<&Known>,
        new: &Known,
        row: &LastReading,
    ) -> Option<(Known, PageEntry)> {
        if last.is_some_and(|last| row.boundary <= self.time(last.boundary)) {
            return None;
        }
        let row = Known {
            boundary: self.boundary_at(row.boundary)?,
            registers: row.registers,
        };
        if row.boundary >= new.boundary {
            return None;
        }
        let entry = entry_since(last, &row).ok()?;
        Some((row, entry))
    }
}

impl Known {
    /// What becomes of this reading if `known` is known at the same boundary.
    pub(super) fn compare(&self, known: &Known) -> Result<Taken, Rejection> {
        if self.registers == known.registers {
            Ok(Taken::AlreadyKnown)
        } else {
            Err(Rejection::Contradicts)
        }
    }
}

/// The entry of the interval that ends at `new`.
#[inline(always)]
fn entry_since(before: Option<&Known>, new: &Known) -> Result<PageEntry, Rejection> {
    let energy = match before {
        Some(before) => {
            EnergySum::between(&before.registers, &new.registers).ok_or(Rejection::RegisterFell)?
        }
        None => EnergySum::default(),
    };
    new.entry(before, &energy)
}
