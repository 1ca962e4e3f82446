use joulebook_client::layout::oracle::IntervalPage;
use joulebook_tests::metered_community::{MeterTableParameters, MeteredCommunity};

/// Which of the first rows are finished.
fn finished(meters: &MeteredCommunity) -> Vec<u8> {
    let page = meters.page(0);
    let flags = page.registers.iter().map(|registers| registers.finished);
    flags.take(4).collect()
}

#[test]
fn given_three_meters_when_finished_in_parts_then_the_page_is_with_the_last() {
    let mut meters = MeteredCommunity::new();
    for _ in 0..3 {
        meters.meter();
    }
    meters.begin(0);
    meters.close_corrections(0);
    let slot = meters.slot(0);
    for (limit, done, flags) in [
        (0, 0, [0, 0, 0, 0]),
        (1, 1, [1, 0, 0, 0]),
        (0, 1, [1, 0, 0, 0]),
        (1, 2, [1, 1, 0, 0]),
    ] {
        let receipt = meters.send(meters.communities.own.finish_page(slot, limit));
        assert!(receipt.events().is_empty());
        assert_eq!(meters.page(0).header.finished_meters, done);
        assert_eq!(finished(&meters), flags);
        assert_eq!(meters.table().header.last_finished, IntervalPage::NEVER);
    }
    let receipt = meters.send(meters.communities.own.finish_page(slot, 1));
    assert_eq!(receipt.events().len(), 1);
    assert_eq!(meters.page(0).header.finished_meters, 20);
    assert_eq!(finished(&meters), [1, 1, 1, 0]);
}

#[test]
fn given_fewer_meters_than_the_limit_when_finished_then_one_call_is_enough() {
    for limit in [2, 3, 20, 21, u16::MAX] {
        let mut meters = MeteredCommunity::new();
        meters.meter();
        meters.meter();
        meters.begin(0);
        meters.close_corrections(0);
        let slot = meters.slot(0);
        meters.send(meters.communities.own.finish_page(slot, limit));
        assert_eq!(meters.page(0).header.finished_meters, 20);
        assert_eq!(finished(&meters), [1, 1, 0, 0]);
    }
}

#[test]
fn given_no_meters_when_finished_then_the_page_is_at_once() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.close_corrections(0);
    let slot = meters.slot(0);
    meters.send(meters.communities.own.finish_page(slot, 0));
    assert_eq!(meters.page(0).header.finished_meters, 20);
}

#[test]
fn given_a_page_finished_in_part_when_a_meter_is_registered_then_its_row_is_finished_too() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.meter();
    meters.begin(0);
    meters.close_corrections(0);
    let slot = meters.slot(0);
    meters.send(meters.communities.own.finish_page(slot, 1));
    meters.meter();
    meters.send(meters.communities.own.finish_page(slot, 1));
    assert_eq!(meters.page(0).header.finished_meters, 2);
    meters.send(meters.communities.own.finish_page(slot, 1));
    assert_eq!(finished(&meters), [1, 1, 1, 0]);
    assert!(meters.page(0).header.is_finished());
}

#[test]
fn given_a_full_table_when_finished_then_all_rows_are() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        capacity: 2,
        ..MeterTableParameters::default()
    });
    meters.meter();
    meters.meter();
    meters.begin(0);
    meters.close_corrections(0);
    let slot = meters.slot(0);
    meters.send(meters.communities.own.finish_page(slot, 1));
    assert!(!meters.page(0).header.is_finished());
    meters.send(meters.communities.own.finish_page(slot, 1));
    assert!(meters.page(0).header.is_finished());
    assert_eq!(finished(&meters), [1, 1]);
}
