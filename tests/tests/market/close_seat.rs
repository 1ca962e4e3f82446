//! `close_seat`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::SeatClosed};
use joulebook_sim::{LocalCommunity, Parameters, Token};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, buy, check_invariants, close_gate, community_with_open_window, contract,
        deliver_and_settle, first_start, govern, instructions, market_events, meters_of,
        retire_meters, sell, send_as, stay_silent, trading_community, BUYER, DEPOSIT, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

#[test]
fn given_a_seat_without_money_when_it_is_closed_then_it_is_vacant_and_can_be_opened_again() {
    let mut community = trading_community();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let delegate = instructions::set_delegate(
        &community,
        &community.households[BUYER],
        Some(community.addresses.market),
    );
    send_as(&mut community, BUYER, delegate).unwrap();
    retire_meters(&mut community, BUYER);
    let open_before = community.ledger().header.open_seats;
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    let receipt = sweep(
        &mut community.chain,
        &close,
        &[&community.households[BUYER].wallet],
    );

    let buyer = &community.households[BUYER];
    let closed = SeatClosed {
        market: community.addresses.market,
        seat: buyer.seat,
        owner: buyer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatClosed(closed)]);
    assert!(!community.seat(BUYER).is_open());
    assert_eq!(community.seat(BUYER).owner, [0; 32]);
    assert_eq!(community.ledger().header.open_seats, open_before - 1);
    check_invariants(&community);
    refused(
        &mut community.chain,
        &close,
        &[&buyer.wallet],
        MarketError::NoSuchSeat,
    );

    let open = community.seat_of(&community.households[BUYER]);
    send_as(&mut community, BUYER, open).unwrap();
    assert_eq!(community.seat(BUYER).delegate, [0; 32]);
    community.deposit(BUYER, 1).unwrap();
    check_invariants(&community);
}

#[test]
fn given_an_atom_in_a_seat_when_it_is_closed_then_it_is_in_use() {
    let mut community = trading_community();
    community.withdraw(BUYER, DEPOSIT - 1).unwrap();
    refuse_closing(&mut community, BUYER, "an atom");
}

#[test]
fn given_orders_or_contracts_when_a_seat_is_closed_then_it_is_in_use() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    // At the short price: the order locks the least, the contract nothing.
    community.place(SELLER, start, vec![sell(10, 125)]).unwrap();
    community.withdraw(SELLER, DEPOSIT - 1).unwrap();
    assert_eq!(
        (community.seat(SELLER).free, community.seat(SELLER).locked),
        (990, 10)
    );
    refuse_closing(&mut community, SELLER, "an order");
    community.place(BUYER, start, vec![buy(10, 125)]).unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    community.withdraw(SELLER, 1).unwrap();
    assert_eq!(
        (community.seat(SELLER).free, community.seat(SELLER).locked),
        (0, 0)
    );
    refuse_closing(&mut community, SELLER, "a contract");
}

#[test]
fn given_locked_money_when_a_seat_is_closed_then_it_is_in_use() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.place(SELLER, start, vec![sell(10, 0)]).unwrap();
    let free = community.seat(SELLER).free / 1000;
    community.withdraw(SELLER, free).unwrap();
    refuse_closing(&mut community, SELLER, "a lock");
}

#[test]
fn given_energy_estimated_and_not_yet_measured_when_a_seat_is_closed_then_it_is_in_use() {
    let mut community = trading_community();
    let start = first_start(&community);
    contract(&mut community, start);
    stay_silent(&mut community, start);
    community.meter_and_settle(start).unwrap();
    assert_eq!(community.seat(BUYER).estimated, 1000);
    let free = community.seat(BUYER).free / 1000;
    community.withdraw(BUYER, free).unwrap();
    // Closed and opened again, the seat would be paid a second time once its meter is heard.
    refuse_closing(&mut community, BUYER, "estimated energy");
    check_invariants(&community);
}

