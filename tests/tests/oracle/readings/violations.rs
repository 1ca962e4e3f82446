use joulebook_client::{
    events::Event,
    oracle::{
        events::OracleEvent,
        types::{MeterQuarantined, ReadingResult, SignedReading},
    },
};
use joulebook_metering::message::Reading;
use joulebook_sim::Device;
use joulebook_tests::metered_community::{
    results, MeterTableParameters, MeteredCommunity, ACTIVE, LIMIT, QUARANTINED,
};
use joulebook_units::WhSum;

use super::{read_as, rejected};

/// What a meter signs, and what becomes of it whenever it comes.
type Violation = (fn(&mut Reading), ReadingResult);

const TAMPERED: fn(&mut Reading) = |reading| reading.flags = 1;

/// Of a meter last read at 1,000 and 500 Wh, an interval ago.
const KINDS: [Violation; 7] = [
    (TAMPERED, ReadingResult::Tampered),
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

/// A meter read at 1,000 and 500 Wh at the start of interval 0, and a page for the next four; the first is over.
fn with_limit(violation_limit: u8) -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        violation_limit,
        power_cap: LIMIT,
        ..MeterTableParameters::default()
    });
    let mut device = meters.meter();
    device.flow(1_000, 500);
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(1);
    (meters, device)
}

fn tampered(meters: &MeteredCommunity, device: &mut Device) -> SignedReading {
    read_as(meters, device, 0, TAMPERED)
}

#[test]
fn given_a_violation_when_the_device_signed_it_then_only_its_count_changes() {
    for (change, expected) in KINDS {
        let (mut meters, mut device) = with_limit(3);
        let reading = read_as(&meters, &mut device, 0, change);
        let mut record = meters.record(&device);
        let page = meters.page(0);

        assert_eq!(meters.submit_one(0, &reading), expected);

        (record.punished, record.violations) = (2, 1);
        assert_eq!(meters.record(&device), record);
        assert_eq!(meters.page(0), page);

        rejected("again", &mut meters, 0, &reading, expected);
        let honest = meters.read(&mut device, 0);
        assert_eq!(meters.submit_one(0, &honest), ReadingResult::Counted);
        assert_eq!(meters.record(&device).violations, 1);
    }
}

#[test]
fn given_registers_that_cannot_lie_between_two_when_read_then_it_is_a_violation() {
    for (import, export, expected) in [
        (999, 5_000, ReadingResult::RegisterFell),
        (1_100, 499, ReadingResult::RegisterFell),
        (1_201, 5_000, ReadingResult::RegisterFell),
        // Since the reading before: more than the connection carries in an interval.
        (1_100, 8_835, ReadingResult::PowerLimit),
        // Up to the one behind: more than in two.
        (1_100, 3_832, ReadingResult::PowerLimit),
    ] {
        let (mut meters, mut device) = with_limit(3);
        meters.go_to(3);
        device.flow(200, 20_000);
        let newest = meters.read(&mut device, 2);
        assert_eq!(meters.submit_one(2, &newest), ReadingResult::Counted);
        let page = meters.page(0);
        let between = read_as(&meters, &mut device, 0, |reading| {
            reading.registers.import = WhSum(import);
            reading.registers.export = WhSum(export);
        });
        assert_eq!(meters.submit_one(0, &between), expected);
        assert_eq!(meters.page(0), page);
        let record = meters.record(&device);
        assert_eq!((record.punished, record.violations), (3, 1));
        assert_eq!((record.import, record.export), (1_200, 20_500));
        rejected("again", &mut meters, 0, &between, expected);
    }
}

