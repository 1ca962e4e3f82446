use joulebook_client::oracle::types::ReadingResult;
use joulebook_metering::message::binding;
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeterTableParameters, MeteredCommunity, LIMIT};
use solana_keypair::Keypair;

use super::{page_over, profile, profile_as, rejected, take, PAGE};

#[test]
fn given_energies_that_can_not_be_read_when_a_profile_comes_then_it_is_malformed() {
    let (mut meters, mut device) = page_over();
    let good = profile(&meters, &mut device, 3, &PAGE);
    type Change = fn(&mut Vec<u8>);
    let cases: [(&str, Change); 5] = [
        ("cut short", |values| {
            values.pop();
        }),
        ("nothing", |values| values.clear()),
        ("too long", |values| values.push(0)),
        ("a number without an end", |values| *values = vec![0xff; 12]),
        ("of no kind", |values| values[0] = 3),
    ];
    for (case, change) in cases {
        let mut bad = good.clone();
        change(&mut bad.values);
        let expected = ReadingResult::Malformed;
        rejected(case, &mut meters, 0, &bad, expected);
    }
    let mut fewer = good.clone();
    fewer.intervals = 3;
    let expected = ReadingResult::Malformed;
    rejected("fewer intervals", &mut meters, 0, &fewer, expected);
    assert_eq!(meters.record(&device).violations, 0);
}

#[test]
fn given_anything_that_was_not_signed_when_a_profile_comes_then_it_is_rejected() {
    let (mut meters, mut device) = page_over();
    let good = profile(&meters, &mut device, 3, &PAGE);
    type Change = fn(&mut joulebook_client::oracle::types::SignedProfile);
    let changes: [Change; 6] = [
        |signed| signed.sequence += 1,
        |signed| signed.import += 1,
        |signed| signed.export += 1,
        |signed| signed.flags = 2,
        |signed| signed.values[0] ^= 4,
        |signed| signed.signature[5] ^= 1,
    ];
    for change in changes {
        let mut bad = good.clone();
        change(&mut bad);
        let expected = ReadingResult::BadSignature;
        rejected("changed", &mut meters, 0, &bad, expected);
    }
    // Of another key, for another table, and the other kind of message.
    let mut thief = Device::new(Keypair::new(), device.number);
    let stolen = profile(&meters, &mut thief, 3, &PAGE);
    let expected = ReadingResult::BadSignature;
    rejected("another key", &mut meters, 0, &stolen, expected);
    let elsewhere = binding(&[9; 32], &[9; 32]);
    let boundary = MeteredCommunity::start(4);
    let signed = device.signed_profile(&elsewhere, boundary, &PAGE);
    rejected("elsewhere", &mut meters, 0, &signed, expected);
    let reading = meters.read(&mut device, 3);
    let mut as_profile = profile(&meters, &mut device, 3, &[]);
    as_profile.signature = reading.signature;
    as_profile.sequence = reading.sequence;
    rejected("a reading", &mut meters, 0, &as_profile, expected);
}

#[test]
fn given_another_meter_or_none_when_a_profile_names_it_then_it_is_rejected() {
    let (mut meters, mut device) = page_over();
    let other = meters.meter();
    let good = profile(&meters, &mut device, 3, &PAGE);
    for (meter, expected) in [
        // Its service begins with the next page.
        (other.number, ReadingResult::NotInService),
        (7, ReadingResult::UnknownMeter),
        (device.number + 65_536, ReadingResult::UnknownMeter),
    ] {
        let mut bad = good.clone();
        bad.meter = meter;
        rejected("another meter", &mut meters, 0, &bad, expected);
    }
    meters.quarantine(&device);
    let expected = ReadingResult::Quarantined;
    rejected("quarantined", &mut meters, 0, &good, expected);
}

#[test]
fn given_boundaries_that_are_not_the_pages_when_a_profile_comes_then_it_is_rejected() {
    let (mut meters, mut device) = page_over();
    meters.open(4);
    meters.go_to(6);
    for (case, n, page, values, expected) in [
        ("before service", 3, 0, 5, ReadingResult::OutsidePage),
        ("before service", 1, 0, 3, ReadingResult::NotInService),
        ("over two pages", 5, 4, 3, ReadingResult::OutsidePage),
        ("another page", 5, 0, 2, ReadingResult::OutsidePage),
        ("the future", 6, 4, 2, ReadingResult::FutureBoundary),
    ] {
        let signed = profile(&meters, &mut device, n, &vec![(1, 1); values]);
        rejected(case, &mut meters, page, &signed, expected);
    }
    let mut huge = profile(&meters, &mut device, 3, &PAGE);
    huge.intervals = u16::MAX;
    let expected = ReadingResult::OutsidePage;
    rejected("65,535", &mut meters, 0, &huge, expected);
    let off = profile_as(&meters, &mut device, 3, &PAGE, |profile| {
        profile.boundary.0 -= 1;
    });
    // A second before: its first boundary is before service, too.
    let expected = ReadingResult::NotInService;
    rejected("off", &mut meters, 0, &off, expected);
    let off = profile_as(&meters, &mut device, 3, &PAGE[1..], |profile| {
        profile.boundary.0 -= 1;
    });
    let expected = ReadingResult::OffBoundary;
    rejected("off", &mut meters, 0, &off, expected);
    for (boundary, expected) in [
        (i64::MIN, ReadingResult::NotInService),
        (i64::MAX, ReadingResult::OffBoundary),
    ] {
        let end = profile_as(&meters, &mut device, 3, &PAGE, |profile| {
            profile.boundary.0 = boundary;
        });
        rejected("the end of time", &mut meters, 0, &end, expected);
    }
}

