use std::mem::{offset_of, size_of};

use joulebook_client::{
    layout::oracle::{IntervalPage, PageEntry, PageRegisters, Quality},
    oracle::types::ReadingResult,
};

use super::{begun, rejected};
use crate::support::damage;

#[test]
fn given_a_value_when_a_reading_before_it_comes_then_there_is_nothing_to_compare_with() {
    let (mut meters, mut device) = begun();
    device.flow(100, 10);
    let earlier = meters.read(&mut device, 0);
    meters.go_to(2);
    let later = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &later), ReadingResult::Counted);
    meters.close_readings(0);
    meters.replace(&device, 1, &[(5, 5)]);
    // Readings of a page close before values come. Only a page whose bytes are changed takes both.
    let page = meters.communities.own.interval_page(meters.slot(0));
    let place = offset_of!(IntervalPage, readings_until);
    damage(&mut meters, page, place, &i64::MAX.to_le_bytes());
    let replaced = ReadingResult::Replaced;
    rejected("before", &mut meters, 0, &earlier, replaced);
    let entry = meters.entry(1, &device);
    assert!(entry.is(Quality::Replaced) && entry.is_boundary_known());
}

#[test]
fn given_a_row_whose_last_boundary_is_beyond_the_page_when_read_then_it_says_that_it_is_broken() {
    let (mut meters, mut device) = begun();
    let reading = meters.read(&mut device, 0);
    let page = meters.communities.own.interval_page(meters.slot(0));
    let row = size_of::<IntervalPage>();
    let place = row + offset_of!(PageRegisters, last);
    damage(&mut meters, page, place, &5u16.to_le_bytes());
    rejected("5 of 4", &mut meters, 0, &reading, ReadingResult::Broken);
}

#[test]
fn given_a_known_boundary_without_an_entry_when_read_then_it_says_that_it_is_broken() {
    let (mut meters, mut device) = begun();
    let earlier = meters.read(&mut device, 0);
    meters.go_to(2);
    let later = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &later), ReadingResult::Counted);
    let page = meters.communities.own.interval_page(meters.slot(0));
    let capacity = meters.table().header.capacity;
    let entries = size_of::<IntervalPage>() + usize::from(capacity) * size_of::<PageRegisters>();
    damage(
        &mut meters,
        page,
        entries + size_of::<PageEntry>(),
        &[0; size_of::<PageEntry>()],
    );
    rejected("missing", &mut meters, 0, &earlier, ReadingResult::Broken);
}
