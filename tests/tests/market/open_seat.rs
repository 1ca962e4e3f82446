//! `open_seat`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::SeatOpened};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER, VERIFIER},
    LocalCommunity, Parameters,
};
use joulebook_tests::{
    hostile::sweep,
    market::{altered::swap, check_invariants, instructions, market_events, trading_community},
    refused::refused,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn given_an_active_participant_when_it_opens_its_seat_then_it_owns_the_one_of_its_index() {
    let mut community = trading_community();
    let open_before = community.ledger().header.open_seats;
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let open = community.seat_of(&newcomer);
    let receipt = sweep(&mut community.chain, &open, &[&newcomer.wallet]);

    let opened = SeatOpened {
        market: community.addresses.market,
        seat: newcomer.seat,
        owner: newcomer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatOpened(opened)]);
    let ledger = community.ledger();
    assert_eq!(ledger.header.open_seats, open_before + 1);
    let seat = ledger.seats[usize::from(newcomer.seat)];
    assert_eq!(seat.owner, newcomer.address().to_bytes());
    assert!(seat.is_open());
    assert_eq!(
        (seat.delegate.0, seat.free, seat.locked, seat.debt),
        ([0; 32], 0, 0, 0)
    );
    check_invariants(&community);

    refused(
        &mut community.chain,
        &open,
        &[&newcomer.wallet],
        MarketError::SeatTaken,
    );
}

#[test]
fn given_a_role_that_does_not_trade_when_a_seat_is_opened_then_it_may_hold_money() {
    let mut community = trading_community();
    let verifier = community.admit("verifier", VERIFIER).unwrap();
    let open = community.seat_of(&verifier);
    community.chain.send(&[open], &[&verifier.wallet]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_suspended_participant_when_it_opens_its_seat_then_what_is_in_it_is_its_own() {
    let mut community = trading_community();
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let suspend = instructions::suspend(&community, &newcomer);
    community
        .chain
        .send(&[suspend], &[&community.authority])
        .unwrap();
    let open = community.seat_of(&newcomer);
    community.chain.send(&[open], &[&newcomer.wallet]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_another_wallet_when_it_opens_a_participants_seat_then_it_is_not_the_owner() {
    let mut community = trading_community();
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let intruder = Keypair::new();
    let open = swap(
        &community.seat_of(&newcomer),
        newcomer.address(),
        intruder.pubkey(),
    );
    refused(
        &mut community.chain,
        &open,
        &[&intruder],
        MarketError::NotOwner,
    );
}

#[test]
fn given_an_index_beyond_the_ledger_when_the_seat_is_opened_then_it_is_full() {
    let mut community = LocalCommunity::new(Parameters {
        seats: 3,
        ..Parameters::default()
    })
    .unwrap();
    let last = community.admit("last", PRODUCER).unwrap();
    let open = community.seat_of(&last);
    community.chain.send(&[open], &[&last.wallet]).unwrap();
    let beyond = community.admit("beyond", PRODUCER).unwrap();
    let open = community.seat_of(&beyond);
    refused(
        &mut community.chain,
        &open,
        &[&beyond.wallet],
        MarketError::TableFull,
    );
    check_invariants(&community);
}
