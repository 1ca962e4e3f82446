//! How far the energy of a meter is settled, from page to page.

use joulebook_layout::oracle::{Meter, PageEntry, PageRegisters};
use joulebook_units::{Seconds, UnixTime, WhSum};

use super::{baseline::begin, energy::less, finish::finish, EnergySum, Finished};
use crate::register::PowerLimits;

/// What the pages finished so far have settled of a meter. Pages are finished in the order of time, each once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    /// From when on energy is counted, unix seconds.
    from: i64,
    /// Whether its registers were known since then.
    has_begun: bool,
    /// What is settled, in the units of the registers.
    settled: EnergySum,
    /// Of that, what values tell of and no register yet.
    told: EnergySum,
    /// How long of the time since `from` values tell of, while the counting has not begun.
    told_time: Seconds,
    /// The most that was moved from `from` until the counting began, beside what values tell of.
    late: EnergySum,
}

/// When a page is, and where its counting may begin.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// Its first boundary.
    pub start: UnixTime,
    /// Of an interval.
    pub length: Seconds,
    /// From when on energy is counted in it. A page before is counted as it was.
    pub counts_from: i64,
    /// The most that any meter can have moved. Not its own limits: these can be lowered once the registers are known.
    pub cap: PowerLimits,
}

/// Whether the counting of a meter begins in a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begins {
    /// It had begun, or does not yet.
    No,
    /// Nothing of before is settled.
    InTime,
    /// See [`Counting::finish`].
    Late,
}

impl From<&Meter> for Counting {
    fn from(meter: &Meter) -> Counting {
        let energy = |import, export| EnergySum {
            import: WhSum(import),
            export: WhSum(export),
        };
        Counting {
            from: meter.counted_from,
            has_begun: meter.is_counted != 0,
            settled: energy(meter.settled_import, meter.settled_export),
            told: energy(meter.told_import, meter.told_export),
            told_time: Seconds(meter.told_seconds.into()),
            late: energy(meter.late_import, meter.late_export),
        }
    }
}

impl Counting {
    /// Writes it into the meter's row.
    pub fn store(&self, meter: &mut Meter) {
        meter.counted_from = self.from;
        meter.is_counted = self.has_begun.into();
        (meter.settled_import, meter.settled_export) = self.settled.numbers();
        (meter.told_import, meter.told_export) = self.told.numbers();
        (meter.late_import, meter.late_export) = self.late.numbers();
        // A hundred years.
        meter.told_seconds = u32::try_from(self.told_time.0).unwrap_or(u32::MAX);
    }

    /// Holds a page against its registers, and says what is left over. What comes to light of the time before a counting that
    /// begins late is not in that: it stands in the meter's row, as the most that it can be.
    pub fn finish(
        &mut self,
        registers: &PageRegisters,
        entries: &[PageEntry],
        page: &Span,
    ) -> (Finished, Begins) {
        let mut begins = Begins::No;
        if page.start.0 >= page.counts_from {
            self.count_from(page.counts_from);
            begins = self.begin(registers, entries, page);
        }
        let finished = finish(registers, entries, &self.settled, &self.told);
        self.settled = finished.settled;
        self.told = finished.told;
        if !self.has_begun {
            self.told_time.0 = self.told_time.0.saturating_add(time_told(entries, page));
        }
        (finished, begins)
    }

    /// Values of before that no register tells of were settled by others, if by anybody: they are no part of what counts from
    /// now on.
    fn count_from(&mut self, from: i64) {
        if self.from == from {
            return;
        }
        *self = Counting {
            from,
            settled: less(&self.settled, &self.told),
            ..Counting::default()
        };
    }

    fn begin(&mut self, registers: &PageRegisters, entries: &[PageEntry], page: &Span) -> Begins {
        if self.has_begun {
            return Begins::No;
        }
        let silent = page.start.0.saturating_sub(self.from);
        let silent = Seconds(silent.saturating_sub(self.told_time.0));
        let beginning = begin(
            registers,
            entries,
            &self.settled,
            &self.told,
            &page.cap,
            silent,
            page.length,
        );
        let Some(beginning) = beginning else {
            return Begins::No;
        };
        self.has_begun = true;
        self.settled = beginning.settled;
        self.late = beginning.late;
        match beginning.is_in_time {
            true => Begins::InTime,
            false => Begins::Late,
        }
    }
}

fn time_told(entries: &[PageEntry], page: &Span) -> i64 {
    let told = entries.iter().filter(|entry| entry.has_value()).count();
    let told = i64::try_from(told).unwrap_or(i64::MAX);
    page.length.0.saturating_mul(told)
}
