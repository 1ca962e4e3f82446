use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    layout::oracle::{KeyKind, Quality},
    oracle::{instructions::ChangeDeviceInstructionArgs, types::ReadingResult},
};
use solana_keypair::Keypair;

use super::{change, changed, heard, instruct};
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeteredCommunity, ACTIVE};
use solana_signer::Signer;

#[test]
fn given_a_changed_device_when_it_is_read_then_its_interval_is_of_both() {
    let (mut meters, _) = heard();
    let mut device = changed(&mut meters);
    meters.go_to(2);
    device.flow(12, 3);
    let reading = meters.read(&mut device, 1);
    assert_eq!(reading.sequence, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    // 30 and 3 Wh of the old device, 12 and 3 of the new one.
    let entry = meters.entry(1, &device);
    assert!(entry.is(Quality::Measured));
    assert_eq!((entry.import().0, entry.export().0), (42, 6));
    let record = meters.record(&device);
    assert_eq!((record.import, record.export), (1_042, 506));
}

#[test]
fn given_a_changed_device_when_the_page_is_finished_then_nothing_is_left_over() {
    let (mut meters, _) = heard();
    let mut device = changed(&mut meters);
    meters.go_to(4);
    for n in [1, 2, 3] {
        device.flow(12, 3);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    meters.finish(0);
    let registers = meters.registers(0, &device);
    assert_eq!((registers.import, registers.export), (0, 0));
    let record = meters.record(&device);
    let settled = (record.settled_import, record.settled_export);
    assert_eq!(settled, (1_066, 512));
}

#[test]
fn given_the_old_device_when_it_is_read_after_the_change_then_it_is_rejected() {
    let (mut meters, mut old) = heard();
    changed(&mut meters);
    meters.go_to(2);
    let before = meters.state(0);
    let reading = meters.read(&mut old, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::BadSignature);
    assert!(meters.state(0) == before);
}

#[test]
fn given_a_new_device_when_it_shows_less_than_at_first_then_it_is_a_violation() {
    let (mut meters, _) = heard();
    let mut device = changed(&mut meters);
    meters.go_to(3);
    for (import, export) in [(29, 40_000), (30, 39_999), (0, 0)] {
        (device.import, device.export) = (import, export);
        let reading = meters.read(&mut device, 2);
        assert_eq!(meters.submit_one(2, &reading), ReadingResult::RegisterFell);
    }
    assert_eq!(meters.record(&device).violations, 3);
}

#[test]
fn given_a_silent_page_when_the_device_was_changed_in_it_then_it_is_known_from_its_first_reading_on(
) {
    let (mut meters, _) = heard();
    meters.open(4);
    meters.go_to(6);
    let mut device = changed(&mut meters);
    for n in [6, 7] {
        meters.go_to(n + 1);
        device.flow(12, 3);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    // When the device was changed nobody read it at a boundary.
    assert!(meters.entry(6, &device).is(Quality::Gap));
    let entry = meters.entry(7, &device);
    assert!(entry.is(Quality::Measured));
    assert_eq!((entry.import().0, entry.export().0), (12, 3));
    for n in [4, 5] {
        assert!(meters.entry(n, &device).is(Quality::Missing));
    }
    assert_eq!(meters.registers(4, &device).base, 0);
    meters.finish(0);
    meters.finish(4);
    let registers = meters.registers(4, &device);
    // 30 and 3 Wh of the old device since it was heard last, 12 and 3 of the new one.
    assert_eq!((registers.import, registers.export), (42, 6));
}

#[test]
fn given_another_device_again_when_it_is_changed_then_the_row_goes_on() {
    let (mut meters, _) = heard();
    let first = changed(&mut meters);
    meters.go_to(2);
    let change = ChangeDeviceInstructionArgs {
        last: FinalRegisters {
            import: first.import + 100,
            export: first.export,
        },
        import: u64::MAX >> 1,
        export: 0,
        ..change(&Keypair::new())
    };
    meters.govern(instruct(&meters, &change));
    let record = meters.record(&first);
    assert_eq!((record.device_import, record.device_export), (1_130, 503));
    assert_eq!(record.import_offset, (u64::MAX >> 1) - 1_130);
    assert_eq!(record.export_offset, u64::MAX - 502);
}

/// Of the meter, from the one to the other, with what both show.
fn swap(meters: &mut MeteredCommunity, old: &Device, new: &Device) {
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
    meters.govern(instruct(meters, &change));
}

#[test]
fn given_a_device_that_comes_back_when_what_it_signed_before_is_sent_then_it_is_no_violation() {
    let mut meters = MeteredCommunity::new();
    let mut first = meters.meter();
    meters.begin(0);
    meters.read_start(&mut first, 0);
    let mut published = vec![];
    for n in 0..3 {
        meters.go_to(n + 1);
        first.flow(1_000, 0);
        let reading = meters.read(&mut first, n);
        assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
        published.push(reading);
    }
    let mut second = Device::new(Keypair::new(), 0);
    swap(&mut meters, &first, &second);
    meters.go_to(4);
    second.flow(500, 0);
    let reading = meters.read(&mut second, 3);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    swap(&mut meters, &second, &first);
    let record = meters.record(&first);

    for reading in &published {
        assert_eq!(meters.submit_one(0, reading), ReadingResult::BeforeDevice);
    }

    assert_eq!(meters.record(&first), record);
    meters.open(4);
    meters.go_to(5);
    first.flow(70, 0);
    let reading = meters.read(&mut first, 4);
    assert_eq!(meters.submit_one(4, &reading), ReadingResult::Counted);
    assert_eq!(meters.entry(4, &first).import().0, 70);
}

#[test]
fn given_a_change_recorded_late_when_what_the_new_device_signed_before_is_sent_then_it_is_no_violation(
) {
    let (mut meters, old) = heard();
    let mut new = Device::new(Keypair::new(), 0);
    let mut signed = vec![];
    for n in 1..4 {
        meters.go_to(n + 1);
        new.flow(100, 0);
        signed.push(meters.read(&mut new, n));
    }
    // Put in at the end of interval 0, and recorded with what it showed then.
    let first = Device::new(new.key.insecure_clone(), 0);
    swap(&mut meters, &old, &first);
    let record = meters.record(&new);
    let recorded = record.device_import;
    for reading in &signed {
        assert_eq!(meters.submit_one(0, reading), ReadingResult::BeforeDevice);
    }
    assert_eq!(meters.record(&new), record);
    assert_eq!(record.status, ACTIVE);
    // What it has moved meanwhile comes with its next reading.
    meters.open(4);
    meters.go_to(5);
    let reading = meters.read(&mut new, 4);
    assert_eq!(meters.submit_one(4, &reading), ReadingResult::Counted);
    assert_eq!(meters.record(&new).import, recorded + 300);
}

/// Read at every boundary of two pages, the seam's reading handed in with the first page or with both; the device is changed in
/// the second page's first interval, or in the one after it. What that page leaves over.
fn left_over(changed_in: i64, is_seam_in_both: bool) -> (u64, u64) {
    let mut meters = MeteredCommunity::new();
    let mut old = meters.meter();
    meters.begin(0);
    meters.read_start(&mut old, 0);
    meters.open(4);
    for n in 0..changed_in {
        meters.go_to(n + 1);
        old.flow(100, 10);
        let reading = meters.read(&mut old, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        if n == 3 && is_seam_in_both {
            assert_eq!(meters.submit_one(4, &reading), ReadingResult::Filled);
        }
    }
    let now = MeteredCommunity::start(changed_in) + 100;
    meters.communities.chain.set_time(now);
    old.flow(1_000, 500);
    let mut new = Device::new(Keypair::new(), 0);
    swap(&mut meters, &old, &new);
    for n in changed_in..8 {
        meters.go_to(n + 1);
        new.flow(100, 10);
        let reading = meters.read(&mut new, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    let entry = meters.entry(changed_in, &new);
    assert_eq!((entry.import().0, entry.export().0), (1_100, 510));
    meters.finish(0);
    meters.finish(4);
    let registers = meters.registers(4, &new);
    assert_eq!(registers.heard_until(), Some(4));
    (registers.import, registers.export)
}

#[test]
fn given_a_device_changed_at_a_seam_when_all_boundaries_were_read_then_nothing_is_left_over() {
    for changed_in in [4, 5] {
        for is_seam_in_both in [false, true] {
            assert_eq!(left_over(changed_in, is_seam_in_both), (0, 0));
        }
    }
}

#[test]
fn given_a_meter_not_heard_yet_when_its_device_is_changed_then_what_the_old_one_moved_comes_to_light(
) {
    for changes in [false, true] {
        let mut meters = MeteredCommunity::new();
        let mut device = meters.meter();
        meters.begin(0);
        let late = MeteredCommunity::start(0) + 290;
        meters.communities.chain.set_time(late);
        device.flow(1_000, 0);
        if changes {
            let new = Device::new(Keypair::new(), 0);
            swap(&mut meters, &device, &new);
            device = new;
        }
        for n in 0..4 {
            meters.go_to(n + 1);
            let reading = meters.read(&mut device, n);
            assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        }
        meters.finish(0);
        assert_eq!(meters.record(&device).late_import, 1_000, "{changes}");
    }
}

/// Registers only grow: what begins below what the device showed at first can't be its own.
#[test]
fn given_a_changed_device_when_its_profile_begins_below_what_it_showed_then_it_is_a_violation() {
    let (mut meters, _) = heard();
    let mut device = changed(&mut meters);
    meters.go_to(4);
    device.import = 10;
    let end = MeteredCommunity::start(4);
    // 10 Wh at boundary 3, 30 at boundary 4; it showed 30.
    let profile = device.signed_profile(&meters.binding(), end, &[(20, 0)]);
    let result = meters.submit_profiles(1, &[profile])[0];
    assert_eq!(result, ReadingResult::RegisterFell);
    assert_eq!(meters.record(&device).violations, 1);
    assert!(meters.entry(3, &device).is(Quality::Missing));
}
