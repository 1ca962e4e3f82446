//! However a window is cut into calls, the outcome is the same, byte for byte.

use joulebook_client::{layout::market::Phase, market::events::MarketEvent};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::restore, buy, check_invariants, close_gate, deliver, first_start, market_events,
        sell, trading_community_with, BUYER, SELLER,
    },
    refused::{snapshot, Snapshot},
};
use solana_instruction::Instruction;

const LIMITS: [u16; 6] = [1, 2, 3, 5, 31, u16::MAX];

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
    community
        .cancel(third, start, vec![joulebook_tests::market::id(5, 0)])
        .unwrap();
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    (community, start)
}

/// Sends a step until the window is in `until`; returns what it left behind and how often it took.
fn run(
    community: &mut LocalCommunity,
    start: i64,
    step: &Instruction,
    until: Phase,
) -> (Snapshot, usize) {
    let mut calls = 0;
    let mut reached = 0;
    while community.window(start).phase() != Some(until) {
        let receipt = community
            .send_with_full_budget(std::slice::from_ref(step))
            .unwrap();
        for event in market_events(&receipt) {
            let (from, to) = match event {
                MarketEvent::OrdersAllocated(part) => (part.from, part.to),
                MarketEvent::SeatsSettled(part) => (part.from, part.to),
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

fn everything(community: &LocalCommunity, start: i64) -> Snapshot {
    let at = &community.addresses;
    snapshot(&community.chain, &[at.ledger, at.window(start), at.history])
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
        let (outcome, calls) = run(&mut community, start, &allocate, Phase::Allocated);
        // The orders first, then the seats.
        let steps = community.window(start).header.used_orders + 32;
        assert_eq!(calls, usize::from(steps.div_ceil(limit)));
        outcomes.push(outcome);
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}

#[test]
fn given_any_limit_when_a_window_is_settled_then_the_outcome_is_the_same() {
    let (mut community, start) = cleared();
    let allocate = community.addresses.allocate(start, u16::MAX, None);
    community.send_with_full_budget(&[allocate]).unwrap();
    deliver(
        &mut community,
        start,
        &[(500, 0), (0, 80), (100, 90), (0, 300)],
    );
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    let before = everything(&community, start);
    let mut outcomes = vec![];
    for limit in LIMITS {
        restore(&mut community.chain, &before);
        let keeper = Some(community.households[BUYER].seat);
        let settle = community.addresses.settle(start, limit, keeper);
        let (outcome, calls) = run(&mut community, start, &settle, Phase::Settled);
        assert_eq!(calls, usize::from(32u16.div_ceil(limit)));
        outcomes.push(outcome);
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}
