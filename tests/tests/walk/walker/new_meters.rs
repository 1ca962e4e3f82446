use joulebook_client::{
    layout::oracle::KeyKind,
    oracle::{instructions as oracle, types::MeterDetails},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{Checked, Walker};
use crate::model::{Energy, NewMeter};

impl Walker {
    /// What there is nothing wrong with.
    pub fn ordinary_meter(&mut self, owner: u16) -> NewMeter {
        let shown = Energy {
            import: self.random.of_any_size(6).into(),
            export: self.random.of_any_size(6).into(),
        };
        NewMeter {
            owner,
            signs: true,
            zone: 0,
            max_import: self.some_limit_of_power(),
            max_export: self.some_limit_of_power(),
            standard_draw: self.random.of_any_size(3) as u32,
            shown,
        }
    }

    pub fn register_some_meter(&mut self) -> Checked {
        let owner = self.any_household();
        let mut new = self.ordinary_meter(owner);
        match self.random.below(12) {
            0 => new.signs = false,
            1 => new.zone = 1,
            2 => new.max_export = u32::MAX,
            3 => new.shown.import = self.some_register(),
            _ => {}
        }
        self.register_meter(new)
    }

    pub fn register_meter(&mut self, new: NewMeter) -> Checked {
        let key = Keypair::new();
        let signer = if new.signs { new.owner } else { 0 };
        let instruction = oracle::RegisterMeter {
            actor: self.authority(),
            acting: None,
            community: self.community.addresses.community,
            meter_table: self.community.addresses.meter_table,
            owner: self.person(new.owner).participant,
            owner_wallet: self.person(signer).address(),
        }
        .instruction(oracle::RegisterMeterInstructionArgs {
            details: MeterDetails {
                device: key.pubkey().to_bytes(),
                key_kind: KeyKind::Ed25519 as u8,
                zone: new.zone,
                asset_kind: 5,
                source: 1,
                max_import: new.max_import,
                max_export: new.max_export,
                standard_draw: new.standard_draw,
                import: new.shown.import as u64,
                export: new.shown.export as u64,
            },
        });
        let found = self.govern(instruction, true);
        let former = self.model.meters.get(self.model.next_row());
        let former = former.and_then(|meter| meter.service_until);
        let predicted = self.model.register_meter(new);
        let what = format!("a meter is registered: {new:?}");
        if let Some((number, _)) = self.agree(what, predicted, found)? {
            self.devices.install(number, key, new.shown);
            if let Some(until) = former {
                self.reused_until = self.reused_until.max(until);
                self.coverage.add("a row used again");
            }
        }
        Ok(())
    }
}
