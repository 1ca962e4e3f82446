//! A device that was changed right behind a seam, and the profile of the new one.

use joulebook_client::{
    layout::oracle::{KeyKind, Quality},
    oracle::{
        instructions::ChangeDeviceInstructionArgs,
        types::{FinalRegisters, ReadingResult},
    },
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeterTableParameters, MeteredCommunity};
use solana_keypair::Keypair;
use solana_signer::Signer;

fn change(meters: &mut MeteredCommunity, old: &Device, new: &Device) {
    let change = ChangeDeviceInstructionArgs {
        meter: 0,
        device: new.key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: old.import,
            export: old.export,
        },
        import: new.import,
        export: new.export,
    };
    let own = meters.own();
    let call = own.change_device((&meters.authority(), None), &meters.owner, &change);
    meters.govern(call);
}

fn community() -> MeteredCommunity {
    MeteredCommunity::with(MeterTableParameters {
        ring: 8,
        reading_seconds: 3_600,
        correction_seconds: 3_900,
        ..MeterTableParameters::default()
    })
}

#[test]
fn given_a_changed_device_when_its_profile_is_sent_to_the_page_behind_first_then_its_own_still_learns_its_start(
) {
    for pages in [[4, 8, 8], [8, 4, 8]] {
        let mut meters = community();
        let mut old = meters.meter();
        meters.begin(0);
        meters.read_start(&mut old, 0);
        meters.open(4);
        for n in 0..4 {
            meters.go_to(n + 1);
            old.flow(100, 0);
            let reading = meters.read(&mut old, n);
            assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        }
        let behind = MeteredCommunity::start(4) + 100;
        meters.communities.chain.set_time(behind);
        old.flow(2_000, 500);
        let mut new = Device::new(Keypair::new(), 0);
        change(&mut meters, &old, &new);
        new.flow(1_000, 0);
        meters.open(8);
        meters.go_to(8);
        let end = MeteredCommunity::start(8);
        let day = new.signed_profile(&meters.binding(), end, &[(100, 0); 3]);
        for n in pages {
            meters.submit_profiles(n, std::slice::from_ref(&day));
        }
        let entry = meters.entry(4, &new);
        assert!(entry.is(Quality::Measured), "{pages:?}");
        assert_eq!((entry.import().0, entry.export().0), (3_000, 500));
        for n in [0, 4] {
            meters.finish(n);
            let registers = meters.registers(n, &new);
            assert_eq!((registers.import, registers.export), (0, 0), "{pages:?}");
        }
    }
}

#[test]
fn given_a_device_that_was_reset_when_its_profile_begins_at_its_first_boundary_then_it_is_a_violation_still(
) {
    let mut meters = community();
    let device = meters.meter_with(|details| details.import = 50_000);
    meters.begin(0);
    meters.open(4);
    let mut new = Device {
        import: 60_000,
        ..Device::new(Keypair::new(), 0)
    };
    change(&mut meters, &device, &new);
    meters.go_to(8);
    new.import = 10;
    let end = MeteredCommunity::start(4);
    let day = new.signed_profile(&meters.binding(), end, &[(1, 0); 3]);
    meters.submit_profiles(0, &[day]);
    assert_eq!(meters.record(&new).violations, 1);
}
