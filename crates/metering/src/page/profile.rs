//! Taking a load profile into a page.

use joulebook_layout::oracle::{PageEntry, Quality};

use super::{meter_page::Known, Energy, EnergySum, MeterPage, Rejection, Taken};
use crate::register::{exceeds, LastReading, PowerLimits, ReadingLimits, Registers};

/// Registers at consecutive boundaries of a page, as the last of them and the energies between.
#[derive(Clone, Copy, Debug)]
pub struct PageProfile<'a> {
    /// Index of its last boundary.
    pub last: u16,
    /// The registers there.
    pub registers: Registers,
    /// What its device showed at first: registers only grow, so no boundary of it is below.
    pub least: Registers,
    /// Of the intervals that end there, in the order of time; none for a reading alone.
    pub values: &'a [Energy],
}

impl PageProfile<'_> {
    /// The registers at its first boundary.
    ///
    /// # Errors
    /// [`Rejection::BelowFirst`].
    pub fn first_registers(&self) -> Result<Registers, Rejection> {
        let mut moved = EnergySum::default();
        for value in self.values {
            // 30 bits, as often as there are intervals.
            moved.import.0 = moved.import.0.wrapping_add(value.import.0.into());
            moved.export.0 = moved.export.0.wrapping_add(value.export.0.into());
        }
        let registers = moved.registers_before(&self.registers);
        let registers = registers.filter(|first| first.are_at_least(&self.least));
        registers.ok_or(Rejection::BelowFirst)
    }

    fn first(&self) -> Result<Known, Rejection> {
        let length = u16::try_from(self.values.len()).ok();
        let boundary = length.and_then(|length| self.last.checked_sub(length));
        Ok(Known {
            boundary: boundary.ok_or(Rejection::OutsidePage)?,
            registers: self.first_registers()?,
        })
    }
}

/// What a page knows around a profile.
#[derive(Default)]
struct Around {
    /// The nearest known boundary before it.
    before: Option<Known>,
    /// The nearest known boundary behind it.
    behind: Option<Known>,
    /// Known boundaries of its own.
    matches: usize,
    is_first_known: bool,
}

