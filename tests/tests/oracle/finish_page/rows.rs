use joulebook_client::oracle::types::ReadingResult;
use joulebook_tests::metered_community::MeteredCommunity;

use super::left_over;

#[test]
fn given_a_page_before_its_service_when_finished_then_nothing_of_the_meter_is_left_over() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let mut device = meters.meter();
    device.flow(500, 50);
    meters.go_to(0);
    // The boundary with which its service begins is of the page before, too.
    let reading = meters.read(&mut device, -1);
    assert_eq!(meters.submit_one(-1, &reading), ReadingResult::Counted);
    assert_eq!(meters.registers(-1, &device).import, 500);

    meters.finish(-1);

    let registers = meters.registers(-1, &device);
    assert_eq!(left_over(&registers), (0, 0));
    assert_eq!((registers.last, registers.known), (4, 1));
    assert_eq!(meters.record(&device).settled_import, 0);
}

#[test]
fn given_a_page_after_its_service_when_finished_then_nothing_of_the_meter_is_left_over() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.open(4);
    device.flow(500, 50);
    meters.retire(&device);
    meters.go_to(4);
    // The boundary with which its service ends is of the page behind, too.
    let reading = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(4, &reading), ReadingResult::Filled);
    assert_eq!(meters.registers(4, &device).import, 500);
    meters.finish(0);
    // Heard for the first time with its final registers.
    assert_eq!(left_over(&meters.registers(0, &device)), (0, 0));
    let record = meters.record(&device);
    assert_eq!((record.late_import, record.late_export), (500, 50));

    meters.finish(4);

    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(meters.record(&device).settled_import, 500);
}

#[test]
fn given_rows_without_a_meter_when_finished_then_they_stay_as_they_are() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.begin(0);
    meters.finish(0);
    let page = meters.page(0);
    assert_eq!(left_over(&page.registers[0]), (0, 0));
    assert!(page.registers[1..]
        .iter()
        .all(|row| *row == Default::default()));
}
