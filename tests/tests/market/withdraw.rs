//! `withdraw`.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Withdrawn};
use joulebook_testkit::{Setup, Token, TokenKind};
use joulebook_tests::{
    hostile::sweep,
    market::{
        amounts, bend::swap, buy, govern, make, market_events, named::token, open_village, send_as,
        sound, village, BUYER, DEPOSIT, FREE, SELLER,
    },
    refused::{refused, refused_when, Named},
};

#[test]
fn given_free_money_when_its_owner_withdraws_then_it_gets_the_atoms() {
    let mut world = village();
    let vault = Token::balance(&world.chain, &world.at.vault);
    let withdraw = world.at.withdraw(&world.households[BUYER], 1234);
    let receipt = sweep(
        &mut world.chain,
        &withdraw,
        &[&world.households[BUYER].wallet],
    );

    let withdrawn = Withdrawn {
        market: world.at.market,
        seat: world.households[BUYER].seat,
        amount: 1234,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Withdrawn(withdrawn)]);
    assert_eq!(world.seat(BUYER).free, FREE - 1_234_000);
    assert_eq!(Token::balance(&world.chain, &world.at.vault), vault - 1234);
    assert_eq!(
        Token::balance(&world.chain, &world.households[BUYER].tokens),
        1234
    );
    sound(&world);
}

#[test]
fn given_the_owners_wish_when_it_withdraws_to_someone_else_then_that_one_gets_the_atoms() {
    let mut world = village();
    let theirs = world.households[SELLER].tokens;
    let buyer = &world.households[BUYER];
    let withdraw = swap(&world.at.withdraw(buyer, 7), buyer.tokens, theirs);
    send_as(&mut world, BUYER, withdraw).unwrap();
    assert_eq!(Token::balance(&world.chain, &theirs), 7);
    sound(&world);
}

#[test]
fn given_locked_money_when_it_is_withdrawn_then_only_what_is_free_can_be() {
    let (mut world, start) = open_village(Setup::default());
    world.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    let free = DEPOSIT - amounts::BUY_LOCK / 1000;
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (free + 1, MarketError::NotEnoughFree),
        (DEPOSIT, MarketError::NotEnoughFree),
        (u64::MAX / 1000, MarketError::NotEnoughFree),
        (u64::MAX / 1000 + 1, MarketError::Overflow),
        (u64::MAX, MarketError::Overflow),
    ] {
        let withdraw = world.at.withdraw(&world.households[BUYER], amount);
        refused(
            &mut world.chain,
            &withdraw,
            &[&world.households[BUYER].wallet],
            why,
        );
    }
    world.withdraw(BUYER, free).unwrap();
    assert_eq!(
        (world.seat(BUYER).free, world.seat(BUYER).locked),
        (0, amounts::BUY_LOCK)
    );
    sound(&world);
}

#[test]
fn given_everything_paused_and_the_owner_suspended_when_it_withdraws_then_it_may() {
    let mut world = village();
    let pause = make::set_pause(&world, 7);
    govern(&mut world, pause).unwrap();
    let suspend = make::suspend(&world, &world.households[BUYER]);
    govern(&mut world, suspend).unwrap();
    world.withdraw(BUYER, 1).unwrap();

    let leave = make::close_participant(&world, &world.households[BUYER]);
    send_as(&mut world, BUYER, leave).unwrap();
    world.withdraw(BUYER, DEPOSIT - 1).unwrap();
    assert_eq!(world.seat(BUYER).free, 0);
    sound(&world);
}

#[test]
fn given_another_seat_than_the_signers_when_it_is_withdrawn_from_then_it_is_refused() {
    let mut world = village();
    let withdraw = world.at.withdraw(&world.households[BUYER], 1);
    for (seat, why) in [
        (world.households[SELLER].seat, MarketError::NotOwner),
        (world.supplier.seat, MarketError::NotOwner),
        (31, MarketError::NoSuchSeat),
        (32, MarketError::NoSuchSeat),
        (u16::MAX, MarketError::NoSuchSeat),
    ] {
        let mut bent = withdraw.clone();
        bent.data[8..10].copy_from_slice(&seat.to_le_bytes());
        refused(
            &mut world.chain,
            &bent,
            &[&world.households[BUYER].wallet],
            why,
        );
    }
    // Nor can those who govern.
    let buyer = world.households[BUYER].address();
    let bent = swap(
        &withdraw,
        buyer,
        solana_signer::Signer::pubkey(&world.authority),
    );
    refused(
        &mut world.chain,
        &bent,
        &[&world.authority],
        MarketError::NotOwner,
    );
}

#[test]
fn given_token_accounts_that_are_not_right_when_it_is_withdrawn_then_each_is_refused() {
    let mut world = village();
    let buyer = world.households[BUYER].address();
    let withdraw = world.at.withdraw(&world.households[BUYER], 1);
    let foreign = Token::create(&mut world.chain, TokenKind::Classic).unwrap();
    let newer = Token::create(&mut world.chain, TokenKind::Token2022).unwrap();
    let foreign_tokens = foreign.account(&mut world.chain, &buyer, 0).unwrap();
    let market = world.at.market;
    let false_vault = world.token.account(&mut world.chain, &market, 9).unwrap();
    let mine = world.households[BUYER].tokens;
    let at = world.at.clone();
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
            MarketError::OtherMarket.failure(),
        ),
        (
            "another mint",
            at.quote_mint,
            foreign.mint,
            MarketError::OtherMint.failure(),
        ),
        (
            "Token-2022",
            at.token_program,
            newer.program,
            MarketError::OtherMint.failure(),
        ),
        (
            "no token program",
            at.token_program,
            market,
            ErrorCode::InvalidProgramId.failure(),
        ),
    ] {
        let bent = swap(&withdraw, from, to);
        refused_when(
            what,
            &mut world.chain,
            &bent,
            &[&world.households[BUYER].wallet],
            why,
        );
    }
}

#[test]
fn given_the_vault_as_destination_when_it_is_withdrawn_then_it_is_refused() {
    let mut world = village();
    let buyer = &world.households[BUYER];
    let withdraw = swap(&world.at.withdraw(buyer, 1), buyer.tokens, world.at.vault);
    let why = ErrorCode::ConstraintDuplicateMutableAccount;
    refused(&mut world.chain, &withdraw, &[&buyer.wallet], why);
}