impl MeterPage<'_> {
    /// Takes the registers at all boundaries of a profile, as if each were read by itself; `previous` is the last reading of the
    /// meter's row, of any page. The caller has checked what does not depend on the page: the signature, that no boundary is in
    /// the future or outside the meter's service, and the sequence.
    ///
    /// Each interval is within the power limit, and all of them together are: whole registers are 1 Wh off once, not in each.
    ///
    /// # Errors
    /// A [`Rejection`]; nothing has changed then.
    pub fn take_profile(
        &mut self,
        profile: &PageProfile,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        self.judge_profile::<true>(profile, limits, previous)
    }

    /// What [`take_profile`](MeterPage::take_profile) would say, changing nothing.
    ///
    /// # Errors
    /// Likewise.
    pub fn check_profile(
        &mut self,
        profile: &PageProfile,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        self.judge_profile::<false>(profile, limits, previous)
    }

    /// Takes it if it `TAKES`.
    fn judge_profile<const TAKES: bool>(
        &mut self,
        profile: &PageProfile,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        if profile.values.is_empty() {
            // A reading, and most of them are.
            return self.judge::<TAKES>(profile.last, profile.registers, limits, previous);
        }
        if usize::from(profile.last) > self.entries.len() {
            return Err(Rejection::OutsidePage);
        }
        let first = profile.first()?;
        let last = Known {
            boundary: profile.last,
            registers: profile.registers,
        };
        self.check_values(profile, &first, &last, &limits.page)?;
        let around = self.around(profile, &first)?;
        let learned = self.check_row(profile, &first, &last, &around, limits, previous)?;
        let before = learned.map(|(row, _)| row).or(around.before);
        let is_newest = previous.is_none_or(|row| self.time(last.boundary) > row.boundary);

        let entry = match before.filter(|_| !around.is_first_known) {
            Some(before) => {
                let energy = EnergySum::between(&before.registers, &first.registers);
                first.entry(Some(&before), &energy.ok_or(Rejection::RegisterFell)?)?
            }
            None => first.entry(None, &EnergySum::default())?,
        };
        let rest = match around.behind {
            Some(behind) => {
                let energy = EnergySum::between(&last.registers, &behind.registers);
                let rest = energy.ok_or(Rejection::RegisterFell)?;
                Some((behind, behind.entry(Some(&last), &rest)?))
            }
            None => None,
        };
        if around.matches > profile.values.len() {
            return Ok(Taken::AlreadyKnown);
        }
        let taken = if is_newest {
            Taken::Newest
        } else {
            Taken::Filled
        };
        // Nothing fails from here on.
        if !TAKES {
            return Ok(taken);
        }
        if around.before.is_none() {
            self.set_first(learned.as_ref().map_or(&first, |(row, _)| row));
        }
        if let Some((row, entry)) = learned {
            self.set_known(row.boundary, entry);
        }
        if !around.is_first_known {
            self.set_known(first.boundary, entry);
        }
        let mut boundary = first.boundary;
        for value in profile.values {
            boundary = boundary.saturating_add(1);
            self.set_known(boundary, measured(value));
        }
        match rest {
            Some((behind, entry)) => self.set_known(behind.boundary, entry),
            None => self.set_last(&last),
        }
        Ok(taken)
    }

    fn check_values(
        &self,
        profile: &PageProfile,
        first: &Known,
        last: &Known,
        limits: &PowerLimits,
    ) -> Result<(), Rejection> {
        let length = self.length();
        for value in profile.values {
            let is_above = exceeds(value.import.into(), limits.import, length)
                || exceeds(value.export.into(), limits.export, length);
            if is_above || (value.import.0 | value.export.0) > PageEntry::MAX_WH {
                return Err(Rejection::PowerLimit);
            }
        }
        let elapsed = self.elapsed(first, last);
        limits.check_step(&first.registers, &last.registers, elapsed)?;
        Ok(())
    }

    /// The known boundaries before and behind a profile. Those within it must have its registers.
    ///
    /// # Errors
    /// [`Rejection::Contradicts`], and those of [`MeterPage::known_before`].
    fn around(&self, profile: &PageProfile, first: &Known) -> Result<Around, Rejection> {
        let mut around = Around::default();
        let mut own = profile.registers;
        let mut values = profile.values.iter().rev();
        let mut at = profile.last;
        let mut next = self.last();
        while let Some(known) = next {
            if known.boundary < first.boundary {
                around.before = Some(known);
                break;
            }
            if known.boundary > profile.last {
                around.behind = Some(known);
            } else {
                while at > known.boundary {
                    let value = values.next().ok_or(Rejection::Broken)?;
                    own = before(&own, value)?;
                    at = at.saturating_sub(1);
                }
                if own != known.registers {
                    return Err(Rejection::Contradicts);
                }
                around.matches = around.matches.saturating_add(1);
                around.is_first_known = known.boundary == first.boundary;
            }
            next = match known.boundary {
                0 => None,
                _ => self.known_before(&known)?,
            };
        }
        Ok(around)
    }

    /// Holds the profile against the nearest of what is known around it, in the page or the meter's row. Returns the row's reading
    /// with its entry, if it lies in the page before the profile and the page has not heard of it.
    fn check_row(
        &self,
        profile: &PageProfile,
        first: &Known,
        last: &Known,
        around: &Around,
        limits: &ReadingLimits,
        previous: Option<&LastReading>,
    ) -> Result<Option<(Known, PageEntry)>, Rejection> {
        if let Some(behind) = &around.behind {
            let elapsed = self.elapsed(last, behind);
            limits
                .page
                .check_step(&last.registers, &behind.registers, elapsed)?;
        }
        let mut is_row_nearest = false;
        if let Some(row) = previous {
            let (begin, end) = (self.time(first.boundary), self.time(last.boundary));
            if row.boundary >= end {
                if around.behind.is_none() {
                    row.check_predecessor(end, &last.registers, &limits.row)?;
                }
            } else if row.boundary >= begin {
                self.check_within(profile, row)?;
            } else {
                let known = around.before.as_ref();
                is_row_nearest =
                    known.is_none_or(|known| self.time(known.boundary) <= row.boundary);
                if is_row_nearest && !around.is_first_known {
                    row.check_follower(begin, &first.registers, &limits.row)?;
                }
            }
        }
        if let Some(known) = around.before.as_ref().filter(|_| !is_row_nearest) {
            let elapsed = self.elapsed(known, first);
            limits
                .page
                .check_step(&known.registers, &first.registers, elapsed)?;
        }
        let row = previous.filter(|_| is_row_nearest && !around.is_first_known);
        Ok(row.and_then(|row| self.learnable(around.before.as_ref(), first, row)))
    }

    /// Whether the row's reading is what the profile says of its boundary.
    fn check_within(&self, profile: &PageProfile, row: &LastReading) -> Result<(), Rejection> {
        let Some(boundary) = self.boundary_at(row.boundary) else {
            return Ok(());
        };
        let behind = usize::from(profile.last.saturating_sub(boundary));
        let mut own = profile.registers;
        for value in profile.values.iter().rev().take(behind) {
            own = before(&own, value)?;
        }
        if own == row.registers {
            Ok(())
        } else {
            Err(Rejection::Contradicts)
        }
    }
}

/// The registers before an interval's energy was moved.
#[inline(always)]
fn before(registers: &Registers, value: &Energy) -> Result<Registers, Rejection> {
    let before = EnergySum::from(value).registers_before(registers);
    before.ok_or(Rejection::RegisterFell)
}

/// Of an interval both of whose ends are known. What does not fit an entry is no profile's.
#[inline(always)]
fn measured(value: &Energy) -> PageEntry {
    PageEntry::new(value.import, value.export, Quality::Measured, true)
        .unwrap_or(PageEntry::MISSING)
}
