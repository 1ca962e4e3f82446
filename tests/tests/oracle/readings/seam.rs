use joulebook_client::{
    layout::oracle::Quality,
    oracle::types::{ReadingResult, SignedReading},
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

use super::{begun, read_as, rejected};

/// A meter read up to the end of interval 2, with two readings to come: at the seam of two pages, which are open, and an
/// interval later. 40 and 4 Wh are moved in interval 3, 50 and 5 in interval 4.
fn at_the_seam() -> (MeteredCommunity, Device, SignedReading, SignedReading) {
    let (mut meters, mut device) = begun();
    meters.open(4);
    meters.go_to(5);
    let reading = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &reading), ReadingResult::Counted);
    device.flow(40, 4);
    let seam = meters.read(&mut device, 3);
    device.flow(50, 5);
    let next = meters.read(&mut device, 4);
    (meters, device, seam, next)
}

/// Both intervals at the seam are measured.
#[track_caller]
fn measured(meters: &MeteredCommunity, device: &Device) {
    for (n, energy) in [(3, (40, 4)), (4, (50, 5))] {
        let entry = meters.entry(n, device);
        assert!(entry.is(Quality::Measured), "{n}");
        assert_eq!((entry.import().0, entry.export().0), energy);
    }
}

#[test]
fn given_a_reading_at_the_seam_when_sent_with_the_first_page_then_the_next_learns_it() {
    let (mut meters, device, seam, next) = at_the_seam();
    assert_eq!(meters.submit_one(3, &seam), ReadingResult::Counted);
    assert_eq!(meters.registers(4, &device).known, 0);
    assert_eq!(meters.submit_one(4, &next), ReadingResult::Counted);
    assert_eq!(meters.registers(4, &device).base, 1);
    measured(&meters, &device);
}

#[test]
fn given_a_reading_at_the_seam_when_sent_with_the_second_page_then_the_first_does_not_know_it() {
    let (mut meters, device, seam, next) = at_the_seam();
    assert_eq!(meters.submit_one(4, &seam), ReadingResult::Counted);
    assert_eq!(meters.submit_one(4, &next), ReadingResult::Counted);
    assert!(meters.entry(3, &device).is(Quality::Missing));
    assert!(meters.entry(4, &device).is(Quality::Measured));
    // Until it is sent with that one, too.
    assert_eq!(meters.submit_one(3, &seam), ReadingResult::Filled);
    measured(&meters, &device);
}

#[test]
fn given_a_reading_at_the_seam_when_sent_with_both_pages_then_both_know_it() {
    for order in [[3, 4], [4, 3]] {
        let (mut meters, device, seam, next) = at_the_seam();
        assert_eq!(meters.submit_one(order[0], &seam), ReadingResult::Counted);
        assert_eq!(meters.submit_one(order[1], &seam), ReadingResult::Filled);
        let known = ReadingResult::AlreadyKnown;
        for n in order {
            rejected("again", &mut meters, n, &seam, known);
        }
        assert_eq!(meters.submit_one(4, &next), ReadingResult::Counted);
        measured(&meters, &device);
        let (first, second) = (meters.registers(3, &device), meters.registers(4, &device));
        assert_eq!((first.last, first.import), (4, 40));
        assert_eq!((second.last, second.import), (1, 90));
    }
}

#[test]
fn given_the_later_reading_first_when_the_one_at_the_seam_comes_then_both_pages_can_be_filled() {
    let (mut meters, device, seam, next) = at_the_seam();
    assert_eq!(meters.submit_one(4, &next), ReadingResult::Counted);
    assert!(meters.entry(4, &device).is(Quality::Gap));
    assert_eq!(meters.submit_one(3, &seam), ReadingResult::Filled);
    assert!(meters.entry(3, &device).is(Quality::Measured));
    assert!(meters.entry(4, &device).is(Quality::Gap));
    assert_eq!(meters.submit_one(4, &seam), ReadingResult::Filled);
    measured(&meters, &device);
}

#[test]
fn given_other_registers_at_the_seam_when_sent_with_the_other_page_then_they_contradict() {
    for (first, second) in [(3, 4), (4, 3)] {
        let (mut meters, mut device, seam, _) = at_the_seam();
        assert_eq!(meters.submit_one(first, &seam), ReadingResult::Counted);
        let other = read_as(&meters, &mut device, 3, |reading| {
            reading.registers.import.0 = 41;
            reading.registers.export.0 = 4;
        });
        let page = meters.page(second);
        let result = meters.submit_one(second, &other);
        assert_eq!(result, ReadingResult::Contradicts);
        assert_eq!(meters.page(second), page);
        assert_eq!(meters.record(&device).violations, 1);
    }
}

#[test]
fn given_a_boundary_of_neither_page_when_sent_with_it_then_it_is_outside() {
    let (mut meters, mut device, seam, next) = at_the_seam();
    let before = meters.read(&mut device, 2);
    let outside = ReadingResult::OutsidePage;
    rejected("too late", &mut meters, 3, &next, outside);
    rejected("too early", &mut meters, 4, &before, outside);
    assert_eq!(
        meters.submit(3, &[next.clone(), seam.clone()]),
        [outside, ReadingResult::Counted]
    );
    assert_eq!(
        meters.submit(4, &[next, seam]),
        [ReadingResult::Counted, ReadingResult::AlreadyKnown]
    );
}
