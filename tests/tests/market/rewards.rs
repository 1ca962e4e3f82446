//! What keepers get for `allocate` and `settle`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::KeeperRewarded};
use joulebook_testkit::{Receipt, Setup, World};
use joulebook_tests::{
    market::{
        amounts, close_gate, contract, deliver, first_start, market_events, pass_until, sound,
        trade, village_of, BUYER,
    },
    refused::refused,
};

const REWARD: u64 = 1_000_000;

/// A village whose market pays keepers, before its first window.
fn generous() -> (World, i64, u16) {
    let mut setup = Setup::default();
    setup.terms.keeper_reward = REWARD;
    let mut world = village_of(setup);
    let keeper = world.join("keeper", 0).unwrap();
    let (start, seat) = (first_start(&world), world.households[keeper].seat);
    (world, start, seat)
}

fn rewards(receipt: &Receipt) -> Vec<KeeperRewarded> {
    let events = market_events(receipt).into_iter();
    events
        .filter_map(|event| match event {
            MarketEvent::KeeperRewarded(reward) => Some(reward),
            _ => None,
        })
        .collect()
}

fn free(world: &World, seat: u16) -> u64 {
    world.ledger().seats[usize::from(seat)].free
}

#[test]
fn given_no_fees_yet_when_a_keeper_allocates_then_it_gets_nothing() {
    let (mut world, start, keeper) = generous();
    world.open_window(start).unwrap();
    trade(&mut world, start);
    close_gate(&mut world, start);
    let cranks = [
        world.at.clear(start),
        world.at.allocate(start, u16::MAX, Some(keeper)),
    ];
    let receipt = world.crank(&cranks).unwrap();
    assert_eq!(rewards(&receipt), []);
    assert_eq!(free(&world, keeper), 0);
    sound(&world);
}

#[test]
fn given_fees_when_a_keeper_finishes_a_step_then_it_is_rewarded_as_far_as_they_go() {
    let (mut world, start, keeper) = generous();
    contract(&mut world, start);
    deliver(&mut world, start, &[(1000, 0), (0, 1000)]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    // Part of the work is no step.
    let part = world.at.settle(start, 31, Some(keeper));
    assert_eq!(rewards(&world.crank(&[part]).unwrap()), []);
    let rest = world.at.settle(start, 1, Some(keeper));
    let receipt = world.crank(std::slice::from_ref(&rest)).unwrap();
    let reward = |window, amount| KeeperRewarded {
        market: world.at.market,
        window,
        seat: keeper,
        amount,
    };
    assert_eq!(rewards(&receipt), [reward(start, REWARD)]);
    let left = amounts::MARKET_FEES - REWARD;
    assert_eq!(world.ledger().header.fees, left);
    sound(&world);

    let (next, again) = (start + 600, rest);
    let last = reward(next, left);
    assert_eq!(rewards(&world.crank(&[again]).unwrap()), []);
    pass_until(&mut world, next - 900);
    world.open_window(next).unwrap();
    trade(&mut world, next);
    close_gate(&mut world, next);
    let cranks = [
        world.at.clear(next),
        world.at.allocate(next, u16::MAX, Some(keeper)),
    ];
    let receipt = world.crank(&cranks).unwrap();
    assert_eq!(rewards(&receipt), [last]);
    assert_eq!(free(&world, keeper), amounts::MARKET_FEES);
    assert_eq!(world.ledger().header.fees, 0);
    sound(&world);
}

#[test]
fn given_a_seat_that_is_not_open_when_a_keeper_names_it_then_the_step_is_not_done() {
    let (mut world, start, keeper) = generous();
    world.open_window(start).unwrap();
    trade(&mut world, start);
    close_gate(&mut world, start);
    let clear = world.at.clear(start);
    world.crank(&[clear]).unwrap();
    for seat in [31, 32, u16::MAX] {
        let allocate = world.at.allocate(start, u16::MAX, Some(seat));
        refused(&mut world.chain, &allocate, &[], MarketError::NoSuchSeat);
    }
    let allocate = world.at.allocate(start, u16::MAX, Some(keeper));
    world.crank(&[allocate]).unwrap();
    deliver(&mut world, start, &[]);
    let meter = world.at.meter(start);
    world.crank(&[meter]).unwrap();
    for seat in [31, 32, u16::MAX] {
        let settle = world.at.settle(start, u16::MAX, Some(seat));
        refused(&mut world.chain, &settle, &[], MarketError::NoSuchSeat);
    }
    deliver_on(&mut world, start);
    sound(&world);
}

fn deliver_on(world: &mut World, start: i64) {
    let settle = world.at.settle(start, u16::MAX, None);
    world.crank(&[settle]).unwrap();
    assert_eq!(world.seat(BUYER).engaged, 0);
}
