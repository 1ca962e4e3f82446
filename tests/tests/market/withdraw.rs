//! `withdraw`.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Withdrawn};
use joulebook_sim::{Parameters, Token, TokenKind};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, buy, check_invariants, community_with_open_window, govern,
        instructions, market_events, named_errors::token, send_as, trading_community, BUYER,
        DEPOSIT, FREE, SELLER,
    },
    refused::{refused, refused_when, NamedError},
};

#[test]
fn given_free_money_when_its_owner_withdraws_then_it_gets_the_atoms() {
    let mut community = trading_community();
    let vault = Token::balance(&community.chain, &community.addresses.vault);
    let withdraw = community.withdrawal_of(&community.households[BUYER], 1234);
    let receipt = sweep(
        &mut community.chain,
        &withdraw,
        &[&community.households[BUYER].wallet],
    );

    let withdrawn = Withdrawn {
        market: community.addresses.market,
        number: 0,
        seat: community.households[BUYER].seat,
        amount: 1234,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Withdrawn(withdrawn)]);
    assert_eq!(community.seat(BUYER).free, FREE - 1_234_000);
    assert_eq!(
        Token::balance(&community.chain, &community.addresses.vault),
        vault - 1234
    );
    assert_eq!(
        Token::balance(&community.chain, &community.households[BUYER].tokens),
        1234
    );
    check_invariants(&community);
}

#[test]
fn given_the_owners_wish_when_it_withdraws_to_someone_else_then_that_one_gets_the_atoms() {
    let mut community = trading_community();
    let theirs = community.households[SELLER].tokens;
    let buyer = &community.households[BUYER];
    let withdraw = swap(&community.withdrawal_of(buyer, 7), buyer.tokens, theirs);
    send_as(&mut community, BUYER, withdraw).unwrap();
    assert_eq!(Token::balance(&community.chain, &theirs), 7);
    check_invariants(&community);
}

#[test]
fn given_locked_money_when_it_is_withdrawn_then_only_what_is_free_can_be() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    let free = DEPOSIT - amounts::BUY_LOCK / 1000;
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (free + 1, MarketError::NotEnoughFree),
        (DEPOSIT, MarketError::NotEnoughFree),
        (u64::MAX / 1000, MarketError::NotEnoughFree),
        (u64::MAX / 1000 + 1, MarketError::Overflow),
        (u64::MAX, MarketError::Overflow),
    ] {
        let withdraw = community.withdrawal_of(&community.households[BUYER], amount);
        refused(
            &mut community.chain,
            &withdraw,
            &[&community.households[BUYER].wallet],
            why,
        );
    }
    community.withdraw(BUYER, free).unwrap();
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).locked),
        (0, amounts::BUY_LOCK)
    );
    check_invariants(&community);
}

#[test]
fn given_everything_paused_and_the_owner_suspended_when_it_withdraws_then_it_may() {
    let mut community = trading_community();
    let pause = instructions::set_pause(&community, 3);
    govern(&mut community, pause).unwrap();
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    community.withdraw(BUYER, 1).unwrap();

    let leave = instructions::leave(&community, &community.households[BUYER]);
    send_as(&mut community, BUYER, leave).unwrap();
    community.withdraw(BUYER, DEPOSIT - 1).unwrap();
    assert_eq!(community.seat(BUYER).free, 0);
    check_invariants(&community);
}

#[test]
fn given_another_seat_than_the_signers_when_it_is_withdrawn_from_then_it_is_refused() {
    let mut community = trading_community();
    let withdraw = community.withdrawal_of(&community.households[BUYER], 1);
    for (seat, why) in [
        (community.households[SELLER].seat, MarketError::NotOwner),
        (community.supplier.seat, MarketError::NotOwner),
        (31, MarketError::NoSuchSeat),
        (32, MarketError::NoSuchSeat),
        (u16::MAX, MarketError::NoSuchSeat),
    ] {
        let mut altered = withdraw.clone();
        altered.data[8..10].copy_from_slice(&seat.to_le_bytes());
        refused(
            &mut community.chain,
            &altered,
            &[&community.households[BUYER].wallet],
            why,
        );
    }
    // Nor can those who govern.
    let buyer = community.households[BUYER].address();
    let altered = swap(
        &withdraw,
        buyer,
        solana_signer::Signer::pubkey(&community.authority),
    );
    refused(
        &mut community.chain,
        &altered,
        &[&community.authority],
        MarketError::NotOwner,
    );
}

#[test]
fn given_token_accounts_that_are_not_right_when_it_is_withdrawn_then_each_is_refused() {
    let mut community = trading_community();
    let buyer = community.households[BUYER].address();
    let withdraw = community.withdrawal_of(&community.households[BUYER], 1);
    let foreign = Token::create(&mut community.chain, TokenKind::Classic).unwrap();
    let newer = Token::create(&mut community.chain, TokenKind::Token2022).unwrap();
    let foreign_tokens = foreign.account(&mut community.chain, &buyer, 0).unwrap();
    let market = community.addresses.market;
    let false_vault = community
        .token
        .account(&mut community.chain, &market, 9)
        .unwrap();
    let mine = community.households[BUYER].tokens;
    let at = community.addresses.clone();
    let wrong_owner = ErrorCode::AccountOwnedByWrongProgram.failure();
    for (what, from, to, why) in [
        (
            "destination of another mint",
            mine,
            foreign_tokens,
            token::OTHER_MINT,
        ),
        (
            "destination that is no token account",
            mine,
            at.ledger,
            wrong_owner,
        ),
        (
            "a false vault",
            at.vault,
            false_vault,
            MarketError::WrongMarket.failure(),
        ),
        (
            "another mint",
            at.quote_mint,
            foreign.mint,
            MarketError::WrongMint.failure(),
        ),
        (
            "Token-2022",
            at.token_program,
            newer.program,
            MarketError::WrongTokenProgram.failure(),
        ),
        (
            "no token program",
            at.token_program,
            market,
            ErrorCode::InvalidProgramId.failure(),
        ),
    ] {
        let altered = swap(&withdraw, from, to);
        refused_when(
            what,
            &mut community.chain,
            &altered,
            &[&community.households[BUYER].wallet],
            why,
        );
    }
}

#[test]
fn given_the_vault_as_destination_when_it_is_withdrawn_then_it_is_refused() {
    let mut community = trading_community();
    let buyer = &community.households[BUYER];
    let withdraw = swap(
        &community.withdrawal_of(buyer, 1),
        buyer.tokens,
        community.addresses.vault,
    );
    let why = ErrorCode::ConstraintDuplicateMutableAccount;
    refused(&mut community.chain, &withdraw, &[&buyer.wallet], why);
}
