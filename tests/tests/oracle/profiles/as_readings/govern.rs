//! What authority and owner do to the meter, in both communities.

use joulebook_client::{
    layout::oracle::KeyKind,
    oracle::{instructions::ChangeDeviceInstructionArgs, types::FinalRegisters},
};
use joulebook_tests::{
    metered_community::{MeteredCommunity, LENGTH, LIMIT, QUARANTINED, RETIRED},
    refused::needed,
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::story::Story;

impl Story {
    /// Within an interval, after something was moved.
    pub fn change_device(&mut self) {
        if self.status() == RETIRED {
            return;
        }
        let time =
            MeteredCommunity::start(self.now()) + self.random.below(LENGTH as u64 - 1) as i64;
        for side in &mut self.sides {
            side.communities.chain.set_time(time);
        }
        self.moved_since.0 += self.random.below(50);
        self.moved_since.1 += self.random.below(50);
        let moved = self.moved_now();
        let shown = self.shown(moved);
        let key = Keypair::new();
        let (import, export) = (self.random.below(1_000_000), self.random.below(10));
        let change = ChangeDeviceInstructionArgs {
            meter: 0,
            device: key.pubkey().to_bytes(),
            key_kind: KeyKind::Ed25519 as u8,
            last: FinalRegisters {
                import: shown.import.0,
                export: shown.export.0,
            },
            import,
            export,
        };
        // Right behind a boundary, more may have been moved than the power limit allows.
        let is_changed = self.govern(|side| {
            let own = &side.communities.own;
            own.change_device((&side.authority(), None), &side.owner, &change)
        });
        self.note(format!("device changed: {is_changed}"));
        if is_changed {
            self.key = key;
            self.sequence = 0;
            self.offset = (
                i128::from(import) - i128::from(moved.0),
                i128::from(export) - i128::from(moved.1),
            );
        }
    }

    /// Rarely, so that stories go on: with its last registers, or by the authority alone.
    pub fn retire(&mut self) {
        if self.now() < 24 || self.random.below(3) > 0 || self.status() == RETIRED {
            return;
        }
        let agrees = self.random.percent(50);
        let shown = self.shown(self.moved_now());
        let registers = agrees.then_some((shown.import.0, shown.export.0));
        let is_retired = self.govern(|side| {
            let own = &side.communities.own;
            let owner = (&side.owner, agrees);
            own.retire((&side.authority(), None), owner, 0, registers)
        });
        self.note(format!("retired, the owner agrees {agrees}: {is_retired}"));
        // What it shows stays what it was retired with.
        self.is_retired = is_retired && agrees;
    }

    pub fn quarantine_or_restore(&mut self) {
        if self.is_active() && self.random.percent(70) {
            return;
        }
        let status = self.status();
        let device = self.device();
        for side in &mut self.sides {
            if status == QUARANTINED {
                side.restore(&device);
            } else if status != RETIRED {
                side.quarantine(&device);
            }
        }
        self.note(format!("quarantined or restored, was {status}"));
    }

    /// None below what is moved.
    pub fn set_limits(&mut self) {
        let limits = (
            self.random.pick(&[LIMIT, LIMIT + 1, LIMIT * 2]),
            self.random.pick(&[LIMIT, LIMIT * 2]),
        );
        let are_set = self.govern(|side| {
            let own = &side.communities.own;
            own.set_power_limits((&side.authority(), None), (&side.owner, true), 0, limits)
        });
        self.note(format!("limits {limits:?}: {are_set}"));
    }

    fn moved_now(&self) -> (u64, u64) {
        let last = self.moved[self.moved.len() - 1];
        (last.0 + self.moved_since.0, last.1 + self.moved_since.1)
    }

    /// Whether it went through, in both.
    fn govern(&mut self, call: impl Fn(&MeteredCommunity) -> Instruction) -> bool {
        let went = self.sides.each_mut().map(|side| {
            let call = call(side);
            let signers = [&side.communities.own.authority, &side.owner.wallet];
            let signers = needed(&call, &signers);
            side.communities.chain.send(&[call], &signers).is_ok()
        });
        self.require(went[0] == went[1], "went through in one alone");
        went[0]
    }
}
