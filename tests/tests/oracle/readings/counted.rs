use joulebook_client::{
    layout::oracle::{MeterFlags, Quality},
    oracle::{
        events::OracleEvent,
        types::{ReadingOutcome, ReadingResult, ReadingsProcessed},
    },
};
use joulebook_tests::{
    metered_community::{event, MeteredCommunity},
    two_communities::NOW,
};

use super::read_as;

#[test]
fn given_an_open_interval_when_a_reading_comes_then_it_is_measured() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| (details.import, details.export) = (70, 7));
    meters.open(0);
    meters.go_to(1);
    device.flow(8_000, 20);
    let reading = meters.read(&mut device, 0);

    let receipt = meters.send(meters.communities.own.submit(0, &[reading]));

    let entry = meters.entry(0, &device);
    assert_eq!(
        (entry.import, entry.export, entry.participant),
        (8_000, 20, 0)
    );
    assert_eq!(entry.quality(), Some(Quality::Measured));
    let header = meters.interval(0).header;
    assert_eq!((header.expected, header.heard, header.phase), (1, 1, 1));
    let record = meters.record(&device);
    assert_eq!(
        (record.boundary, record.sequence),
        (MeteredCommunity::start(1), 1)
    );
    assert_eq!((record.import, record.export), (8_070, 27));
    assert_eq!(
        (record.carried_import, record.carried_export, record.behind),
        (0, 0, 0)
    );
    assert_eq!(
        event(&receipt),
        OracleEvent::ReadingsProcessed(ReadingsProcessed {
            meter_table: meters.communities.own.addresses.meter_table,
            start: NOW,
            results: vec![ReadingOutcome {
                meter: 0,
                result: ReadingResult::Counted,
            }],
        })
    );
}

#[test]
fn given_readings_window_after_window_when_they_come_then_each_counts_its_own_energy() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    for n in 0..6 {
        meters.open(n);
        meters.go_to(n + 1);
        device.flow(100 + n as u64, n as u64);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        let entry = meters.entry(n, &device);
        assert_eq!((entry.import, entry.export), (100 + n as u32, n as u32));
        assert_eq!(entry.quality(), Some(Quality::Measured));
        meters.release(n);
    }
}

#[test]
fn given_readings_that_were_lost_when_the_next_comes_then_it_makes_up_for_them() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.go_to(2);
    meters.open(2);
    meters.go_to(3);
    device.flow(20_000, 0);
    let reading = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &reading), ReadingResult::Counted);
    let entry = meters.entry(2, &device);
    assert_eq!(
        (entry.import, entry.quality()),
        (20_000, Some(Quality::CaughtUp))
    );
    assert_eq!(meters.record(&device).behind, 0);
}

#[test]
fn given_a_meter_registered_after_the_opening_when_it_is_heard_then_it_is_expected_too() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let mut device = meters.meter();
    meters.go_to(1);
    device.flow(5, 6);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let entry = meters.entry(0, &device);
    assert_eq!((entry.import, entry.export, entry.participant), (5, 6, 0));
    let header = meters.interval(0).header;
    assert_eq!((header.expected, header.heard), (1, 1));
}

#[test]
fn given_flags_that_are_no_violation_when_a_reading_comes_then_it_counts() {
    for flags in [
        MeterFlags::CLOCK_UNSURE,
        MeterFlags::POWER_FAILED,
        MeterFlags::CLOCK_UNSURE.union(MeterFlags::POWER_FAILED),
    ] {
        let mut meters = MeteredCommunity::new();
        let mut device = meters.meter();
        meters.open(0);
        meters.go_to(1);
        let reading = read_as(&meters, &mut device, 0, |reading| reading.flags = flags.0);
        assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    }
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
        meters.go_to(n);
        meters.open(n);
        meters.go_to(n + 1);
        device.flow(most, most);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        assert_eq!(u64::from(meters.entry(n, &device).export), most);
    }
}

#[test]
fn given_an_owner_suspended_or_gone_when_its_meter_is_read_then_it_counts() {
    // Energy flows whatever the owner may do in the market.
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    let authority = meters.authority();
    for n in 0..2 {
        meters.open(n);
        meters.go_to(n + 1);
        if n == 0 {
            meters.govern(
                meters
                    .communities
                    .own
                    .suspend(&meters.owner, &authority, None),
            );
        } else {
            let leave = meters
                .communities
                .own
                .leave(&meters.owner, &authority, None);
            meters.govern(leave);
        }
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
}
