//! What a seat's books remember of windows in which its meters were missing for good.

use joulebook_units::{NetMilliAtoms, Price, WhSum};

use crate::Tariff;

/// From the first window in which a meter was missing until all are heard again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Silence {
    /// Windows with a missing meter.
    pub windows: u32,
    /// The highest short price of those windows.
    pub dearest: Price,
    /// The lowest long price of those windows.
    pub lowest: Price,
    /// Paid back when the silence ends.
    pub owed: NetMilliAtoms,
}

impl Silence {
    /// Adds a window in which a meter was missing, and what that window keeps back. `None` on overflow.
    pub fn extend(&mut self, tariff: Tariff, owed: NetMilliAtoms) -> Option<()> {
        let is_first = self.windows == 0;
        let owed = self.owed.checked_add(owed)?;
        if is_first || tariff.short > self.dearest {
            self.dearest = tariff.short;
        }
        if is_first || tariff.long < self.lowest {
            self.lowest = tariff.long;
        }
        self.owed = owed;
        self.windows = self.windows.saturating_add(1);
        Some(())
    }

    /// What energy costs that flowed unseen: all import at the dearest short price, all export at the lowest long
    /// price. `None` on overflow.
    pub fn cost(&self, import: WhSum, export: WhSum) -> Option<NetMilliAtoms> {
        let drawn = import.value(self.dearest)?;
        let fed_in = export.value(self.lowest)?;
        drawn.checked_sub(fed_in)
    }

    /// Ends the silence: what the seat pays for `import` and `export`, less what is owed to it. `None` on overflow,
    /// and nothing is changed.
    pub fn end(&mut self, import: WhSum, export: WhSum) -> Option<NetMilliAtoms> {
        let pays = self.cost(import, export)?.checked_sub(self.owed)?;
        *self = Silence::default();
        Some(pays)
    }
}
