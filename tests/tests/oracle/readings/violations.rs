use joulebook_client::{
    events::Event,
    layout::oracle::Quality,
    oracle::{
        events::OracleEvent,
        types::{MeterQuarantined, ReadingResult, SignedReading},
    },
};
use joulebook_metering::message::Reading;
use joulebook_sim::Device;
use joulebook_tests::{
    metered_community::MeterTableParameters,
    metered_community::{results, MeteredCommunity, ACTIVE, QUARANTINED},
};
use joulebook_units::WhSum;

use super::{read_as, rejected};

type Violation = (fn(&mut Reading), ReadingResult);

const KINDS: [Violation; 7] = [
    (|reading| reading.flags = 1, ReadingResult::Tampered),
    (|reading| reading.flags = 7, ReadingResult::Tampered),
    (
        |reading| reading.registers.import = WhSum(999),
        ReadingResult::RegisterFell,
    ),
    (
        |reading| reading.registers.export = WhSum(0),
        ReadingResult::RegisterFell,
    ),
    (
        |reading| reading.registers.import = WhSum(1_000 + 8_335),
        ReadingResult::PowerLimit,
    ),
    (
        |reading| reading.registers.export = WhSum(500 + 8_335),
        ReadingResult::PowerLimit,
    ),
    (
        |reading| reading.registers.export = WhSum(u64::MAX),
        ReadingResult::PowerLimit,
    ),
];

/// A meter whose registers show 1,000 and 500 Wh; interval 0 is open and over.
fn with_limit(violation_limit: u8) -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        violation_limit,
        ..MeterTableParameters::default()
    });
    let device = meters.meter_with(|details| (details.import, details.export) = (1_000, 500));
    meters.open(0);
    meters.go_to(1);
    (meters, device)
}

fn tampered(meters: &MeteredCommunity, device: &mut Device) -> SignedReading {
    read_as(meters, device, 0, KINDS[0].0)
}

#[test]
fn given_a_violation_when_the_device_signed_it_then_only_sequence_and_count_change() {
    for (change, expected) in KINDS {
        let (mut meters, mut device) = with_limit(3);
        let reading = read_as(&meters, &mut device, 0, change);
        let mut record = meters.record(&device);
        let interval = meters.interval(0);

        assert_eq!(meters.submit_one(0, &reading), expected);

        (record.sequence, record.violations) = (1, 1);
        assert_eq!(meters.record(&device), record);
        assert_eq!(meters.interval(0).header, interval.header);
        assert_eq!(meters.interval(0).entries, interval.entries);

        rejected(
            "again",
            &mut meters,
            0,
            &reading,
            ReadingResult::StaleSequence,
        );
        let honest = meters.read(&mut device, 0);
        assert_eq!(meters.submit_one(0, &honest), ReadingResult::Counted);
        assert_eq!(meters.entry(0, &device).quality(), Some(Quality::Measured));
        assert_eq!(meters.record(&device).violations, 1);
    }
}

#[test]
fn given_violations_up_to_the_limit_when_the_last_comes_then_the_meter_is_quarantined() {
    let (mut meters, mut device) = with_limit(3);
    for count in 1..3 {
        let reading = tampered(&meters, &mut device);
        assert_eq!(meters.submit_one(0, &reading), ReadingResult::Tampered);
        let record = meters.record(&device);
        assert_eq!((record.violations, record.status), (count, ACTIVE));
    }
    // An honest reading between them forgives nothing.
    let honest = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &honest), ReadingResult::Counted);
    meters.open(1);
    meters.go_to(2);
    let last = read_as(&meters, &mut device, 1, KINDS[0].0);

    let receipt = meters.send(meters.communities.own.submit(1, &[last]));

    assert_eq!(results(&receipt), [ReadingResult::Tampered]);
    let record = meters.record(&device);
    assert_eq!((record.violations, record.status), (3, QUARANTINED));
    assert_eq!(
        receipt.events()[0],
        Event::Oracle(OracleEvent::MeterQuarantined(MeterQuarantined {
            meter_table: meters.communities.own.addresses.meter_table,
            meter: 0,
            participant: 0,
            reason: 0,
            actor: None,
        }))
    );
    let honest = meters.read(&mut device, 1);
    rejected(
        "honest again",
        &mut meters,
        1,
        &honest,
        ReadingResult::Quarantined,
    );

    meters.restore(&device, device.sequence, (1_000, 500));
    assert_eq!(meters.record(&device).violations, 0);
}

#[test]
fn given_the_limit_reached_within_a_batch_when_more_follow_then_the_meter_is_heard_no_more() {
    let (mut meters, mut device) = with_limit(2);
    meters.go_to(0);
    let mut other = meters.meter();
    meters.go_to(1);
    let batch = [
        tampered(&meters, &mut device),
        tampered(&meters, &mut device),
        meters.read(&mut device, 0),
        tampered(&meters, &mut device),
        meters.read(&mut other, 0),
    ];
    assert_eq!(
        meters.submit(0, &batch),
        [
            ReadingResult::Tampered,
            ReadingResult::Tampered,
            ReadingResult::Quarantined,
            ReadingResult::Quarantined,
            ReadingResult::Counted,
        ]
    );
    assert_eq!(meters.record(&device).violations, 2);
}

#[test]
fn given_one_violating_message_when_sent_many_times_then_it_counts_once() {
    let (mut meters, mut device) = with_limit(3);
    let reading = tampered(&meters, &mut device);
    let batch = vec![reading; 5];
    let results = meters.submit(0, &batch);
    assert_eq!(results[0], ReadingResult::Tampered);
    assert!(results[1..]
        .iter()
        .all(|result| *result == ReadingResult::StaleSequence));
    meters.submit(0, &batch);
    let record = meters.record(&device);
    assert_eq!((record.violations, record.status), (1, ACTIVE));
}

#[test]
fn given_a_limit_of_one_when_violated_then_the_meter_is_quarantined_at_once() {
    let (mut meters, mut device) = with_limit(1);
    let reading = tampered(&meters, &mut device);
    meters.submit(0, &[reading]);
    assert_eq!(meters.record(&device).status, QUARANTINED);
}

#[test]
fn given_no_limit_when_violated_again_and_again_then_it_is_only_counted() {
    let (mut meters, mut device) = with_limit(0);
    for _ in 0..32 {
        let batch: Vec<_> = (0..8).map(|_| tampered(&meters, &mut device)).collect();
        meters.submit(0, &batch);
    }
    let record = meters.record(&device);
    // 256 do not fit the count, which stays at its highest.
    assert_eq!((record.violations, record.status), (u8::MAX, ACTIVE));
}

#[test]
fn given_a_violation_sent_with_a_wrong_interval_when_judged_then_it_is_not_counted() {
    let (mut meters, mut device) = with_limit(1);
    let reading = tampered(&meters, &mut device);
    rejected(
        "another slot",
        &mut meters,
        1,
        &reading,
        ReadingResult::WrongInterval,
    );
    meters.go_to(2);
    let early = read_as(&meters, &mut device, 1, KINDS[0].0);
    rejected(
        "not open",
        &mut meters,
        1,
        &early,
        ReadingResult::IntervalNotOpen,
    );
}

#[test]
fn given_a_late_violation_when_judged_then_it_counts_and_carries_nothing() {
    let (mut meters, mut device) = with_limit(3);
    meters.release(0);
    let reading = tampered(&meters, &mut device);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Tampered);
    let record = meters.record(&device);
    assert_eq!((record.violations, record.behind), (1, 0));
    assert_eq!((record.carried_import, record.carried_export), (0, 0));
}
