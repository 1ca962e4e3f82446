use joulebook_client::{
    layout::oracle::{MeterFlags, Quality},
    oracle::{
        events::OracleEvent,
        types::{ReadingOutcome, ReadingResult, ReadingsProcessed},
    },
};
use joulebook_tests::metered_community::{event, MeteredCommunity};

use super::{begun, begun_at, read_as};

#[test]
fn given_an_open_page_when_a_reading_comes_then_its_interval_is_measured() {
    let (mut meters, mut device) = begun_at(70, 7);
    device.flow(8_000, 20);
    let reading = meters.read(&mut device, 0);
    let before = meters.record(&device);
    let slot = meters.slot(0);

    let receipt = meters.send(meters.communities.own.submit(slot, &[reading]));

    let entry = meters.entry(0, &device);
    assert!(entry.is(Quality::Measured) && entry.is_boundary_known());
    assert_eq!((entry.import().0, entry.export().0), (8_000, 20));
    let registers = meters.registers(0, &device);
    assert_eq!((registers.import, registers.export), (8_000, 20));
    assert_eq!((registers.last, registers.known), (1, 1));
    assert_eq!((registers.base, registers.finished), (1, 0));
    let mut record = before;
    (record.boundary, record.sequence) = (MeteredCommunity::start(1), 2);
    (record.import, record.export) = (8_000, 20);
    assert_eq!(meters.record(&device), record);
    assert_eq!((record.import_offset, record.export_offset), (70, 7));
    assert_eq!(
        event(&receipt),
        OracleEvent::ReadingsProcessed(ReadingsProcessed {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            start: MeteredCommunity::start(0),
            results: vec![ReadingOutcome {
                meter: 0,
                result: ReadingResult::Counted,
            }],
        })
    );
}

#[test]
fn given_readings_interval_after_interval_when_they_come_then_each_measures_its_own_energy() {
    let (mut meters, mut device) = begun();
    for n in 0..10 {
        meters.open(n);
        meters.go_to(n + 1);
        device.flow(100 + n as u64, n as u64);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        let entry = meters.entry(n, &device);
        assert!(entry.is(Quality::Measured), "{n}");
        let energy = (entry.import().0, entry.export().0);
        assert_eq!(energy, (100 + n as u32, n as u32));
    }
}

#[test]
fn given_no_reading_at_its_start_when_a_page_hears_a_meter_then_the_interval_is_a_gap() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.go_to(1);
    device.flow(8_000, 20);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let entry = meters.entry(0, &device);
    assert!(entry.is(Quality::Gap) && entry.is_boundary_known());
    assert_eq!((entry.import().0, entry.export().0), (0, 0));
    let registers = meters.registers(0, &device);
    assert_eq!((registers.import, registers.base), (8_000, 0));
}

#[test]
fn given_readings_that_were_lost_when_the_next_comes_then_it_tells_how_much_and_not_when() {
    let (mut meters, mut device) = begun();
    meters.go_to(3);
    device.flow(20_000, 6);
    let reading = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &reading), ReadingResult::Counted);
    for n in [0, 1] {
        let entry = meters.entry(n, &device);
        assert!(entry.is(Quality::Missing) && !entry.is_boundary_known());
    }
    let entry = meters.entry(2, &device);
    assert!(entry.is(Quality::Gap) && entry.is_boundary_known());
    assert_eq!((entry.import().0, entry.export().0), (20_000, 6));
}

#[test]
fn given_flags_that_are_no_violation_when_a_reading_comes_then_it_counts() {
    let (mut meters, mut device) = begun();
    meters.go_to(4);
    for (n, flags) in (0..).zip([
        MeterFlags::CLOCK_UNSURE,
        MeterFlags::POWER_FAILED,
        MeterFlags::CLOCK_UNSURE.union(MeterFlags::POWER_FAILED),
    ]) {
        let reading = read_as(&meters, &mut device, n, |reading| reading.flags = flags.0);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    assert_eq!(meters.record(&device).violations, 0);
}

#[test]
fn given_as_much_energy_as_the_connection_carries_when_read_then_it_counts() {
    // A register counts whole Wh: 1 Wh more may show than flowed.
    for (limit, intervals, most) in [(100_000, 1, 8_334), (100_000, 2, 16_667), (0, 1, 1)] {
        let mut meters = MeteredCommunity::new();
        let mut device = meters.meter_with(|details| {
            (details.max_import, details.max_export) = (limit, limit);
        });
        let n = intervals - 1;
        meters.begin(0);
        meters.read_start(&mut device, 0);
        meters.go_to(n + 1);
        device.flow(most, most);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        let entry = meters.entry(n, &device);
        let energy = (entry.import().0.into(), entry.export().0.into());
        assert_eq!(energy, (most, most));
    }
}

#[test]
fn given_an_owner_suspended_or_gone_when_its_meter_is_read_then_it_counts() {
    // Energy flows whatever the owner may do in the market.
    let (mut meters, mut device) = begun();
    meters.go_to(2);
    let (own, authority) = (meters.own(), meters.authority());
    meters.govern(own.suspend(&meters.owner, &authority, None));
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters.govern(own.leave(&meters.owner, &authority, None));
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
}
