use joulebook_client::{layout::oracle::Quality, oracle::types::ReadingResult};
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;

use super::{left_over, read_all};

/// A meter read at the start of its second page, that with interval 4, which is open, and over.
fn begun() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.open(4);
    meters.go_to(4);
    meters.read_start(&mut device, 4);
    meters.finish(0);
    assert_eq!(meters.communities.chain.now(), MeteredCommunity::start(8));
    (meters, device)
}

/// Import and export that finished pages have settled, Wh.
fn settled(meters: &MeteredCommunity, device: &Device) -> (u64, u64) {
    let record = meters.record(device);
    (record.settled_import, record.settled_export)
}

#[test]
fn given_every_interval_measured_when_finished_then_nothing_is_left_over() {
    let (mut meters, mut device) = begun();
    let flow = (100, 10);
    read_all(
        &mut meters,
        &mut device,
        &[(4, flow), (5, flow), (6, flow), (7, flow)],
    );
    meters.finish(4);
    let registers = meters.registers(4, &device);
    assert_eq!(left_over(&registers), (0, 0));
    assert_eq!((registers.last, registers.known), (4, 1));
    assert_eq!(settled(&meters, &device), (400, 40));
    let entry = meters.entry(4, &device);
    assert_eq!((entry.import().0, entry.export().0), (100, 10));
}

#[test]
fn given_a_gap_when_finished_then_its_energy_is_left_over() {
    let (mut meters, mut device) = begun();
    read_all(
        &mut meters,
        &mut device,
        &[(4, (100, 10)), (6, (70, 7)), (7, (1, 2))],
    );
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (70, 7));
    assert_eq!(settled(&meters, &device), (171, 19));
}

#[test]
fn given_a_page_without_readings_when_finished_then_what_it_moved_is_left_to_the_next() {
    let (mut meters, mut device) = begun();
    read_all(&mut meters, &mut device, &[(4, (100, 10))]);
    meters.open(12);
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (100, 10));

    meters.finish(8);
    assert_eq!(left_over(&meters.registers(8, &device)), (0, 0));
    assert_eq!(meters.registers(8, &device).known, 0);
    assert_eq!(settled(&meters, &device), (100, 10));

    // 5000 and 500 since it was heard last, in two pages and an interval.
    read_all(
        &mut meters,
        &mut device,
        &[(12, (5_000, 500)), (13, (20, 2))],
    );
    assert!(meters.entry(12, &device).is(Quality::Gap));
    assert!(meters.entry(13, &device).is(Quality::Measured));
    meters.finish(12);
    assert_eq!(left_over(&meters.registers(12, &device)), (5_000, 500));
    assert_eq!(settled(&meters, &device), (5_120, 512));
}

#[test]
fn given_values_for_a_gap_when_finished_then_only_what_they_leave_is_left_over() {
    for (values, left) in [
        // As much as the registers tell.
        ([(40, 4), (30, 3)], (0, 0)),
        // Less of both: it was moved, and nobody knows when.
        ([(40, 4), (25, 1)], (5, 2)),
        // More import: it was paid for, and never was.
        ([(40, 4), (36, 3)], (0, 6)),
        // More export.
        ([(40, 4), (30, 5)], (2, 0)),
        // Less import and more export are charged, both.
        ([(40, 4), (20, 13)], (20, 0)),
        // More import and less export are credited, both.
        ([(40, 4), (38, 1)], (0, 10)),
    ] {
        let (mut meters, mut device) = begun();
        read_all(
            &mut meters,
            &mut device,
            &[(4, (100, 10)), (6, (70, 7)), (7, (1, 2))],
        );
        meters.close_readings(4);
        meters.replace(&device, 5, &values);
        meters.finish(4);
        let registers = meters.registers(4, &device);
        assert_eq!(left_over(&registers), left, "{values:?}");
        // The registers have the last word on how much.
        assert_eq!(settled(&meters, &device), (171, 19));
    }
}

#[test]
fn given_values_behind_the_last_reading_when_finished_then_later_readings_owe_them() {
    let (mut meters, mut device) = begun();
    read_all(&mut meters, &mut device, &[(4, (100, 10))]);
    meters.open(8);
    meters.close_readings(4);
    meters.replace(&device, 5, &[(50, 5), (50, 5), (50, 5)]);
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (250, 25));

    // It had moved 160 and 12 since: 10 import are left over, and 3 export were too much.
    read_all(&mut meters, &mut device, &[(8, (160, 12)), (9, (7, 1))]);
    meters.finish(8);
    assert_eq!(left_over(&meters.registers(8, &device)), (13, 0));
    assert_eq!(settled(&meters, &device), (267, 23));
}

#[test]
fn given_a_quarantined_meter_when_finished_then_what_was_measured_counts() {
    let (mut meters, mut device) = begun();
    read_all(&mut meters, &mut device, &[(4, (100, 10)), (6, (70, 7))]);
    meters.quarantine(&device);
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (70, 7));
    assert_eq!(settled(&meters, &device), (170, 17));
}

#[test]
fn given_several_meters_when_finished_then_each_has_its_own() {
    let mut meters = MeteredCommunity::new();
    let mut devices: Vec<_> = (0..3).map(|_| meters.meter()).collect();
    meters.begin(0);
    for device in &mut devices {
        meters.read_start(device, 0);
    }
    meters.go_to(2);
    for (device, flow) in devices.iter_mut().zip([(11, 1), (22, 2), (33, 3)]) {
        device.flow(flow.0, flow.1);
        let reading = meters.read(device, 1);
        assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    }
    meters.finish(0);
    for (device, left) in devices.iter().zip([(11, 1), (22, 2), (33, 3)]) {
        assert_eq!(left_over(&meters.registers(0, device)), left);
    }
}
