use joulebook_client::{layout::oracle::Quality, oracle::types::ReadingResult};
use joulebook_tests::metered_community::{MeteredCommunity, ACTIVE};

use super::{read_as, rejected};

/// Power in W that fills an entry in one interval, and what an entry holds, Wh.
const HIGHEST: u32 = 3_221_225_459;
const FULL: u32 = 268_435_455;

#[test]
fn given_registers_at_their_end_when_read_then_they_count_up_to_it() {
    let mut meters = MeteredCommunity::new();
    let end = u64::MAX;
    let mut device = meters.meter_with(|details| {
        (details.import, details.export) = (end - 8_000, end);
    });
    meters.open(0);
    meters.go_to(1);
    device.flow(8_000, 0);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let entry = meters.entry(0, &device);
    assert_eq!((entry.import, entry.export), (8_000, 0));

    meters.open(1);
    meters.go_to(2);
    let rolled_over = read_as(&meters, &mut device, 1, |reading| {
        reading.registers.import.0 = 5
    });
    assert_eq!(
        meters.submit_one(1, &rolled_over),
        ReadingResult::RegisterFell
    );
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    assert_eq!(meters.entry(1, &device).import, 0);
}

#[test]
fn given_the_highest_registers_at_once_when_read_then_the_power_limit_stops_them() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| details.max_import = HIGHEST);
    meters.open(0);
    meters.go_to(1);
    device.flow(u64::MAX, u64::MAX);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::PowerLimit);
    let record = meters.record(&device);
    assert_eq!(
        (record.import, record.violations, record.status),
        (0, 1, ACTIVE)
    );
}

#[test]
fn given_more_than_an_entry_holds_when_read_then_the_rest_waits_for_the_next() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| details.max_import = HIGHEST);
    meters.go_to(1);
    meters.open(1);
    meters.go_to(2);
    // Two intervals at full power, and the 1 Wh that whole registers may add.
    device.flow(u64::from(FULL) * 2, 3);
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    let entry = meters.entry(1, &device);
    assert_eq!((entry.import, entry.export), (FULL, 3));
    let record = meters.record(&device);
    assert_eq!((record.carried_import, record.behind), (u64::from(FULL), 1));

    meters.open(2);
    meters.go_to(3);
    let reading = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &reading), ReadingResult::Counted);
    let entry = meters.entry(2, &device);
    assert_eq!(
        (entry.import, entry.quality()),
        (FULL, Some(Quality::CaughtUp))
    );
    let record = meters.record(&device);
    assert_eq!((record.carried_import, record.behind), (0, 0));
}

#[test]
fn given_the_highest_sequence_when_it_is_used_up_then_no_other_is_taken() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    device.sequence = u64::MAX - 1;
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters.open(1);
    meters.go_to(2);
    device.sequence = 0;
    for sequence in [0, 1, u64::MAX] {
        let next = read_as(&meters, &mut device, 1, |reading| {
            reading.sequence = sequence
        });
        rejected(
            "used up",
            &mut meters,
            1,
            &next,
            ReadingResult::StaleSequence,
        );
    }
}

#[test]
fn given_more_carried_energy_than_fits_when_read_then_it_waits_and_nothing_is_lost() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    // A verifier carries as much as there can be, then the register starts again.
    for registers in [(u64::MAX, 0), (0, 0)] {
        meters.quarantine(&device);
        meters.restore(&device, 0, registers);
    }
    meters.open(0);
    meters.go_to(1);
    device.flow(1, 0);
    let one_more = meters.read(&mut device, 0);
    rejected("open", &mut meters, 0, &one_more, ReadingResult::Overflow);
    device.import = 0;
    let no_more = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &no_more), ReadingResult::Counted);
    assert_eq!(meters.entry(0, &device).import, FULL);
    let carried = meters.record(&device).carried_import;
    assert_eq!(carried, u64::MAX - u64::from(FULL));

    // Late readings meet the same end.
    meters.quarantine(&device);
    let rest = u64::from(FULL);
    meters.restore(&device, device.sequence, (rest, 0));
    meters.go_to(2);
    meters.open(1);
    meters.release(1);
    device.import = rest + 1;
    let late = meters.read(&mut device, 1);
    rejected("late", &mut meters, 1, &late, ReadingResult::Overflow);
}