#[test]
fn given_other_registers_at_a_known_boundary_when_read_then_it_is_a_violation_once_a_message() {
    let (mut meters, mut device) = with_limit(3);
    meters.go_to(2);
    device.flow(200, 100);
    for n in [0, 1] {
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    // At the newest boundary, and at one before.
    for (count, n) in [(1, 1), (2, 0)] {
        let other = read_as(&meters, &mut device, n, |reading| {
            reading.registers.import = WhSum(1_199);
        });
        let page = meters.page(0);
        let contradicts = ReadingResult::Contradicts;
        assert_eq!(meters.submit_one(n, &other), contradicts);
        assert_eq!(meters.page(0), page);
        let record = meters.record(&device);
        assert_eq!(
            (record.violations, record.punished),
            (count, other.sequence)
        );
        rejected("again", &mut meters, n, &other, contradicts);
    }
}

#[test]
fn given_a_violation_of_a_sequence_used_up_when_read_then_it_is_not_counted() {
    let (mut meters, mut device) = with_limit(1);
    device.sequence = 9;
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    for sequence in [10, 1, 0] {
        let contradicting = read_as(&meters, &mut device, 0, |reading| {
            reading.registers.import = WhSum(1_001);
            reading.sequence = sequence;
        });
        let result = ReadingResult::Contradicts;
        rejected("known boundary", &mut meters, 0, &contradicting, result);
        let tampered = read_as(&meters, &mut device, 0, |reading| {
            reading.flags = 1;
            reading.sequence = sequence;
        });
        let result = ReadingResult::Tampered;
        rejected("tampered", &mut meters, 0, &tampered, result);
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
    meters.go_to(2);
    let last = read_as(&meters, &mut device, 1, TAMPERED);
    let slot = meters.slot(1);

    let receipt = meters.send(meters.communities.own.submit(slot, &[last]));

    assert_eq!(results(&receipt), [ReadingResult::Tampered]);
    let record = meters.record(&device);
    assert_eq!((record.violations, record.status), (3, QUARANTINED));
    assert_eq!(
        receipt.events()[0],
        Event::Oracle(OracleEvent::MeterQuarantined(MeterQuarantined {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: 0,
            participant: 0,
            reason: 0,
            actor: None,
        }))
    );
    let honest = meters.read(&mut device, 1);
    let result = ReadingResult::Quarantined;
    rejected("honest again", &mut meters, 1, &honest, result);

    meters.restore(&device);
    assert_eq!(meters.record(&device).violations, 0);
}

#[test]
fn given_the_limit_reached_within_a_batch_when_more_follow_then_the_meter_is_heard_no_more() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        violation_limit: 2,
        ..MeterTableParameters::default()
    });
    let (mut device, mut other) = (meters.meter(), meters.meter());
    meters.begin(0);
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
    for _ in 0..2 {
        assert_eq!(meters.submit(0, &batch), [ReadingResult::Tampered; 5]);
        let record = meters.record(&device);
        assert_eq!((record.violations, record.status), (1, ACTIVE));
    }
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
fn given_a_meter_that_says_it_was_tampered_with_when_sent_with_any_page_then_it_counts() {
    let (mut meters, mut device) = with_limit(3);
    meters.open(4);
    // Another page, and a slot never used.
    for (count, n) in [(1, 4), (2, 8)] {
        let reading = tampered(&meters, &mut device);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Tampered);
        assert_eq!(meters.record(&device).violations, count);
    }
    meters.close_readings(0);
    let reading = tampered(&meters, &mut device);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Tampered);
    assert_eq!(meters.record(&device).status, QUARANTINED);
}

#[test]
fn given_other_violations_when_sent_with_a_wrong_or_closed_page_then_they_are_not_counted() {
    for (change, ..) in &KINDS[2..] {
        let (mut meters, mut device) = with_limit(1);
        meters.open(4);
        let reading = read_as(&meters, &mut device, 0, *change);
        let outside = ReadingResult::OutsidePage;
        rejected("outside", &mut meters, 4, &reading, outside);
        meters.close_readings(0);
        let closed = ReadingResult::ReadingsClosed;
        rejected("closed", &mut meters, 0, &reading, closed);
    }
}

/// Whoever lowers them can't make the device a liar.
#[test]
fn given_lower_limits_when_readings_above_them_come_then_they_are_rejected_and_no_violations() {
    let (mut meters, mut device) = with_limit(3);
    let authority = meters.authority();
    let own = meters.own();
    let lower = own.set_power_limits((&authority, None), (&meters.owner, true), 0, (50_000, 1));
    meters.govern(lower);
    meters.open(4);
    meters.go_to(5);
    let at_seam = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &at_seam), ReadingResult::Counted);
    let record = meters.record(&device);
    device.flow(8_000, 0);
    let above = meters.read(&mut device, 4);
    let expected = ReadingResult::PowerLimit;
    rejected("lower", &mut meters, 4, &above, expected);
    assert_eq!(meters.record(&device), record);
    // No limit was ever that high.
    let beyond = read_as(&meters, &mut device, 4, |reading| {
        reading.registers.import = WhSum(1_000 + 8_335);
    });
    assert_eq!(meters.submit_one(4, &beyond), ReadingResult::PowerLimit);
    assert_eq!(meters.record(&device).violations, 1);
}

#[test]
fn given_a_violation_that_is_sent_first_when_readings_of_before_come_then_they_count() {
    let (mut meters, mut device) = with_limit(3);
    let before: Vec<_> = (0..3)
        .map(|n| {
            device.flow(100, 10);
            meters.read(&mut device, n)
        })
        .collect();
    meters.go_to(4);
    let tampered = read_as(&meters, &mut device, 3, TAMPERED);
    assert_eq!(meters.submit_one(3, &tampered), ReadingResult::Tampered);
    assert_eq!(meters.submit(0, &before), [ReadingResult::Counted; 3]);
    // Once, whenever it comes.
    assert_eq!(meters.submit_one(3, &tampered), ReadingResult::Tampered);
    assert_eq!(meters.record(&device).violations, 1);
}
