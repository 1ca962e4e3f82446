//! Where the counting begins.

use joulebook_layout::oracle::{PageEntry, PageRegisters, Quality};
use joulebook_units::{Seconds, Watts, WhSum};

use super::{energy::sums, EnergySum};
use crate::register::PowerLimits;

/// What counts as settled where the counting begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning {
    pub settled: EnergySum,
    /// Whether the registers are known where the counting should begin, or values tell of all that lies between: then
    /// nothing of before is settled. Else it is the most that the meter can have moved since.
    pub is_certain: bool,
}

/// Lets the counting of a meter begin in this page, `silent` after it should have; `None` if the page knows no boundary.
///
/// What the meter moved from there to the first known boundary is nowhere told: the registers there say what it moved since
/// `settled`, what was settled of it so far, and `limits` what it can have moved in the time. The lower of the two
/// comes to light in this page: nobody gains by being silent when a market begins, and what an old meter moved before is
/// hardly ever billed, never if it is heard at the beginning. Intervals of this page with a verifier's value are told of:
/// neither their energy nor their time counts.
pub fn begin(
    registers: &PageRegisters,
    entries: &[PageEntry],
    settled: &EnergySum,
    limits: &PowerLimits,
    silent: Seconds,
    length: Seconds,
) -> Option<Beginning> {
    let first = baseline(registers, entries)?;
    let untold = Seconds(
        length
            .0
            .saturating_mul(untold_intervals(registers, entries)),
    );
    let untold = Seconds(untold.0.saturating_add(silent.0));
    let begun = |first: WhSum, settled: WhSum, limit: Watts| {
        let moved = first.0.saturating_sub(settled.0).min(most(limit, untold));
        WhSum(first.0.saturating_sub(moved))
    };
    Some(Beginning {
        settled: EnergySum {
            import: begun(first.import, settled.import, limits.import),
            export: begun(first.export, settled.export, limits.export),
        },
        is_certain: untold.0 <= 0,
    })
}

/// Intervals before the first known boundary that have no value.
fn untold_intervals(registers: &PageRegisters, entries: &[PageEntry]) -> i64 {
    if registers.is_base_known() {
        return 0;
    }
    let until = entries.iter().position(PageEntry::is_boundary_known);
    let before = entries
        .iter()
        .take(until.map_or(0, |until| until.saturating_add(1)));
    let untold = before.filter(|entry| !entry.has_value()).count();
    i64::try_from(untold).unwrap_or(i64::MAX)
}

/// What registers show at most of what the connection carries in a time: whole Wh may be 1 Wh off.
fn most(limit: Watts, time: Seconds) -> u64 {
    match time.0 {
        ..=0 => 0,
        _ => limit.over(time).0.saturating_add(1),
    }
}

/// What counts as settled when the energy of a meter is settled from this page on: its registers at the first boundary that the
/// page knows, so that nothing of before is settled, less the values that a verifier gave for intervals before it. `None` if
/// the page knows no boundary.
///
/// The registers at the first known boundary are those at the last one less what was moved between, gaps too. Between two
/// known boundaries that is
///
/// - the energy of the entry at the second, as long as that is measured or a gap;
/// - all values between, if it was replaced: the difference that stood there is gone, and a verifier's values for a gap
///   add up to what the registers say of it. Energy that is compared with itself leaves nothing over.
///
/// Values that add up to more than the registers ever counted leave 0; what they have too much is then excess of this
/// page (see [`finish`](super::finish)).
pub fn baseline(registers: &PageRegisters, entries: &[PageEntry]) -> Option<EnergySum> {
    if !registers.is_known() {
        return None;
    }
    let mut has_begun = registers.is_base_known();
    let mut moved = EnergySum::default();
    let mut values = EnergySum::default();
    for entry in entries.iter().take(usize::from(registers.last)) {
        let energy = EnergySum::from(entry);
        if entry.has_value() {
            values = sums(&values, &energy);
        }
        if !entry.is_boundary_known() {
            continue;
        }
        let since = match entry.quality() {
            _ if !has_begun => values,
            Quality::Replaced => values,
            _ => energy,
        };
        has_begun = true;
        moved = sums(&moved, &since);
        values = EnergySum::default();
    }
    Some(EnergySum {
        import: WhSum(registers.import.saturating_sub(moved.import.0)),
        export: WhSum(registers.export.saturating_sub(moved.export.0)),
    })
}
