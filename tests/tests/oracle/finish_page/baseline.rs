use joulebook_client::{
    instructions::SYSTEM_PROGRAM, layout::oracle::Quality, oracle::types::ReadingResult,
};
use joulebook_sim::Device;
use joulebook_tests::{metered_community::MeteredCommunity, two_communities::role};
use solana_signer::Signer;

use super::{left_over, read_all};

/// A meter that has moved 500 and 50 Wh before its service began; its first page is open, and over.
fn moved_before() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| (details.import, details.export) = (70, 7));
    device.flow(500, 50);
    meters.begin(0);
    meters.go_to(4);
    (meters, device)
}

/// Whether the counting begins in the pages with interval 0 and 4.
fn begins(meters: &MeteredCommunity, device: &Device) -> [u8; 2] {
    [0, 4].map(|n| meters.registers(n, device).begins)
}

/// Whether it begins there too late.
fn begins_late(meters: &MeteredCommunity, device: &Device) -> [u8; 2] {
    [0, 4].map(|n| meters.registers(n, device).begins_late)
}

/// The most that it moved until then.
fn late(meters: &MeteredCommunity, device: &Device) -> (u64, u64) {
    let record = meters.record(device);
    (record.late_import, record.late_export)
}

fn settled(meters: &MeteredCommunity, device: &Device) -> (u64, u64) {
    let record = meters.record(device);
    (record.settled_import, record.settled_export)
}

#[test]
fn given_energy_of_before_its_service_when_finished_then_it_is_not_settled() {
    let (mut meters, mut device) = moved_before();
    meters.read_start(&mut device, 0);
    read_all(&mut meters, &mut device, &[(0, (100, 10)), (2, (30, 3))]);
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (30, 3));
    assert_eq!(settled(&meters, &device), (630, 63));
    assert_eq!(begins(&meters, &device), [1, 0]);
    let from = meters.record(&device).counted_from;
    assert_eq!(from, MeteredCommunity::start(0));
}

#[test]
fn given_values_in_the_first_page_when_finished_then_the_registers_at_its_start_are_settled() {
    let (mut meters, mut device) = moved_before();
    meters.read_start(&mut device, 0);
    read_all(&mut meters, &mut device, &[(0, (100, 10)), (2, (30, 3))]);
    meters.close_readings(0);
    meters.replace(&device, 1, &[(10, 1), (20, 2)]);
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (630, 63));
}

#[test]
fn given_values_in_the_first_page_that_are_too_low_when_finished_then_registers_tell_the_rest() {
    let (mut meters, mut device) = moved_before();
    meters.read_start(&mut device, 0);
    read_all(&mut meters, &mut device, &[(0, (100, 10)), (2, (30, 3))]);
    meters.close_readings(0);
    meters.replace(&device, 1, &[(10, 1), (5, 1)]);
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (15, 1));
    assert_eq!(settled(&meters, &device), (630, 63));
}

#[test]
fn given_no_reading_at_the_start_of_its_service_when_finished_then_it_has_moved_all_since_registration(
) {
    let (mut meters, mut device) = moved_before();
    // When the 600 and 60 Wh of before were moved, nobody can tell.
    read_all(
        &mut meters,
        &mut device,
        &[(0, (100, 10)), (1, (30, 3)), (3, (7, 1))],
    );
    meters.finish(0);
    assert_eq!(late(&meters, &device), (600, 60));
    assert_eq!(left_over(&meters.registers(0, &device)), (7, 1));
    assert_eq!(settled(&meters, &device), (637, 64));
    assert_eq!(begins(&meters, &device), [0, 0]);
    assert_eq!(begins_late(&meters, &device), [1, 0]);
}

