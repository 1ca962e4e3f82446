use joulebook_client::oracle::types::ReadingResult;
use joulebook_metering::message::Reading;
use joulebook_sim::Device;
use joulebook_tests::{
    metered_community::{MeteredCommunity, LENGTH},
    refused::refused_when,
};
use joulebook_units::UnixTime;

use super::{read_as, rejected};

/// A meter heard at the end of interval 0 with sequence 10; interval 1 is open and has just ended.
fn heard() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    device.flow(1_000, 500);
    device.sequence = 9;
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters.open(1);
    meters
        .communities
        .chain
        .set_time(MeteredCommunity::start(2) + 10);
    (meters, device)
}

/// Signs a reading changed like this, for the end of interval 1, and sends it for that interval.
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
fn given_a_sequence_not_above_the_last_when_read_then_it_is_stale() {
    let mut heard = heard();
    for sequence in [10, 9, 1, 0] {
        let result = ReadingResult::StaleSequence;
        expect(&mut heard, "", result, |reading| {
            reading.sequence = sequence
        });
    }
}

#[test]
fn given_a_boundary_not_after_the_last_when_read_then_it_is_stale() {
    let mut heard = heard();
    let (last, before) = (MeteredCommunity::start(1), MeteredCommunity::start(0));
    for boundary in [last, before, last - 1, 0, -LENGTH, i64::MIN] {
        let result = ReadingResult::StaleBoundary;
        expect(&mut heard, "", result, |reading| {
            reading.boundary = UnixTime(boundary)
        });
    }
}

#[test]
fn given_a_time_between_boundaries_when_read_then_it_is_off() {
    let mut heard = heard();
    let (last, now) = (MeteredCommunity::start(1), MeteredCommunity::start(2));
    for boundary in [last + 1, now - 1, now + 1, now + 20, i64::MAX] {
        let result = ReadingResult::OffBoundary;
        expect(&mut heard, "", result, |reading| {
            reading.boundary = UnixTime(boundary)
        });
    }
}

#[test]
fn given_a_boundary_in_the_future_when_read_then_it_is_rejected_until_its_time() {
    let mut heard = heard();
    for boundary in [
        MeteredCommunity::start(3),
        i64::MAX - i64::MAX.rem_euclid(LENGTH),
    ] {
        let result = ReadingResult::FutureBoundary;
        expect(&mut heard, "", result, |reading| {
            reading.boundary = UnixTime(boundary)
        });
    }
    let (mut meters, mut device) = heard;
    meters.open(2);
    let early = meters.read(&mut device, 2);
    meters
        .communities
        .chain
        .set_time(MeteredCommunity::start(3) - 1);
    rejected(
        "too early",
        &mut meters,
        2,
        &early,
        ReadingResult::FutureBoundary,
    );
    meters.go_to(3);
    assert_eq!(meters.submit_one(2, &early), ReadingResult::Counted);
}

#[test]
fn given_flags_of_another_version_when_read_then_they_are_unknown() {
    let mut heard = heard();
    for flags in [1 << 3, 1 << 15, 1 << 3 | 1, u16::MAX] {
        let result = ReadingResult::UnknownFlags;
        expect(&mut heard, "", result, |reading| reading.flags = flags);
    }
}

#[test]
fn given_a_meter_that_is_not_there_when_read_then_it_is_unknown() {
    let mut heard = heard();
    for meter in [1, 19, 20, 65_536, u32::MAX] {
        let result = ReadingResult::UnknownMeter;
        expect(&mut heard, "", result, |reading| reading.meter = meter);
    }
}

#[test]
fn given_a_meter_out_of_service_when_read_then_it_is_rejected() {
    let (mut meters, device) = heard();
    meters.quarantine(&device);
    let mut heard = (meters, device);
    expect(&mut heard, "", ReadingResult::Quarantined, |_| ());
    heard.0.retire(&heard.1);
    expect(&mut heard, "", ReadingResult::Retired, |_| ());
}

#[test]
fn given_the_account_of_another_interval_when_read_then_it_is_the_wrong_one() {
    let (mut meters, mut device) = heard();
    let reading = meters.read(&mut device, 1);
    for n in [0, 2, 3] {
        rejected("", &mut meters, n, &reading, ReadingResult::WrongInterval);
    }
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
}

#[test]
fn given_an_interval_not_open_yet_when_read_then_it_is_to_be_opened_first() {
    let (mut meters, mut device) = heard();
    meters.go_to(3);
    let reading = meters.read(&mut device, 2);
    let result = ReadingResult::IntervalNotOpen;
    rejected("never used", &mut meters, 2, &reading, result);
    meters.go_to(6);
    let newer = meters.read(&mut device, 5);
    rejected("held by an older one", &mut meters, 5, &newer, result);
    meters.release(1);
    rejected(
        "free, last held an older one",
        &mut meters,
        5,
        &newer,
        result,
    );
    meters.open(5);
    assert_eq!(meters.submit_one(5, &newer), ReadingResult::Counted);
}

#[test]
fn given_a_replay_when_it_comes_then_it_is_stale_wherever_it_is_sent() {
    let (mut meters, mut device) = heard();
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    for n in 0..4 {
        rejected("", &mut meters, n, &reading, ReadingResult::StaleSequence);
    }
    let (renumbered, result) = (meters.read(&mut device, 1), ReadingResult::StaleBoundary);
    rejected("signed anew", &mut meters, 1, &renumbered, result);
}

#[test]
fn given_metering_paused_when_read_then_the_instruction_is_refused() {
    use joulebook_client::oracle::errors::OracleError;
    use joulebook_tests::two_communities::pause;
    let (mut meters, mut device) = heard();
    for paused in pause::STATES {
        meters.communities.pause(paused);
        let reading = meters.read(&mut device, 1);
        if paused & pause::METERING != 0 {
            let submit = meters.communities.own.submit(1, &[reading]);
            let reason = OracleError::MeteringPaused;
            refused_when(
                "paused",
                &mut meters.communities.chain,
                &submit,
                &[],
                reason,
            );
        } else {
            let result = meters.submit_one(1, &reading);
            let first = paused == 0;
            let expected = match first {
                true => ReadingResult::Counted,
                false => ReadingResult::StaleBoundary,
            };
            assert_eq!(result, expected);
        }
    }
}
