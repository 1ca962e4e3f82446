//! Windows and pages, from their opening to their end.

use std::mem::offset_of;

use joulebook_client::layout::{market::WindowPrices, oracle::MeterTable, DISCRIMINATOR_LEN};
use joulebook_tests::market::{
    altered::{swap, write},
    close_gate, deliver, instructions, pass_until,
};

use super::{other_market, other_meter_table, try_each, two_markets};

#[test]
fn given_two_markets_when_pages_and_windows_are_opened_then_their_accounts_do_not_mix() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let page = start + community.page_length();
    let open = at.open_page(page);
    let swaps = [
        (at.market, theirs.market, other_meter_table()),
        (at.ledger, theirs.ledger, other_market()),
        (at.meter_table, theirs.meter_table, other_meter_table()),
        (at.page(page), theirs.page(page), other_market()),
        (
            at.interval_page(page),
            theirs.interval_page(page),
            other_meter_table(),
        ),
    ];
    try_each(&mut community, "open_page", &open, &[], &swaps);

    let next = start + 300;
    let open = at.open_window(next);
    let swaps = [
        (at.market, theirs.market, other_meter_table()),
        (at.meter_table, theirs.meter_table, other_meter_table()),
        (at.page(next), theirs.page(next), other_market()),
        (at.book(next), theirs.book(next), other_market()),
    ];
    try_each(&mut community, "open_window", &open, &[], &swaps);

    let supplier = community.supplier.wallet.insecure_clone();
    let prices = WindowPrices {
        short: 2,
        long: 1,
        grid_fee: 0,
    };
    let post = instructions::post_prices(&community, next, vec![prices]);
    let swaps = [
        (at.market, theirs.market, other_market()),
        (at.ledger, theirs.ledger, other_market()),
        (at.page(next), theirs.page(next), other_market()),
    ];
    try_each(&mut community, "post_prices", &post, &[&supplier], &swaps);
}

#[test]
fn given_two_markets_when_windows_move_along_then_their_accounts_do_not_mix() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let ledger = || (at.ledger, theirs.ledger, other_market());
    let page = || (at.page(start), theirs.page(start), other_market());

    close_gate(&mut community, start);
    let clears = [at.clear(start), theirs.clear(start)];
    community.send_with_full_budget(&clears).unwrap();
    let allocate = at.allocate(start, 99, None);
    let book = (at.book(start), theirs.book(start), other_market());
    let swaps = [ledger(), page(), book];
    try_each(&mut community, "allocate", &allocate, &[], &swaps);
    let allocates = [allocate, theirs.allocate(start, 99, None)];
    community.send_with_full_budget(&allocates).unwrap();

    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let settle = instructions::settle(&community, start);
    let readings = [
        (at.meter_table, theirs.meter_table, other_meter_table()),
        (
            at.interval_page(start),
            theirs.interval_page(start),
            other_meter_table(),
        ),
    ];
    let swaps = [[ledger(), page()], readings.clone()].concat();
    try_each(&mut community, "settle", &settle, &[], &swaps);
    let all_theirs = swap(
        &settle,
        at.interval_page(start),
        theirs.interval_page(start),
    );
    let of_meters = &readings[..1];
    try_each(&mut community, "all readings", &all_theirs, &[], of_meters);

    let end = start + community.page_length();
    pass_until(&mut community, end + 1200);
    let first = start - community.page_length();
    let finishes = [first, start].map(|page| at.finish_interval_page(page, 99));
    community.send_with_full_budget(&finishes).unwrap();
    let earlier = at.finish_page(first, 99);
    community.send_with_full_budget(&[earlier]).unwrap();
    let finish = instructions::finish_page(&community, start);
    let history = (at.history, theirs.history, other_market());
    let swaps = [
        [ledger(), page()].to_vec(),
        readings.to_vec(),
        vec![history],
    ]
    .concat();
    try_each(&mut community, "finish_page", &finish, &[], &swaps);
    community.send_with_full_budget(&[settle, finish]).unwrap();
    assert!(community.page(start).header.is_final());
}

/// The authority of any community can name any settlement: a table of its own, with readings of its own, that names this market
/// would otherwise settle its seats.
#[test]
fn given_a_foreign_table_that_names_this_market_when_positions_are_settled_then_it_is_refused() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let settlement = DISCRIMINATOR_LEN + offset_of!(MeterTable, settlement);
    let market = at.market.to_bytes();
    write(
        &mut community.chain,
        &theirs.meter_table,
        settlement,
        &market,
    );
    for (what, instruction) in [
        ("settle", instructions::settle(&community, start)),
        ("finish_page", instructions::finish_page(&community, start)),
    ] {
        let pages = (at.interval_page(start), theirs.interval_page(start));
        let forged = swap(&instruction, pages.0, pages.1);
        let table = (at.meter_table, theirs.meter_table, other_meter_table());
        try_each(&mut community, what, &forged, &[], &[table]);
    }
}

#[test]
fn given_two_markets_when_a_meter_table_is_let_go_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    community.end_market().unwrap();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let release = at.release_meter_table();
    let swaps = [
        (at.market, theirs.market, other_meter_table()),
        (at.ledger, theirs.ledger, other_market()),
        (at.meter_table, theirs.meter_table, other_meter_table()),
    ];
    try_each(&mut community, "release_meter_table", &release, &[], &swaps);
    community.send_with_full_budget(&[release]).unwrap();
}
