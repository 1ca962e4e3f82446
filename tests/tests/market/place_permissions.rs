//! `place_orders`: who may.

use joulebook_client::{
    layout::market::{Ledger, Seat},
    market::errors::MarketError,
};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER, VERIFIER},
    Parameters,
};
use joulebook_tests::{
    market::{
        altered::write, buy, community_with_open_window, first_start, govern, instructions, sell,
        trading_community_with, BUYER, SELLER,
    },
    refused::refused_when,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::place_refusals::refuse;

#[test]
fn given_a_role_for_one_side_when_the_other_is_placed_then_it_is_forbidden() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    for (roles, forbidden) in [
        (CONSUMER, vec![sell(1, 1)]),
        (CONSUMER, vec![buy(1, 1), sell(1, 1)]),
        (PRODUCER, vec![buy(1, 1)]),
        (PRODUCER | VERIFIER, vec![sell(1, 1), buy(1, 1)]),
        (VERIFIER, vec![buy(1, 1)]),
        (VERIFIER, vec![sell(1, 1)]),
    ] {
        let set = instructions::set_roles(&community, &community.households[BUYER], roles);
        govern(&mut community, set).unwrap();
        refuse(
            &mut community,
            BUYER,
            start,
            forbidden,
            MarketError::NotPermitted,
            "",
        );
    }
}

#[test]
fn given_a_suspended_participant_when_it_places_then_it_is_not_active() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    refuse(
        &mut community,
        BUYER,
        start,
        vec![buy(1, 1)],
        MarketError::NotActive,
        "",
    );
}

#[test]
fn given_a_pause_of_trading_when_orders_are_placed_then_it_says_so() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    for paused in [0b10, 0b11] {
        let pause = instructions::set_pause(&community, paused);
        govern(&mut community, pause).unwrap();
        refuse(
            &mut community,
            BUYER,
            start,
            vec![buy(1, 1)],
            MarketError::TradingPaused,
            "",
        );
    }
    let go_on = instructions::set_pause(&community, 0);
    govern(&mut community, go_on).unwrap();
    community.place(BUYER, start, vec![buy(1, 1)]).unwrap();
}

#[test]
fn given_another_signer_when_it_places_for_a_seat_then_it_is_no_trader() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let stranger = Keypair::new();
    let victim = &community.households[BUYER];
    for intruder in [
        &stranger,
        &community.households[SELLER].wallet,
        &community.authority,
    ] {
        let place = community.addresses.place_orders(
            intruder.pubkey(),
            &victim.address(),
            start,
            vec![buy(1, 1)],
        );
        refused_when(
            "",
            &mut community.chain,
            &place,
            &[intruder],
            MarketError::NotTrader,
        );
    }
}

#[test]
fn given_no_seat_when_its_participant_places_then_it_must_open_one() {
    let mut community = trading_community_with(Parameters {
        seats: 5,
        ..Parameters::default()
    });
    let start = first_start(&community);
    community.open_window(start).unwrap();
    for name in ["in the ledger", "beyond it"] {
        let newcomer = community.admit(name, CONSUMER).unwrap();
        let place = community.orders_of(&newcomer, start, vec![buy(1, 1)]);
        let why = MarketError::NoSuchSeat;
        refused_when(name, &mut community.chain, &place, &[&newcomer.wallet], why);
    }
}

#[test]
fn given_a_seat_that_is_another_wallets_when_its_participant_places_then_it_is_not_the_owner() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    // As it is when another has succeeded to the index: the old owner's money stays its own.
    let seat = usize::from(community.households[BUYER].seat);
    let offset = Ledger::LEN + seat * size_of::<Seat>();
    write(
        &mut community.chain,
        &community.addresses.ledger,
        offset,
        &[7; 32],
    );
    refuse(
        &mut community,
        BUYER,
        start,
        vec![buy(1, 1)],
        MarketError::NotOwner,
        "",
    );
}
