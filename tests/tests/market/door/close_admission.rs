//! `close_admission`.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::AdmissionClosed};
use joulebook_tests::{
    hostile::forge,
    market::{
        altered::swap,
        check_invariants,
        door::{
            admission, admission_of, community_with_program, free_and_held, hold, release_to,
            retire, send,
        },
        govern, market_events, BUYER, FREE, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

#[test]
fn given_a_retired_program_without_holds_when_anyone_closes_it_then_the_rent_is_back() {
    let (mut community, program) = community_with_program();
    retire(&mut community, &program);
    let payer = community.authority.pubkey();
    let address = community.addresses.admission(&program);
    let rent = community.chain.lamports(&address);
    let before = community.chain.lamports(&payer);
    let close = community.addresses.close_admission(&program, payer);
    let receipt = send(&mut community, close).unwrap();
    let closed = AdmissionClosed {
        market: community.addresses.market,
        program,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::AdmissionClosed(closed)]
    );
    assert_eq!(community.chain.lamports(&payer), before + rent);
    assert_eq!(community.chain.lamports(&address), 0);
    check_invariants(&community);
}

#[test]
fn given_a_program_that_is_not_retired_when_its_admission_is_closed_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let payer = community.authority.pubkey();
    let close = community.addresses.close_admission(&program, payer);
    let why = MarketError::NotRetired;
    refused(&mut community.chain, &close, &[], why);
}

#[test]
fn given_holds_when_their_admission_is_closed_then_it_is_in_use() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 1);
    hold(&mut community, SELLER, &program, 1);
    retire(&mut community, &program);
    let payer = community.authority.pubkey();
    let close = community.addresses.close_admission(&program, payer);
    for place in [BUYER, SELLER] {
        let why = MarketError::AdmissionInUse;
        refused_when("held", &mut community.chain, &close, &[], why);
        let release = release_to(&community, &program, place, 1);
        send(&mut community, release).unwrap();
        let why = MarketError::AdmissionInUse;
        refused_when("empty", &mut community.chain, &close, &[], why);
        let owner = &community.households[place];
        let at = &community.addresses;
        let close_hold = at.close_hold(&program, owner.seat, owner.address());
        send(&mut community, close_hold).unwrap();
    }
    send(&mut community, close).unwrap();
    check_invariants(&community);
}

#[test]
fn given_another_wallet_or_market_when_an_admission_is_closed_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let payer = community.authority.pubkey();
    let at = community.addresses.clone();
    let close = at.close_admission(&program, payer);
    // A market that is not there any more would do without a retirement, so it must be the admission's own.
    let altered = swap(&close, at.market, payer);
    let why = MarketError::WrongMarket;
    refused_when("not there", &mut community.chain, &altered, &[], why);
    retire(&mut community, &program);
    let thief = community.households[SELLER].address();
    let altered = swap(&close, payer, thief);
    let why = MarketError::WrongWallet;
    refused_when("a thief", &mut community.chain, &altered, &[], why);
    let account = community.chain.svm.get_account(&at.admission(&program));
    let account = account.unwrap();
    let forged = forge(&mut community.chain, &account, |copy| copy.owner = program);
    let altered = swap(&close, at.admission(&program), forged);
    let why = ErrorCode::AccountOwnedByWrongProgram;
    refused_when("forged", &mut community.chain, &altered, &[], why);
}

#[test]
fn given_a_closed_admission_when_the_program_is_admitted_anew_then_money_can_be_held_again() {
    let (mut community, program) = community_with_program();
    retire(&mut community, &program);
    let payer = community.authority.pubkey();
    let close = community.addresses.close_admission(&program, payer);
    send(&mut community, close).unwrap();
    let admit = admission_of(&community, program);
    govern(&mut community, admit).unwrap();
    assert_eq!(admission(&community, &program).ends_at, 0);
    hold(&mut community, BUYER, &program, 5);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 5, 5));
    check_invariants(&community);
}
