//! What must never break is noticed: accounts altered as no instruction could.

use bytemuck::{bytes_of, bytes_of_mut, Pod};
use joulebook_client::{
    layout::{
        market::{BookSeat, Ledger, Order, PageWindow, Position, Seat},
        DISCRIMINATOR_LEN,
    },
    tables::BookHead,
};
use joulebook_sim::{checks::invariants, LocalCommunity};
use joulebook_tests::market::{
    altered, deliver_and_settle, first_start, pass_until, read_start, trade, trading_community,
    BUYER, SELLER,
};
use solana_address::Address;

/// With contracts in one window that are confirmed, in a second that are not, and orders in a third; returns their starts.
fn community() -> (LocalCommunity, [i64; 3]) {
    let mut community = trading_community();
    let first = first_start(&community);
    let starts @ [_, second, third] = [first, first + 300, first + 600];
    for start in [first, second] {
        community.open_window(start).unwrap();
        trade(&mut community, start);
    }
    read_start(&mut community, first);
    community.clear_and_allocate(first).unwrap();
    community.open_window(third).unwrap();
    trade(&mut community, third);
    pass_until(&mut community, second);
    community.clear_and_allocate(second).unwrap();
    deliver_and_settle(&mut community, first, &[(1000, 0), (0, 900)]);
    assert_eq!(invariants(&community), Ok(()));
    (community, starts)
}

/// Changes the row of `T` at `offset` of an account, sees that it is noticed, and puts it back.
#[track_caller]
fn noticed<T: Pod>(
    community: &mut LocalCommunity,
    address: Address,
    offset: usize,
    change: impl FnOnce(&mut T),
) {
    let before = community.chain.data(&address)[offset..][..size_of::<T>()].to_vec();
    let mut row = T::zeroed();
    bytes_of_mut(&mut row).copy_from_slice(&before);
    change(&mut row);
    assert_ne!(bytes_of(&row), before, "nothing was changed");
    altered::write(&mut community.chain, &address, offset, bytes_of(&row));
    assert!(invariants(community).is_err());
    altered::write(&mut community.chain, &address, offset, &before);
    assert_eq!(invariants(community), Ok(()));
}

#[track_caller]
fn noticed_in_seat(community: &mut LocalCommunity, place: usize, change: impl FnOnce(&mut Seat)) {
    let index = usize::from(community.households[place].seat);
    let offset = Ledger::LEN + index * size_of::<Seat>();
    let ledger = community.addresses.ledger;
    noticed(community, ledger, offset, change);
}

/// In the position of a household in a window.
#[track_caller]
fn noticed_in_position(
    community: &mut LocalCommunity,
    start: i64,
    place: usize,
    change: impl FnOnce(&mut Position),
) {
    let page = community.page(start);
    let first = rows_of_page(community, start);
    let windows = page.windows.len() * size_of::<PageWindow>();
    let window = usize::from(community.addresses.window_number(start));
    let seat = usize::from(community.households[place].seat);
    let row = window * usize::from(page.header.seats) + seat;
    let offset = first + windows + row * size_of::<Position>();
    let address = community.addresses.page(start);
    noticed(community, address, offset, change);
}

/// Where the rows of a page begin.
fn rows_of_page(community: &LocalCommunity, start: i64) -> usize {
    let page = community.page(start);
    let all = community.chain.data(&community.addresses.page(start)).len();
    all - page.windows.len() * size_of::<PageWindow>()
        - page.positions.len() * size_of::<Position>()
}

#[test]
fn given_money_that_is_not_there_when_it_is_checked_then_it_is_noticed() {
    let (mut community, _) = community();
    noticed_in_seat(&mut community, BUYER, |seat| seat.free += 1);
    noticed_in_seat(&mut community, BUYER, |seat| seat.held += 1);
    let ledger = community.addresses.ledger;
    let change = |change: fn(&mut Ledger)| change;
    for change in [
        change(|ledger| ledger.money += 1000),
        change(|ledger| ledger.fees += 1),
        change(|ledger| ledger.escrow -= 1),
        change(|ledger| ledger.suppliers[0].claims += 1),
        change(|ledger| ledger.last_final = i64::MAX),
    ] {
        noticed(&mut community, ledger, DISCRIMINATOR_LEN, change);
    }
}

