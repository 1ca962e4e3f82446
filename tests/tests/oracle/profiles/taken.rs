use joulebook_client::{layout::oracle::Quality, oracle::types::ReadingResult};
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

use super::{page_over, profile, take, PAGE};

/// Import and export in Wh of the intervals from `n` on that are measured.
#[track_caller]
pub fn measured(meters: &MeteredCommunity, device: &Device, n: i64, values: &[(u32, u32)]) {
    for (place, value) in (n..).zip(values) {
        let entry = meters.entry(place, device);
        assert!(entry.is(Quality::Measured), "{place}");
        assert_eq!((entry.import().0, entry.export().0), *value, "{place}");
    }
}

#[test]
fn given_a_page_of_intervals_when_a_profile_comes_then_it_is_as_if_each_boundary_had_been_read() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, 3, &PAGE);
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::Counted);
    measured(&meters, &device, 0, &PAGE);
    let row = meters.record(&device);
    assert_eq!((row.import, row.export), (1_130, 840));
    assert_eq!(
        (row.boundary, row.sequence),
        (MeteredCommunity::start(4), 1)
    );
    let by_profile = meters.registers(0, &device);

    let (mut meters, mut device) = page_over();
    meters.read_start(&mut device, 0);
    for (n, (import, export)) in (0..).zip(PAGE) {
        device.flow(import.into(), export.into());
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
    }
    assert_eq!(meters.registers(0, &device), by_profile);
    measured(&meters, &device, 0, &PAGE);
}

#[test]
fn given_a_profile_when_its_page_is_finished_then_nothing_is_left_over_and_counting_has_begun() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, 3, &PAGE);
    take(&mut meters, 0, &signed);
    meters.finish(0);
    let registers = meters.registers(0, &device);
    assert_eq!((registers.import, registers.export), (0, 0));
    assert_eq!((registers.begins, registers.begins_late), (1, 0));
}

#[test]
fn given_a_profile_that_comes_again_when_taken_then_nothing_changes() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, 3, &PAGE);
    take(&mut meters, 0, &signed);
    let before = meters.state(0);
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::AlreadyKnown);
    assert!(meters.state(0) == before);
}

#[test]
fn given_profiles_that_overlap_and_agree_when_taken_in_any_order_then_all_is_measured() {
    for is_first_last in [false, true] {
        let (mut meters, mut device) = page_over();
        let first = profile(&meters, &mut device, 2, &PAGE[..3]);
        // From the second interval on, told again up to the end.
        device.import -= 30;
        device.export -= 240;
        let second = profile(&meters, &mut device, 3, &PAGE[1..]);
        let (one, other) = match is_first_last {
            false => (&first, &second),
            true => (&second, &first),
        };
        assert_eq!(take(&mut meters, 0, one), ReadingResult::Counted);
        let expected = match is_first_last {
            false => ReadingResult::Counted,
            true => ReadingResult::Filled,
        };
        assert_eq!(take(&mut meters, 0, other), expected);
        measured(&meters, &device, 0, &PAGE);
    }
}

#[test]
fn given_readings_with_gaps_when_a_profile_comes_later_then_it_fills_them() {
    let (mut meters, mut device) = page_over();
    meters.read_start(&mut device, 0);
    device.flow(130, 240);
    let end = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &end), ReadingResult::Counted);
    assert!(meters.entry(3, &device).is(Quality::Gap));
    device.import -= 130;
    device.export -= 240;
    let signed = profile(&meters, &mut device, 3, &PAGE);
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::Filled);
    measured(&meters, &device, 0, &PAGE);
}

#[test]
fn given_one_boundary_when_a_profile_comes_then_it_is_a_reading() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, -1, &[]);
    assert_eq!(take(&mut meters, 0, &signed), ReadingResult::Counted);
    let registers = meters.registers(0, &device);
    assert_eq!((registers.last, registers.base), (0, 1));
    assert_eq!((registers.import, registers.export), (1_000, 600));
}

/// A device signs a reading, and then yesterday's profile. Whoever sends that first keeps the reading out until it signs a newer one.
#[test]
fn given_an_older_profile_of_a_newer_sequence_when_it_comes_first_then_the_next_reading_lets_in_the_one_of_before(
) {
    let (mut meters, mut device) = page_over();
    meters.open(4);
    meters.go_to(5);
    device.flow(160, 240);
    let today = meters.read(&mut device, 4);
    (device.import, device.export) = (1_000, 600);
    let yesterday = profile(&meters, &mut device, 3, &PAGE);
    assert_eq!(take(&mut meters, 0, &yesterday), ReadingResult::Counted);
    assert_eq!(meters.submit_one(4, &today), ReadingResult::StaleSequence);
    meters.go_to(6);
    device.flow(60, 0);
    let newer = meters.read(&mut device, 5);
    assert_eq!(meters.submit_one(4, &newer), ReadingResult::Counted);
    assert_eq!(meters.submit_one(4, &today), ReadingResult::Filled);
}

#[test]
fn given_several_meters_when_one_profile_is_bad_then_the_others_count() {
    let mut meters = MeteredCommunity::new();
    let mut devices = [meters.meter(), meters.meter(), meters.meter()];
    meters.begin(0);
    meters.go_to(4);
    let mut signed: Vec<_> = devices
        .iter_mut()
        .map(|device| profile(&meters, device, 3, &PAGE))
        .collect();
    signed[1].values[0] ^= 4;
    let results = meters.submit_profiles(0, &signed);
    let bad = ReadingResult::BadSignature;
    assert_eq!(
        results,
        [ReadingResult::Counted, bad, ReadingResult::Counted]
    );
    measured(&meters, &devices[0], 0, &PAGE);
    measured(&meters, &devices[2], 0, &PAGE);
    assert!(meters.entry(0, &devices[1]).is(Quality::Missing));
}
