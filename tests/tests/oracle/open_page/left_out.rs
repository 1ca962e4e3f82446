//! Meters that were retired in pages that nobody opened.

use std::mem::offset_of;

use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::oracle::{Meter, MeterTable, PageEntry, Quality},
    oracle::{errors::OracleError, types::ReadingResult},
};
use joulebook_sim::Device;
use joulebook_tests::metered_community::{
    details, MeterTableParameters, MeteredCommunity, RETIRED,
};
use joulebook_units::Wh;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::support::{damage, refuse};

/// A page of intervals 0 to 3 is open, in which the first of two meters is heard; it moves 500 and 50 Wh more until interval 5,
/// now, and the pages up to that with interval 36 will be left out.
fn begun() -> (MeteredCommunity, [Device; 2]) {
    let mut meters = MeteredCommunity::new();
    let mut devices = [meters.meter(), meters.meter()];
    meters.begin(0);
    meters.read_start(&mut devices[0], 0);
    meters.go_to(4);
    devices[0].flow(100, 10);
    let reading = meters.read(&mut devices[0], 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters.go_to(5);
    devices[0].flow(500, 50);
    (meters, devices)
}

/// Opens pages from interval 36 on, in interval 41.
fn open_behind(meters: &mut MeteredCommunity) {
    meters.finish(0);
    open_behind_the_gap(meters);
}

fn open_behind_the_gap(meters: &mut MeteredCommunity) {
    meters.go_to(41);
    meters.open(36);
    let header = meters.page(36).header;
    assert_eq!(header.start, MeteredCommunity::start(36));
    assert_eq!(header.previous, MeteredCommunity::start(0));
}

/// The page with interval 36 has nothing of the device, and the meter's row is as it was.
#[track_caller]
fn not_carried(meters: &MeteredCommunity, device: &Device, before: Meter) {
    assert_eq!(meters.record(device), before);
    assert!(!meters.registers(36, device).is_known());
    for n in 36..40 {
        assert_eq!(meters.entry(n, device), PageEntry::MISSING);
    }
}

#[test]
fn given_a_meter_retired_in_a_page_left_out_when_the_next_is_finished_then_its_service_ended_there()
{
    let (mut meters, [mut device, other]) = begun();
    meters.retire(&device);
    meters.retire(&other);
    meters.finish(0);
    let (before, others) = (meters.record(&device), meters.record(&other));
    open_behind_the_gap(&mut meters);

    // Until that page is finished, nothing of it.
    not_carried(&meters, &device, before);
    not_carried(&meters, &other, others);
    let late = meters.read(&mut device, 37);
    let result = meters.submit_one(36, &late);
    assert_eq!(result, ReadingResult::NotInService);

    meters.finish(36);
    let registers = meters.registers(36, &device);
    assert_eq!((registers.import, registers.export), (500, 50));
    assert_eq!((registers.begins, registers.begins_late), (0, 0));
    assert_eq!((registers.last, registers.known, registers.base), (4, 1, 1));
    for device in [&device, &other] {
        for n in 36..40 {
            let idle = PageEntry::new(Wh(0), Wh(0), Quality::Measured, true);
            assert_eq!(Some(meters.entry(n, device)), idle);
        }
        let record = meters.record(device);
        let end = MeteredCommunity::start(40);
        assert_eq!((record.service_until, record.boundary), (end, end));
    }
    let record = meters.record(&device);
    assert_eq!((record.settled_import, record.settled_export), (600, 60));
}

/// There is nothing to come to light: what it was heard with is settled.
#[test]
fn given_a_meter_retired_there_without_its_owner_when_the_next_is_finished_then_it_ends_there_unheard(
) {
    let (mut meters, [device, _]) = begun();
    let authority = meters.authority();
    let (acting, owner) = ((&authority, None), (&meters.owner, false));
    let retire = meters
        .communities
        .own
        .retire(acting, owner, device.number, None);
    meters.govern(retire);
    open_behind(&mut meters);
    let mut before = meters.record(&device);
    meters.finish(36);
    // It ends there unheard, and its row is kept as long.
    before.service_until = MeteredCommunity::start(40);
    assert_eq!(meters.record(&device), before);
    assert!(!meters.registers(36, &device).is_known());
    assert!(meters.entry(36, &device).is(Quality::Replaced));
    assert_eq!((before.settled_import, before.import), (100, 100));
}

/// All that a page has of one participant fits into one instruction, however long nobody opens pages.
#[test]
fn given_pages_left_out_when_meters_are_retired_and_registered_then_there_is_room_for_sixteen() {
    let (mut meters, _) = begun();
    let owner = meters.owner.participant;
    for _ in 2..16 {
        meters.meter();
    }
    meters.finish(0);
    for n in [8, 20, 36] {
        meters.go_to(n);
        let rows = meters.table().meters;
        for row in (0..16).filter(|row| rows[*row].status == 1).take(4) {
            let authority = meters.authority();
            let (own, acting) = (meters.own(), (&authority, None));
            let registers = Some((rows[row].import, rows[row].export));
            meters.govern(own.retire(acting, (&meters.owner, true), row as u32, registers));
        }
        let details = details(&Keypair::new());
        let authority = meters.authority();
        let own = meters.own();
        let register = own.register_meter((&authority, None), &meters.owner, &details);
        let reason = OracleError::TooManyMeters;
        refuse(&mut meters, "seventeenth", &register, reason);
    }
    assert_eq!(meters.owner.participant, owner);
    open_behind_the_gap(&mut meters);
    meters.finish(36);
    meters.meter();
}

/// However many were retired: nothing is done for them before the page is finished.
#[test]
fn given_a_full_table_of_meters_retired_in_a_gap_when_the_next_is_opened_then_it_fits() {
    let mut units = vec![];
    for retired in [0, 4096] {
        let mut meters = MeteredCommunity::with(MeterTableParameters {
            capacity: 4096,
            ..MeterTableParameters::default()
        });
        let device = meters.meter();
        meters.begin(0);
        meters.finish(0);
        let table = meters.communities.own.addresses.meter_table;
        let row = Meter {
            status: RETIRED,
            service_until: MeteredCommunity::start(12),
            ..meters.record(&device)
        };
        let header = size_of::<MeterTable>();
        damage(
            &mut meters,
            table,
            offset_of!(MeterTable, count),
            &4096_u16.to_le_bytes(),
        );
        let rows = vec![row; retired];
        damage(&mut meters, table, header, bytemuck::cast_slice(&rows));
        meters.go_to(41);
        units.push(meters.open(36)[0].compute_units);
    }
    println!("units of opening: {units:?}");
    assert_eq!(units[0], units[1]);
}

#[test]
fn given_a_meter_retired_in_an_open_page_when_later_ones_are_left_out_then_it_stays_as_it_was() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.retire(&device);
    let before = meters.record(&device);
    meters.finish(0);
    meters.go_to(41);
    meters.open(36);
    assert_eq!(meters.record(&device).service_until, before.service_until);
    assert!(!meters.registers(36, &device).is_known());
}

