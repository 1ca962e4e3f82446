//! Token-2022, with and without a transfer fee.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Deposited};
use joulebook_testkit::{Setup, Token, TokenKind, World};
use joulebook_tests::{
    market::{
        contract, contracted, deliver_and_settle, first_start, govern, make, market_events,
        named::token, sound, village_of, BUYER, DEPOSIT, SELLER,
    },
    refused::refused,
};
use spl_token_2022_interface::extension::transfer_fee::instruction::harvest_withheld_tokens_to_mint;

fn with(token: TokenKind) -> Setup {
    Setup {
        token,
        ..Setup::default()
    }
}

#[test]
fn given_token_2022_when_a_window_lives_then_money_moves_as_with_the_classic_token() {
    let (mut world, start) = contracted(with(TokenKind::Token2022));
    deliver_and_settle(&mut world, start, &[(1000, 0), (0, 1000)]);
    sound(&world);
    let free = world.seat(SELLER).free / 1000;
    world.withdraw(SELLER, free).unwrap();
    assert_eq!(
        Token::balance(&world.chain, &world.households[SELLER].tokens),
        free
    );
    sound(&world);
}

#[test]
fn given_a_transfer_fee_when_tokens_are_deposited_then_what_arrived_counts() {
    let mut world = village_of(with(TokenKind::Token2022WithFee(100)));
    assert_eq!(world.seat(BUYER).free, 9_900_000_000);
    let receipt = world.deposit(BUYER, 1000).unwrap();
    let deposited = Deposited {
        market: world.at.market,
        seat: world.households[BUYER].seat,
        amount: 990,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Deposited(deposited)]);
    assert_eq!(world.seat(BUYER).free, 9_900_990_000);
    sound(&world);
}

#[test]
fn given_a_transfer_fee_when_money_is_withdrawn_then_the_seat_pays_what_left_the_vault() {
    let mut world = village_of(with(TokenKind::Token2022WithFee(100)));
    let vault = Token::balance(&world.chain, &world.at.vault);
    world.withdraw(BUYER, 1000).unwrap();
    assert_eq!(world.seat(BUYER).free, 9_899_000_000);
    assert_eq!(Token::balance(&world.chain, &world.at.vault), vault - 1000);
    assert_eq!(
        Token::balance(&world.chain, &world.households[BUYER].tokens),
        990
    );
    sound(&world);
}

#[test]
fn given_a_transfer_fee_when_a_window_lives_then_nothing_inside_is_touched_by_it() {
    let mut world = village_of(with(TokenKind::Token2022WithFee(250)));
    let start = first_start(&world);
    let before = world.seat(SELLER).free;
    contract(&mut world, start);
    deliver_and_settle(&mut world, start, &[(1000, 0), (0, 1000)]);
    assert_eq!(
        world.seat(SELLER).free,
        before + joulebook_tests::market::amounts::INCOME
    );
    sound(&world);
}

#[test]
fn given_a_transfer_fee_that_takes_all_when_tokens_are_deposited_then_nothing_arrives() {
    let mut world = World::new(with(TokenKind::Token2022WithFee(10_000))).unwrap();
    let place = world.join("payer", 0).unwrap();
    let payer = &world.households[place];
    world
        .token
        .mint_to(&mut world.chain, &payer.tokens, DEPOSIT)
        .unwrap();
    let deposit = world.at.deposit(payer, payer.seat, DEPOSIT);
    refused(
        &mut world.chain,
        &deposit,
        &[&payer.wallet],
        MarketError::NothingArrived,
    );
    sound(&world);
}

#[test]
fn given_fees_withheld_in_the_vault_when_the_market_closes_then_they_must_be_harvested_first() {
    let mut world = World::new(with(TokenKind::Token2022WithFee(100))).unwrap();
    let place = world.join("only", DEPOSIT).unwrap();
    assert_eq!(
        Token::withheld(&world.chain, &world.at.vault),
        DEPOSIT / 100
    );
    for slot in 0..world.setup.ring {
        let close = make::close_window(&world, slot);
        govern(&mut world, close).unwrap();
    }
    world.withdraw(place, DEPOSIT - DEPOSIT / 100).unwrap();
    for household in [
        &world.households[place],
        &world.supplier,
        &world.grid_operator,
    ] {
        let close = make::close_seat(&world, household);
        world.chain.send(&[close], &[&household.wallet]).unwrap();
    }
    let close = [make::close_history(&world), make::close_ledger(&world)];
    world.chain.send(&close, &[&world.authority]).unwrap();
    let close = make::close_market(&world);
    refused(
        &mut world.chain,
        &close,
        &[&world.authority],
        token::FEES_WITHHELD,
    );

    let (program, mint) = (world.token.program, world.token.mint);
    let harvest = harvest_withheld_tokens_to_mint(&program, &mint, &[&world.at.vault]).unwrap();
    world
        .chain
        .send(&[harvest, close], &[&world.authority])
        .unwrap();
    assert_eq!(world.chain.lamports(&world.at.market), 0);
}
