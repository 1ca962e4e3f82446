//! `clear`.

use joulebook_client::{
    layout::market::Phase,
    market::{errors::MarketError, events::MarketEvent, types::WindowCleared},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        buy, check_invariants, close_gate, community_with_open_window, first_start, market_events,
        sell, trade, trading_community, BUYER, SELLER,
    },
    refused::{refused, snapshot},
};

/// Price, volume and interval once these orders are cleared.
fn cleared(buys: &[(u32, u16)], sells: &[(u32, u16)]) -> (u64, i32, u16, u16) {
    let (mut community, start) = community_with_open_window(Parameters::default());
    if !buys.is_empty() {
        let orders = buys.iter().map(|(quantity, tick)| buy(*quantity, *tick));
        community.place(BUYER, start, orders.collect()).unwrap();
    }
    if !sells.is_empty() {
        let orders = sells.iter().map(|(quantity, tick)| sell(*quantity, *tick));
        community.place(SELLER, start, orders.collect()).unwrap();
    }
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    check_invariants(&community);
    let node = community.book(start).nodes[0];
    (node.volume, node.price, node.low, node.high)
}

#[test]
fn given_a_closed_gate_when_anyone_clears_then_price_and_volume_are_known_once() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    let receipt = sweep(&mut community.chain, &clear, &[]);
    let cleared = WindowCleared {
        market: community.addresses.market,
        window: start,
        volume: 1000,
        price: 150_000,
        low: 50,
        high: 50,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::WindowCleared(cleared)]
    );
    assert_eq!(community.book(start).phase(), Some(Phase::Cleared));
    check_invariants(&community);

    let before = snapshot(&community.chain, &[community.addresses.book(start)]);
    let receipt = community.send_with_full_budget(&[clear]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(
        snapshot(&community.chain, &[community.addresses.book(start)]),
        before
    );
}

#[test]
fn given_an_open_gate_when_the_window_is_cleared_then_it_is_too_early() {
    let mut community = trading_community();
    let start = first_start(&community);
    let clear = community.addresses.clear(start);
    refused(&mut community.chain, &clear, &[], MarketError::WrongPhase);
    community.open_window(start).unwrap();
    refused(&mut community.chain, &clear, &[], MarketError::GateOpen);
    community.chain.set_time(start - 61);
    refused(&mut community.chain, &clear, &[], MarketError::GateOpen);
    community.chain.set_time(start - 60);
    community.send_with_full_budget(&[clear]).unwrap();
}

#[test]
fn given_orders_that_do_not_meet_when_they_are_cleared_then_nothing_trades() {
    let nothing = (0, 0, 0, 0);
    assert_eq!(cleared(&[], &[]), nothing);
    assert_eq!(cleared(&[(1000, 60)], &[]), nothing);
    assert_eq!(cleared(&[], &[(1000, 60)]), nothing);
    assert_eq!(cleared(&[(1000, 59)], &[(1000, 60)]), nothing);
}

#[test]
fn given_orders_that_meet_when_they_are_cleared_then_the_price_is_in_the_middle() {
    // 50,000 + 2,000 × tick.
    assert_eq!(
        cleared(&[(1000, 60)], &[(1000, 50)]),
        (1000, 160_000, 50, 60)
    );
    assert_eq!(
        cleared(&[(1000, 61)], &[(1000, 50)]),
        (1000, 161_000, 50, 61)
    );
    assert_eq!(
        cleared(&[(1000, 50)], &[(1000, 50)]),
        (1000, 150_000, 50, 50)
    );
    assert_eq!(cleared(&[(1, 127)], &[(1, 0)]), (1, 177_000, 0, 127));
    // The best unfilled buy keeps the price up, the best unfilled sell keeps it down.
    let (buys, sells) = ([(10, 80), (10, 60)], [(10, 10), (10, 90)]);
    assert_eq!(cleared(&buys, &sells), (10, 190_000, 60, 80));
    let (buys, sells) = ([(10, 120), (10, 5)], [(10, 10), (10, 70)]);
    assert_eq!(cleared(&buys, &sells), (10, 130_000, 10, 70));
}

#[test]
fn given_orders_entered_and_cancelled_in_another_way_when_they_are_cleared_then_the_result_is_the_same(
) {
    let outcome = |prepare: fn(&mut LocalCommunity, i64)| {
        let (mut community, start) = community_with_open_window(Parameters::default());
        prepare(&mut community, start);
        close_gate(&mut community, start);
        let clear = community.addresses.clear(start);
        community.send_with_full_budget(&[clear]).unwrap();
        let book = community.book(start);
        (book.nodes[0], book.levels)
    };
    let plain = outcome(trade);
    let roundabout = outcome(|community, start| {
        community
            .place(SELLER, start, vec![sell(700, 50), sell(900, 1)])
            .unwrap();
        community
            .place(BUYER, start, vec![buy(3000, 90), buy(400, 60)])
            .unwrap();
        community.place(SELLER, start, vec![sell(500, 50)]).unwrap();
        community
            .cancel(BUYER, start, vec![joulebook_tests::market::id(2, 0)])
            .unwrap();
        community.place(BUYER, start, vec![buy(600, 60)]).unwrap();
        community
            .cancel(SELLER, start, vec![joulebook_tests::market::id(1, 0)])
            .unwrap();
    });
    assert_eq!(plain, roundabout);
}
