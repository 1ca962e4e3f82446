//! `close_seat`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::SeatClosed};
use joulebook_testkit::{Setup, Token, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, buy, close_gate, contract, deliver_and_settle, first_start, govern, make,
        market_events, meters_of, open_village, retire_meters, sell, send_as, sound, stay_silent,
        village, BUYER, DEPOSIT, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

#[test]
fn given_a_seat_without_money_when_it_is_closed_then_it_is_vacant_and_can_be_opened_again() {
    let mut world = village();
    world.withdraw(BUYER, DEPOSIT).unwrap();
    let delegate = make::set_delegate(&world, &world.households[BUYER], Some(world.at.market));
    send_as(&mut world, BUYER, delegate).unwrap();
    retire_meters(&mut world, BUYER);
    let open_before = world.ledger().header.open_seats;
    let close = make::close_seat(&world, &world.households[BUYER]);
    let receipt = sweep(&mut world.chain, &close, &[&world.households[BUYER].wallet]);

    let buyer = &world.households[BUYER];
    let closed = SeatClosed {
        market: world.at.market,
        seat: buyer.seat,
        owner: buyer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatClosed(closed)]);
    assert!(!world.seat(BUYER).is_open());
    assert_eq!(world.seat(BUYER).owner, [0; 32]);
    assert_eq!(world.ledger().header.open_seats, open_before - 1);
    sound(&world);
    refused(
        &mut world.chain,
        &close,
        &[&buyer.wallet],
        MarketError::NoSuchSeat,
    );

    let open = world.open_seat_of(&world.households[BUYER]);
    send_as(&mut world, BUYER, open).unwrap();
    assert_eq!(world.seat(BUYER).delegate, [0; 32]);
    world.deposit(BUYER, 1).unwrap();
    sound(&world);
}

#[test]
fn given_an_atom_in_a_seat_when_it_is_closed_then_it_is_in_use() {
    let mut world = village();
    world.withdraw(BUYER, DEPOSIT - 1).unwrap();
    refuse_closing(&mut world, BUYER, "an atom");
}

#[test]
fn given_orders_or_contracts_when_a_seat_is_closed_then_it_is_in_use() {
    let (mut world, start) = open_village(Setup::default());
    // Both lock nothing: their price is the short price, or they cost nothing.
    world.place(SELLER, start, vec![sell(10, 125)]).unwrap();
    world.withdraw(SELLER, DEPOSIT).unwrap();
    assert_eq!((world.seat(SELLER).free, world.seat(SELLER).locked), (0, 0));
    refuse_closing(&mut world, SELLER, "an order");
    world.place(BUYER, start, vec![buy(10, 125)]).unwrap();
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    refuse_closing(&mut world, SELLER, "a contract");
}

#[test]
fn given_locked_money_when_a_seat_is_closed_then_it_is_in_use() {
    let (mut world, start) = open_village(Setup::default());
    world.place(SELLER, start, vec![sell(10, 0)]).unwrap();
    let free = world.seat(SELLER).free / 1000;
    world.withdraw(SELLER, free).unwrap();
    refuse_closing(&mut world, SELLER, "a lock");
}

#[test]
fn given_energy_estimated_and_not_yet_measured_when_a_seat_is_closed_then_it_is_in_use() {
    let mut world = village();
    let start = first_start(&world);
    contract(&mut world, start);
    stay_silent(&mut world, start);
    world.meter_and_settle(start).unwrap();
    assert_eq!(world.seat(BUYER).estimated, 1000);
    let free = world.seat(BUYER).free / 1000;
    world.withdraw(BUYER, free).unwrap();
    // Closed and opened again, the seat would be paid a second time once its meter is heard.
    refuse_closing(&mut world, BUYER, "estimated energy");
    sound(&world);
}

#[test]
fn given_estimated_energy_and_no_windows_left_when_a_seat_is_closed_then_it_may_be() {
    let mut world = village();
    let start = first_start(&world);
    contract(&mut world, start);
    stay_silent(&mut world, start);
    world.meter_and_settle(start).unwrap();
    end_windows(&mut world);
    let free = world.seat(SELLER).free / 1000;
    world.withdraw(SELLER, free).unwrap();
    assert_eq!(world.seat(SELLER).estimated, -1000);
    // Its meter will never be heard in this market again, which must be able to end.
    let close = make::close_seat(&world, &world.households[SELLER]);
    send_as(&mut world, SELLER, close).unwrap();
    sound(&world);
}

#[test]
fn given_a_meter_in_service_when_its_seat_is_closed_then_it_must_be_retired_first() {
    let mut world = village();
    world.withdraw(BUYER, DEPOSIT).unwrap();
    // A seat that could be closed before its energy is settled would be, whenever that is cheaper.
    let refuse = |world: &mut World, what| {
        let close = make::close_seat(world, &world.households[BUYER]);
        let buyer = &world.households[BUYER].wallet;
        let why = MarketError::MetersInService;
        refused_when(what, &mut world.chain, &close, &[buyer], why);
    };
    refuse(&mut world, "active");
    for meter in meters_of(&world, BUYER) {
        let quarantine = make::quarantine_meter(&world, meter);
        govern(&mut world, quarantine).unwrap();
    }
    refuse(&mut world, "in quarantine");
    retire_meters(&mut world, SELLER);
    refuse(&mut world, "another seat's is retired");
    retire_meters(&mut world, BUYER);
    let close = make::close_seat(&world, &world.households[BUYER]);
    send_as(&mut world, BUYER, close).unwrap();
    sound(&world);
}

