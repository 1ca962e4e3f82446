use joulebook_client::{
    layout::oracle::IntervalPage,
    oracle::{errors::OracleError, events::OracleEvent, types::PageOpened},
};
use joulebook_tests::{
    metered_community::{event, MeterTableParameters, MeteredCommunity, SPAN},
    two_communities::{pause, NOW},
};
use solana_signer::Signer;

use crate::support::refuse;

/// Opens the slot's page, as the settlement.
#[track_caller]
fn open(meters: &mut MeteredCommunity, slot: u16) -> OracleEvent {
    let settlement = meters.settlement.insecure_clone();
    let open = meters.communities.own.open_page(slot, &settlement.pubkey());
    let chain = &mut meters.communities.chain;
    event(&chain.send(&[open], &[&settlement]).unwrap())
}

#[test]
fn given_no_page_yet_when_one_is_opened_then_it_is_the_one_that_holds_the_present() {
    for later in [0, 1, SPAN - 1] {
        let mut meters = MeteredCommunity::new();
        meters.communities.chain.set_time(NOW + later);

        let opened = open(&mut meters, 0);

        let page = meters.page(-4).header;
        assert_eq!((page.start, page.previous), (NOW, IntervalPage::NEVER));
        assert_eq!(page.readings_until, NOW + 1200 + 600);
        assert_eq!(page.corrections_until, NOW + 1200 + 1200);
        assert_eq!((page.slot, page.finished_meters), (0, 0));
        let table = meters.table().header;
        assert_eq!((table.last_opened, table.settled_from), (NOW, NOW));
        assert_eq!(table.last_finished, IntervalPage::NEVER);
        assert_eq!(
            opened,
            OracleEvent::PageOpened(PageOpened {
                meter_table: meters.communities.own.addresses.meter_table,
                number: 0,
                start: NOW,
                slot: 0,
            })
        );
    }
}

#[test]
fn given_a_page_when_more_are_opened_then_each_begins_where_the_last_ends() {
    let mut meters = MeteredCommunity::new();
    // Ahead of their time, as a market does.
    for (page, slot) in (0..).zip([0, 1, 2, 3]) {
        let opened = open(&mut meters, slot);
        let start = NOW + page * SPAN;
        assert_eq!(
            opened,
            OracleEvent::PageOpened(PageOpened {
                meter_table: meters.communities.own.addresses.meter_table,
                number: 0,
                start,
                slot,
            })
        );
        let header = meters.page(page * 4 - 4).header;
        let previous = match page {
            0 => IntervalPage::NEVER,
            _ => start - SPAN,
        };
        assert_eq!((header.start, header.previous), (start, previous));
        let table = meters.table().header;
        assert_eq!((table.last_opened, table.settled_from), (start, NOW));
    }
}

#[test]
fn given_the_next_page_when_another_slot_is_passed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.pubkey();
    for next in 0..4 {
        for slot in (0..4).filter(|slot| *slot != next) {
            let open = meters.communities.own.open_page(slot, &settlement);
            let case = format!("slot {slot} for {next}");
            refuse(&mut meters, &case, &open, OracleError::WrongSlot);
        }
        open(&mut meters, next);
    }
}

#[test]
fn given_a_page_never_opened_when_its_values_could_still_come_then_it_is_next() {
    let mut meters = MeteredCommunity::new();
    open(&mut meters, 0);
    // The next page ends at NOW + 2400, and takes values for 1200 seconds more.
    meters.communities.chain.set_time(NOW + 3599);
    open(&mut meters, 1);
    assert_eq!(meters.page(0).header.start, NOW + 1200);
}

#[test]
fn given_pages_whose_values_could_not_come_any_more_when_one_is_opened_then_they_are_left_out() {
    for (now, start, slot) in [
        (NOW + 3600, NOW + 2400, 2),
        (NOW + 4799, NOW + 2400, 2),
        (NOW + 4800, NOW + 3600, 3),
        // Page 1,001, from NOW on.
        (NOW + 1003 * 1200 - 1, NOW + 1001 * 1200, 1),
    ] {
        let mut meters = MeteredCommunity::new();
        open(&mut meters, 0);
        meters.communities.chain.set_time(now);
        open(&mut meters, slot);
        let table = meters.table().header;
        assert_eq!(table.last_opened, start);
        let n = (start - MeteredCommunity::start(0)) / 300;
        let page = meters.page(n).header;
        assert_eq!((page.start, page.previous), (start, NOW));
    }
}

#[test]
fn given_no_correction_time_when_pages_are_left_out_then_the_next_one_holds_the_present() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        reading_seconds: 0,
        correction_seconds: 0,
        ..MeterTableParameters::default()
    });
    open(&mut meters, 0);
    meters.communities.chain.set_time(NOW + 2400);
    open(&mut meters, 2);
    assert_eq!(meters.table().header.last_opened, NOW + 2400);
}

#[test]
fn given_any_pause_when_opened_then_it_opens() {
    let mut meters = MeteredCommunity::new();
    for (n, paused) in (0..).zip(pause::STATES) {
        meters.communities.pause(paused);
        meters.begin(n * 4);
        meters.finish(n * 4);
    }
}

#[test]
fn given_a_clock_at_its_end_when_a_page_is_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.pubkey();
    let slot = i64::MAX.div_euclid(SPAN).rem_euclid(4) as u16;
    let open = meters.communities.own.open_page(slot, &settlement);
    meters.communities.chain.set_time(i64::MAX);
    refuse(&mut meters, "the end", &open, OracleError::Overflow);
    // The times of its first page are all before the end.
    meters.communities.chain.set_time(i64::MAX - 2400);
    let slot = (i64::MAX - 2400).div_euclid(SPAN).rem_euclid(4) as u16;
    self::open(&mut meters, slot);
}
