use joulebook_client::{
    layout::oracle::KeyKind,
    oracle::{instructions as oracle, types::FinalRegisters},
};
use joulebook_sim::Device;
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{Checked, Walker};
use crate::model::Energy;

impl Walker {
    pub(super) fn manage_meter(&mut self) -> Checked {
        let number = self.some_number();
        match self.random.below(20) {
            0..3 => self.quarantine(number),
            3..5 => self.restore(number),
            5..7 => self.retire(number),
            7..9 => self.change_device(number),
            9..14 => self.set_power_limits(number),
            14..16 => self.set_standard_draw(number),
            16 => self.prove_key_copied(number),
            _ => self.register_some_meter(),
        }
    }

    /// Mostly of a meter that is there, else of one that had its row before, or of none.
    pub(super) fn some_number(&mut self) -> u32 {
        let numbers = self.model.numbers();
        if numbers.is_empty() {
            return 0;
        }
        let number = self.random.pick(&numbers);
        match self.random.below(16) {
            0 => number.wrapping_sub(65_536),
            1 => number.wrapping_add(65_536),
            2 => numbers.len() as u32,
            _ => number,
        }
    }

    fn quarantine(&mut self, number: u32) -> Checked {
        let reason = self.random.below(6) as u16;
        let instruction = oracle::QuarantineMeter {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
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

    pub(super) fn restore(&mut self, number: u32) -> Checked {
        let owner = self.model.meter(number).map_or(2, |meter| meter.owner);
        let instruction = oracle::RestoreMeter {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            owner: self.person(owner).participant,
            owner_wallet: None,
        }
        .instruction(oracle::RestoreMeterInstructionArgs { meter: number });
        let found = self.govern(instruction, true);
        let predicted = self.model.restore(number, owner);
        self.agree(format!("meter {number} is restored"), predicted, found)
            .map(|_| ())
    }

    /// Hands in two readings as somebody with a copy of the key could make them, or without one.
    fn prove_key_copied(&mut self, number: u32) -> Checked {
        let boundaries = self.devices.boundaries(number);
        if boundaries.is_empty() {
            return Ok(());
        }
        let boundary = self.random.pick(&boundaries);
        let kind = self.random.below(6);
        let binding = self.community.binding();
        let Some((device, reading)) = self.devices.again(number, boundary) else {
            return Ok(());
        };
        let stranger = Device {
            key: Keypair::new(),
            ..*device
        };
        let mut other = reading;
        match kind {
            0 => {}
            1 => other.sequence += 1,
            _ => other.registers.import.0 = other.registers.import.0.wrapping_add(1),
        }
        let first = device.sign(&binding, &reading);
        let second = match kind {
            2 => stranger.sign(&binding, &other),
            _ => device.sign(&binding, &other),
        };
        let prove = self.community.addresses.prove_key_copied(first, second);
        let found = self.community.send_with_full_budget(&[prove]);
        let predicted = self
            .model
            .prove_key_copied(number, kind > 1, kind != 2, boundary);
        let what = format!("the key of meter {number} is proven copied");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// What a verifier reads off a device that is taken away: mostly what it shows.
    fn last_shown(&mut self, number: u32) -> Energy {
        let mut shown = self.devices.shown(number);
        match self.random.below(20) {
            0 => shown.import = (shown.import - 5000).max(0),
            1 => shown.export += 500_000_000,
            2 => shown.import = i128::from(u64::MAX),
            _ => {}
        }
        shown
    }

    fn retire(&mut self, number: u32) -> Checked {
        let shown = match self.random.percent(30) {
            true => None,
            false => Some(self.last_shown(number)),
        };
        let (owner, signs) = self.owner_of(number);
        let instruction = oracle::RetireMeter {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            owner: self.person(owner).participant,
            owner_wallet: self.wallet_if(signs, owner),
        }
        .instruction(oracle::RetireMeterInstructionArgs {
            meter: number,
            registers: shown.map(|shown| FinalRegisters {
                import: shown.import as u64,
                export: shown.export as u64,
            }),
        });
        let found = self.govern(instruction, true);
        let predicted = self.model.retire(number, owner, signs, shown);
        let what = format!("meter {number} is retired at {shown:?}");
        self.agree(what, predicted, found).map(|_| ())
    }

    /// The participant whose account is passed as the owner's, and whether its wallet signs.
    pub(super) fn owner_of(&mut self, number: u32) -> (u16, bool) {
        let meter = self.model.meter(number);
        let owner = meter.map_or(2, |meter| meter.owner);
        (self.mostly(owner), self.random.percent(85))
    }

    fn change_device(&mut self, number: u32) -> Checked {
        let shown = self.last_shown(number);
        let (owner, signs) = self.owner_of(number);
        let initial = Energy {
            import: self.some_register(),
            export: self.some_register(),
        };
        let key = Keypair::new();
        // Another wallet signs if the owner does not.
        let signer = if signs { owner } else { 1 - owner.min(1) };
        let instruction = oracle::ChangeDevice {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            owner: self.person(owner).participant,
            owner_wallet: self.person(signer).address(),
        }
        .instruction(oracle::ChangeDeviceInstructionArgs {
            meter: number,
            device: key.pubkey().to_bytes(),
            key_kind: KeyKind::Ed25519 as u8,
            last: FinalRegisters {
                import: shown.import as u64,
                export: shown.export as u64,
            },
            import: initial.import as u64,
            export: initial.export as u64,
        });
        let found = self.govern(instruction, true);
        let predicted = self
            .model
            .change_device(number, owner, signs, shown, initial);
        let what = format!("the device of meter {number} is changed at {shown:?} to {initial:?}");
        if self.agree(what, predicted, found)?.is_some() {
            self.devices.install(number, key, initial);
        }
        Ok(())
    }

    pub(super) fn some_register(&mut self) -> i128 {
        match self.random.below(12) {
            0 => 1 << 63,
            1 => (1 << 63) - 1_000_000,
            2..7 => 0,
            _ => self.random.of_any_size(7).into(),
        }
    }

    /// Mostly of a meter that had others before.
    fn set_power_limits(&mut self, number: u32) -> Checked {
        let mut numbers = self.model.numbers();
        numbers.retain(|number| {
            let meter = self.model.meter(*number);
            meter.is_some_and(|meter| meter.limits.len() > 1)
        });
        let number = match self.random.percent(60) && !numbers.is_empty() {
            true => self.random.pick(&numbers),
            false => number,
        };
        let (owner, signs) = self.owner_of(number);
        let mut limits = (self.some_limit_of_power(), self.some_limit_of_power());
        if self.random.percent(5) {
            limits.0 = u32::MAX;
        }
        let instruction = oracle::SetPowerLimits {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            owner: self.person(owner).participant,
            owner_wallet: self.wallet_if(signs, owner),
        }
        .instruction(oracle::SetPowerLimitsInstructionArgs {
            meter: number,
            max_import: limits.0,
            max_export: limits.1,
        });
        let found = self.govern(instruction, true);
        let predicted = self.model.set_power_limits(number, owner, signs, limits);
        let what = format!("meter {number} may carry {limits:?}, its owner agrees: {signs}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub(super) fn some_limit_of_power(&mut self) -> u32 {
        self.random.pick(&[15_000, 40_000, 100_000, 200_000])
    }

    fn set_standard_draw(&mut self, number: u32) -> Checked {
        let (owner, signs) = self.owner_of(number);
        let draw = self.random.of_any_size(3) as u32;
        let instruction = oracle::SetStandardDraw {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            owner: self.person(owner).participant,
            owner_wallet: self.wallet_if(signs, owner),
        }
        .instruction(oracle::SetStandardDrawInstructionArgs {
            meter: number,
            standard_draw: draw,
        });
        let found = self.govern(instruction, true);
        let predicted = self.model.set_standard_draw(number, owner, signs, draw);
        let what = format!("meter {number} draws {draw}, its owner agrees: {signs}");
        self.agree(what, predicted, found).map(|_| ())
    }

    pub(super) fn wallet_if(&self, signs: bool, owner: u16) -> Option<Address> {
        signs.then(|| self.person(owner).address())
    }
}
