//! Where the counting begins.

use joulebook_layout::oracle::{PageEntry, PageRegisters, Quality};
use joulebook_units::WhSum;

use super::{energy::sums, EnergySum};

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
