use joulebook_client::{
    layout::oracle::{PageEntry, PageRegisters, Quality},
    oracle::errors::OracleError,
};
use joulebook_tests::metered_community::MeteredCommunity;
use solana_signer::Signer;

use crate::support::refuse;

/// Every slot of the ring has a page; the next one is that with interval 12, in the slot of interval -4.
fn full_ring() -> MeteredCommunity {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.meter();
    meters.open(8);
    meters
}

#[test]
fn given_a_slot_whose_page_is_not_finished_when_the_next_is_opened_then_it_is_busy() {
    let mut meters = full_ring();
    let slot = meters.slot(12);
    assert_eq!(slot, meters.slot(-4));
    let settlement = meters.settlement.pubkey();
    let open = meters.communities.own.open_page(slot, &settlement);
    let reason = OracleError::SlotBusy;
    refuse(&mut meters, "open", &open, reason.clone());
    meters.close_corrections(-4);
    refuse(&mut meters, "over", &open, reason.clone());
    meters.send(meters.communities.own.finish_page(slot, 1));
    refuse(&mut meters, "one meter finished", &open, reason);
    meters.send(meters.communities.own.finish_page(slot, 1));
    meters.open(12);
    let page = meters.page(12).header;
    assert_eq!(page.start, MeteredCommunity::start(12));
    assert_eq!(page.previous, MeteredCommunity::start(8));
    assert_eq!(page.finished_meters, 0);
}

#[test]
fn given_pages_left_out_when_the_next_is_opened_then_its_slot_must_be_finished_too() {
    let mut meters = full_ring();
    // Four rounds later.
    meters.go_to(12 + 4 * 16 + 4);
    let settlement = meters.settlement.pubkey();
    let (n, slot) = (12 + 4 * 16, meters.slot(12));
    let open = meters.communities.own.open_page(slot, &settlement);
    refuse(&mut meters, "busy", &open, OracleError::SlotBusy);
    let finish = meters.communities.own.finish_page(slot, 2);
    meters.send(finish);
    meters.open(n);
    assert_eq!(meters.page(n).header.start, MeteredCommunity::start(n));
    assert_eq!(meters.page(n).header.previous, MeteredCommunity::start(8));
}

#[test]
fn given_a_page_with_energy_when_its_slot_is_opened_again_then_nothing_of_it_is_left() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(2);
    device.flow(100, 50);
    // One interval is missing, so that the page leaves something over.
    let reading = meters.read(&mut device, 1);
    meters.submit_one(0, &reading);
    meters.open(12);
    meters.finish(0);
    let before = meters.page(0);
    assert_eq!(before.registers[0].import, 100);
    assert!(before.entry(0, 1).unwrap().is(Quality::Gap));

    meters.open(16);

    let page = meters.page(16);
    assert_eq!(page.header.slot, before.header.slot);
    assert_eq!(page.header.start, MeteredCommunity::start(16));
    assert_eq!(page.registers, [PageRegisters::default(); 20]);
    assert_eq!(page.entries, [PageEntry::MISSING; 80]);
}
