//! `open_window`.

use joulebook_client::{
    layout::market::{Phase, Position},
    market::{errors::MarketError, events::MarketEvent, types::WindowOpened},
    ring,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, contracted, deliver_and_settle, first_start,
        market_events, pass_until, trading_community, BUYER,
    },
    refused::{refused, refused_when},
};

const ROUND: i64 = 8 * 300;

#[test]
fn given_a_free_slot_when_its_window_opens_then_it_has_the_markets_terms() {
    let mut community = trading_community();
    let start = first_start(&community);
    let open = community.addresses.open_window(start);
    let receipt = sweep(&mut community.chain, &open, &[]);

    let slot = ring::slot(start, 300, 8).unwrap();
    let opened = WindowOpened {
        market: community.addresses.market,
        window: start,
        slot,
        gate: start - 60,
        short: 300_000,
        long: 80_000,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::WindowOpened(opened)]);
    let window = community.window(start);
    assert_eq!(window.phase(), Some(Phase::Open));
    let header = window.header;
    assert_eq!((header.start, header.gate), (start, start - 60));
    assert_eq!((header.end, header.settle_by), (start + 300, start + 900));
    assert_eq!((header.short, header.long), (300_000, 80_000));
    assert_eq!((header.floor_price, header.tick_size), (50_000, 2_000));
    assert_eq!(
        (header.min_quantity, header.max_quantity),
        (1, u32::MAX / 8)
    );
    assert_eq!((header.supplier, header.grid_operator), (0, 1));
    assert_eq!((header.slot, header.interval_slot), (slot, slot));
    assert_eq!(
        (header.live_orders, header.used_orders, header.free_order),
        (0, 0, u16::MAX)
    );
    check_invariants(&community);
}

#[test]
fn given_an_open_window_when_its_slot_is_opened_again_then_it_is_busy() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    // The next round's window would be due, but this one was never finished.
    pass_until(&mut community, start + ROUND - 900);
    for other in [start, start + ROUND] {
        let open = community.addresses.open_window(other);
        refused(&mut community.chain, &open, &[], MarketError::SlotBusy);
    }
    community.clear_and_allocate(start).unwrap();
    let open = community.addresses.open_window(start + ROUND);
    refused(&mut community.chain, &open, &[], MarketError::SlotBusy);
    community.open_interval(start).unwrap();
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    refused(&mut community.chain, &open, &[], MarketError::SlotBusy);
    let settle = community.addresses.settle(start, u16::MAX, None);
    community.send_with_full_budget(&[settle]).unwrap();
    community.send_with_full_budget(&[open]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_settled_window_when_its_slot_is_used_again_then_only_for_a_later_one_and_empty() {
    let (mut community, start) = contracted(Parameters::default());
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    for passed in [start, start - ROUND] {
        let open = community.addresses.open_window(passed);
        refused(&mut community.chain, &open, &[], MarketError::StartPassed);
    }
    pass_until(&mut community, start + ROUND - 900);
    community.open_window(start + ROUND).unwrap();
    let window = community.window(start + ROUND);
    assert_eq!(window.header.start, start + ROUND);
    assert_eq!((window.nodes[0].volume, window.nodes[0].price), (0, 0));
    assert!(window
        .positions
        .iter()
        .all(|position| *position == Position::default()));
    assert!(window
        .levels
        .iter()
        .all(|level| level.buy == 0 && level.sell == 0));
    assert!(window
        .blocks
        .iter()
        .all(|level| level.buy == 0 && level.sell == 0));
    assert_eq!(window.live_orders().count(), 0);
    check_invariants(&community);
}

#[test]
fn given_a_start_that_no_slot_has_when_it_is_opened_then_it_is_the_wrong_one() {
    let mut community = trading_community();
    let start = first_start(&community);
    let right = community.addresses.window(start);
    for (what, bad, error) in [
        ("off the boundary", start + 1, MarketError::OffBoundary),
        ("another slot's", start + 300, MarketError::WrongSlot),
        ("nowhere", i64::MAX, MarketError::OffBoundary),
        ("before time", i64::MIN, MarketError::OffBoundary),
    ] {
        let mut open = community.addresses.open_window(start);
        open.data[8..].copy_from_slice(&bad.to_le_bytes());
        refused_when(what, &mut community.chain, &open, &[], error);
    }
    let next = community.addresses.open_window(start + 300);
    let altered = swap(&next, community.addresses.window(start + 300), right);
    refused(&mut community.chain, &altered, &[], MarketError::WrongSlot);
}

#[test]
fn given_a_start_beyond_the_horizon_when_it_is_opened_then_it_is_too_early() {
    let mut community = trading_community();
    let last = community.chain.now() + 900;
    let far = i64::MAX - i64::MAX.rem_euclid(300) - 86_400 * 300;
    for early in [last + 300, last + ROUND, far] {
        let open = community.addresses.open_window(early);
        refused(
            &mut community.chain,
            &open,
            &[],
            MarketError::TooEarlyToOpen,
        );
    }
    community.open_window(last).unwrap();
    pass_until(&mut community, last - 600 - 1);
    let open = community.addresses.open_window(last + 300);
    refused(
        &mut community.chain,
        &open,
        &[],
        MarketError::TooEarlyToOpen,
    );
    pass_until(&mut community, last - 600);
    community.send_with_full_budget(&[open]).unwrap();
}

#[test]
fn given_the_ends_of_time_when_windows_open_there_then_the_sums_do_not_fit() {
    let mut community = trading_community();
    let last = i64::MAX - i64::MAX.rem_euclid(300);
    let first = i64::MIN + (300 - i64::MIN.rem_euclid(300));
    for end in [last, first] {
        let open = community.addresses.open_window(end);
        refused(&mut community.chain, &open, &[], MarketError::Overflow);
    }
}

#[test]
fn given_a_slot_never_used_when_a_window_long_past_opens_there_then_it_is_refused() {
    // Each such window would bring a keeper its reward, and hold up the slot meanwhile.
    let mut community = trading_community();
    let now = community.chain.now();
    for past in [now - ROUND, now - 2 * ROUND, 0, -300] {
        let open = community.addresses.open_window(past);
        refused(&mut community.chain, &open, &[], MarketError::StartTooOld);
    }
    community.open_window(now - ROUND + 300).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_gate_that_has_closed_when_its_window_opens_late_then_it_lives_without_orders() {
    let mut community = trading_community();
    let start = first_start(&community);
    pass_until(&mut community, start + 100);
    community.open_window(start).unwrap();
    let place = community.place(BUYER, start, vec![joulebook_tests::market::buy(1, 1)]);
    let closed = joulebook_sim::Failure::Market(MarketError::GateClosed);
    assert_eq!(place.map(|_| ()), Err(closed));
    community.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut community, start, &[]);
    let record = record_of(&community, start);
    assert_eq!((record.start, record.volume, record.price), (start, 0, 0));
    check_invariants(&community);
}

fn record_of(
    community: &LocalCommunity,
    start: i64,
) -> joulebook_client::layout::market::HistoryRecord {
    let slot = ring::slot(
        start,
        community.parameters.window_seconds,
        community.parameters.history,
    )
    .unwrap();
    community.history().records[usize::from(slot)]
}
