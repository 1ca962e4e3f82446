//! What is read out of rows and headers, and written into them.

use joulebook_layout::market::{Book, Owing, Position, Seat};
use joulebook_settlement::{Contract, Silence, Tariff, Terms};
use joulebook_units::{NetMilliAtoms, NetWh, Price, Wh};

#[test]
fn given_a_position_when_read_then_its_contract_is_what_it_bought_and_sold() {
    let position = Position {
        bought: 300,
        sold: 800,
        earns: 1,
        locked: 2,
        paid: -3,
        ..Position::default()
    };
    let contract = Contract::from(&position);
    let expected = Contract {
        bought: Wh(300),
        sold: Wh(800),
    };
    assert_eq!(contract, expected);
    assert_eq!(contract.net(), NetWh(-500));
}

#[test]
fn given_a_book_when_read_then_its_terms_are_those_the_window_opened_with() {
    let book = Book {
        short: 300_000,
        long: -80_000,
        grid_fee: 20_000,
        fee_bps: 100,
        min_lock: 7,
        floor_price: 1,
        tick_size: 2,
        keeper_reward: 3,
        ..Book::default()
    };
    let expected = Terms {
        tariff: Tariff {
            short: Price(300_000),
            long: Price(-80_000),
        },
        grid_fee: Price(20_000),
        fee_bps: 100,
        min_lock: Price(7),
    };
    assert_eq!(Terms::from(&book), expected);
}

#[test]
fn given_a_seat_when_its_silence_is_read_then_it_is_what_the_row_remembers() {
    let seat = Seat {
        silent_windows: 3,
        dearest: 300_000,
        lowest: -80_000,
        owed: 9,
        free: 1,
        owing: [Owing { debt: 2, claim: 0 }; 2],
        ..Seat::default()
    };
    let expected = Silence {
        windows: 3,
        dearest: Price(300_000),
        lowest: Price(-80_000),
        owed: NetMilliAtoms(9),
    };
    assert_eq!(Silence::from(&seat), expected);
    assert_eq!(Silence::from(&Seat::default()), Silence::default());
}

#[test]
fn given_a_silence_when_stored_then_the_row_has_it_and_all_else_stays() {
    let before = Seat {
        silent_windows: 3,
        dearest: 1,
        lowest: 2,
        owed: 3,
        free: 4,
        locked: 5,
        owing: [Owing { debt: 6, claim: 0 }; 2],
        ..Seat::default()
    };
    let mut seat = before;
    let silence = Silence {
        windows: 7,
        dearest: Price(-8),
        lowest: Price(-9),
        owed: NetMilliAtoms(10),
    };
    silence.store(&mut seat);
    let expected = Seat {
        silent_windows: 7,
        dearest: -8,
        lowest: -9,
        owed: 10,
        ..before
    };
    assert_eq!(seat, expected);
    assert_eq!(Silence::from(&seat), silence);
}
