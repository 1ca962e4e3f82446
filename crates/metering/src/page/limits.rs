//! Power limits, of readings.

use joulebook_layout::oracle::PageEntry;
use joulebook_units::{Seconds, Watts};

use super::{EnergySum, Rejection};
use crate::register::{exceeds, PowerLimits, Registers};

impl PowerLimits {
    /// Whether what a meter moves in a page that lasts `length` always fits an entry. To be checked when the limits are
    /// set: a reading that does not fit is rejected, and an honest meter must never be.
    pub fn fit_page(&self, length: Seconds) -> bool {
        // Less than the most, for the 1 Wh by which a difference of registers may be above what flowed.
        let fits = |limit: Watts| limit.over(length).0 < u64::from(PageEntry::MAX_WH);
        fits(self.import) && fits(self.export)
    }

    /// The energy from one reading to the next, `elapsed` later.
    ///
    /// # Errors
    /// [`Rejection::RegisterFell`], [`Rejection::PowerLimit`].
    #[inline]
    pub(super) fn check_step(
        &self,
        from: &Registers,
        to: &Registers,
        elapsed: Seconds,
    ) -> Result<EnergySum, Rejection> {
        let energy = EnergySum::between(from, to).ok_or(Rejection::RegisterFell)?;
        if exceeds(energy.import, self.import, elapsed)
            || exceeds(energy.export, self.export, elapsed)
        {
            return Err(Rejection::PowerLimit);
        }
        Ok(energy)
    }
}
