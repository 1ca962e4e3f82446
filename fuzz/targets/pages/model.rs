//! A page, slowly: the registers known, by boundary, and the values replaced, by interval. All else follows anew each
//! time, in 128 bits.

use std::collections::BTreeMap;

use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_metering::{
    page::{baseline, EnergySum, Rejection, ReplaceError, Taken},
    register::{LastReading, PowerLimits, Registers},
};
use joulebook_units::Watts;

pub const START: i64 = 1_800_000;
const FITS: i128 = 1 << 30;

/// Import and export, Wh.
type Pair = [i128; 2];

pub fn pair(registers: &Registers) -> Pair {
    [registers.import.0.into(), registers.export.0.into()]
}

/// A meter's page, slowly.
#[derive(Clone, Debug)]
pub struct Model {
    pub length: i64,
    pub intervals: u16,
    pub known: BTreeMap<u16, Pair>,
    pub replaced: BTreeMap<u16, Pair>,
}

impl Model {
    fn time(&self, boundary: u16) -> i128 {
        i128::from(START) + i128::from(boundary) * i128::from(self.length)
    }

    /// Why registers can't follow others, if they can't.
    fn step(from: (i128, Pair), to: (i128, Pair), limits: &PowerLimits) -> Result<(), Rejection> {
        let moved = [to.1[0] - from.1[0], to.1[1] - from.1[1]];
        if moved[0] < 0 || moved[1] < 0 {
            return Err(Rejection::RegisterFell);
        }
        let most = |limit: Watts| i128::from(limit.0) * (to.0 - from.0) / 3600 + 1;
        if moved[0] > most(limits.import) || moved[1] > most(limits.export) {
            return Err(Rejection::PowerLimit);
        }
        Ok(())
    }

    fn fits(from: Option<&Pair>, to: &Pair) -> Result<(), Rejection> {
        let Some(from) = from else { return Ok(()) };
        let moved = [to[0] - from[0], to[1] - from[1]];
        if moved[0] < 0 || moved[1] < 0 {
            return Err(Rejection::RegisterFell);
        }
        if moved[0] >= FITS || moved[1] >= FITS {
            return Err(Rejection::PowerLimit);
        }
        Ok(())
    }

    pub fn take(
        &mut self,
        boundary: u16,
        registers: Pair,
        limits: &PowerLimits,
        row: Option<&LastReading>,
    ) -> Result<Taken, Rejection> {
        if boundary > self.intervals {
            return Err(Rejection::OutsidePage);
        }
        let last = self
            .known
            .last_key_value()
            .map(|(last, pair)| (*last, *pair));
        let new = (self.time(boundary), registers);
        if last.is_some_and(|(last, _)| boundary <= last) {
            self.take_known(boundary, new, limits)?;
            return match self.known.insert(boundary, registers) {
                Some(_) => Ok(Taken::AlreadyKnown),
                None => Ok(Taken::Filled),
            };
        }
        let row = row.map(|row| (i128::from(row.boundary.0), pair(&row.registers)));
        let timed = last.map(|(last, pair)| (self.time(last), pair));
        let is_newest = row.is_none_or(|row| row.0 < new.0);
        match row {
            Some(row) if row.0 == new.0 && row.1 != registers => {
                return Err(Rejection::Contradicts);
            }
            Some(row) if row.0 >= new.0 => Model::step(new, row, limits)?,
            _ => {}
        }
        // The nearer one before it.
        let row_before = row.filter(|row| row.0 < new.0);
        let nearest = later(row_before, timed);
        if let Some(nearest) = nearest {
            Model::step(nearest, new, limits)?;
        }
        // What the row knows and the page does not.
        let learned = row_before.and_then(|row| {
            let after = last.map_or(0, |(last, _)| last + 1);
            let at = (after..boundary).find(|at| self.time(*at) == row.0)?;
            Model::fits(last.map(|(_, pair)| pair).as_ref(), &row.1).ok()?;
            Some((at, row.1))
        });
        let before = learned.or(last).map(|(_, pair)| pair);
        Model::fits(before.as_ref(), &registers)?;
        self.known.extend(learned);
        self.known.insert(boundary, registers);
        Ok(if is_newest {
            Taken::Newest
        } else {
            Taken::Filled
        })
    }

