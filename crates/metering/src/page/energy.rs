//! Energy of an interval, and between two readings.

use joulebook_layout::oracle::{PageEntry, Quality};
use joulebook_units::{Wh, WhSum};

use crate::register::Registers;

/// What one meter moves in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Energy {
    pub import: Wh,
    pub export: Wh,
}

/// What one meter moves in several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EnergySum {
    pub import: WhSum,
    pub export: WhSum,
}

impl EnergySum {
    /// From one reading to another; `None` if a register fell.
    #[inline(always)]
    pub fn between(from: &Registers, to: &Registers) -> Option<EnergySum> {
        Some(EnergySum {
            import: to.import.checked_sub(from.import)?,
            export: to.export.checked_sub(from.export)?,
        })
    }

    /// The registers before it was moved; `None` if they are below it.
    #[inline(always)]
    pub(super) fn registers_before(&self, after: &Registers) -> Option<Registers> {
        Some(Registers {
            import: after.import.checked_sub(self.import)?,
            export: after.export.checked_sub(self.export)?,
        })
    }

    /// Import, then export, Wh.
    pub(super) fn numbers(&self) -> (u64, u64) {
        (self.import.0, self.export.0)
    }

    /// As an entry whose end is known; `None` if it does not fit one.
    #[inline(always)]
    pub(super) fn entry(&self, quality: Quality) -> Option<PageEntry> {
        let import = Wh(u32::try_from(self.import.0).ok()?);
        let export = Wh(u32::try_from(self.export.0).ok()?);
        PageEntry::new(import, export, quality, true)
    }
}

impl From<&Energy> for EnergySum {
    fn from(energy: &Energy) -> EnergySum {
        EnergySum {
            import: energy.import.into(),
            export: energy.export.into(),
        }
    }
}

impl From<&PageEntry> for EnergySum {
    fn from(entry: &PageEntry) -> EnergySum {
        EnergySum {
            import: entry.import().into(),
            export: entry.export().into(),
        }
    }
}

/// Of each direction. A sum that passes 64 bits stays at the most.
pub(super) fn sums(first: &EnergySum, second: &EnergySum) -> EnergySum {
    EnergySum {
        import: sum(first.import, second.import),
        export: sum(first.export, second.export),
    }
}

pub(super) fn sum(first: WhSum, second: WhSum) -> WhSum {
    WhSum(first.0.saturating_add(second.0))
}

/// By how much the first is above the second, each way.
pub(super) fn less(first: &EnergySum, second: &EnergySum) -> EnergySum {
    EnergySum {
        import: WhSum(first.import.0.saturating_sub(second.import.0)),
        export: WhSum(first.export.0.saturating_sub(second.export.0)),
    }
}
