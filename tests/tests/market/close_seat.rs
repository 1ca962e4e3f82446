//! `close_seat` by its owner, while the market goes on. Once it has ended: `end_of_seats.rs`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::SeatClosed};
use joulebook_sim::{LocalCommunity, Parameters, Token};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, buy, check_invariants, close_gate, community_with_open_window, contracted,
        deliver_and_settle, first_start, instructions, market_events, sell, send_as,
        trading_community, BUYER, DEPOSIT, FREE, SELLER,
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
        number: 0,
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
fn given_a_contract_of_a_silent_meter_when_its_page_is_final_then_the_seat_can_be_closed() {
    let (mut community, start) = contracted(Parameters::default());
    take_all(&mut community, BUYER);
    refuse_closing(&mut community, BUYER, "a contract");
    community.finish_page(start).unwrap();
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    send_as(&mut community, BUYER, close).unwrap();
    assert!(!community.seat(BUYER).is_open());
    check_invariants(&community);
}

/// Closed and opened again, a seat must not forget what its meters owe, nor be paid a second time once they are heard.
#[test]
fn given_silent_meters_when_their_seat_is_closed_then_it_still_knows_of_the_silence() {
    let (mut community, start) = contracted(Parameters::default());
    community.finish_page(start).unwrap();
    let silence = |community: &LocalCommunity| {
        let seat = community.seat(BUYER);
        let prices = (seat.dearest, seat.lowest);
        (seat.silent_windows, prices, seat.owed)
    };
    // 1000 Wh that were bought and not taken, at 80,000; four windows of one page.
    let kept_back = (4, (300_000, 80_000), 80_000_000);
    assert_eq!(silence(&community), kept_back);
    take_all(&mut community, BUYER);
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    send_as(&mut community, BUYER, close).unwrap();
    assert_eq!(silence(&community), kept_back);
    assert_eq!(community.seat(BUYER).bought, 1000);
    let open = community.seat_of(&community.households[BUYER]);
    send_as(&mut community, BUYER, open).unwrap();
    assert_eq!(silence(&community), kept_back);

    // It took all of it: read at the end of the next page, that costs 1000 × 300,000, less what was kept back.
    let next = start + community.page_length();
    community.open_pages(next).unwrap();
    community.deposit(BUYER, DEPOSIT).unwrap();
    let last = next + 3 * 300;
    let readings = community.read_meters(last, &[(1000, 0)]);
    community.submit(last, readings).unwrap();
    community.finish_page(next).unwrap();
    assert_eq!(silence(&community), (0, (0, 0), 0));
    assert_eq!(community.seat(BUYER).free, FREE - 220_000_000);
    check_invariants(&community);
}

#[test]
fn given_meters_in_service_when_their_seat_is_closed_then_what_they_move_is_its_rows() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.withdraw(BUYER, DEPOSIT).unwrap();
    community.withdraw(SELLER, DEPOSIT).unwrap();
    for place in [BUYER, SELLER] {
        let close = instructions::close_seat(&community, &community.households[place]);
        send_as(&mut community, place, close).unwrap();
    }
    deliver_and_settle(&mut community, start, &[(100, 0), (0, 50)]);
    check_invariants(&community);
    // 100 Wh at 300,000 and 50 Wh at 80,000; a participant keeps its index, so both find it again.
    assert_eq!(community.seat(BUYER).debt(), 30_000_000);
    assert_eq!(community.seat(SELLER).free, 4_000_000);
    for place in [BUYER, SELLER] {
        assert!(!community.seat(place).is_open());
        let open = community.seat_of(&community.households[place]);
        send_as(&mut community, place, open).unwrap();
    }
    assert_eq!(community.seat(BUYER).debt(), 30_000_000);
    refuse_closing(&mut community, BUYER, "a debt");
    community.withdraw(SELLER, 4_000).unwrap();
    check_invariants(&community);
}

/// Takes all whole atoms out of a seat.
fn take_all(community: &mut LocalCommunity, place: usize) {
    let atoms = community.seat(place).free / 1000;
    community.withdraw(place, atoms).unwrap();
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
fn given_pages_when_supplier_or_grid_operator_close_their_seats_then_they_are_in_use() {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    assert_eq!(
        Token::balance(&community.chain, &community.addresses.vault),
        0
    );
    let start = community.chain.now();
    community.open_pages(start).unwrap();
    let operators = [&community.supplier, &community.grid_operator];
    let closes = operators.map(|operator| {
        let close = instructions::close_seat(&community, operator);
        (close, operator.wallet.insecure_clone())
    });
    for (close, key) in &closes {
        let why = MarketError::SeatInUse;
        refused(&mut community.chain, close, &[key], why);
    }
    community.finish_page(start).unwrap();
    for (close, key) in &closes {
        let why = MarketError::SeatInUse;
        refused_when("final", &mut community.chain, close, &[key], why);
    }
}

#[test]
fn given_no_page_yet_when_supplier_and_grid_operator_close_their_seats_then_they_may() {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    let operators = [&community.supplier, &community.grid_operator];
    let closes = operators.map(|operator| {
        let close = instructions::close_seat(&community, operator);
        (close, operator.wallet.insecure_clone())
    });
    for (close, key) in closes {
        community.chain.send(&[close], &[&key]).unwrap();
    }
    assert_eq!(community.ledger().header.open_seats, 0);
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
