//! `deposit`.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Deposited};
use joulebook_testkit::{Setup, Token, TokenKind, World};
use joulebook_tests::{
    hostile::sweep,
    market::{
        bend::swap, govern, make, market_events, named::token, send_as, sound, village, BUYER,
        FREE, SELLER,
    },
    refused::{refused, refused_when, Named},
};
use solana_instruction::{error::InstructionError, Instruction};

const MINE: u64 = 5_000;

/// The buyer's deposit into seat `seat`, with [`MINE`] atoms in its pocket.
fn deposit(world: &mut World, seat: u16, amount: u64) -> Instruction {
    let tokens = world.households[BUYER].tokens;
    world
        .token
        .mint_to(&mut world.chain, &tokens, MINE)
        .unwrap();
    world.at.deposit(&world.households[BUYER], seat, amount)
}

#[test]
fn given_tokens_when_they_are_deposited_then_the_seat_has_a_thousand_times_as_much() {
    let mut world = village();
    let seat = world.households[BUYER].seat;
    let vault = Token::balance(&world.chain, &world.at.vault);
    let deposit = deposit(&mut world, seat, 1234);
    let receipt = sweep(
        &mut world.chain,
        &deposit,
        &[&world.households[BUYER].wallet],
    );

    let deposited = Deposited {
        market: world.at.market,
        seat,
        amount: 1234,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Deposited(deposited)]);
    assert_eq!(world.seat(BUYER).free, FREE + 1_234_000);
    assert_eq!(Token::balance(&world.chain, &world.at.vault), vault + 1234);
    let tokens = &world.households[BUYER].tokens;
    assert_eq!(Token::balance(&world.chain, tokens), MINE - 1234);
    sound(&world);
}

#[test]
fn given_someone_elses_seat_when_tokens_are_deposited_there_then_they_are_its() {
    let mut world = village();
    let seat = world.households[SELLER].seat;
    let deposit = deposit(&mut world, seat, MINE);
    send_as(&mut world, BUYER, deposit).unwrap();
    assert_eq!(world.seat(SELLER).free, FREE + MINE * 1000);
    assert_eq!(world.seat(BUYER).free, FREE);
    sound(&world);
}

#[test]
fn given_a_pause_of_everything_when_tokens_are_deposited_then_debts_can_still_be_paid() {
    let mut world = village();
    let pause = make::set_pause(&world, 7);
    govern(&mut world, pause).unwrap();
    world.deposit(BUYER, 1).unwrap();
    sound(&world);
}

#[test]
fn given_an_amount_that_is_not_there_when_it_is_deposited_then_it_is_refused() {
    let mut world = village();
    let seat = world.households[BUYER].seat;
    for (amount, why) in [
        (0, MarketError::ZeroAmount.failure()),
        (3 * MINE + 1, token::NOT_ENOUGH),
        (u64::MAX, token::NOT_ENOUGH),
    ] {
        let deposit = deposit(&mut world, seat, amount);
        refused(
            &mut world.chain,
            &deposit,
            &[&world.households[BUYER].wallet],
            why,
        );
    }
}

#[test]
fn given_no_open_seat_when_tokens_are_deposited_then_there_is_no_such_seat() {
    let mut world = village();
    for seat in [31, 32, u16::MAX] {
        let deposit = deposit(&mut world, seat, 1);
        let buyer = &world.households[BUYER].wallet;
        refused(
            &mut world.chain,
            &deposit,
            &[buyer],
            MarketError::NoSuchSeat,
        );
    }
}

#[test]
fn given_token_accounts_that_are_not_right_when_tokens_are_deposited_then_each_is_refused() {
    let mut world = village();
    let seat = world.households[BUYER].seat;
    let deposit = deposit(&mut world, seat, 1);
    let foreign = Token::create(&mut world.chain, TokenKind::Classic).unwrap();
    let newer = Token::create(&mut world.chain, TokenKind::Token2022).unwrap();
    let buyer = world.households[BUYER].address();
    let foreign_source = foreign.account(&mut world.chain, &buyer, 9).unwrap();
    let own_vault = world.token.account(&mut world.chain, &buyer, 0).unwrap();
    // Its authority is the market, as the vault's is.
    let market = world.at.market;
    let false_vault = world.token.account(&mut world.chain, &market, 0).unwrap();
    let mine = world.households[BUYER].tokens;
    let at = world.at.clone();
    let seller = world.households[SELLER].tokens;
    world.token.mint_to(&mut world.chain, &seller, 9).unwrap();

    for (what, from, to, why) in [
        (
            "source of another mint",
            mine,
            foreign_source,
            token::OTHER_MINT,
        ),
        ("source of another owner", mine, seller, token::NOT_OWNER),
        (
            "source that is the mint",
            mine,
            at.quote_mint,
            InstructionError::InvalidAccountData.failure(),
        ),
        (
            "source of no token program",
            mine,
            at.ledger,
            ErrorCode::AccountOwnedByWrongProgram.failure(),
        ),
        (
            "the depositor's own vault",
            at.vault,
            own_vault,
            MarketError::OtherMarket.failure(),
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
            "a mint of Token-2022",
            at.quote_mint,
            newer.mint,
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
        let bent = swap(&deposit, from, to);
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
fn given_the_vault_as_source_when_it_is_deposited_into_itself_then_nothing_comes_of_it() {
    let mut world = village();
    let seat = world.households[BUYER].seat;
    let deposit = deposit(&mut world, seat, 1);
    let bent = swap(&deposit, world.households[BUYER].tokens, world.at.vault);
    let why = ErrorCode::ConstraintDuplicateMutableAccount;
    refused(
        &mut world.chain,
        &bent,
        &[&world.households[BUYER].wallet],
        why,
    );
}

#[test]
fn given_more_tokens_than_the_ledger_can_count_when_they_are_deposited_then_it_is_refused() {
    // Each is below 2⁶² milli-atoms, both together are not.
    const HALF: u64 = (1 << 61) / 1000 + 1;
    let mut world = World::new(Setup::default()).unwrap();
    world.join("rich", HALF).unwrap();
    let place = world.join("richer", 0).unwrap();
    let household = &world.households[place];
    world
        .token
        .mint_to(&mut world.chain, &household.tokens, HALF)
        .unwrap();
    let deposit = world.at.deposit(household, household.seat, HALF);
    refused(
        &mut world.chain,
        &deposit,
        &[&household.wallet],
        MarketError::Overflow,
    );
    sound(&world);
}
