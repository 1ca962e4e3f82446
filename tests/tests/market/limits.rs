//! However a window is cut into calls, the outcome is the same, byte for byte.

use joulebook_client::{market::events::MarketEvent, tables::Phase};
use joulebook_testkit::{Setup, World};
use joulebook_tests::{
    market::{
        bend::restore, buy, close_gate, deliver, first_start, market_events, sell, sound,
        village_of, BUYER, SELLER,
    },
    refused::{snapshot, Snapshot},
};
use solana_instruction::Instruction;

const LIMITS: [u16; 6] = [1, 2, 3, 5, 31, u16::MAX];

/// A cleared window with rationed orders on both sides and a cancelled one between.
fn cleared() -> (World, i64) {
    let mut setup = Setup::default();
    setup.terms.keeper_reward = 500_000;
    let mut world = village_of(setup);
    let third = world.join("third", 10_000_000).unwrap();
    let fourth = world.join("fourth", 10_000_000).unwrap();
    let start = first_start(&world);
    world.open_window(start).unwrap();
    world
        .place(BUYER, start, vec![buy(333, 60), buy(77, 70), buy(10, 10)])
        .unwrap();
    world
        .place(SELLER, start, vec![sell(100, 60), sell(55, 40)])
        .unwrap();
    world
        .place(third, start, vec![buy(111, 60), sell(7, 60), sell(3, 20)])
        .unwrap();
    world
        .place(fourth, start, vec![sell(200, 60), buy(9, 60), buy(1, 127)])
        .unwrap();
    world
        .cancel(third, start, vec![joulebook_tests::market::id(5, 0)])
        .unwrap();
    close_gate(&mut world, start);
    let clear = world.at.clear(start);
    world.crank(&[clear]).unwrap();
    (world, start)
}

/// Sends a crank until the window is in `until`; returns what it left behind and how often it took.
fn run(world: &mut World, start: i64, crank: &Instruction, until: Phase) -> (Snapshot, usize) {
    let mut calls = 0;
    let mut reached = 0;
    while world.window(start).phase() != Some(until) {
        let receipt = world.crank(std::slice::from_ref(crank)).unwrap();
        for event in market_events(&receipt) {
            let (from, to) = match event {
                MarketEvent::OrdersAllocated(part) => (part.from, part.to),
                MarketEvent::SeatsSettled(part) => (part.from, part.to),
                _ => continue,
            };
            assert_eq!(from, reached);
            reached = to;
        }
        sound(world);
        calls += 1;
    }
    (everything(world, start), calls)
}

fn everything(world: &World, start: i64) -> Snapshot {
    let at = &world.at;
    snapshot(&world.chain, &[at.ledger, at.window(start), at.history])
}

#[test]
fn given_any_limit_when_a_window_is_allocated_then_the_outcome_is_the_same() {
    let (mut world, start) = cleared();
    let before = everything(&world, start);
    let mut outcomes = vec![];
    for limit in LIMITS {
        restore(&mut world.chain, &before);
        let keeper = Some(world.households[SELLER].seat);
        let allocate = world.at.allocate(start, limit, keeper);
        let (outcome, calls) = run(&mut world, start, &allocate, Phase::Allocated);
        // The orders first, then the seats.
        let steps = world.window(start).header.used_orders + 32;
        assert_eq!(calls, usize::from(steps.div_ceil(limit)));
        outcomes.push(outcome);
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}

#[test]
fn given_any_limit_when_a_window_is_settled_then_the_outcome_is_the_same() {
    let (mut world, start) = cleared();
    let allocate = world.at.allocate(start, u16::MAX, None);
    world.crank(&[allocate]).unwrap();
    deliver(&mut world, start, &[(500, 0), (0, 80), (100, 90), (0, 300)]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    let before = everything(&world, start);
    let mut outcomes = vec![];
    for limit in LIMITS {
        restore(&mut world.chain, &before);
        let keeper = Some(world.households[BUYER].seat);
        let settle = world.at.settle(start, limit, keeper);
        let (outcome, calls) = run(&mut world, start, &settle, Phase::Settled);
        assert_eq!(calls, usize::from(32u16.div_ceil(limit)));
        outcomes.push(outcome);
    }
    assert!(outcomes.iter().all(|outcome| *outcome == outcomes[0]));
}
