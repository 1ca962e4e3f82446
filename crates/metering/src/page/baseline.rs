//! Where the counting begins.

use joulebook_layout::oracle::{PageEntry, PageRegisters};
use joulebook_units::{Seconds, Watts, WhSum};

use super::{
    energy::{less, sums},
    EnergySum,
};
use crate::register::PowerLimits;

/// The first boundary that a page knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Baseline {
    /// What a meter has moved until there, in the units of its registers.
    pub registers: EnergySum,
    /// What a verifier's values say that it moved in intervals of this page before it.
    pub told: EnergySum,
    /// Intervals before it that have no value.
    pub untold: i64,
}

/// What counts as settled where the counting begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beginning {
    /// In the units of the registers, up to this page's start.
    pub settled: EnergySum,
    /// The most that the meter can have moved beside what values tell of, from where the counting should have begun to where it
    /// does.
    pub late: EnergySum,
    /// Whether the registers are known where the counting should begin, or values tell of all that lies between.
    pub is_in_time: bool,
}

/// Lets the counting of a meter begin in this page; `None` if the page knows no boundary. `settled` is what pages have settled,
/// and `told` what of it values since the counting should have begun tell of; `silent` is how much longer ago that was than
/// these values and this page reach.
///
/// What the meter moved from there to the first known boundary the registers say as far as they show more than was settled,
/// and `limits` what it can have moved in the time that no value tells of. The lower of the two comes to light in this page:
/// nobody gains by being silent when a market begins, and what an old meter moved before is hardly ever billed, never if it
/// is heard at the beginning.
///
/// Where the registers show less than was settled, values were too high: what they have too much is excess of this page (see
/// [`finish`](super::finish)), but no more than values told of since the beginning. What values of before had too much, others
/// have settled.
pub fn begin(
    registers: &PageRegisters,
    entries: &[PageEntry],
    settled: &EnergySum,
    told: &EnergySum,
    limits: &PowerLimits,
    silent: Seconds,
    length: Seconds,
) -> Option<Beginning> {
    let baseline = baseline(registers, entries)?;
    let untold = length.0.saturating_mul(baseline.untold);
    let untold = Seconds(untold.saturating_add(silent.0));
    let first = less(&baseline.registers, &baseline.told);
    let moved = less(&first, settled);
    let most = sums(&baseline.registers, told);
    Some(Beginning {
        settled: EnergySum {
            import: first.import.max(settled.import.min(most.import)),
            export: first.export.max(settled.export.min(most.export)),
        },
        late: EnergySum {
            import: moved.import.min(carried(limits.import, untold)),
            export: moved.export.min(carried(limits.export, untold)),
        },
        is_in_time: untold.0 <= 0,
    })
}

/// What registers show at most of what the connection carries in a time: whole Wh may be 1 Wh off.
fn carried(limit: Watts, time: Seconds) -> WhSum {
    match time.0 {
        ..=0 => WhSum(0),
        _ => WhSum(limit.over(time).0.saturating_add(1)),
    }
}

/// `None` if the page knows no boundary.
pub fn baseline(registers: &PageRegisters, entries: &[PageEntry]) -> Option<Baseline> {
    if !registers.is_known() {
        return None;
    }
    let mut baseline = Baseline {
        registers: EnergySum {
            import: WhSum(registers.first_import),
            export: WhSum(registers.first_export),
        },
        told: EnergySum::default(),
        untold: 0,
    };
    if registers.is_base_known() {
        return Some(baseline);
    }
    for entry in entries {
        if entry.has_value() {
            baseline.told = sums(&baseline.told, &EnergySum::from(entry));
        } else {
            baseline.untold = baseline.untold.saturating_add(1);
        }
        if entry.is_boundary_known() {
            break;
        }
    }
    Some(baseline)
}