    fn take_known(
        &self,
        boundary: u16,
        new: (i128, Pair),
        limits: &PowerLimits,
    ) -> Result<(), Rejection> {
        let is_replaced = |end: u16| end > 0 && self.replaced.contains_key(&(end - 1));
        if self
            .known
            .range(boundary + 1..)
            .any(|(end, _)| is_replaced(*end))
        {
            return Err(Rejection::Replaced);
        }
        if let Some(known) = self.known.get(&boundary) {
            let is_same = *known == new.1;
            return is_same.then_some(()).ok_or(Rejection::Contradicts);
        }
        let before = self.known.range(..boundary).next_back();
        let behind = self.known.range(boundary..).next();
        if let Some((at, known)) = before {
            Model::step((self.time(*at), *known), new, limits)?;
        }
        if let Some((at, known)) = behind {
            Model::step(new, (self.time(*at), *known), limits)?;
            Model::fits(Some(&new.1), known)?;
        }
        Ok(())
    }

    pub fn replace(
        &mut self,
        first: u16,
        values: &[(u16, u16)],
        limits: &PowerLimits,
    ) -> Result<(), ReplaceError> {
        if usize::from(first) + values.len() > usize::from(self.intervals) {
            return Err(ReplaceError::OutsidePage);
        }
        let values = values
            .iter()
            .map(|(import, export)| [(*import).into(), (*export).into()]);
        let values: Vec<Pair> = values.collect();
        let length = self.length.into();
        let is_within = |value: &Pair| Model::step((0, [0; 2]), (length, *value), limits).is_ok();
        if !values.iter().all(is_within) {
            return Err(ReplaceError::PowerLimit);
        }
        self.replaced.extend((first..).zip(values));
        Ok(())
    }

    fn entry(&self, interval: u16) -> PageEntry {
        let end = self.known.get(&(interval + 1));
        let known = u32::from(end.is_some()) << 30;
        let packed = |quality: u32, [import, export]: Pair| PageEntry {
            import: u32::try_from(import).unwrap() | quality << 30,
            export: u32::try_from(export).unwrap() | known,
        };
        if let Some(value) = self.replaced.get(&interval) {
            return packed(3, *value);
        }
        let Some(end) = end else {
            return PageEntry::MISSING;
        };
        let before = self.known.range(..=interval).next_back();
        let start = before.map_or(end, |(_, pair)| pair);
        let quality = if self.known.contains_key(&interval) {
            2
        } else {
            1
        };
        packed(quality, [end[0] - start[0], end[1] - start[1]])
    }

    pub fn check(&self, registers: &PageRegisters, entries: &[PageEntry]) {
        let last = self.known.last_key_value();
        let (at, [import, export]) = last.map_or((0, [0, 0]), |(at, pair)| (*at, *pair));
        let first = self.known.first_key_value();
        let [first_import, first_export] = first.map_or([0, 0], |(_, pair)| *pair);
        let expected = PageRegisters {
            import: u64::try_from(import).unwrap(),
            export: u64::try_from(export).unwrap(),
            first_import: u64::try_from(first_import).unwrap(),
            first_export: u64::try_from(first_export).unwrap(),
            last: at,
            known: last.is_some().into(),
            base: self.known.contains_key(&0).into(),
            finished: 0,
            begins: 0,
            begins_late: 0,
            reserved: 0,
        };
        assert_eq!(*registers, expected);
        let expected: Vec<_> = (0..self.intervals).map(|at| self.entry(at)).collect();
        assert_eq!(entries, expected);
        self.check_baseline(registers, entries);
    }

    /// The registers at the first known boundary, whatever was replaced, and what is told before it.
    fn check_baseline(&self, registers: &PageRegisters, entries: &[PageEntry]) {
        let found = baseline(registers, entries);
        let pair = |sum: EnergySum| [i128::from(sum.import.0), i128::from(sum.export.0)];
        let Some((first, base)) = self.known.first_key_value() else {
            return assert_eq!(found, None);
        };
        let found = found.expect("a boundary is known");
        let mut told = [0; 2];
        let mut untold = 0;
        for interval in 0..*first {
            match self.value(interval) {
                Some(value) => told = [0, 1].map(|direction| told[direction] + value[direction]),
                None => untold += 1,
            }
        }
        assert_eq!((pair(found.told), found.untold), (told, untold));
        assert_eq!(pair(found.registers), *base);
    }

    /// What the interval counts for, if anything.
    fn value(&self, interval: u16) -> Option<Pair> {
        if let Some(value) = self.replaced.get(&interval) {
            return Some(*value);
        }
        let (start, end) = (self.known.get(&interval)?, self.known.get(&(interval + 1))?);
        Some([end[0] - start[0], end[1] - start[1]])
    }
}

/// Of two that may not be there, the later; the first if they are at one time.
fn later(first: Option<(i128, Pair)>, second: Option<(i128, Pair)>) -> Option<(i128, Pair)> {
    match (first, second) {
        (Some(first), Some(second)) if second.0 > first.0 => Some(second),
        (first, second) => first.or(second),
    }
}
