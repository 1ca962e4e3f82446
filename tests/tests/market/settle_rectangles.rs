//! `settle`: which windows and seats, in which parts and order.

use joulebook_client::{
    layout::market::{PositionStatus, Seat, WindowStatus},
    market::errors::MarketError,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::restore, amounts, buy, check_invariants, check_settled, contract, contracted,
        deliver, first_start, instructions, pass_until, read_start, sell, stay_silent, trade,
        trading_community, trading_community_with, BUYER, FREE, SELLER,
    },
    refused::{refused, snapshot},
};
use solana_instruction::Instruction;

/// First window, windows, first seat, seats.
type Numbers = [u16; 4];

/// The instruction that settles a rectangle of the page that holds `start`, possible or not.
fn rectangle(community: &LocalCommunity, start: i64, numbers: Numbers) -> Instruction {
    let mut settle = instructions::settle(community, start);
    for (place, number) in settle.data[8..].chunks_mut(2).zip(numbers) {
        place.copy_from_slice(&number.to_le_bytes());
    }
    settle
}

/// A rectangle that there is nothing in: the call goes through and changes nothing.
#[track_caller]
fn changes_nothing(community: &mut LocalCommunity, start: i64, numbers: Numbers) {
    let tables = [community.addresses.ledger, community.addresses.page(start)];
    let before = snapshot(&community.chain, &tables);
    let settle = rectangle(community, start, numbers);
    community.send_with_full_budget(&[settle]).unwrap();
    let after = snapshot(&community.chain, &tables);
    assert!(before == after, "{numbers:?} changed something");
}

const WHOLE: Numbers = [0, 4, 0, 32];

#[test]
fn given_rectangles_outside_the_page_when_they_are_settled_then_there_is_nothing_in_them() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    for outside in [
        [4, 1, 0, 32],
        [4, u16::MAX, 0, 32],
        [u16::MAX, u16::MAX, 0, 32],
        [0, 4, 32, 1],
        [0, 4, 32, u16::MAX],
        [0, 4, u16::MAX, u16::MAX],
        [u16::MAX, 1, u16::MAX, 1],
        // Windows that have not ended, seats without a position.
        [1, 3, 0, 32],
        [0, 4, 4, 28],
    ] {
        changes_nothing(&mut community, start, outside);
    }
    check_invariants(&community);
}

#[test]
fn given_rectangles_of_nothing_when_they_are_settled_then_nothing_is() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    for empty in [[0, 0, 0, 32], [0, 4, 0, 0], [0, 0, 0, 0], [2, 0, 3, 0]] {
        changes_nothing(&mut community, start, empty);
    }
}

#[test]
fn given_a_rectangle_beyond_the_page_when_it_is_settled_then_what_of_it_there_is() {
    let (mut community, start) = contracted(Parameters::default());
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let all = rectangle(&community, start, [0, u16::MAX, 0, u16::MAX]);
    community.send_with_full_budget(&[all]).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    check_settled(&community, start);
}

/// A seat without meters has nothing to wait for but the window's end.
#[test]
fn given_a_window_that_has_not_ended_when_it_is_settled_then_nothing_is_until_it_has() {
    let (mut community, start) = contracted(Parameters::default());
    changes_nothing(&mut community, start, WHOLE);
    read_start(&mut community, start);
    pass_until(&mut community, start + 299);
    changes_nothing(&mut community, start, WHOLE);
    let seat = community.households[SELLER].seat;
    assert!(community.position(start, seat).is(PositionStatus::Open));

    deliver(&mut community, start, &[(0, 0), (0, 0)]);
    let settle = rectangle(&community, start, WHOLE);
    community.send_with_full_budget(&[settle]).unwrap();
    assert!(community
        .position(start, seat)
        .is(PositionStatus::Confirmed));
    // Sold at 150,000 and not delivered, at 300,000.
    assert_eq!(community.seat(SELLER).free, FREE - 150_000_000);
    check_settled(&community, start);
}

#[test]
fn given_a_page_before_its_time_or_never_opened_when_it_is_settled_then_nothing_is() {
    let mut community = trading_community();
    let start = first_start(&community);
    changes_nothing(&mut community, start, WHOLE);
    community.open_pages(start).unwrap();
    changes_nothing(&mut community, start, WHOLE);
    check_invariants(&community);
}

#[test]
fn given_more_positions_than_one_call_settles_when_it_is_asked_to_then_it_says_so() {
    // Four windows of 513 seats are 2,052 positions, three are 1,539.
    let mut community = trading_community_with(Parameters {
        seats: 513,
        ..Parameters::default()
    });
    let start = first_start(&community);
    contract(&mut community, start);
    deliver(&mut community, start, &[(1000, 0), (0, 1000)]);
    let settle = rectangle(&community, start, [0, u16::MAX, 0, u16::MAX]);
    // Only one has ended yet.
    community
        .send_with_full_budget(std::slice::from_ref(&settle))
        .unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    pass_until(&mut community, start + 1200);
    let why = MarketError::RectangleTooLarge;
    refused(&mut community.chain, &settle, &[], why);
    for fits in [[0, 1, 0, 513], [1, 3, 0, 341], [0, 4, 0, 256]] {
        let settle = rectangle(&community, start, fits);
        community.send_with_full_budget(&[settle]).unwrap();
    }
    check_invariants(&community);
}

