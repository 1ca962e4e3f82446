//! Values that a verifier sets.

use joulebook_layout::oracle::{PageEntry, Quality};
use joulebook_units::Seconds;

use super::{Energy, MeterPage};
use crate::register::{exceeds, PowerLimits};

/// Why values are not set. Nothing changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplaceError {
    /// An interval is none of the page's; pass those that lie in it.
    OutsidePage,
    /// More energy than the connection can carry in an interval, or than an entry holds.
    PowerLimit,
}

impl MeterPage<'_> {
    /// Sets the energy of consecutive intervals, from the one with index `first` on, whatever is known of them. The
    /// boundaries known stay known.
    ///
    /// The registers keep saying how much was moved in all, and what values leave over is settled when the page is
    /// finished (see [`finish`](super::finish)). So values for a gap should add up to what the registers say of it, and
    /// values that move measured energy to other intervals to what was measured. Energy that never was, of a broken
    /// register or a copied key, stays in the registers: values only move it to the worst prices.
    ///
    /// A value in the place of a register difference ends the way back to earlier registers: where the boundary at the
    /// end of a replaced interval is known, or becomes known, earlier readings that are still to come are rejected. So
    /// readings come before values, in the order of time; what is missing still, before a replaced interval, is then
    /// the verifier's to fill, too.
    ///
    /// # Errors
    /// [`ReplaceError`].
    pub fn replace(
        &mut self,
        first: u16,
        values: &[Energy],
        limits: &PowerLimits,
    ) -> Result<(), ReplaceError> {
        let length = self.length();
        let places = self
            .entries
            .get_mut(usize::from(first)..)
            .and_then(|rest| rest.get_mut(..values.len()))
            .ok_or(ReplaceError::OutsidePage)?;
        for (value, place) in values.iter().zip(places.iter()) {
            replaced(place, value, limits, length).ok_or(ReplaceError::PowerLimit)?;
        }
        for (value, place) in values.iter().zip(places) {
            *place = replaced(place, value, limits, length).ok_or(ReplaceError::PowerLimit)?;
        }
        Ok(())
    }
}

/// The entry with another value; `None` if that is too much for an interval.
fn replaced(
    entry: &PageEntry,
    value: &Energy,
    limits: &PowerLimits,
    length: Seconds,
) -> Option<PageEntry> {
    // A difference of whole registers, too, may be read off elsewhere.
    if exceeds(value.import.into(), limits.import, length)
        || exceeds(value.export.into(), limits.export, length)
    {
        return None;
    }
    PageEntry::new(
        value.import,
        value.export,
        Quality::Replaced,
        entry.is_boundary_known(),
    )
}
