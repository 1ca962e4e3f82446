use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    layout::oracle::{KeyKind, PageEntry, Quality},
    oracle::{instructions::ChangeDeviceInstructionArgs, types::ReadingResult},
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeteredCommunity, ACTIVE};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{begun_at, read_as, rejected};

/// The most that a device can show when it is registered, Wh.
const MOST: u64 = i64::MAX as u64;
/// The highest power of which a page's energy fits an entry, W: 1,073,741,822 Wh in 20 minutes.
const HIGHEST: u32 = 3_221_225_468;

#[test]
fn given_a_device_at_its_highest_when_read_then_it_counts_on() {
    let (mut meters, mut device) = begun_at(MOST, MOST);
    device.flow(8_000, 0);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let entry = meters.entry(0, &device);
    assert_eq!((entry.import().0, entry.export().0), (8_000, 0));
    let record = meters.record(&device);
    assert_eq!((record.import, record.import_offset), (8_000, MOST));

    meters.go_to(2);
    let rolled_over = read_as(&meters, &mut device, 1, |reading| {
        reading.registers.import.0 = 5;
    });
    let result = meters.submit_one(1, &rolled_over);
    assert_eq!(result, ReadingResult::RegisterFell);
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    assert_eq!(meters.entry(1, &device).import().0, 0);
}

#[test]
fn given_the_highest_registers_at_once_when_read_then_the_power_limit_stops_them() {
    for first in [0, 70, MOST] {
        let mut meters = MeteredCommunity::new();
        let mut device = meters.meter_with(|details| {
            details.max_import = HIGHEST;
            (details.import, details.export) = (first, first);
        });
        meters.begin(0);
        meters.go_to(1);
        (device.import, device.export) = (u64::MAX, u64::MAX);
        let reading = meters.read(&mut device, 0);
        assert_eq!(meters.submit_one(0, &reading), ReadingResult::PowerLimit);
        let record = meters.record(&device);
        assert_eq!((record.import, record.violations), (0, 1));
        assert_eq!(record.status, ACTIVE);
    }
}

#[test]
fn given_a_page_at_the_highest_power_when_read_then_its_energy_fits_an_entry() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| {
        (details.max_import, details.max_export) = (HIGHEST, HIGHEST);
    });
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(4);
    // And the 1 Wh that whole registers may add.
    device.flow(1_073_741_823, 1_073_741_823);
    let reading = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &reading), ReadingResult::Counted);
    let entry = meters.entry(3, &device);
    assert!(entry.is(Quality::Gap) && entry.is_boundary_known());
    let full = PageEntry::MAX_WH;
    assert_eq!(full, 1_073_741_823);
    assert_eq!((entry.import().0, entry.export().0), (full, full));
    meters.finish(3);
    let registers = meters.registers(3, &device);
    assert_eq!(
        (registers.import, registers.export),
        (full.into(), full.into())
    );
}

#[test]
fn given_years_of_silence_when_read_then_all_that_was_moved_comes_at_once() {
    let (mut meters, mut device) = begun_at(0, 0);
    meters.finish(0);
    // 100,000 intervals of 8,333 and a third Wh.
    meters.go_to(100_000);
    meters.open(99_996);
    device.flow(833_333_333, 0);
    let reading = meters.read(&mut device, 99_999);
    assert_eq!(meters.submit_one(99_999, &reading), ReadingResult::Counted);
    meters.finish(99_999);
    let registers = meters.registers(99_999, &device);
    assert_eq!((registers.import, registers.export), (833_333_333, 0));
}

#[test]
fn given_the_highest_sequence_when_it_is_used_up_then_no_newer_boundary_is_taken() {
    let (mut meters, mut device) = begun_at(0, 0);
    device.sequence = u64::MAX - 1;
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters.go_to(2);
    device.sequence = 0;
    for sequence in [0, 1, u64::MAX] {
        let next = read_as(&meters, &mut device, 1, |reading| {
            reading.sequence = sequence;
        });
        let stale = ReadingResult::StaleSequence;
        rejected("used up", &mut meters, 1, &next, stale);
    }
}

#[test]
fn given_a_new_device_that_shows_less_when_it_is_read_then_it_counts_up_to_its_own_end() {
    let (mut meters, mut device) = begun_at(0, 0);
    device.flow(5_000, 0);
    let key = Keypair::new();
    let change = ChangeDeviceInstructionArgs {
        meter: device.number,
        device: key.pubkey().to_bytes(),
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: 5_000,
            export: 0,
        },
        import: 0,
        export: 0,
    };
    let authority = meters.authority();
    let own = meters.own();
    meters.govern(own.change_device((&authority, None), &meters.owner, &change));
    let mut device = Device::new(key, device.number);
    meters.go_to(2);
    device.flow(70, 7);
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    assert_eq!(meters.record(&device).import, 5_070);
    meters.go_to(3);
    // With the 5,000 of before it is beyond 64 bits.
    let beyond = read_as(&meters, &mut device, 2, |reading| {
        reading.registers.import.0 = u64::MAX - 4_999;
    });
    assert_eq!(meters.submit_one(2, &beyond), ReadingResult::PowerLimit);
}
