use joulebook_client::{layout::oracle::Quality, oracle::types::ReadingResult};
use joulebook_tests::metered_community::MeteredCommunity;

use super::{begun, read_as, rejected};

#[test]
fn given_a_page_that_is_over_when_a_reading_comes_then_it_counts_until_readings_close() {
    let (mut meters, mut device) = begun();
    meters.close_readings(0);
    let closes = MeteredCommunity::start(4) + 600;
    assert_eq!(meters.communities.chain.now(), closes);
    device.flow(100, 10);
    let reading = meters.read(&mut device, 0);
    let closed = ReadingResult::ReadingsClosed;
    rejected("closed", &mut meters, 0, &reading, closed);
    meters.communities.chain.set_time(closes - 1);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    assert!(meters.entry(0, &device).is(Quality::Measured));
}

#[test]
fn given_a_page_that_is_closed_when_the_next_takes_a_reading_then_the_meter_goes_on() {
    let (mut meters, mut device) = begun();
    meters.open(4);
    meters.close_readings(0);
    device.flow(100, 10);
    let late = meters.read(&mut device, 3);
    // At the seam: too late for the page before, and in time for this one.
    rejected("late", &mut meters, 3, &late, ReadingResult::ReadingsClosed);
    assert_eq!(meters.submit_one(4, &late), ReadingResult::Counted);
    device.flow(50, 5);
    let next = meters.read(&mut device, 4);
    assert_eq!(meters.submit_one(4, &next), ReadingResult::Counted);
    let entry = meters.entry(4, &device);
    assert!(entry.is(Quality::Measured));
    assert_eq!((entry.import().0, entry.export().0), (50, 5));
}

#[test]
fn given_a_finished_page_when_a_reading_comes_then_it_is_closed() {
    let (mut meters, mut device) = begun();
    meters.finish(0);
    let reading = meters.read(&mut device, 0);
    let closed = ReadingResult::ReadingsClosed;
    rejected("finished", &mut meters, 0, &reading, closed);
}

#[test]
fn given_a_slot_with_a_later_page_when_an_old_reading_comes_then_it_is_outside() {
    let (mut meters, mut device) = begun();
    meters.open(12);
    meters.finish(0);
    meters.open(16);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.slot(0), meters.slot(16));
    let outside = ReadingResult::OutsidePage;
    rejected("old", &mut meters, 0, &reading, outside);
}

#[test]
fn given_a_slot_never_used_when_a_reading_comes_then_it_is_outside() {
    let (mut meters, mut device) = begun();
    meters.go_to(5);
    let reading = meters.read(&mut device, 4);
    let outside = ReadingResult::OutsidePage;
    rejected("never used", &mut meters, 4, &reading, outside);
    meters.open(4);
    assert_eq!(meters.submit_one(4, &reading), ReadingResult::Counted);
}

#[test]
fn given_a_slot_with_an_earlier_page_when_a_new_reading_comes_then_it_is_outside_until_its_page_opens(
) {
    let (mut meters, mut device) = begun();
    meters.open(12);
    meters.finish(0);
    meters.go_to(17);
    let reading = meters.read(&mut device, 16);
    let outside = ReadingResult::OutsidePage;
    rejected("not open", &mut meters, 16, &reading, outside);
    meters.open(16);
    assert_eq!(meters.submit_one(16, &reading), ReadingResult::Counted);
}

#[test]
fn given_a_retired_meter_when_readings_of_its_service_come_then_they_fill() {
    let (mut meters, mut device) = begun();
    meters.open(4);
    meters.go_to(3);
    let mut readings = vec![];
    for n in [0, 1, 2] {
        device.flow(100, 10);
        readings.push(meters.read(&mut device, n));
    }
    meters.retire(&device);
    let record = meters.record(&device);
    for (n, reading) in (0..).zip(&readings) {
        assert_eq!(meters.submit_one(0, reading), ReadingResult::Filled);
        assert!(meters.entry(n, &device).is(Quality::Measured));
    }
    meters.go_to(5);
    // The last boundary of its service, which its final registers stand for.
    let last = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &last), ReadingResult::Filled);
    let beyond = meters.read(&mut device, 4);
    let out = ReadingResult::NotInService;
    rejected("beyond", &mut meters, 4, &beyond, out);
    assert_eq!(meters.record(&device), record);
}

/// Its key may have a copy, which would say in which interval the energy flowed that no honest device has told of.
#[test]
fn given_a_meter_retired_in_quarantine_when_readings_of_its_service_come_then_it_is_not_heard() {
    let (mut meters, mut device) = begun();
    meters.quarantine(&device);
    meters.go_to(1);
    device.flow(100, 10);
    let reading = meters.read(&mut device, 0);
    meters.retire(&device);
    assert_eq!(meters.record(&device).is_silenced, 1);
    let expected = ReadingResult::Quarantined;
    rejected("silenced", &mut meters, 0, &reading, expected);
}

#[test]
fn given_a_retired_meter_when_other_readings_than_its_final_ones_come_then_they_are_rejected() {
    let (mut meters, mut device) = begun();
    device.flow(100, 10);
    meters.retire(&device);
    meters.go_to(4);
    // What it signs can't be, and there is nothing any more to keep it from.
    for (n, import, expected) in [
        (3, 101, ReadingResult::Contradicts),
        (3, 99, ReadingResult::Contradicts),
        (2, 101, ReadingResult::RegisterFell),
    ] {
        let reading = read_as(&meters, &mut device, n, |reading| {
            reading.registers.import.0 = import;
        });
        rejected("not final", &mut meters, n, &reading, expected);
    }
    let tampered = read_as(&meters, &mut device, 2, |reading| reading.flags = 1);
    let expected = ReadingResult::Tampered;
    rejected("tampered", &mut meters, 2, &tampered, expected);
}

#[test]
fn given_a_meter_before_its_service_when_it_is_read_then_only_the_boundary_it_begins_with_counts() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(0);
    let early = meters.read(&mut device, -2);
    let out = ReadingResult::NotInService;
    rejected("early", &mut meters, -2, &early, out);
    let first = meters.read(&mut device, -1);
    assert_eq!(meters.submit_one(0, &first), ReadingResult::Counted);
}
