//! What the last reading of a meter's row says of a new one, whatever page it belongs to.

use joulebook_units::{Seconds, UnixTime};

use super::Rejection;
use crate::register::{LastReading, PowerLimits, Registers};

impl LastReading {
    /// Whether a reading at `boundary` is newer than this one, so that the meter's row moves on to it. One that is not
    /// needs no sequence: it can only fill what is missing.
    ///
    /// # Errors
    /// [`Rejection::StaleSequence`] if it is newer, and its sequence is not.
    pub fn is_moved_by(&self, boundary: UnixTime, sequence: u64) -> Result<bool, Rejection> {
        if boundary <= self.boundary {
            return Ok(false);
        }
        if sequence <= self.sequence {
            return Err(Rejection::StaleSequence);
        }
        Ok(true)
    }

    /// Whether `registers` at a later `boundary` can follow this reading. [`MeterPage::take_reading`] asks the same;
    /// this is for a reading whose page is closed, of which only the meter's row takes notice.
    ///
    /// # Errors
    /// [`Rejection::RegisterFell`], [`Rejection::PowerLimit`].
    ///
    /// [`MeterPage::take_reading`]: super::MeterPage::take_reading
    #[inline]
    pub fn check_follower(
        &self,
        boundary: UnixTime,
        registers: &Registers,
        limits: &PowerLimits,
    ) -> Result<(), Rejection> {
        let elapsed = elapsed(self.boundary, boundary);
        limits.check_step(&self.registers, registers, elapsed)?;
        Ok(())
    }

    /// Whether `registers` at this `boundary`, or an earlier one, can have come before this reading.
    ///
    /// # Errors
    /// [`Rejection::Contradicts`], [`Rejection::RegisterFell`], [`Rejection::PowerLimit`].
    pub(super) fn check_predecessor(
        &self,
        boundary: UnixTime,
        registers: &Registers,
        limits: &PowerLimits,
    ) -> Result<(), Rejection> {
        if boundary == self.boundary && *registers != self.registers {
            return Err(Rejection::Contradicts);
        }
        let elapsed = elapsed(boundary, self.boundary);
        limits.check_step(registers, &self.registers, elapsed)?;
        Ok(())
    }
}

/// Longer than 64 bits count is as long as they do.
fn elapsed(from: UnixTime, to: UnixTime) -> Seconds {
    to.since(from).unwrap_or(Seconds(i64::MAX))
}
