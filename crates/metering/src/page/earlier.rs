//! A reading before the last one that a page knows: the walk back to its place.

use joulebook_layout::oracle::{PageEntry, Quality};

use super::{meter_page::Known, EnergySum, MeterPage, Rejection, Taken};
use crate::register::PowerLimits;

impl MeterPage<'_> {
    /// Puts a boundary between the two known ones around it, or before all of them, if it `TAKES` it. Takes as many steps as
    /// intervals lie between it and the last one, or the known one before it.
    #[inline(never)]
    pub(super) fn take_earlier<const TAKES: bool>(
        &mut self,
        last: Known,
        new: &Known,
        limits: &PowerLimits,
    ) -> Result<Taken, Rejection> {
        let mut behind = last;
        let before = loop {
            match self.known_before(&behind)? {
                Some(known) if known.boundary > new.boundary => behind = known,
                before => break before,
            }
        };
        let mut energy = EnergySum::default();
        if let Some(before) = before {
            if before.boundary == new.boundary {
                return new.compare(&before);
            }
            let elapsed = self.elapsed(&before, new);
            energy = limits.check_step(&before.registers, &new.registers, elapsed)?;
        }
        let elapsed = self.elapsed(new, &behind);
        let rest = limits.check_step(&new.registers, &behind.registers, elapsed)?;
        let entry = new.entry(before.as_ref(), &energy)?;
        let rest = behind.entry(Some(new), &rest)?;
        if TAKES {
            if before.is_none() {
                self.set_first(new);
            }
            self.set_known(new.boundary, entry);
            self.set_known(behind.boundary, rest);
        }
        Ok(Taken::Filled)
    }

    /// The known boundary next before a known one; `None` if that is the first.
    ///
    /// # Errors
    /// [`Rejection::Replaced`] if the interval between has a replaced value at its end: then its registers can't be
    /// computed. [`Rejection::Broken`] if the entry is none that a known boundary has.
    pub(super) fn known_before(&self, known: &Known) -> Result<Option<Known>, Rejection> {
        let entry = self.entry_before(known.boundary).ok_or(Rejection::Broken)?;
        match entry.quality() {
            Quality::Replaced => return Err(Rejection::Replaced),
            Quality::Missing => return Err(Rejection::Broken),
            Quality::Gap | Quality::Measured => {}
        }
        let Some(boundary) = self.boundary_before(known.boundary) else {
            return Ok(None);
        };
        Ok(Some(Known {
            boundary,
            registers: EnergySum::from(entry)
                .registers_before(&known.registers)
                .ok_or(Rejection::Broken)?,
        }))
    }

    /// The index of the known boundary next before another.
    fn boundary_before(&self, boundary: u16) -> Option<u16> {
        let ends = self.entries.get(..usize::from(boundary).checked_sub(1)?)?;
        match ends.iter().rposition(PageEntry::is_boundary_known) {
            Some(interval) => u16::try_from(interval.checked_add(1)?).ok(),
            None => self.registers.is_base_known().then_some(0),
        }
    }
}
