//! What a keeper reads and sends.

use super::{keeping::*, market::*};
use crate::{
    layout::{
        market::{Ledger, Market},
        Account,
    },
    steps::{next_steps, KeeperOptions, MarketState, StateError, Step},
    Addresses,
};

#[test]
fn given_slots_without_an_account_when_steps_are_due_then_they_are_left_out() {
    let mut state = fresh();
    state.windows.clear();
    state.intervals.clear();
    rests(&state, NOON);
}

#[test]
fn given_a_market_without_window_length_or_a_clock_at_its_end_when_asked_then_nothing_panics() {
    let mut state = running();
    for now in [i64::MIN, -1, 0, i64::MAX] {
        next_steps(&state, now);
    }
    state.market.window_seconds = 0;
    next_steps(&state, NOON);
}

#[test]
fn given_a_step_when_it_becomes_an_instruction_then_it_takes_the_window_of_its_start() {
    let addresses = Addresses::of_market(&fresh().market);
    let options = KeeperOptions {
        limit: 7,
        reward_seat: Some(3),
    };
    let start = NOON + LENGTH;
    let settle = Step::Settle { start }.instruction(&addresses, options);
    assert_eq!(settle, addresses.settle(start, 7, Some(3)));
    assert_eq!(settle.accounts[1].pubkey, addresses.window(start));
    let open = Step::OpenInterval { start }.instruction(&addresses, options);
    assert_eq!(open.accounts[1].pubkey, addresses.interval(start));
}

#[test]
fn given_account_data_when_it_is_decoded_then_missing_slots_are_left_out_and_others_are_named() {
    let addresses = Addresses::of_market(&fresh().market);
    let state = fresh();
    let accounts = MarketState::accounts(&addresses);
    let mut data = vec![vec![]; accounts.len()];
    data[0] = [&Market::DISCRIMINATOR, bytemuck::bytes_of(&state.market)].concat();
    data[1] = [&Ledger::DISCRIMINATOR, bytemuck::bytes_of(&state.ledger)].concat();
    let decoded = MarketState::decode(&addresses, &data).unwrap();
    assert_eq!(decoded.market, state.market);
    assert!(decoded.windows.is_empty() && decoded.intervals.is_empty());
    data.swap(0, 1);
    assert_eq!(
        MarketState::decode(&addresses, &data),
        Err(StateError::WrongAccount(addresses.market))
    );
    assert_eq!(
        MarketState::decode(&addresses, &data[1..]),
        Err(StateError::WrongCount)
    );
}
