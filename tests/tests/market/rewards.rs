//! What keepers get for `allocate` and `settle`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::KeeperRewarded};
use joulebook_sim::{LocalCommunity, Parameters, Receipt};
use joulebook_tests::{
    market::{
        amounts, check_invariants, close_gate, contract, deliver, first_start, market_events,
        pass_until, trade, trading_community_with, BUYER,
    },
    refused::refused,
};

const REWARD: u64 = 1_000_000;

/// A community whose market pays keepers, before its first window.
fn generous() -> (LocalCommunity, i64, u16) {
    let mut parameters = Parameters::default();
    parameters.terms.keeper_reward = REWARD;
    let mut community = trading_community_with(parameters);
    let keeper = community.join("keeper", 0).unwrap();
    let (start, seat) = (first_start(&community), community.households[keeper].seat);
    (community, start, seat)
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

fn free(community: &LocalCommunity, seat: u16) -> u64 {
    community.ledger().seats[usize::from(seat)].free
}

#[test]
fn given_no_fees_yet_when_a_keeper_allocates_then_it_gets_nothing() {
    let (mut community, start, keeper) = generous();
    community.open_window(start).unwrap();
    trade(&mut community, start);
    close_gate(&mut community, start);
    let steps = [
        community.addresses.clear(start),
        community.addresses.allocate(start, u16::MAX, Some(keeper)),
    ];
    let receipt = community.send_with_full_budget(&steps).unwrap();
    assert_eq!(rewards(&receipt), []);
    assert_eq!(free(&community, keeper), 0);
    check_invariants(&community);
}

#[test]
fn given_fees_when_a_keeper_finishes_a_step_then_it_is_rewarded_as_far_as_they_go() {
    let (mut community, start, keeper) = generous();
    contract(&mut community, start);
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    // Part of the work is no step.
    let part = community.addresses.settle(start, 31, Some(keeper));
    assert_eq!(
        rewards(&community.send_with_full_budget(&[part]).unwrap()),
        []
    );
    let rest = community.addresses.settle(start, 1, Some(keeper));
    let receipt = community
        .send_with_full_budget(std::slice::from_ref(&rest))
        .unwrap();
    let reward = |window, amount| KeeperRewarded {
        market: community.addresses.market,
        window,
        seat: keeper,
        amount,
    };
    assert_eq!(rewards(&receipt), [reward(start, REWARD)]);
    let left = amounts::MARKET_FEES - REWARD;
    assert_eq!(community.ledger().header.fees, left);
    check_invariants(&community);

    let (next, again) = (start + 600, rest);
    let last = reward(next, left);
    assert_eq!(
        rewards(&community.send_with_full_budget(&[again]).unwrap()),
        []
    );
    pass_until(&mut community, next - 900);
    community.open_window(next).unwrap();
    trade(&mut community, next);
    close_gate(&mut community, next);
    let steps = [
        community.addresses.clear(next),
        community.addresses.allocate(next, u16::MAX, Some(keeper)),
    ];
    let receipt = community.send_with_full_budget(&steps).unwrap();
    assert_eq!(rewards(&receipt), [last]);
    assert_eq!(free(&community, keeper), amounts::MARKET_FEES);
    assert_eq!(community.ledger().header.fees, 0);
    check_invariants(&community);
}

#[test]
fn given_a_seat_that_is_not_open_when_a_keeper_names_it_then_the_step_is_not_done() {
    let (mut community, start, keeper) = generous();
    community.open_window(start).unwrap();
    trade(&mut community, start);
    close_gate(&mut community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    for seat in [31, 32, u16::MAX] {
        let allocate = community.addresses.allocate(start, u16::MAX, Some(seat));
        refused(
            &mut community.chain,
            &allocate,
            &[],
            MarketError::NoSuchSeat,
        );
    }
    let allocate = community.addresses.allocate(start, u16::MAX, Some(keeper));
    community.send_with_full_budget(&[allocate]).unwrap();
    deliver(&mut community, start, &[]);
    let meter = community.addresses.meter(start);
    community.send_with_full_budget(&[meter]).unwrap();
    for seat in [31, 32, u16::MAX] {
        let settle = community.addresses.settle(start, u16::MAX, Some(seat));
        refused(&mut community.chain, &settle, &[], MarketError::NoSuchSeat);
    }
    deliver_on(&mut community, start);
    check_invariants(&community);
}

fn deliver_on(community: &mut LocalCommunity, start: i64) {
    let settle = community.addresses.settle(start, u16::MAX, None);
    community.send_with_full_budget(&[settle]).unwrap();
    assert_eq!(community.seat(BUYER).engaged, 0);
}
