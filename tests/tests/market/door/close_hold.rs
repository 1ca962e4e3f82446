//! `close_hold`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::HoldClosed};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap,
        check_invariants,
        door::{
            admission, admit_new, capture_from, community_with_program, hold, hold_of, release_to,
            send,
        },
        market_events, BUYER, SELLER,
    },
    refused::{refused, refused_when},
};

#[test]
fn given_an_empty_hold_when_anyone_closes_it_then_its_owner_has_the_rent() {
    let (mut community, program) = community_with_program();
    let owner = community.households[BUYER].address();
    let seat = community.households[BUYER].seat;
    let before = community.chain.lamports(&owner);
    hold(&mut community, BUYER, &program, 700);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 700);
    send(&mut community, capture).unwrap();
    assert!(community.chain.lamports(&owner) < before);

    let close = community.addresses.close_hold(&program, seat, owner);
    let receipt = sweep(&mut community.chain, &close, &[]);
    let closed = HoldClosed {
        market: community.addresses.market,
        program,
        seat,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::HoldClosed(closed)]);
    assert_eq!(community.chain.lamports(&owner), before);
    assert_eq!(hold_of(&community, BUYER, &program), None);
    assert_eq!(admission(&community, &program).holds, 0);
    hold(&mut community, BUYER, &program, 1);
    assert_eq!(admission(&community, &program).holds, 1);
    check_invariants(&community);
}

#[test]
fn given_held_money_when_its_hold_is_closed_then_it_is_in_use() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 2);
    let owner = community.households[BUYER].address();
    let seat = community.households[BUYER].seat;
    let close = community.addresses.close_hold(&program, seat, owner);
    let why = MarketError::HoldInUse;
    refused_when("all of it", &mut community.chain, &close, &[], why);
    let release = release_to(&community, &program, BUYER, 1);
    send(&mut community, release.clone()).unwrap();
    let why = MarketError::HoldInUse;
    refused_when("the rest", &mut community.chain, &close, &[], why);
    send(&mut community, release).unwrap();
    send(&mut community, close).unwrap();
    check_invariants(&community);
}

#[test]
fn given_another_wallet_or_admission_when_a_hold_is_closed_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let other = admit_new(&mut community);
    hold(&mut community, BUYER, &program, 1);
    let release = release_to(&community, &program, BUYER, 1);
    send(&mut community, release).unwrap();
    let owner = community.households[BUYER].address();
    let seat = community.households[BUYER].seat;
    let at = community.addresses.clone();
    let close = at.close_hold(&program, seat, owner);
    let thief = community.households[SELLER].address();
    let altered = swap(&close, owner, thief);
    let why = MarketError::WrongWallet;
    refused(&mut community.chain, &altered, &[], why);
    let altered = swap(&close, at.admission(&program), at.admission(&other));
    let why = MarketError::WrongAdmission;
    refused(&mut community.chain, &altered, &[], why);
}
