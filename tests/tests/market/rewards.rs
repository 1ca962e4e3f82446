//! What keepers get: for an allocation that they finish, out of what that window itself brought in.

use joulebook_client::{
    layout::market::WindowStatus,
    market::{errors::MarketError, events::MarketEvent, types::KeeperRewarded},
};
use joulebook_sim::{LocalCommunity, Parameters, Receipt};
use joulebook_tests::{
    market::{
        amounts, buy, check_invariants, close_gate, contract, deliver_and_settle, first_start,
        market_events, pass_until, sell, trade, trading_community_with, BUYER, FREE, SELLER,
    },
    refused::refused,
};

/// A community whose market pays keepers so many milli-atoms, before its first window, and the keeper's seat.
fn generous(keeper_reward: u64) -> (LocalCommunity, i64, u16) {
    let mut parameters = Parameters::default();
    parameters.terms.keeper_reward = keeper_reward;
    let mut community = trading_community_with(parameters);
    let keeper = community.take_seat("keeper").unwrap();
    let (start, seat) = (first_start(&community), community.households[keeper].seat);
    (community, start, seat)
}

/// Opens a window, trades in it and clears it.
fn cleared(community: &mut LocalCommunity, start: i64) {
    community.open_window(start).unwrap();
    trade(community, start);
    close_gate(community, start);
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
}

/// What is paid when the window's next orders and seats are allocated, up to `limit`.
fn allocate(
    community: &mut LocalCommunity,
    start: i64,
    limit: u16,
    seat: u16,
) -> Vec<KeeperRewarded> {
    let allocate = community.addresses.allocate(start, limit, Some(seat));
    let receipt = community.send_with_full_budget(&[allocate]).unwrap();
    check_invariants(community);
    rewards(&receipt)
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

fn fees(community: &LocalCommunity) -> u64 {
    community.ledger().header.fees
}

#[test]
fn given_a_window_that_brought_in_fees_when_a_keeper_finishes_it_then_it_is_paid_out_of_them() {
    let (mut community, start, keeper) = generous(1_000_000);
    cleared(&mut community, start);
    let reward = KeeperRewarded {
        market: community.addresses.market,
        number: 0,
        window: start,
        seat: keeper,
        amount: 1_000_000,
    };
    let paid = allocate(&mut community, start, u16::MAX, keeper);
    assert_eq!(paid, [reward]);
    assert_eq!(free(&community, keeper), 1_000_000);
    // Of 1,500,000: 1 % of 150,000 atoms per kWh, for 1000 Wh.
    assert_eq!(fees(&community), amounts::MARKET_FEES - 1_000_000);

    // It is paid once.
    assert_eq!(allocate(&mut community, start, u16::MAX, keeper), []);
    assert_eq!(free(&community, keeper), 1_000_000);
}

#[test]
fn given_an_allocation_in_parts_when_keepers_go_on_then_whoever_finishes_is_paid() {
    let (mut community, start, keeper) = generous(1_000_000);
    let buyer = community.households[BUYER].seat;
    cleared(&mut community, start);
    // Two orders and 32 seats.
    assert_eq!(allocate(&mut community, start, 1, buyer), []);
    assert_eq!(allocate(&mut community, start, 32, buyer), []);
    assert_eq!(allocate(&mut community, start, 1, keeper).len(), 1);
    assert_eq!(free(&community, keeper), 1_000_000);
}

#[test]
fn given_a_reward_above_what_the_window_brought_in_when_it_is_paid_then_other_fees_stay() {
    let (mut community, start, keeper) = generous(2_000_000);
    // Its fees are nobody's reward.
    contract(&mut community, start);
    assert_eq!(fees(&community), amounts::MARKET_FEES);
    let next = start + 300;
    cleared(&mut community, next);
    allocate(&mut community, next, u16::MAX, keeper);
    assert_eq!(free(&community, keeper), amounts::MARKET_FEES);
    assert_eq!(fees(&community), amounts::MARKET_FEES);
}

/// In the first version opening and settling windows without orders was paid out of what others had brought in.
#[test]
fn given_a_window_without_trade_when_a_keeper_finishes_it_then_it_gets_nothing() {
    let (mut community, start, keeper) = generous(1_000_000);
    contract(&mut community, start);
    let (empty, untraded) = (start + 300, start + 600);
    community.open_window(empty).unwrap();
    pass_until(&mut community, untraded - 900);
    community.open_window(untraded).unwrap();
    // Apart by more than they could agree on.
    community
        .place(BUYER, untraded, vec![buy(1000, 10)])
        .unwrap();
    community
        .place(SELLER, untraded, vec![sell(1000, 20)])
        .unwrap();
    for window in [empty, untraded] {
        close_gate(&mut community, window);
        let clear = community.addresses.clear(window);
        community.send_with_full_budget(&[clear]).unwrap();
        assert_eq!(allocate(&mut community, window, u16::MAX, keeper), []);
        assert!(community.window(window).is(WindowStatus::Allocated));
    }
    assert_eq!(free(&community, keeper), 0);
    assert_eq!(fees(&community), amounts::MARKET_FEES);
}

#[test]
fn given_a_seat_that_is_not_open_when_a_keeper_names_it_then_the_allocation_is_not_finished() {
    let (mut community, start, keeper) = generous(1_000_000);
    cleared(&mut community, start);
    for seat in [31, 32, u16::MAX] {
        let allocate = community.addresses.allocate(start, u16::MAX, Some(seat));
        refused(
            &mut community.chain,
            &allocate,
            &[],
            MarketError::NoSuchSeat,
        );
    }
    assert_eq!(allocate(&mut community, start, u16::MAX, keeper).len(), 1);
}

#[test]
fn given_the_keepers_own_window_when_it_is_settled_then_what_it_was_paid_stays() {
    let (mut community, start, _) = generous(1_000_000);
    let seller = community.households[SELLER].seat;
    cleared(&mut community, start);
    allocate(&mut community, start, u16::MAX, seller);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    let earned = amounts::INCOME + 1_000_000;
    assert_eq!(community.seat(SELLER).free, FREE + earned);
    assert_eq!(fees(&community), amounts::MARKET_FEES - 1_000_000);
    check_invariants(&community);
}