#[test]
fn given_money_moved_within_the_ledger_when_it_is_checked_then_it_is_noticed() {
    let (mut community, _) = community();
    noticed_in_seat(&mut community, SELLER, |seat| {
        seat.free += 1;
        seat.locked -= 1;
    });
    noticed_in_seat(&mut community, SELLER, |seat| seat.engaged += 1);
    noticed_in_seat(&mut community, SELLER, |seat| {
        seat.owing[0].debt += 1;
        seat.owing[0].claim += 1;
    });
}

#[test]
fn given_a_confirmed_position_when_it_has_paid_something_else_then_it_is_noticed() {
    let (mut community, [start, ..]) = community();
    noticed_in_position(&mut community, start, SELLER, |position| position.paid += 1);
    noticed_in_position(&mut community, start, SELLER, |position| position.earns = 1);
    noticed_in_position(&mut community, start, SELLER, |position| {
        position.locked = 1;
    });
    noticed_in_position(&mut community, start, SELLER, |position| position.sold = 1);
    noticed_in_position(&mut community, start, SELLER, |position| {
        position.status = 0;
    });
}

#[test]
fn given_an_open_position_when_it_is_altered_then_it_is_noticed() {
    let (mut community, [_, start, _]) = community();
    noticed_in_position(&mut community, start, BUYER, |position| position.paid = 1);
    noticed_in_position(&mut community, start, BUYER, |position| position.paid = -1);
    noticed_in_position(&mut community, start, SELLER, |position| {
        position.earns -= 1;
    });
    noticed_in_position(&mut community, start, SELLER, |position| {
        position.locked -= 1;
    });
    noticed_in_position(&mut community, start, SELLER, |position| {
        position.status = 1;
    });
    noticed_in_position(&mut community, start, SELLER, |position| {
        position.status = 2;
    });
}

#[test]
fn given_a_window_when_its_outcome_is_altered_then_it_is_noticed() {
    let (mut community, [first, second, third]) = community();
    let change = |change: fn(&mut PageWindow)| change;
    let rows = rows_of_page(&community, first);
    let page = community.addresses.page(first);
    let offset = |start: i64| rows + ((start - first) / 300) as usize * size_of::<PageWindow>();
    for change in [
        change(|window| window.volume -= 1),
        change(|window| window.price += 1),
        change(|window| window.short += 1),
        change(|window| window.market_fees += 1),
        change(|window| window.orders += 1),
        change(|window| window.status = 0),
        change(|window| window.status = 1),
    ] {
        noticed(&mut community, page, offset(second), change);
    }
    for change in [
        change(|window| window.volume += 1),
        change(|window| window.short += 1),
        change(|window| window.grid_fee += 1),
        change(|window| window.status = 0),
        change(|window| window.status = 2),
    ] {
        noticed(&mut community, page, offset(third), change);
    }
}

#[test]
fn given_a_book_when_its_orders_are_altered_then_it_is_noticed() {
    let (mut community, [_, second, third]) = community();
    let change = |change: fn(&mut Order)| change;
    for (start, change) in [
        (third, change(|order| order.quantity += 1)),
        (third, change(|order| order.tick += 1)),
        (third, change(|order| order.state = 0)),
        (third, change(|order| order.seat += 1)),
        (second, change(|order| order.filled -= 1)),
        (second, change(|order| order.filled += 1)),
        (second, change(|order| order.tick = 0)),
    ] {
        let book = community.addresses.book(start);
        let orders = community.book(start).orders.len() * size_of::<Order>();
        let offset = community.chain.data(&book).len() - orders;
        noticed(&mut community, book, offset, change);
    }
}

#[test]
fn given_a_book_when_a_seats_row_is_altered_then_it_is_noticed() {
    let (mut community, [_, second, third]) = community();
    let change = |change: fn(&mut BookSeat)| change;
    for (start, change) in [
        (third, change(|seat| seat.locked += 1)),
        (third, change(|seat| seat.orders += 1)),
        (third, change(|seat| seat.bought += 1)),
        (second, change(|seat| seat.bought += 1)),
        (second, change(|seat| seat.sold += 1)),
    ] {
        let address = community.addresses.book(start);
        let offset = BookHead::len(1, community.households[BUYER].seat);
        noticed(&mut community, address, offset, change);
    }
}
