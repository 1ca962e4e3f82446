//! Pages that nobody opened: what a meter moved in them, whose service ended there.

use joulebook_client::{
    layout::{market::PositionStatus, oracle::Quality},
    oracle::errors::OracleError,
};
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::market::{
    check_invariants, first_start, govern, instructions, meters_of, pass_until, trading_community,
    trading_community_with, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
};

use crate::final_energy::{read, silence, NO_SILENCE};

const QUIET: [(i64, (u64, u64)); 5] = [
    (0, (0, 0)),
    (1, (0, 0)),
    (2, (0, 0)),
    (3, (0, 0)),
    (4, (0, 0)),
];

/// The buyer's first meter, of two, is retired in a page that nobody opens, after it has drawn 1000 Wh in it; all meters
/// were heard in the page before. Pages are opened up to the one that begins now. Returns the number of the meter.
fn retired_in_a_gap() -> (LocalCommunity, u32) {
    let mut community = trading_community();
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    let number = community.households[BUYER].devices[0].number;
    for meter in [(BUYER, 0), (BUYER, 1), (SELLER, 0)] {
        read(&mut community, start, meter, &QUIET);
    }
    let length = community.page_length();
    pass_until(&mut community, start + length + 300);
    community.households[BUYER].devices[0].flow(1000, 0);
    let retire = instructions::retire_meter(&community, number);
    govern(&mut community, retire).unwrap();
    community.finish_page(start).unwrap();
    pass_until(&mut community, start + 9 * length);
    community.open_pages(start + 9 * length).unwrap();
    let pages = community.pages();
    let left_out = pages.iter().any(|page| page.header.start == start + length);
    assert!(!left_out, "the page of its retirement was left out");
    (community, number)
}

#[test]
fn given_a_meter_retired_in_a_page_left_out_when_the_next_one_is_final_then_its_energy_is_paid() {
    let (mut community, number) = retired_in_a_gap();
    let first = gap_page(&community);
    let mut drawn = QUIET;
    drawn[1].1 = (100, 0);
    for (meter, readings) in [((BUYER, 1), drawn), ((SELLER, 0), QUIET)] {
        read(&mut community, first, meter, &readings);
    }
    // What the other meter has drawn is settled at once: the retired one is not waited for.
    community.settle_page(first).unwrap();
    let position = community.position(first, community.households[BUYER].seat);
    assert!(position.is(PositionStatus::Confirmed));
    assert_eq!(position.paid, 30_000_000);
    community.finish_page(first).unwrap();
    let meter = *community.meters().meter(number).unwrap();
    assert_eq!(meter.service_until, first + community.page_length());
    assert!(community.entry(first, number).is(Quality::Measured));
    // 100 × 300,000, and 1000 × 300,000 that came to light.
    assert_eq!(community.seat(BUYER).free, FREE - 330_000_000);
    assert_eq!(silence(&community.seat(BUYER)), NO_SILENCE);
    let supplier = SUPPLIER_DEPOSIT * 1000 + 330_000_000;
    assert_eq!(community.supplier_seat().free, supplier);
    check_invariants(&community);
    // Once.
    let next = first + community.page_length();
    for meter in [(BUYER, 1), (SELLER, 0)] {
        read(&mut community, next, meter, &QUIET);
    }
    community.finish_page(next).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE - 330_000_000);
}

/// The page behind the gap.
fn gap_page(community: &LocalCommunity) -> i64 {
    let pages = community.pages();
    let length = community.page_length();
    let behind = pages
        .iter()
        .map(|page| page.header)
        .find(|page| page.previous > i64::MIN && page.previous + length < page.start);
    behind.expect("a page was left out").start
}

/// As many as a participant may have; what it registers meanwhile has no room.
#[test]
fn given_sixteen_meters_retired_in_a_gap_when_the_page_behind_is_finished_then_its_seat_fits() {
    let mut community = trading_community_with(Parameters {
        page_windows: 288,
        history: 512,
        ..Parameters::default()
    });
    let start = first_start(&community);
    for _ in 1..16 {
        community.add_meter(BUYER).unwrap();
    }
    pass_until(&mut community, start);
    community.open_pages(start).unwrap();
    community.finish_page(start).unwrap();
    let length = community.page_length();
    pass_until(&mut community, start + 2 * length);
    for number in meters_of(&community, BUYER) {
        let retire = instructions::retire_meter(&community, number);
        govern(&mut community, retire).unwrap();
    }
    let more = community.add_meter(BUYER).map(|_| ());
    assert_eq!(more, Err(Failure::Oracle(OracleError::TooManyMeters)));
    pass_until(&mut community, start + 9 * length);
    community.open_pages(start + 9 * length).unwrap();
    let first = gap_page(&community);
    community.finish_page(first).unwrap();
    assert_eq!(community.meters().header.last_finished, first);
    check_invariants(&community);
    community.add_meter(BUYER).unwrap();
}
