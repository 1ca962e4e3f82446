//! `withdraw_fees` and `sweep_surplus`.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{FeesWithdrawn, SurplusSwept},
};
use joulebook_testkit::{Setup, Token, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        amounts, bend::swap, contracted, deliver_and_settle, make, market_events, send_as, sound,
        village, BUYER, SELLER,
    },
    refused::{refused, refused_when, snapshot},
};
use solana_address::Address;
use solana_signer::Signer;

/// A market that has earned [`amounts::MARKET_FEES`], and where its authority keeps them.
fn earned() -> (World, Address) {
    let (mut world, start) = contracted(Setup::default());
    deliver_and_settle(&mut world, start, &[(1000, 0), (0, 1000)]);
    let authority = world.authority.pubkey();
    let purse = world
        .token
        .account(&mut world.chain, &authority, 0)
        .unwrap();
    (world, purse)
}

#[test]
fn given_fees_when_the_authority_withdraws_them_then_it_gets_the_atoms() {
    let (mut world, purse) = earned();
    assert_eq!(world.ledger().header.fees, amounts::MARKET_FEES);
    let withdraw = make::withdraw_fees(&world, purse, 1000);
    let receipt = sweep(&mut world.chain, &withdraw, &[&world.authority]);
    let withdrawn = FeesWithdrawn {
        market: world.at.market,
        amount: 1000,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::FeesWithdrawn(withdrawn)]
    );
    assert_eq!(Token::balance(&world.chain, &purse), 1000);
    assert_eq!(world.ledger().header.fees, amounts::MARKET_FEES - 1_000_000);
    sound(&world);
}

#[test]
fn given_fewer_fees_when_more_are_withdrawn_then_it_is_refused() {
    let (mut world, purse) = earned();
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (amounts::MARKET_FEES / 1000 + 1, MarketError::NotEnoughFees),
        (u64::MAX, MarketError::Overflow),
    ] {
        let withdraw = make::withdraw_fees(&world, purse, amount);
        refused(&mut world.chain, &withdraw, &[&world.authority], why);
    }
}

#[test]
fn given_anyone_but_the_authority_when_it_withdraws_fees_then_it_is_refused() {
    let (mut world, purse) = earned();
    let withdraw = make::withdraw_fees(&world, purse, 1);
    for (what, someone) in [
        ("the supplier", &world.supplier),
        ("the grid operator", &world.grid_operator),
        ("a household", &world.households[BUYER]),
    ] {
        let bent = swap(&withdraw, world.authority.pubkey(), someone.address());
        let why = MarketError::NotAuthority;
        refused_when(what, &mut world.chain, &bent, &[&someone.wallet], why);
    }
}

#[test]
fn given_tokens_sent_to_the_vault_when_anyone_sweeps_then_they_are_fees_once() {
    let mut world = village();
    let tokens = world.households[SELLER].tokens;
    world.token.mint_to(&mut world.chain, &tokens, 55).unwrap();
    let gift = make::transfer(&world, &world.households[SELLER], world.at.vault, 55);
    send_as(&mut world, SELLER, gift).unwrap();
    let sweep_up = make::sweep_surplus(&world);
    let receipt = sweep(&mut world.chain, &sweep_up, &[]);
    let swept = SurplusSwept {
        market: world.at.market,
        amount: 55_000,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SurplusSwept(swept)]);
    assert_eq!(world.ledger().header.fees, 55_000);
    sound(&world);

    let before = snapshot(&world.chain, &[world.at.ledger]);
    let receipt = world.chain.send(&[sweep_up], &[]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(snapshot(&world.chain, &[world.at.ledger]), before);
}

#[test]
fn given_money_in_escrow_and_locks_when_anyone_sweeps_then_none_of_it_is_surplus() {
    let (mut world, start) = contracted(Setup::default());
    assert!(world.ledger().header.escrow > 0 && world.seat(SELLER).locked > 0);
    let sweep = make::sweep_surplus(&world);
    world.chain.send(std::slice::from_ref(&sweep), &[]).unwrap();
    assert_eq!(world.ledger().header.fees, 0);
    deliver_and_settle(&mut world, start, &[(1000, 0), (0, 1000)]);
    world.chain.send(&[sweep], &[]).unwrap();
    assert_eq!(world.ledger().header.fees, amounts::MARKET_FEES);
    sound(&world);
}
