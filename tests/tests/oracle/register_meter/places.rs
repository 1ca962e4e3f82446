use std::mem::offset_of;

use joulebook_client::{
    layout::oracle::{IntervalPage, Meter, MeterTable},
    oracle::{
        errors::OracleError,
        types::{ReadingResult, SignedReading},
    },
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::{MeterTableParameters, MeteredCommunity};
use solana_signer::Signer;

use super::refuse_details;
use crate::support::damage;

/// A full table of one meter, that is retired in its first page, that with interval 0; the pages behind are opened up to
/// the last slot of the ring.
fn retired() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        capacity: 1,
        ..MeterTableParameters::default()
    });
    let mut device = meters.meter();
    meters.begin(0);
    device.flow(500, 50);
    device.sequence = 9;
    meters.read_start(&mut device, 0);
    meters.retire(&device);
    meters.open(12);
    (meters, device)
}

#[track_caller]
fn full(meters: &mut MeteredCommunity, case: &str) {
    refuse_details(meters, case, OracleError::TableFull, |_| ());
}

#[test]
fn given_a_retired_meter_when_a_later_page_has_taken_its_last_slot_then_its_row_is_free() {
    let (mut meters, old) = retired();
    full(&mut meters, "its page is open");
    meters.finish(0);
    full(&mut meters, "its page can be settled yet");
    assert_eq!(meters.record(&old).settled_import, 500);
    meters.open(16);
    assert_eq!(meters.slot(16), meters.slot(0));

    let new = meters.meter_with(|details| details.standard_draw = 3);

    // Row 0 in its generation 1.
    assert_eq!((new.number, meters.table().header.count), (65_536, 1));
    let now = meters.communities.chain.now();
    assert_eq!(now, MeteredCommunity::start(8));
    let record = meters.record(&new);
    assert_eq!(
        record,
        Meter {
            device: new.key.pubkey().to_bytes(),
            boundary: now,
            counted_from: IntervalPage::NEVER,
            service_from: MeteredCommunity::start(12),
            standard_draw: 3,
            max_import: record.max_import,
            max_export: record.max_export,
            former_max_import: record.max_import,
            former_max_export: record.max_export,
            limits_from: IntervalPage::NEVER,
            service_until: record.service_until,
            device_from: now,
            zone: 1,
            asset_kind: 5,
            source: 1,
            status: 1,
            generation: 1,
            ..Meter::default()
        }
    );
}

#[test]
fn given_a_row_taken_again_when_the_old_device_is_read_then_it_is_rejected() {
    let (mut meters, mut old) = retired();
    meters.finish(0);
    meters.open(16);
    let mut new = meters.meter();
    meters.go_to(13);
    new.flow(70, 7);
    for n in [11, 12] {
        let reading = meters.read(&mut old, n);
        assert_eq!(meters.submit_one(12, &reading), ReadingResult::UnknownMeter);
        let renamed = SignedReading {
            meter: new.number,
            ..reading
        };
        assert_eq!(meters.submit_one(12, &renamed), ReadingResult::BadSignature);
        let reading = meters.read(&mut new, n);
        assert_eq!(meters.submit_one(12, &reading), ReadingResult::Counted);
    }
    meters.finish(4);
    meters.finish(8);
    meters.finish(12);
    assert_eq!(meters.record(&new).settled_import, 70);
    assert_eq!(meters.registers(12, &new).import, 0);
}

#[test]
fn given_a_device_in_the_same_row_again_when_what_it_signed_before_is_sent_then_it_is_rejected() {
    let (mut meters, mut old) = retired();
    meters.finish(0);
    meters.open(16);
    let key = old.key.insecure_clone();
    let new = meters.meter_with(|details| details.device = key.pubkey().to_bytes());
    assert_eq!(Meter::row(new.number), Meter::row(old.number));
    meters.go_to(13);
    old.sequence = 100;
    let mut former = meters.read(&mut old, 12);
    let result = meters.submit_one(12, &former);
    assert_eq!(result, ReadingResult::UnknownMeter);
    former.meter = new.number;
    let result = meters.submit_one(12, &former);
    assert_eq!(result, ReadingResult::BadSignature);
    let mut now = Device { key, ..new };
    let reading = meters.read(&mut now, 12);
    assert_eq!(meters.submit_one(12, &reading), ReadingResult::Counted);
}

#[test]
fn given_a_row_whose_generations_are_used_up_when_it_is_free_then_no_meter_gets_it() {
    let (mut meters, _) = retired();
    meters.finish(0);
    meters.open(16);
    let table = meters.communities.own.addresses.meter_table;
    let generation = size_of::<MeterTable>() + offset_of!(Meter, generation);
    damage(&mut meters, table, generation, &u16::MAX.to_le_bytes());
    full(&mut meters, "generation 65,535 has been");
    damage(
        &mut meters,
        table,
        generation,
        &(u16::MAX - 1).to_le_bytes(),
    );
    assert_eq!(meters.meter().number, 65_535 << 16);
}

#[test]
fn given_a_meter_retired_before_any_page_when_one_more_is_registered_then_its_row_is_not_free() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        capacity: 1,
        ..MeterTableParameters::default()
    });
    let device = meters.meter();
    meters.retire(&device);
    full(&mut meters, "no page yet");
    meters.open(8);
    full(&mut meters, "its page is in the ring");
    meters.finish(-4);
    meters.open(12);
    // It would have served from interval 0 on, and did not: the page before, whose slot is taken, is its last.
    assert_eq!(meters.meter().number, 65_536);
}

#[test]
fn given_several_retired_meters_when_more_are_registered_then_the_first_rows_are_taken_first() {
    let mut meters = MeteredCommunity::new();
    let devices: Vec<Device> = (0..4).map(|_| meters.meter()).collect();
    meters.begin(0);
    meters.retire(&devices[2]);
    meters.retire(&devices[0]);
    meters.open(12);
    meters.go_to(4);
    // In service for a page longer.
    meters.retire(&devices[1]);
    meters.finish(0);
    meters.open(16);
    let numbers: Vec<u32> = (0..3).map(|_| meters.meter().number).collect();
    assert_eq!(numbers, [65_536, 65_538, 4]);
    meters.finish(4);
    meters.open(20);
    let numbers: Vec<u32> = (0..2).map(|_| meters.meter().number).collect();
    assert_eq!(numbers, [65_537, 5]);
}