#[test]
fn given_estimated_energy_and_no_windows_left_when_a_seat_is_closed_then_it_may_be() {
    let mut community = trading_community();
    let start = first_start(&community);
    contract(&mut community, start);
    stay_silent(&mut community, start);
    community.meter_and_settle(start).unwrap();
    end_windows(&mut community);
    let free = community.seat(SELLER).free / 1000;
    community.withdraw(SELLER, free).unwrap();
    assert_eq!(community.seat(SELLER).estimated, -1000);
    // Its meter will never be heard in this market again, which must be able to end.
    let close = instructions::close_seat(&community, &community.households[SELLER]);
    send_as(&mut community, SELLER, close).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_meter_in_service_when_its_seat_is_closed_then_it_must_be_retired_first() {
    let mut community = trading_community();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    // A seat that could be closed before its energy is settled would be, whenever that is cheaper.
    let refuse = |community: &mut LocalCommunity, what| {
        let close = instructions::close_seat(community, &community.households[BUYER]);
        let buyer = &community.households[BUYER].wallet;
        let why = MarketError::MetersInService;
        refused_when(what, &mut community.chain, &close, &[buyer], why);
    };
    refuse(&mut community, "active");
    for meter in meters_of(&community, BUYER) {
        let quarantine = instructions::quarantine_meter(&community, meter);
        govern(&mut community, quarantine).unwrap();
    }
    refuse(&mut community, "in quarantine");
    retire_meters(&mut community, SELLER);
    refuse(&mut community, "another seat's is retired");
    retire_meters(&mut community, BUYER);
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    send_as(&mut community, BUYER, close).unwrap();
    check_invariants(&community);
}

fn end_windows(community: &mut LocalCommunity) {
    for slot in 0..community.parameters.ring {
        let close = instructions::close_window(community, slot);
        govern(community, close).unwrap();
    }
}

#[test]
fn given_a_market_that_ends_when_the_authority_closes_a_seat_without_money_then_it_may() {
    let mut community = trading_community();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let mut close = instructions::close_seat(&community, &community.households[BUYER]);
    close.accounts[0].pubkey = community.authority.pubkey();
    let authority = community.authority.insecure_clone();
    let refuse = |community: &mut LocalCommunity, what, close: &_, key: &_, why: MarketError| {
        refused_when(what, &mut community.chain, close, &[key], why);
    };
    refuse(
        &mut community,
        "with windows",
        &close,
        &authority,
        MarketError::NotOwner,
    );
    end_windows(&mut community);
    let seller = community.households[SELLER].wallet.insecure_clone();
    let mut by_another = close.clone();
    by_another.accounts[0].pubkey = seller.pubkey();
    refuse(
        &mut community,
        "by another",
        &by_another,
        &seller,
        MarketError::NotOwner,
    );
    let mut with_money = instructions::close_seat(&community, &community.households[SELLER]);
    with_money.accounts[0].pubkey = authority.pubkey();
    refuse(
        &mut community,
        "with money",
        &with_money,
        &authority,
        MarketError::SeatInUse,
    );
    // It stays ended, or debts could be wiped out by closing and opening it.
    let again = instructions::create_window(&community, 0);
    refuse(
        &mut community,
        "another slot",
        &again,
        &authority,
        MarketError::MarketEnded,
    );
    assert_eq!(community.market().ended, 1);
    let receipt = govern(&mut community, close).unwrap();
    let buyer = &community.households[BUYER];
    let closed = SeatClosed {
        market: community.addresses.market,
        seat: buyer.seat,
        owner: buyer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatClosed(closed)]);
    check_invariants(&community);
}

#[test]
fn given_less_than_an_atom_when_a_seat_is_closed_then_it_becomes_a_fee() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.place(BUYER, start, vec![buy(1, 50)]).unwrap();
    community.place(SELLER, start, vec![sell(1, 50)]).unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    deliver_and_settle(&mut community, start, &[(1, 0), (0, 1)]);
    // 1 Wh for 171,500 milli-atoms.
    let free = community.seat(BUYER).free;
    assert_eq!(free, DEPOSIT * 1000 - 171_500);
    community.withdraw(BUYER, free / 1000).unwrap();
    assert_eq!(community.seat(BUYER).free, 500);
    let fees = community.ledger().header.fees;
    retire_meters(&mut community, BUYER);
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    send_as(&mut community, BUYER, close).unwrap();
    assert_eq!(community.ledger().header.fees, fees + 500);
    check_invariants(&community);
}

#[test]
fn given_a_seat_of_someone_else_when_it_is_closed_then_the_signer_is_not_its_owner() {
    let mut community = trading_community();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    let seller = &community.households[SELLER];
    let altered = swap(
        &close,
        community.households[BUYER].address(),
        seller.address(),
    );
    refused(
        &mut community.chain,
        &altered,
        &[&seller.wallet],
        MarketError::NotOwner,
    );
    let altered = swap(
        &close,
        community.households[BUYER].address(),
        community.authority.pubkey(),
    );
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        MarketError::NotOwner,
    );
}

#[test]
fn given_a_seat_that_is_not_open_when_it_is_closed_then_there_is_no_such_seat() {
    let mut community = trading_community();
    for seat in [31, 32, u16::MAX] {
        let mut close = instructions::close_seat(&community, &community.households[BUYER]);
        close.data[8..].copy_from_slice(&seat.to_le_bytes());
        let buyer = &community.households[BUYER].wallet;
        refused_when(
            "",
            &mut community.chain,
            &close,
            &[buyer],
            MarketError::NoSuchSeat,
        );
    }
}

#[test]
fn given_windows_when_supplier_or_grid_operator_close_their_seats_then_they_are_in_use() {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    assert_eq!(
        Token::balance(&community.chain, &community.addresses.vault),
        0
    );
    let close = instructions::close_seat(&community, &community.supplier);
    let supplier = &community.supplier.wallet;
    refused(
        &mut community.chain,
        &close,
        &[supplier],
        MarketError::SeatInUse,
    );
    let close = instructions::close_seat(&community, &community.grid_operator);
    let operator = &community.grid_operator.wallet;
    refused(
        &mut community.chain,
        &close,
        &[operator],
        MarketError::SeatInUse,
    );
}

#[track_caller]
fn refuse_closing(community: &mut LocalCommunity, place: usize, what: &str) {
    let close = instructions::close_seat(community, &community.households[place]);
    let owner = &community.households[place].wallet;
    refused_when(
        what,
        &mut community.chain,
        &close,
        &[owner],
        MarketError::SeatInUse,
    );
    check_invariants(community);
}
