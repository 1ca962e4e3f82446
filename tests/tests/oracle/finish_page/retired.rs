use joulebook_client::oracle::types::FinalRegisters;
use joulebook_client::{
    layout::oracle::{KeyKind, Quality},
    oracle::{
        errors::OracleError, instructions::ChangeDeviceInstructionArgs, types::ReadingResult,
    },
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeteredCommunity, RETIRED};

use super::{left_over, read_all};
use crate::support::refuse;

/// A meter retired in interval 6, with 30 and 3 Wh more than at the end of interval 4; its last page, the second, is over.
fn retired() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.open(4);
    meters.go_to(5);
    meters.read_start(&mut device, 4);
    read_all(&mut meters, &mut device, &[(4, (100, 10))]);
    meters.go_to(6);
    device.flow(30, 3);
    meters.retire(&device);
    meters.finish(0);
    assert_eq!(meters.communities.chain.now(), MeteredCommunity::start(8));
    (meters, device)
}

#[test]
fn given_a_retired_meter_when_its_last_page_is_finished_then_its_final_registers_are_read() {
    let (mut meters, device) = retired();
    meters.finish(4);
    let registers = meters.registers(4, &device);
    assert_eq!(left_over(&registers), (30, 3));
    assert_eq!((registers.last, registers.known), (4, 1));
    let entry = meters.entry(7, &device);
    assert!(entry.is(Quality::Gap));
    assert_eq!((entry.import().0, entry.export().0), (30, 3));
    let record = meters.record(&device);
    assert_eq!((record.settled_import, record.settled_export), (130, 13));
}

#[test]
fn given_late_readings_of_a_retired_meter_when_finished_then_the_rest_alone_is_left_over() {
    let (mut meters, mut device) = retired();
    (device.import, device.export) = (100, 10);
    // 30 and 3 Wh are its final ones.
    for (n, (import, export)) in [(5, (20, 2)), (6, (4, 1)), (7, (6, 0))] {
        device.flow(import, export);
        let reading = meters.read(&mut device, n);
        assert_eq!(meters.submit_one(n, &reading), ReadingResult::Filled);
    }
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    let entry = meters.entry(7, &device);
    assert!(entry.is(Quality::Measured));
    assert_eq!((entry.import().0, entry.export().0), (6, 0));
}

#[test]
fn given_values_for_a_retired_meter_when_finished_then_they_count_against_its_final_registers() {
    let (mut meters, device) = retired();
    meters.close_readings(4);
    meters.replace(&device, 5, &[(10, 1), (10, 1), (5, 5)]);
    meters.finish(4);
    // 30 - 25 import left over, and 7 - 3 export too much: charged, both.
    assert_eq!(left_over(&meters.registers(4, &device)), (9, 0));
    let record = meters.record(&device);
    assert_eq!((record.settled_import, record.settled_export), (130, 13));
}

#[test]
fn given_a_meter_retired_in_a_later_page_when_the_earlier_is_finished_then_it_takes_no_final_ones()
{
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(1);
    read_all(&mut meters, &mut device, &[(0, (100, 10))]);
    meters.open(4);
    meters.go_to(6);
    device.flow(40, 4);
    meters.retire(&device);
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (0, 0));
    assert_eq!(meters.registers(0, &device).last, 1);
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (40, 4));
}

#[test]
fn given_a_meter_retired_before_its_service_when_pages_are_finished_then_none_has_anything_of_it() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(-2);
    device.flow(40, 4);
    meters.retire(&device);
    for n in [-4, 0] {
        meters.finish(n);
        assert_eq!(left_over(&meters.registers(n, &device)), (0, 0));
        assert_eq!(meters.registers(n, &device).known, 0);
    }
    let record = meters.record(&device);
    assert_eq!((record.settled_import, record.settled_export), (0, 0));
}