#[test]
fn given_values_before_the_first_reading_when_finished_then_they_count_as_well() {
    let (mut meters, mut device) = moved_before();
    read_all(&mut meters, &mut device, &[(2, (100, 10)), (3, (30, 3))]);
    meters.close_readings(0);
    meters.replace(&device, 1, &[(40, 4)]);
    meters.finish(0);
    // They are of what was moved before the first reading.
    assert_eq!(late(&meters, &device), (560, 56));
    assert_eq!(left_over(&meters.registers(0, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (630, 63));
}

#[test]
fn given_the_reading_at_its_start_comes_last_when_finished_then_it_is_the_baseline_too() {
    let (mut meters, mut device) = moved_before();
    let start = meters.read(&mut device, -1);
    read_all(&mut meters, &mut device, &[(0, (100, 10))]);
    assert_eq!(meters.submit_one(0, &start), ReadingResult::Filled);
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (600, 60));
}

#[test]
fn given_no_reading_in_its_first_page_when_the_second_is_finished_then_it_has_moved_all_of_before()
{
    let (mut meters, mut device) = moved_before();
    meters.open(4);
    meters.finish(0);
    assert_eq!(settled(&meters, &device), (0, 0));
    assert_eq!(meters.record(&device).is_counted, 0);
    read_all(&mut meters, &mut device, &[(5, (100, 10)), (7, (30, 3))]);
    meters.finish(4);
    assert_eq!(late(&meters, &device), (600, 60));
    assert_eq!(left_over(&meters.registers(4, &device)), (30, 3));
    assert_eq!(settled(&meters, &device), (630, 63));
    assert_eq!(begins(&meters, &device), [0, 0]);
    assert_eq!(begins_late(&meters, &device), [0, 1]);
    let record = meters.record(&device);
    let from = MeteredCommunity::start(0);
    assert_eq!((record.counted_from, record.is_counted), (from, 1));
}

/// A meter heard until the last interval but one of its first page, and again from the start of the second on, by which
/// it has moved 77 and 7 Wh more. `change` is done between the two pages.
fn with_a_seam_unknown(change: impl FnOnce(&mut MeteredCommunity)) -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(4);
    read_all(
        &mut meters,
        &mut device,
        &[(0, (100, 10)), (1, (100, 10)), (2, (100, 10))],
    );
    change(&mut meters);
    meters.open(4);
    meters.go_to(5);
    device.flow(77, 7);
    meters.read_start(&mut device, 4);
    read_all(&mut meters, &mut device, &[(4, (20, 2))]);
    assert!(meters.entry(3, &device).is(Quality::Missing));
    assert!(meters.entry(4, &device).is(Quality::Measured));
    meters.finish(0);
    assert_eq!(left_over(&meters.registers(0, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (300, 30));
    meters.finish(4);
    (meters, device)
}

#[test]
fn given_a_settlement_that_goes_on_when_finished_then_energy_of_the_page_before_is_left_over() {
    let (meters, device) = with_a_seam_unknown(|_| ());
    assert_eq!(left_over(&meters.registers(4, &device)), (77, 7));
    assert_eq!(settled(&meters, &device), (397, 39));
    assert_eq!(begins(&meters, &device), [1, 0]);
}

#[test]
fn given_a_settlement_that_begins_with_the_page_when_finished_then_energy_of_before_is_not() {
    let (meters, device) = with_a_seam_unknown(|meters| {
        let present = meters.settlement.pubkey();
        for (before, next) in [(present, SYSTEM_PROGRAM), (SYSTEM_PROGRAM, present)] {
            meters.govern(meters.communities.own.set_settlement(&before, &next));
        }
    });
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (397, 39));
    assert_eq!(begins(&meters, &device), [0, 1]);
    let from = meters.record(&device).counted_from;
    assert_eq!(from, MeteredCommunity::start(4));
}

/// Owner and verifier can't make what was drawn free once the registers are known.
#[test]
fn given_a_silent_beginning_when_limits_are_lowered_then_what_comes_to_light_stays() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.open(4);
    meters.go_to(6);
    device.flow(30_000, 0);
    read_all(&mut meters, &mut device, &[(5, (0, 0))]);
    let authority = meters.authority();
    let own = meters.own();
    let lower = own.set_power_limits((&authority, None), (&meters.owner, true), 0, (0, 0));
    meters.govern(lower);
    meters.finish(0);
    meters.finish(4);
    assert_eq!(late(&meters, &device), (30_000, 0));
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (30_000, 0));
}

