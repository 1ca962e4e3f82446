use joulebook_client::oracle::{instructions as oracle, types::ReplacedValue};

use super::{Checked, Walker};
use crate::model::{Energy, Model, Replacement};

impl Walker {
    /// A verifier sets values: mostly of a page whose readings are closed, and mostly such as can be.
    pub fn replace_values(&mut self) -> Checked {
        let takes = |model: &Model, start: i64| {
            (model.readings_until(start)..model.corrections_until(start)).contains(&model.now)
        };
        let pages = self.model.interval_pages.iter();
        let open: Vec<i64> = pages
            .filter(|(_, page)| takes(&self.model, page.start))
            .map(|(slot, _)| *slot)
            .collect();
        let slot = match open.is_empty() || self.random.percent(8) {
            true => self.some_page(),
            false => self.random.pick(&open),
        };
        let meter = self.some_number();
        let windows = u64::from(self.model.windows_of_page());
        let first = self.random.below(windows) as u16;
        let room = windows - u64::from(first);
        let count = match self.random.below(20) {
            0 => 0,
            1 => room + 1,
            _ => self.random.between(1, room),
        };
        let mut values = vec![];
        for _ in 0..count {
            values.push(Energy {
                import: self.some_value(),
                export: self.some_value(),
            });
        }
        let (owner, signs) = self.owner_of(meter);
        let new = Replacement {
            slot,
            meter,
            first,
            values,
            owner,
            signs,
        };
        let by_authority = self.random.percent(92);
        self.replace(new, by_authority)
    }

    fn some_value(&mut self) -> i128 {
        match self.random.below(40) {
            0 => 10_000_000,
            1 => i128::from(u32::MAX),
            2..15 => 0,
            _ => i128::from(self.random.of_any_size(3)),
        }
    }

    pub fn replace(&mut self, new: Replacement, by_authority: bool) -> Checked {
        let at = &self.community.addresses;
        let instruction = oracle::ReplaceValues {
            actor: match by_authority {
                true => self.authority(),
                false => self.community.supplier.address(),
            },
            acting: None,
            community: at.community,
            meter_table: at.meter_table,
            owner: self.person(new.owner).participant,
            owner_wallet: self.wallet_if(new.signs, new.owner),
            page: at.interval_page_slot(new.slot as u16),
        }
        .instruction(oracle::ReplaceValuesInstructionArgs {
            meter: new.meter,
            first: new.first,
            values: new.values.iter().map(value).collect(),
            reason: 3,
        });
        let found = self.govern(instruction, by_authority);
        let predicted = self.model.replace_values(&new, by_authority);
        self.agree(format!("{new:?} by a verifier"), predicted, found)
            .map(|_| ())
    }
}

fn value(energy: &Energy) -> ReplacedValue {
    ReplacedValue {
        import: energy.import as u32,
        export: energy.export as u32,
    }
}