#[test]
fn given_a_window_whose_orders_have_no_fills_when_its_page_is_settled_then_it_is_passed_over() {
    let mut community = trading_community();
    let start = first_start(&community);
    let next = start + 300;
    community.open_window(start).unwrap();
    community.open_window(next).unwrap();
    trade(&mut community, start);
    trade(&mut community, next);
    pass_until(&mut community, start - 60);
    community.clear_and_allocate(start).unwrap();
    for window in [start, next, next + 300] {
        let readings = [(1000, 0), (0, 1000)];
        deliver(&mut community, window, &readings);
    }
    let settle = rectangle(&community, start, WHOLE);
    community
        .send_with_full_budget(std::slice::from_ref(&settle))
        .unwrap();
    assert!(community.window(next).is(WindowStatus::Open));
    let [first, second, third] = [start, next, next + 300]
        .map(|window| community.position(window, community.households[SELLER].seat));
    assert!(first.is(PositionStatus::Confirmed));
    assert!(second.is(PositionStatus::Open));
    // Where there never was a book, too: 1000 Wh fed in at 80,000.
    assert!(third.is(PositionStatus::Confirmed));
    assert_eq!(third.paid, -80_000_000);
    check_invariants(&community);
    check_settled(&community, start);

    community.clear_and_allocate(next).unwrap();
    community.send_with_full_budget(&[settle]).unwrap();
    let second = community.position(next, community.households[SELLER].seat);
    assert!(second.is(PositionStatus::Confirmed));
    assert_eq!(
        community.seat(SELLER).free,
        FREE + 2 * amounts::INCOME + 80_000_000
    );
    check_invariants(&community);
    check_settled(&community, start);
}

/// Contracts in two windows, energy in all four; it is over, and every meter was heard.
fn busy_page(supplier: u64, households: u64) -> (LocalCommunity, i64) {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    for name in ["buyer", "seller", "third"] {
        community.join(name, households).unwrap();
    }
    community.fund_supplier(supplier).unwrap();
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    for window in [start, start + 300] {
        community.open_window(window).unwrap();
        let (bought, sold) = (vec![buy(1000, 60)], vec![sell(1200, 50)]);
        community.place(BUYER, window, bought).unwrap();
        community.place(SELLER, window, sold).unwrap();
    }
    for window in [start, start + 300] {
        pass_until(&mut community, window - 60);
        community.clear_and_allocate(window).unwrap();
    }
    let flows = [
        [(1100, 0), (0, 900), (40, 0)],
        [(0, 0), (0, 3000), (0, 0)],
        [(500, 0), (0, 0), (0, 700)],
        [(0, 50), (300, 0), (8000, 0)],
    ];
    for (window, flows) in (0..).map(|number| start + number * 300).zip(flows) {
        deliver(&mut community, window, &flows);
    }
    (community, start)
}

/// A page in parts: rectangles one after the other, some of them twice.
fn partings() -> Vec<Vec<Numbers>> {
    let windows = (0..4).rev().map(|window| [window, 1, 0, 32]).collect();
    let seats = (0..32).map(|seat| [0, 4, seat, 1]).collect();
    // Positions of the five seats in use, by a step that meets each of 20 once; then the whole.
    let single = (0..20).map(|number| number * 7 % 20);
    let mut single: Vec<Numbers> = single
        .map(|number| [number / 5, 1, number % 5, 1])
        .collect();
    single.push(WHOLE);
    let overlapping = vec![[1, 2, 2, 2], [0, 3, 1, 3], WHOLE, [0, 1, 0, 32], WHOLE];
    vec![windows, seats, single, overlapping]
}

/// Settles as said, and puts the tables back; what the seats are then.
fn settled_in(community: &mut LocalCommunity, start: i64, parts: &[Numbers]) -> Vec<Seat> {
    let tables = [community.addresses.ledger, community.addresses.page(start)];
    let before = snapshot(&community.chain, &tables);
    for part in parts {
        let settle = rectangle(community, start, *part);
        community.send_with_full_budget(&[settle]).unwrap();
        check_invariants(community);
    }
    check_settled(community, start);
    let seats = community.ledger().seats;
    restore(&mut community.chain, &before);
    seats
}

#[test]
fn given_any_splitting_and_order_when_a_page_is_settled_then_everyone_has_the_same() {
    let (mut community, start) = busy_page(100_000_000, 10_000_000);
    let whole = settled_in(&mut community, start, &[WHOLE]);
    for parts in partings() {
        let in_parts = settled_in(&mut community, start, &parts);
        assert!(in_parts == whole, "{parts:?}");
    }
    // The third household: 40 and 8000 Wh drawn at 300,000, 700 Wh fed in at 80,000.
    let third = usize::from(community.households[2].seat);
    let free = FREE - 12_000_000 - 2_400_000_000 + 56_000_000;
    assert_eq!(whole[third].free, free);
}

/// Whose turn it is decides who has money and who a claim, and not how much is whose.
#[test]
fn given_too_little_money_when_a_page_is_settled_in_any_order_then_what_is_owed_is_the_same() {
    let (mut community, start) = busy_page(10_000, 400_000);
    let worth = |seats: &[Seat]| -> Vec<i64> {
        let of = |seat: &Seat| seat.free as i64 + seat.claim() as i64 - seat.debt() as i64;
        let seats = &seats[1..];
        seats.iter().map(of).collect()
    };
    let whole = settled_in(&mut community, start, &[WHOLE]);
    assert!(whole.iter().any(|seat| seat.debt() > 0));
    for parts in partings() {
        let in_parts = settled_in(&mut community, start, &parts);
        assert_eq!(worth(&in_parts), worth(&whole), "{parts:?}");
    }
}

#[test]
fn given_a_window_nobody_was_heard_in_when_it_is_settled_before_its_grace_then_nothing_is() {
    let (mut community, start) = contracted(Parameters::default());
    pass_until(&mut community, start + 300 + 599);
    changes_nothing(&mut community, start, WHOLE);
    stay_silent(&mut community, start);
    changes_nothing(&mut community, start, WHOLE);
    check_settled(&community, start);
}