/// A meter that has moved 500 and 50 Wh before its service, and is quarantined over its first page, for which a verifier sets
/// values; it is heard at the start of the second, with 100 and 10 Wh more.
fn quarantined_at_first(values: &[(u32, u32)]) -> (MeteredCommunity, Device) {
    let (mut meters, mut device) = moved_before();
    meters.quarantine(&device);
    meters.close_readings(0);
    meters.replace(&device, 0, values);
    meters.open(4);
    meters.restore(&device);
    device.flow(100, 10);
    meters.read_start(&mut device, 4);
    meters.finish(0);
    meters.finish(4);
    (meters, device)
}

/// It used to pay for energy of before, whatever the values said.
#[test]
fn given_values_for_all_of_its_first_page_when_heard_then_nothing_of_before_is_settled() {
    let (meters, device) = quarantined_at_first(&[(20, 2), (20, 2), (20, 2), (20, 2)]);
    assert_eq!(begins(&meters, &device), [0, 1]);
    assert_eq!(begins_late(&meters, &device), [0, 0]);
    assert_eq!(late(&meters, &device), (0, 0));
    assert_eq!(left_over(&meters.registers(4, &device)), (0, 0));
    assert_eq!(settled(&meters, &device), (600, 60));
}

/// They used to be forgotten, the second time as what never pays: one interval left out was enough.
#[test]
fn given_values_too_high_before_it_is_heard_when_finished_then_they_are_taken_back() {
    for values in [
        &[(1_000, 0), (1_000, 0), (1_000, 0), (1_000, 0)][..],
        &[(1_000, 0), (1_000, 0), (1_000, 0)],
    ] {
        let (meters, device) = quarantined_at_first(values);
        let told = 1_000 * values.len() as u64;
        // Credited: import that was paid for and never was.
        let (charged, credited) = left_over(&meters.registers(4, &device));
        assert_eq!((charged, credited), (0, told - 600), "{values:?}");
        let untold = u64::from(values.len() < 4);
        assert_eq!(begins_late(&meters, &device), [0, untold as u8]);
        // 60 Wh of export are shown, and an interval is untold.
        assert_eq!(late(&meters, &device), (0, 60 * untold));
        assert_eq!(settled(&meters, &device), (600, 60));
    }
}

/// First page of a service (or of a market): its start is read, and its end; between is a gap of 300 and 30 Wh.
fn gap_in_page(n: i64) -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    // It has been registered for a while, as meters have when a market begins.
    device.flow(20_000, 20_000);
    meters.begin(0);
    meters.read_start(&mut device, 0);
    if n > 0 {
        meters.go_to(4);
        let end = meters.read(&mut device, 3);
        assert_eq!(meters.submit_one(3, &end), ReadingResult::Counted);
        meters.open(n);
        meters.go_to(n + 1);
        let again = meters.read(&mut device, n - 1);
        meters.submit_one(n, &again);
        meters.finish(0);
    }
    meters.go_to(n + 4);
    device.flow(300, 30);
    let end = meters.read(&mut device, n + 3);
    assert_eq!(meters.submit_one(n + 3, &end), ReadingResult::Counted);
    (meters, device)
}

/// A verifier sets one value, of the last interval, without the owner; what is left over then: charged, credited.
fn with_a_value(n: i64, value: (u32, u32)) -> (u64, u64) {
    let (mut meters, device) = gap_in_page(n);
    let verifier = meters.communities.member(role::VERIFIER);
    meters.close_readings(n);
    let set = meters.communities.own.replace_values(
        (&verifier.address(), Some(verifier.participant)),
        (&meters.owner, false),
        meters.slot(n),
        device.number,
        3,
        &[value],
    );
    meters
        .communities
        .chain
        .send(&[set], &[&verifier.wallet])
        .unwrap();
    meters.finish(n);
    let registers = meters.registers(n, &device);
    (registers.import, registers.export)
}

/// In the first page values used to take the place of the registers, and nothing was ever taken back.
#[test]
fn given_a_value_in_a_gap_when_finished_then_the_first_page_is_like_any_later_one() {
    for n in [0, 4] {
        assert_eq!(with_a_value(n, (8_000, 0)), (0, 7_700 + 30), "{n}");
        assert_eq!(with_a_value(n, (0, 0)), (300, 30), "{n}");
        // Export that never was is charged as import.
        assert_eq!(with_a_value(n, (0, 8_000)), (300 + 7_970, 0), "{n}");
    }
}
