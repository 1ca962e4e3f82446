//! What a finished page leaves over.

use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_units::WhSum;

use super::{
    energy::{less, sum, sums},
    EnergySum,
};

/// What becomes of a meter when a page is finished.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Finished {
    /// Energy that the registers tell of, and no interval's value: of gaps in this page, and of silence before it. It
    /// is settled at the worst prices.
    pub unattributed: EnergySum,
    /// Energy that intervals' values tell of, and the registers do not: a verifier's values were too high, or readings
    /// of a meter that is not honest disagree across pages. See [`Finished::charged`].
    pub excess: EnergySum,
    /// The meter's settled sums from now on.
    pub settled: EnergySum,
    /// Of these, what values tell of and no register yet.
    pub told: EnergySum,
}

impl Finished {
    /// Energy to be settled as if it had been imported at the dearest price: import that came to light, and export that
    /// was paid for and never was.
    pub fn charged(&self) -> WhSum {
        sum(self.unattributed.import, self.excess.export)
    }

    /// Energy to be settled as if it had been exported at the lowest price: export that came to light, and import that
    /// was paid for and never was.
    pub fn credited(&self) -> WhSum {
        sum(self.unattributed.export, self.excess.import)
    }
}

/// The energy of a page's measured and replaced intervals.
pub fn attributed(entries: &[PageEntry]) -> EnergySum {
    let mut sums = EnergySum::default();
    for entry in entries.iter().filter(|entry| entry.has_value()) {
        // 30 bits, as often as entries fit into memory.
        sums.import.0 = sums.import.0.wrapping_add(u64::from(entry.import().0));
        sums.export.0 = sums.export.0.wrapping_add(u64::from(entry.export().0));
    }
    sums
}

/// Holds a page's values of a meter against its registers. `settled` is what the pages before have settled, in the
/// units of the registers, and `told` what of it no register tells of; pages are finished in the order of time, each once.
///
/// Everything settled and attributed up to the last known boundary is compared with the registers there:
///
/// - what the registers have more is unattributed, what they have less is excess;
/// - settled is then the registers at that boundary, and the replaced values behind it, which later registers will
///   tell of.
///
/// If the page knows no boundary, there is nothing to compare with, and its replaced values are added to what is
/// settled. In each direction, over all pages, attributed + unattributed − excess is what is settled: nothing is lost
/// or counted twice. Readings alone, of an honest meter, leave no excess.
///
/// Excess does not stay as a credit against energy that is unattributed later: that credit would be worth something
/// only to who falls silent.
///
/// A sum that passes 64 bits, which no meter lives to see, stays at the most: a page can always be finished.
pub fn finish(
    registers: &PageRegisters,
    entries: &[PageEntry],
    settled: &EnergySum,
    told: &EnergySum,
) -> Finished {
    if !registers.is_known() {
        let values = attributed(entries);
        return Finished {
            settled: sums(settled, &values),
            told: sums(told, &values),
            ..Finished::default()
        };
    }
    let last = EnergySum {
        import: WhSum(registers.import),
        export: WhSum(registers.export),
    };
    let (before, behind) = entries
        .split_at_checked(usize::from(registers.last))
        .unwrap_or((entries, &[]));
    let accounted = sums(settled, &attributed(before));
    let told = attributed(behind);
    Finished {
        unattributed: less(&last, &accounted),
        excess: less(&accounted, &last),
        settled: sums(&last, &told),
        told,
    }
}