fn end_windows(world: &mut World) {
    for slot in 0..world.setup.ring {
        let close = make::close_window(world, slot);
        govern(world, close).unwrap();
    }
}

#[test]
fn given_a_market_that_ends_when_the_authority_closes_a_seat_without_money_then_it_may() {
    let mut world = village();
    world.withdraw(BUYER, DEPOSIT).unwrap();
    let mut close = make::close_seat(&world, &world.households[BUYER]);
    close.accounts[0].pubkey = world.authority.pubkey();
    let authority = world.authority.insecure_clone();
    let refuse = |world: &mut World, what, close: &_, key: &_, why: MarketError| {
        refused_when(what, &mut world.chain, close, &[key], why);
    };
    refuse(
        &mut world,
        "with windows",
        &close,
        &authority,
        MarketError::NotOwner,
    );
    end_windows(&mut world);
    let seller = world.households[SELLER].wallet.insecure_clone();
    let mut by_another = close.clone();
    by_another.accounts[0].pubkey = seller.pubkey();
    refuse(
        &mut world,
        "by another",
        &by_another,
        &seller,
        MarketError::NotOwner,
    );
    let mut with_money = make::close_seat(&world, &world.households[SELLER]);
    with_money.accounts[0].pubkey = authority.pubkey();
    refuse(
        &mut world,
        "with money",
        &with_money,
        &authority,
        MarketError::SeatInUse,
    );
    // It stays ended, or debts could be wiped out by closing and opening it.
    let again = make::create_window(&world, 0);
    refuse(
        &mut world,
        "another slot",
        &again,
        &authority,
        MarketError::MarketEnded,
    );
    assert_eq!(world.market().ended, 1);
    let receipt = govern(&mut world, close).unwrap();
    let buyer = &world.households[BUYER];
    let closed = SeatClosed {
        market: world.at.market,
        seat: buyer.seat,
        owner: buyer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatClosed(closed)]);
    sound(&world);
}

#[test]
fn given_less_than_an_atom_when_a_seat_is_closed_then_it_becomes_a_fee() {
    let (mut world, start) = open_village(Setup::default());
    world.place(BUYER, start, vec![buy(1, 50)]).unwrap();
    world.place(SELLER, start, vec![sell(1, 50)]).unwrap();
    close_gate(&mut world, start);
    world.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut world, start, &[(1, 0), (0, 1)]);
    // 1 Wh for 171,500 milli-atoms.
    let free = world.seat(BUYER).free;
    assert_eq!(free, DEPOSIT * 1000 - 171_500);
    world.withdraw(BUYER, free / 1000).unwrap();
    assert_eq!(world.seat(BUYER).free, 500);
    let fees = world.ledger().header.fees;
    retire_meters(&mut world, BUYER);
    let close = make::close_seat(&world, &world.households[BUYER]);
    send_as(&mut world, BUYER, close).unwrap();
    assert_eq!(world.ledger().header.fees, fees + 500);
    sound(&world);
}

#[test]
fn given_a_seat_of_someone_else_when_it_is_closed_then_the_signer_is_not_its_owner() {
    let mut world = village();
    world.withdraw(BUYER, DEPOSIT).unwrap();
    let close = make::close_seat(&world, &world.households[BUYER]);
    let seller = &world.households[SELLER];
    let bent = swap(&close, world.households[BUYER].address(), seller.address());
    refused(
        &mut world.chain,
        &bent,
        &[&seller.wallet],
        MarketError::NotOwner,
    );
    let bent = swap(
        &close,
        world.households[BUYER].address(),
        world.authority.pubkey(),
    );
    refused(
        &mut world.chain,
        &bent,
        &[&world.authority],
        MarketError::NotOwner,
    );
}

#[test]
fn given_a_seat_that_is_not_open_when_it_is_closed_then_there_is_no_such_seat() {
    let mut world = village();
    for seat in [31, 32, u16::MAX] {
        let mut close = make::close_seat(&world, &world.households[BUYER]);
        close.data[8..].copy_from_slice(&seat.to_le_bytes());
        let buyer = &world.households[BUYER].wallet;
        refused_when(
            "",
            &mut world.chain,
            &close,
            &[buyer],
            MarketError::NoSuchSeat,
        );
    }
}

#[test]
fn given_windows_when_supplier_or_grid_operator_close_their_seats_then_they_are_in_use() {
    let mut world = World::new(Setup::default()).unwrap();
    assert_eq!(Token::balance(&world.chain, &world.at.vault), 0);
    let close = make::close_seat(&world, &world.supplier);
    let supplier = &world.supplier.wallet;
    refused(
        &mut world.chain,
        &close,
        &[supplier],
        MarketError::SeatInUse,
    );
    let close = make::close_seat(&world, &world.grid_operator);
    let operator = &world.grid_operator.wallet;
    refused(
        &mut world.chain,
        &close,
        &[operator],
        MarketError::SeatInUse,
    );
}

#[track_caller]
fn refuse_closing(world: &mut World, place: usize, what: &str) {
    let close = make::close_seat(world, &world.households[place]);
    let owner = &world.households[place].wallet;
    refused_when(
        what,
        &mut world.chain,
        &close,
        &[owner],
        MarketError::SeatInUse,
    );
    sound(world);
}
