//! However a window or a page is cut into calls, the outcome is the same, byte for byte.

use joulebook_client::{layout::market::Phase, market::events::MarketEvent};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::restore, buy, check_invariants, check_settled, close_gate, deliver, first_start,
        id, instructions, market_events, sell, trading_community_with, BUYER, SELLER,
    },
    refused::{snapshot, Snapshot},
};
use solana_instruction::Instruction;

const LIMITS: [u16; 6] = [1, 2, 3, 5, 31, u16::MAX];
const SEATS: u16 = 32;
const WINDOWS: u16 = 4;

/// A cleared window with rationed orders on both sides and a cancelled one between.
fn cleared() -> (LocalCommunity, i64) {
    let mut parameters = Parameters::default();
    parameters.terms.keeper_reward = 500_000;
    let mut community = trading_community_with(parameters);
    let third = community.join("third", 10_000_000).unwrap();
    let fourth = community.join("fourth", 10_000_000).unwrap();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    community
        .place(BUYER, start, vec![buy(333, 60), buy(77, 70), buy(10, 10)])
        .unwrap();
    community
        .place(SELLER, start, vec![sell(100, 60), sell(55, 40)])
        .unwrap();
    community
        .place(third, start, vec![buy(111, 60), sell(7, 60), sell(3, 20)])
        .unwrap();
    community
        .place(fourth, start, vec![sell(200, 60), buy(9, 60), buy(1, 127)])
        .unwrap();
    community.cancel(third, start, vec![id(5, 0)]).unwrap();
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    (community, start)
}

/// The same with contracts; the meters were heard in the first window alone, two of four.
fn delivered() -> (LocalCommunity, i64) {
    let (mut community, start) = cleared();
    let allocate = community.addresses.allocate(start, u16::MAX, None);
    community.send_with_full_budget(&[allocate]).unwrap();
    deliver(
        &mut community,
        start,
        &[(500, 0), (0, 80), (100, 90), (0, 300)],
    );
    let end = start + community.page_length();
    community.pass_until(end);
    let last = end - community.window_length();
    let mut readings = community.read_meters(last, &[(30, 0), (20, 0), (10, 0), (5, 0)]);
    readings.truncate(2);
    community.submit(last, readings).unwrap();
    (community, start)
}

fn everything(community: &LocalCommunity, start: i64) -> Snapshot {
    let at = &community.addresses;
    let tables = [at.ledger, at.book(start), at.page(start), at.history];
    snapshot(&community.chain, &tables)
}

/// Sends a step until it says that nothing is left; returns what it left behind and how often it took.
fn run(
    community: &mut LocalCommunity,
    start: i64,
    step: &Instruction,
    is_done: fn(&LocalCommunity, i64) -> bool,
) -> (Snapshot, usize) {
    let mut calls = 0;
    let mut reached = 0;
    while !is_done(community, start) {
        let receipt = community
            .send_with_full_budget(std::slice::from_ref(step))
            .unwrap();
        for event in market_events(&receipt) {
            let (from, to) = match event {
                MarketEvent::OrdersAllocated(part) => (part.from, part.to),
                MarketEvent::SeatsFinal(part) => (part.from, part.to),
                _ => continue,
            };
            assert_eq!(from, reached);
            reached = to;
        }
        check_invariants(community);
        calls += 1;
    }
    (everything(community, start), calls)
}

#[test]
fn given_any_limit_when_a_window_is_allocated_then_the_outcome_is_the_same() {
    let (mut community, start) = cleared();
    let before = everything(&community, start);
    let mut outcomes = vec![];
    for limit in LIMITS {
        restore(&mut community.chain, &before);
        let keeper = Some(community.households[SELLER].seat);
        let allocate = community.addresses.allocate(start, limit, keeper);
        let is_allocated = |community: &LocalCommunity, start| {
            community.book(start).phase() == Some(Phase::Allocated)
        };
        let (outcome, calls) = run(&mut community, start, &allocate, is_allocated);
        // The orders first, then the seats.
        let steps = community.book(start).header.used_orders + SEATS;
        assert_eq!(calls, usize::from(steps.div_ceil(limit)));
        outcomes.push(outcome);
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}

/// The page in rectangles of so many windows and seats.
fn rectangles(community: &LocalCommunity, start: i64, (w, s): (u16, u16)) -> Vec<Instruction> {
    let mut parts = vec![];
    for window in (0..WINDOWS).step_by(w.into()) {
        for seat in (0..SEATS).step_by(s.into()) {
            let (windows, seats) = (window..window + w, seat..seat + s);
            parts.push(community.addresses.settle(start, windows, seats));
        }
    }
    parts
}

#[test]
fn given_any_rectangles_when_a_page_is_settled_then_the_outcome_is_the_same() {
    let (mut community, start) = delivered();
    let before = everything(&community, start);
    let mut outcomes = vec![];
    for size in [(1, 1), (1, 5), (3, 2), (4, 31), (4, 32)] {
        let forwards = rectangles(&community, start, size);
        let backwards: Vec<_> = forwards.iter().rev().cloned().collect();
        for order in [forwards, backwards] {
            restore(&mut community.chain, &before);
            for part in order {
                community.send_with_full_budget(&[part]).unwrap();
            }
            check_invariants(&community);
            check_settled(&community, start);
            outcomes.push(everything(&community, start));
        }
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
    assert!(outcomes[0] != before);
}

#[test]
fn given_any_limit_when_a_page_is_finished_then_the_outcome_is_the_same() {
    for is_settled in [false, true] {
        let (mut community, start) = delivered();
        if is_settled {
            community.settle_page(start).unwrap();
        }
        community
            .finish_page(start - community.page_length())
            .unwrap();
        let header = community.interval_page(start).header;
        community.pass_until(header.corrections_until);
        let oracle = instructions::finish_interval_page(&community, start);
        community.send_with_full_budget(&[oracle]).unwrap();
        let before = everything(&community, start);
        let mut outcomes = vec![];
        for limit in LIMITS {
            restore(&mut community.chain, &before);
            let finish = community.addresses.finish_page(start, limit);
            let is_final =
                |community: &LocalCommunity, start| community.page(start).header.is_final();
            let (outcome, calls) = run(&mut community, start, &finish, is_final);
            assert_eq!(calls, usize::from(SEATS.div_ceil(limit)));
            outcomes.push(outcome);
        }
        assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
    }
}

/// Settled before or not: a page ends the same.
#[test]
fn given_a_page_that_nobody_settled_when_it_is_finished_then_it_ends_as_one_that_was() {
    let [unsettled, settled] = [false, true].map(|is_settled| {
        let (mut community, start) = delivered();
        if is_settled {
            community.settle_page(start).unwrap();
        }
        community.finish_page(start).unwrap();
        check_invariants(&community);
        let page = community.page(start);
        (community.ledger().seats, page.windows, page.positions)
    });
    let money = |seats: &[joulebook_client::layout::market::Seat]| -> Vec<(u64, u64, i64)> {
        let seats = seats.iter();
        seats
            .map(|seat| (seat.free, seat.debt(), seat.owed))
            .collect()
    };
    assert_eq!(money(&unsettled.0), money(&settled.0));
    assert_eq!(unsettled.1, settled.1);
    assert_eq!(unsettled.2, settled.2);
}
