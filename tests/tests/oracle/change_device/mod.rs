//! change_device.

mod accounts;
mod clock;
mod later;
mod refusals;
mod row;

use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    layout::oracle::KeyKind,
    oracle::{instructions::ChangeDeviceInstructionArgs, types::ReadingResult},
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// A meter whose device showed 70 and 7 Wh when it was registered, and 1,070 and 507 Wh at the end of interval 0; that
/// is over since 100 s.
fn heard() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| (details.import, details.export) = (70, 7));
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(1);
    device.flow(1_000, 500);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let now = MeteredCommunity::start(1) + 100;
    meters.communities.chain.set_time(now);
    (meters, device)
}

/// From that device, which shows 1,100 and 510 Wh, to one that shows 30 and 40,000 Wh.
fn change(key: &Keypair) -> ChangeDeviceInstructionArgs {
    ChangeDeviceInstructionArgs {
        meter: 0,
        device: key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: 1_100,
            export: 510,
        },
        import: 30,
        export: 40_000,
    }
}

/// By the authority; the owner signs, too.
fn instruct(meters: &MeteredCommunity, change: &ChangeDeviceInstructionArgs) -> Instruction {
    let authority = meters.authority();
    let own = &meters.communities.own;
    own.change_device((&authority, None), &meters.owner, change)
}

/// The device that takes the place of the old one.
#[track_caller]
fn changed(meters: &mut MeteredCommunity) -> Device {
    let key = Keypair::new();
    let change = change(&key);
    meters.govern(instruct(meters, &change));
    Device {
        import: change.import,
        export: change.export,
        ..Device::new(key, change.meter)
    }
}
