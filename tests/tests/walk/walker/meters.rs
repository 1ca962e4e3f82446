use joulebook_client::oracle::instructions as oracle;

use super::{Checked, Walker};

impl Walker {
    pub(super) fn manage_meter(&mut self) -> Checked {
        let count = self.model.meters.len() as u64;
        let number = self.random.below(count + 1) as u32;
        match self.random.below(12) {
            0..5 => self.quarantine(number),
            5..9 => self.restore(number),
            9 => self.retire(number),
            _ => self.register_meter(),
        }
    }

    fn quarantine(&mut self, number: u32) -> Checked {
        let reason = self.random.below(6) as u16;
        let instruction = oracle::QuarantineMeter {
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            actor: self.authority(),
            acting: None,
        }
        .instruction(oracle::QuarantineMeterInstructionArgs {
            meter: number,
            reason,
        });
        let found = self.govern(instruction, true);
        let predicted = self.model.quarantine(number, reason);
        self.agree(format!("meter {number} is quarantined"), predicted, found)
            .map(|_| ())
    }

    fn restore(&mut self, number: u32) -> Checked {
        let Some(before) = self.model.meters.get(number as usize).cloned() else {
            return Ok(());
        };
        let mut sequence = before.sequence + self.random.below(3);
        let mut registers = self.noted(number);
        match self.random.below(8) {
            0 if sequence > 0 => sequence = before.sequence.saturating_sub(1),
            // Another device, whose registers count from the start.
            1..3 => registers = (self.random.below(50), self.random.below(50)),
            _ => {}
        }
        let is_lower = registers.0 < before.import || registers.1 < before.export;
        let instruction = oracle::RestoreMeter {
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            actor: self.authority(),
            acting: None,
        }
        .instruction(oracle::RestoreMeterInstructionArgs {
            meter: number,
            sequence,
            import: registers.0,
            export: registers.1,
        });
        let found = self.govern(instruction, true);
        let predicted = self.model.restore(number, sequence, registers);
        let what = format!("meter {number} is restored at {sequence} {registers:?}");
        if self.agree(what, predicted, found)?.is_some() && is_lower {
            let old = (before.import, before.export);
            self.energy.device_changed(number, old, registers);
        }
        Ok(())
    }

    fn retire(&mut self, number: u32) -> Checked {
        let instruction = oracle::RetireMeter {
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            actor: self.authority(),
            acting: None,
        }
        .instruction(oracle::RetireMeterInstructionArgs { meter: number });
        let found = self.govern(instruction, true);
        let predicted = self.model.retire(number);
        self.agree(format!("meter {number} is retired"), predicted, found)
            .map(|_| ())
    }

    fn register_meter(&mut self) -> Checked {
        let who = self.any_household();
        let found = self.community.add_meter(usize::from(who) - 2);
        let predicted = self.model.register_meter(who);
        let what = format!("{who} gets another meter");
        if self.agree(what, predicted, found)?.is_some() {
            self.energy.register();
        }
        Ok(())
    }
}
