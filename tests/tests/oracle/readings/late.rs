use joulebook_client::{layout::oracle::Quality, oracle::types::ReadingResult};
use joulebook_tests::metered_community::MeteredCommunity;

use super::rejected;

#[test]
fn given_a_settled_interval_when_its_reading_comes_then_the_next_one_takes_it() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    meters.release(0);
    device.flow(100, 10);
    let late = meters.read(&mut device, 0);
    let before = meters.interval(0);

    assert_eq!(meters.submit_one(0, &late), ReadingResult::CountedLate);

    assert_eq!(meters.interval(0).header, before.header);
    assert_eq!(meters.interval(0).entries, before.entries);
    let record = meters.record(&device);
    assert_eq!((record.carried_import, record.carried_export), (100, 10));
    assert_eq!(
        (record.behind, record.boundary),
        (1, MeteredCommunity::start(1))
    );
    assert_eq!(
        (record.sequence, record.import, record.export),
        (1, 100, 10)
    );
    rejected("again", &mut meters, 0, &late, ReadingResult::StaleSequence);

    for (n, import, quality) in [(1, 150, Quality::CaughtUp), (2, 50, Quality::Measured)] {
        meters.open(n);
        meters.go_to(n + 1);
        device.flow(50, 0);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Counted);
        let entry = meters.entry(n, &device);
        assert_eq!((entry.import, entry.quality()), (import, Some(quality)));
    }
    let record = meters.record(&device);
    assert_eq!(
        (record.carried_import, record.carried_export, record.behind),
        (0, 0, 0)
    );
}

#[test]
fn given_a_slot_with_a_newer_interval_when_an_old_reading_comes_then_it_is_carried() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.release(0);
    meters.go_to(4);
    meters.open(4);
    device.flow(100, 10);
    let late = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &late), ReadingResult::CountedLate);
    assert_eq!(meters.entry(4, &device).quality(), Some(Quality::Missing));
    assert_eq!(meters.record(&device).carried_import, 100);
}

#[test]
fn given_several_late_readings_when_they_come_then_they_add_up() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    for n in 0..3 {
        meters.go_to(n);
        meters.open(n);
        meters.release(n);
    }
    meters.go_to(3);
    meters.open(3);
    for n in 0..3 {
        device.flow(100, 10);
        let late = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &late), ReadingResult::CountedLate);
    }
    meters.go_to(4);
    // No energy at all since: the entry still is a catch-up.
    let reading = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &reading), ReadingResult::Counted);
    let entry = meters.entry(3, &device);
    assert_eq!((entry.import, entry.export), (300, 30));
    assert_eq!(entry.quality(), Some(Quality::CaughtUp));
}

#[test]
fn given_a_late_reading_without_energy_when_the_next_comes_then_it_is_a_catch_up() {
    // The settled interval was estimated: the truth, even if it is nothing, must reach the market.
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    meters.release(0);
    let late = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &late), ReadingResult::CountedLate);
    meters.open(1);
    meters.go_to(2);
    let reading = meters.read(&mut device, 1);
    meters.submit(1, &[reading]);
    assert_eq!(meters.entry(1, &device).quality(), Some(Quality::CaughtUp));
    assert_eq!(meters.record(&device).behind, 0);
}

#[test]
fn given_a_later_reading_counted_when_an_earlier_one_comes_then_it_is_stale() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    meters.open(1);
    device.flow(100, 0);
    let first = meters.read(&mut device, 0);
    meters.go_to(2);
    device.flow(30, 0);
    let second = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &second), ReadingResult::Counted);
    let entry = meters.entry(1, &device);
    assert_eq!(
        (entry.import, entry.quality()),
        (130, Some(Quality::CaughtUp))
    );
    rejected(
        "the first",
        &mut meters,
        0,
        &first,
        ReadingResult::StaleSequence,
    );
}