#[test]
fn given_a_meter_that_is_not_retired_or_serves_there_when_pages_are_left_out_then_nothing_is_known()
{
    let (mut meters, [active, late]) = begun();
    meters.finish(0);
    meters.go_to(38);
    meters.retire(&late);
    let before = [meters.record(&active), meters.record(&late)];
    assert_eq!(before[1].service_until, MeteredCommunity::start(40));
    meters.go_to(41);
    meters.open(36);
    not_carried(&meters, &active, before[0]);
    not_carried(&meters, &late, before[1]);
}

#[test]
fn given_a_meter_retired_before_its_service_when_pages_are_left_out_then_it_stays_as_it_was() {
    let (mut meters, _) = begun();
    let device = meters.meter();
    meters.retire(&device);
    let before = meters.record(&device);
    assert_eq!(before.service_from, before.service_until);
    open_behind(&mut meters);
    not_carried(&meters, &device, before);
}

/// Energy of before is not settled.
#[test]
fn given_a_settlement_that_begins_behind_the_gap_when_a_page_is_opened_then_nothing_is_carried() {
    let (mut meters, [device, _]) = begun();
    meters.retire(&device);
    let present = meters.settlement.pubkey();
    for (before, next) in [(present, SYSTEM_PROGRAM), (SYSTEM_PROGRAM, present)] {
        meters.govern(meters.communities.own.set_settlement(&before, &next));
    }
    meters.finish(0);
    let before = meters.record(&device);
    meters.go_to(37);
    meters.open(36);
    assert_eq!(meters.page(36).header.start, MeteredCommunity::start(36));
    not_carried(&meters, &device, before);
}
