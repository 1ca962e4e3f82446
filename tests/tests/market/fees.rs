//! `withdraw_fees` and `sweep_surplus`.

use joulebook_client::market::{
    errors::MarketError,
    events::MarketEvent,
    types::{FeesWithdrawn, SurplusSwept},
};
use joulebook_sim::{LocalCommunity, Parameters, Token};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, check_invariants, contracted, deliver_and_settle, instructions,
        market_events, send_as, trading_community, BUYER, SELLER,
    },
    refused::{refused, refused_when, snapshot},
};
use solana_address::Address;
use solana_signer::Signer;

/// A market that has earned [`amounts::MARKET_FEES`], and where its authority keeps them.
fn earned() -> (LocalCommunity, Address) {
    let (mut community, _) = contracted(Parameters::default());
    let authority = community.authority.pubkey();
    let token_account = community
        .token
        .account(&mut community.chain, &authority, 0)
        .unwrap();
    (community, token_account)
}

#[test]
fn given_fees_when_the_authority_withdraws_them_then_it_gets_the_atoms() {
    let (mut community, token_account) = earned();
    assert_eq!(community.ledger().header.fees, amounts::MARKET_FEES);
    let withdraw = instructions::withdraw_fees(&community, token_account, 1000);
    let receipt = sweep(&mut community.chain, &withdraw, &[&community.authority]);
    let withdrawn = FeesWithdrawn {
        market: community.addresses.market,
        number: 0,
        amount: 1000,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::FeesWithdrawn(withdrawn)]
    );
    assert_eq!(Token::balance(&community.chain, &token_account), 1000);
    assert_eq!(
        community.ledger().header.fees,
        amounts::MARKET_FEES - 1_000_000
    );
    check_invariants(&community);
}

#[test]
fn given_fewer_fees_when_more_are_withdrawn_then_it_is_refused() {
    let (mut community, token_account) = earned();
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (amounts::MARKET_FEES / 1000 + 1, MarketError::NotEnoughFees),
        (u64::MAX, MarketError::Overflow),
    ] {
        let withdraw = instructions::withdraw_fees(&community, token_account, amount);
        refused(
            &mut community.chain,
            &withdraw,
            &[&community.authority],
            why,
        );
    }
}

#[test]
fn given_anyone_but_the_authority_when_it_withdraws_fees_then_it_is_refused() {
    let (mut community, token_account) = earned();
    let withdraw = instructions::withdraw_fees(&community, token_account, 1);
    for (what, someone) in [
        ("the supplier", &community.supplier),
        ("the grid operator", &community.grid_operator),
        ("a household", &community.households[BUYER]),
    ] {
        let altered = swap(&withdraw, community.authority.pubkey(), someone.address());
        let why = MarketError::NotAuthority;
        refused_when(
            what,
            &mut community.chain,
            &altered,
            &[&someone.wallet],
            why,
        );
    }
}

#[test]
fn given_tokens_sent_to_the_vault_when_anyone_sweeps_then_they_are_fees_once() {
    let mut community = trading_community();
    let tokens = community.households[SELLER].tokens;
    community
        .token
        .mint_to(&mut community.chain, &tokens, 55)
        .unwrap();
    let gift = instructions::transfer(
        &community,
        &community.households[SELLER],
        community.addresses.vault,
        55,
    );
    send_as(&mut community, SELLER, gift).unwrap();
    let sweep_up = instructions::sweep_surplus(&community);
    let receipt = sweep(&mut community.chain, &sweep_up, &[]);
    let swept = SurplusSwept {
        market: community.addresses.market,
        number: 0,
        amount: 55_000,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SurplusSwept(swept)]);
    assert_eq!(community.ledger().header.fees, 55_000);
    check_invariants(&community);

    let before = snapshot(&community.chain, &[community.addresses.ledger]);
    let receipt = community.chain.send(&[sweep_up], &[]).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(
        snapshot(&community.chain, &[community.addresses.ledger]),
        before
    );
}

#[test]
fn given_money_in_escrow_and_locks_when_anyone_sweeps_then_none_of_it_is_surplus() {
    let (mut community, start) = contracted(Parameters::default());
    assert!(community.ledger().header.escrow > 0 && community.seat(SELLER).locked > 0);
    let sweep = instructions::sweep_surplus(&community);
    let receipt = community
        .chain
        .send(std::slice::from_ref(&sweep), &[])
        .unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(community.ledger().header.fees, amounts::MARKET_FEES);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    community.chain.send(&[sweep], &[]).unwrap();
    assert_eq!(community.ledger().header.fees, amounts::MARKET_FEES);
    check_invariants(&community);
}
