use joulebook_client::oracle::types::ReadingResult;
use joulebook_metering::message::Reading;
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeteredCommunity, LENGTH};
use joulebook_units::UnixTime;

use super::{begun, read_as, rejected};

/// What becomes of a reading, and what makes it such.
type Fault = (ReadingResult, fn(&mut Reading));

/// A meter heard at the end of interval 0 with sequence 10 and registers of 1,000 and 500 Wh; interval 1 has just ended.
fn heard() -> (MeteredCommunity, Device) {
    let (mut meters, mut device) = begun();
    device.flow(1_000, 500);
    device.sequence = 9;
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters
        .communities
        .chain
        .set_time(MeteredCommunity::start(2) + 10);
    (meters, device)
}

/// Signs a reading changed like this, for the end of interval 1, and sends it to its page.
#[track_caller]
fn expect(
    (meters, device): &mut (MeteredCommunity, Device),
    case: &str,
    expected: ReadingResult,
    change: impl FnOnce(&mut Reading),
) {
    let reading = read_as(meters, device, 1, change);
    rejected(case, meters, 1, &reading, expected);
}

#[test]
fn given_a_newer_boundary_when_its_sequence_is_not_newer_then_it_is_stale() {
    let mut heard = heard();
    for sequence in [10, 9, 1, 0] {
        let case = sequence.to_string();
        let result = ReadingResult::StaleSequence;
        expect(&mut heard, &case, result, |reading| {
            reading.sequence = sequence;
        });
    }
}

#[test]
fn given_a_boundary_before_the_service_when_read_then_it_is_not_in_service() {
    let mut heard = heard();
    let from = MeteredCommunity::start(0);
    for boundary in [from - LENGTH, from - 1, 0, -LENGTH, i64::MIN] {
        let case = boundary.to_string();
        let result = ReadingResult::NotInService;
        expect(&mut heard, &case, result, |reading| {
            reading.boundary = UnixTime(boundary);
        });
    }
}

#[test]
fn given_a_time_between_boundaries_when_read_then_it_is_off() {
    let mut heard = heard();
    let (last, now) = (MeteredCommunity::start(1), MeteredCommunity::start(2));
    for boundary in [last - 1, last + 1, now - 1, now + 1, now + 20, i64::MAX] {
        let case = boundary.to_string();
        let result = ReadingResult::OffBoundary;
        expect(&mut heard, &case, result, |reading| {
            reading.boundary = UnixTime(boundary);
        });
    }
}

#[test]
fn given_a_boundary_in_the_future_when_read_then_it_is_rejected_until_its_time() {
    let mut heard = heard();
    let last = i64::MAX - i64::MAX.rem_euclid(LENGTH);
    for boundary in [MeteredCommunity::start(3), last] {
        let case = boundary.to_string();
        let result = ReadingResult::FutureBoundary;
        expect(&mut heard, &case, result, |reading| {
            reading.boundary = UnixTime(boundary);
        });
    }
    let (mut meters, mut device) = heard;
    let early = meters.read(&mut device, 2);
    let before = MeteredCommunity::start(3) - 1;
    meters.communities.chain.set_time(before);
    let result = ReadingResult::FutureBoundary;
    rejected("too early", &mut meters, 2, &early, result);
    meters.go_to(3);
    assert_eq!(meters.submit_one(2, &early), ReadingResult::Counted);
}

#[test]
fn given_flags_of_another_version_when_read_then_they_are_unknown() {
    let mut heard = heard();
    for flags in [1 << 3, 1 << 15, 1 << 3 | 1, u16::MAX] {
        let case = flags.to_string();
        let result = ReadingResult::UnknownFlags;
        expect(&mut heard, &case, result, |reading| reading.flags = flags);
    }
}

#[test]
fn given_a_meter_that_is_not_there_when_read_then_it_is_unknown() {
    let mut heard = heard();
    // Of rows that are not there, and of row 0 in other generations.
    for meter in [1, 19, 20, 65_535, 65_536, 655_360, u32::MAX] {
        let case = meter.to_string();
        let result = ReadingResult::UnknownMeter;
        expect(&mut heard, &case, result, |reading| reading.meter = meter);
    }
}

#[test]
fn given_a_quarantined_meter_when_read_then_it_is_rejected() {
    let (mut meters, device) = heard();
    meters.quarantine(&device);
    let mut heard = (meters, device);
    expect(&mut heard, "", ReadingResult::Quarantined, |_| ());
    // Even one that would fill, or that is known.
    let (mut meters, mut device) = heard;
    let known = meters.read(&mut device, 0);
    rejected("known", &mut meters, 0, &known, ReadingResult::Quarantined);
}

#[test]
fn given_the_account_of_another_page_when_read_then_the_boundary_is_outside() {
    let (mut meters, mut device) = heard();
    meters.open(8);
    let reading = meters.read(&mut device, 1);
    // Open pages, and a slot never used.
    for n in [4, 8, 12] {
        let case = n.to_string();
        let result = ReadingResult::OutsidePage;
        rejected(&case, &mut meters, n, &reading, result);
    }
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
}

#[test]
fn given_several_faults_when_read_then_the_first_is_told() {
    let mut heard = heard();
    let faults: [Fault; 6] = [
        (ReadingResult::UnknownMeter, |reading| reading.meter = 1),
        (ReadingResult::NotInService, |reading| {
            reading.boundary = UnixTime(MeteredCommunity::start(-1) + 1);
        }),
        (ReadingResult::OffBoundary, |reading| {
            reading.boundary = UnixTime(MeteredCommunity::start(2) + 400);
        }),
        (ReadingResult::FutureBoundary, |reading| {
            reading.boundary = UnixTime(MeteredCommunity::start(9));
        }),
        (ReadingResult::UnknownFlags, |reading| reading.flags = 9),
        (ReadingResult::StaleSequence, |reading| reading.sequence = 0),
    ];
    for first in 0..faults.len() {
        expect(&mut heard, "", faults[first].0, |reading| {
            // The last ones first, as two of them set the same.
            for (_, change) in faults[first..].iter().rev() {
                change(reading);
            }
            reading.registers.import.0 = u64::MAX;
        });
    }
}
