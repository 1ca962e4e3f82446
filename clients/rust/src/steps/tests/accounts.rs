//! What a keeper reads and sends.

use super::{keeping::*, market::*};
use crate::{
    layout::{
        market::{Book, Ledger, Market},
        oracle::MeterTable,
        registry::Community,
        Account,
    },
    steps::{finishing::ALLOCATED_AT_ONCE, next_steps, MarketState, StateError, Step},
    tables::BookHead,
    Addresses,
};
use bytemuck::{bytes_of, cast_slice};

#[test]
fn given_slots_without_an_account_when_steps_are_due_then_they_are_left_out() {
    let mut state = fresh();
    state.books.clear();
    state.pages.clear();
    state.interval_pages.clear();
    rests(&state, NOON);
}

#[test]
fn given_a_market_without_lengths_or_a_clock_at_its_end_when_asked_then_nothing_panics() {
    for mut state in [fresh(), running()] {
        for now in [i64::MIN, -1, 0, i64::MAX] {
            next_steps(&state, now);
        }
        state.market.window_seconds = 0;
        state.meter_table.header.interval_seconds = 0;
        next_steps(&state, NOON);
        state.ledger.seats.clear();
        state.meter_table.meters.clear();
        for page in &mut state.pages {
            page.positions.clear();
        }
        for page in &mut state.interval_pages {
            page.entries.clear();
            page.header.intervals = 0;
        }
        next_steps(&state, NOON);
    }
}

#[test]
fn given_a_step_when_it_becomes_an_instruction_then_it_takes_the_accounts_of_its_time() {
    let addresses = Addresses::of_market(&fresh().market);
    let start = NOON + SPAN + LENGTH;
    let allocate = Step::Allocate { start }.instruction(&addresses, Some(3));
    assert_eq!(
        allocate,
        addresses.allocate(start, ALLOCATED_AT_ONCE, Some(3))
    );
    assert_eq!(allocate.accounts[1].pubkey, addresses.page_slot(1));
    assert_eq!(allocate.accounts[2].pubkey, addresses.book_slot(5));
    let settle = Step::Settle {
        page: NOON,
        windows: (1, 2),
        seats: (5, 3),
    };
    assert_eq!(
        settle.instruction(&addresses, Some(3)),
        addresses.settle(NOON, 1..3, 5..8)
    );
}

#[test]
fn given_a_page_when_it_is_finished_then_as_much_as_fits_into_an_instruction() {
    let addresses = Addresses {
        page_windows: 96,
        ..Addresses::of_market(&fresh().market)
    };
    let finish = Step::FinishPage { page: NOON };
    assert_eq!(
        finish.instruction(&addresses, None),
        addresses.finish_page(NOON, 10)
    );
    let finish = Step::FinishIntervalPage { page: NOON };
    assert_eq!(
        finish.instruction(&addresses, None),
        addresses.finish_interval_page(NOON, 85)
    );
}

/// Behind community, market, ledger, meter table and standing orders.
const FIRST_SLOT: usize = 5;

/// The accounts of a market without slots.
fn accounts(state: &MarketState) -> Vec<Vec<u8>> {
    let ledger = &state.ledger;
    let table = &state.meter_table;
    let mut data = vec![
        [&Community::DISCRIMINATOR, bytes_of(&state.community)].concat(),
        [&Market::DISCRIMINATOR, bytes_of(&state.market)].concat(),
        [
            &Ledger::DISCRIMINATOR,
            bytes_of(&ledger.header),
            cast_slice(&ledger.seats),
        ]
        .concat(),
        [
            &MeterTable::DISCRIMINATOR,
            bytes_of(&table.header),
            cast_slice(&table.meters),
        ]
        .concat(),
    ];
    // Nobody has standing orders.
    data.resize(FIRST_SLOT + usize::from(BOOKS + 2 * PAGES), vec![]);
    data
}

#[test]
fn given_account_data_when_it_is_decoded_then_missing_slots_are_left_out() {
    let state = fresh();
    let addresses = Addresses::of_market(&state.market);
    let decoded = MarketState::decode(&addresses, &accounts(&state)).unwrap();
    assert_eq!(decoded.market, state.market);
    assert_eq!(decoded.ledger, state.ledger);
    assert_eq!(decoded.meter_table, state.meter_table);
    assert!(decoded.books.is_empty() && decoded.pages.is_empty());
    assert!(decoded.interval_pages.is_empty());
}

#[test]
fn given_a_book_when_its_head_or_all_of_it_was_read_then_it_counts_and_half_grown_it_does_not() {
    let state = fresh();
    let addresses = Addresses::of_market(&state.market);
    let book = state.books[2].clone();
    let full_len = Book::full_len(1, 4, SEATS, 4);
    let head = BookHead::len(1, SEATS);
    let lengths = [head, full_len, head - 1, full_len - 1];
    for (len, expected) in lengths.into_iter().zip([1, 1, 0, 0]) {
        let mut data = accounts(&state);
        data[FIRST_SLOT + 2] = [&Book::DISCRIMINATOR, bytes_of(&book.header)].concat();
        data[FIRST_SLOT + 2].resize(len, 0);
        let decoded = MarketState::decode(&addresses, &data).unwrap();
        assert_eq!(decoded.books.len(), expected, "{len} bytes");
        assert!(decoded.books.iter().all(|found| *found == book));
    }
}

#[test]
fn given_other_accounts_when_they_are_decoded_then_they_are_named() {
    let state = fresh();
    let addresses = Addresses::of_market(&state.market);
    let error = |data: &[Vec<u8>]| MarketState::decode(&addresses, data).unwrap_err();

    let mut data = accounts(&state);
    data.swap(1, 2);
    assert_eq!(error(&data), StateError::WrongAccount(addresses.market));

    let mut data = accounts(&state);
    data[2].pop();
    assert_eq!(error(&data), StateError::NotGrown(addresses.ledger));

    let mut data = accounts(&state);
    data[FIRST_SLOT + usize::from(BOOKS)] = data[2].clone();
    let first_page = addresses.page_slot(0);
    assert_eq!(error(&data), StateError::WrongAccount(first_page));

    data.pop();
    assert_eq!(error(&data), StateError::WrongCount);
}