#[test]
fn given_a_page_that_takes_no_more_readings_when_a_profile_comes_then_it_is_rejected() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, 3, &PAGE);
    meters.close_readings(0);
    let expected = ReadingResult::ReadingsClosed;
    rejected("closed", &mut meters, 0, &signed, expected);
}

#[test]
fn given_registers_that_disagree_when_a_profile_comes_then_it_is_a_violation() {
    for (import, expected) in [
        // Read at the start, where the profile says 1,000.
        (999, ReadingResult::Contradicts),
        (1_001, ReadingResult::Contradicts),
    ] {
        let (mut meters, mut device) = page_over();
        device.import = import;
        meters.read_start(&mut device, 0);
        device.import = 1_000;
        let signed = profile(&meters, &mut device, 3, &PAGE);
        let page = meters.page(0);
        assert_eq!(take(&mut meters, 0, &signed), expected);
        assert!(meters.page(0) == page);
        let record = meters.record(&device);
        assert_eq!((record.violations, record.punished), (1, signed.sequence));
        // It counts once.
        assert_eq!(take(&mut meters, 0, &signed), expected);
        assert_eq!(meters.record(&device).violations, 1);
    }
}

#[test]
fn given_more_energy_than_the_registers_counted_when_a_profile_comes_then_it_is_a_violation() {
    let (mut meters, mut device) = page_over();
    device.import = 0;
    let signed = profile_as(&meters, &mut device, 3, &PAGE, |profile| {
        profile.registers.import.0 = 129;
    });
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::RegisterFell);
    assert_eq!(meters.record(&device).violations, 1);
}

/// 8,333 Wh at 100 kW, and 1 Wh more may show.
#[test]
fn given_more_than_the_connection_carries_when_a_profile_comes_then_it_is_a_violation_above_the_cap(
) {
    for (power_cap, violations) in [(LIMIT, 1), (2 * LIMIT, 0)] {
        for values in [
            [(8_335, 0), (0, 0), (0, 0), (0, 0)],
            [(0, 0), (0, 0), (0, 8_335), (0, 0)],
            // Each may be 1 Wh above, but not all of them.
            [(8_334, 0); 4],
        ] {
            let mut meters = MeteredCommunity::with(MeterTableParameters {
                power_cap,
                ..MeterTableParameters::default()
            });
            let mut device = meters.meter();
            meters.begin(0);
            meters.go_to(4);
            let signed = profile(&meters, &mut device, 3, &values);
            let result = take(&mut meters, 0, &signed);
            assert_eq!(result, ReadingResult::PowerLimit, "{values:?}");
            let record = meters.record(&device);
            assert_eq!(record.violations, violations, "{values:?}");
        }
    }
    let (mut meters, mut device) = page_over();
    let most = [(8_334, 0), (8_333, 0), (8_333, 0), (8_333, 0)];
    let signed = profile(&meters, &mut device, 3, &most);
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::Counted);
}

#[test]
fn given_an_old_sequence_when_a_profile_comes_then_it_is_stale() {
    let (mut meters, mut device) = page_over();
    device.sequence = 9;
    meters.read_start(&mut device, 0);
    device.sequence = 9;
    let signed = profile(&meters, &mut device, 3, &PAGE);
    let expected = ReadingResult::StaleSequence;
    rejected("stale", &mut meters, 0, &signed, expected);
}

#[test]
fn given_a_meter_that_was_tampered_with_when_its_profile_comes_then_it_is_a_violation() {
    let (mut meters, mut device) = page_over();
    let signed = profile_as(&meters, &mut device, 3, &PAGE, |profile| profile.flags = 1);
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::Tampered);
    assert_eq!(meters.record(&device).violations, 1);
    let unknown = profile_as(&meters, &mut device, 3, &PAGE, |profile| profile.flags = 8);
    let expected = ReadingResult::UnknownFlags;
    rejected("unknown flags", &mut meters, 0, &unknown, expected);
}
