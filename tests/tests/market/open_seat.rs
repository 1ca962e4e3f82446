//! `open_seat`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::SeatOpened};
use joulebook_testkit::{
    world::{CONSUMER, PRODUCER, VERIFIER},
    Setup, World,
};
use joulebook_tests::{
    hostile::sweep,
    market::{bend::swap, make, market_events, sound, village},
    refused::refused,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn given_an_active_participant_when_it_opens_its_seat_then_it_owns_the_one_of_its_index() {
    let mut world = village();
    let open_before = world.ledger().header.open_seats;
    let newcomer = world.admit("newcomer", CONSUMER).unwrap();
    let open = world.open_seat_of(&newcomer);
    let receipt = sweep(&mut world.chain, &open, &[&newcomer.wallet]);

    let opened = SeatOpened {
        market: world.at.market,
        seat: newcomer.seat,
        owner: newcomer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatOpened(opened)]);
    let ledger = world.ledger();
    assert_eq!(ledger.header.open_seats, open_before + 1);
    let seat = ledger.seats[usize::from(newcomer.seat)];
    assert_eq!(seat.owner, newcomer.address().to_bytes());
    assert!(seat.is_open());
    assert_eq!(
        (seat.delegate, seat.free, seat.locked, seat.debt),
        ([0; 32], 0, 0, 0)
    );
    sound(&world);

    refused(
        &mut world.chain,
        &open,
        &[&newcomer.wallet],
        MarketError::SeatTaken,
    );
}

#[test]
fn given_a_role_that_does_not_trade_when_a_seat_is_opened_then_it_may_hold_money() {
    let mut world = village();
    let verifier = world.admit("verifier", VERIFIER).unwrap();
    let open = world.open_seat_of(&verifier);
    world.chain.send(&[open], &[&verifier.wallet]).unwrap();
    sound(&world);
}

#[test]
fn given_a_suspended_participant_when_it_opens_its_seat_then_it_is_not_active() {
    let mut world = village();
    let newcomer = world.admit("newcomer", CONSUMER).unwrap();
    let suspend = make::suspend(&world, &newcomer);
    world.chain.send(&[suspend], &[&world.authority]).unwrap();
    let open = world.open_seat_of(&newcomer);
    refused(
        &mut world.chain,
        &open,
        &[&newcomer.wallet],
        MarketError::NotActive,
    );
}

#[test]
fn given_another_wallet_when_it_opens_a_participants_seat_then_it_is_not_the_owner() {
    let mut world = village();
    let newcomer = world.admit("newcomer", CONSUMER).unwrap();
    let thief = Keypair::new();
    let open = swap(
        &world.open_seat_of(&newcomer),
        newcomer.address(),
        thief.pubkey(),
    );
    refused(&mut world.chain, &open, &[&thief], MarketError::NotOwner);
}

#[test]
fn given_an_index_beyond_the_ledger_when_the_seat_is_opened_then_it_is_full() {
    let mut world = World::new(Setup {
        seats: 3,
        ..Setup::default()
    })
    .unwrap();
    let last = world.admit("last", PRODUCER).unwrap();
    let open = world.open_seat_of(&last);
    world.chain.send(&[open], &[&last.wallet]).unwrap();
    let beyond = world.admit("beyond", PRODUCER).unwrap();
    let open = world.open_seat_of(&beyond);
    refused(
        &mut world.chain,
        &open,
        &[&beyond.wallet],
        MarketError::LedgerFull,
    );
    sound(&world);
}