/// Asked when it was retired, by the limits of then.
#[test]
fn given_lower_limits_when_a_retired_meters_last_page_is_finished_then_its_final_registers_count() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(3);
    device.flow(24_000, 0);
    let authority = meters.authority();
    let own = meters.own();
    let change = ChangeDeviceInstructionArgs {
        meter: 0,
        device: [7; 32],
        key_kind: KeyKind::Ed25519 as u8,
        last: FinalRegisters {
            import: 24_000,
            export: 0,
        },
        import: 24_000,
        export: 0,
    };
    meters.govern(own.change_device((&authority, None), &meters.owner, &change));
    let lower = own.set_power_limits((&authority, None), (&meters.owner, true), 0, (0, 0));
    meters.govern(lower);
    meters.retire(&device);
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (24_000, 0));
}

/// A meter heard until interval 4, with 30 and 3 Wh more in interval 5; the authority retires it alone in interval 6.
fn retired_alone() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.open(4);
    meters.go_to(5);
    meters.read_start(&mut device, 4);
    read_all(&mut meters, &mut device, &[(4, (100, 10))]);
    meters.go_to(6);
    let authority = meters.authority();
    let (acting, owner) = ((&authority, None), (&meters.owner, false));
    let retire = meters.communities.own.retire(acting, owner, 0, None);
    meters.govern(retire);
    meters.finish(0);
    (meters, device)
}

/// What it had signed and nobody had sent used to be refused, and values for it were taken back.
#[test]
fn given_a_meter_retired_without_its_owner_when_its_readings_come_then_they_count() {
    let (mut meters, mut device) = retired_alone();
    read_all(
        &mut meters,
        &mut device,
        &[(5, (30, 3)), (6, (20, 2)), (7, (10, 1))],
    );
    let beyond = meters.read(&mut device, 8);
    let expected = ReadingResult::NotInService;
    assert_eq!(meters.submit_one(4, &beyond), expected);
    meters.finish(4);
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(meters.registers(4, &device).heard_until(), Some(4));
    let record = meters.record(&device);
    assert_eq!((record.settled_import, record.settled_export), (160, 16));
}

#[test]
fn given_values_for_a_meter_retired_without_its_owner_when_finished_then_they_stand() {
    let (mut meters, device) = retired_alone();
    meters.close_readings(4);
    meters.replace(&device, 5, &[(25, 1), (10, 1)]);
    meters.finish(4);
    let registers = meters.registers(4, &device);
    assert_eq!(left_over(&registers), (0, 0));
    // Nobody knows what it showed in the end.
    assert_eq!(registers.heard_until(), Some(1));
    let record = meters.record(&device);
    assert_eq!((record.settled_import, record.settled_export), (135, 12));
    assert_eq!((record.told_import, record.told_export), (35, 2));
}

/// As long as its device's messages count, its key may be a thief's: it used to be out of everybody's reach.
#[test]
fn given_a_meter_retired_without_its_owner_when_quarantined_then_it_is_heard_no_more() {
    let (mut meters, mut device) = retired_alone();
    meters.quarantine(&device);
    let record = meters.record(&device);
    assert_eq!((record.status, record.is_silenced), (RETIRED, 1));
    let reading = meters.read(&mut device, 5);
    assert_eq!(meters.submit_one(5, &reading), ReadingResult::Quarantined);
    let authority = meters.authority();
    let again = meters
        .communities
        .own
        .quarantine((&authority, None), device.number, 1);
    refuse(&mut meters, "again", &again, OracleError::MeterNotActive);
}

#[test]
fn given_a_meter_retired_without_its_owner_when_it_lies_then_violations_count() {
    let (mut meters, mut device) = retired_alone();
    let limit = meters.table().header.violation_limit;
    assert!(limit > 0);
    for n in 1..=limit {
        let mut reading = device.reading(MeteredCommunity::start(6));
        reading.flags = 1;
        let tampered = device.sign(&meters.binding(), &reading);
        assert_eq!(meters.submit_one(5, &tampered), ReadingResult::Tampered);
        assert_eq!(meters.record(&device).violations, n);
    }
    assert_eq!(meters.record(&device).is_silenced, 1);
}
