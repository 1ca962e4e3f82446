//! `deposit`.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Deposited};
use joulebook_sim::{LocalCommunity, Parameters, Token, TokenKind};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, govern, instructions, market_events, named_errors::token,
        send_as, trading_community, BUYER, FREE, SELLER,
    },
    refused::{refused, refused_when, NamedError},
};
use solana_instruction::{error::InstructionError, Instruction};

const MINE: u64 = 5_000;

/// The buyer's deposit into seat `seat`, with [`MINE`] atoms in its pocket.
fn deposit(community: &mut LocalCommunity, seat: u16, amount: u64) -> Instruction {
    let tokens = community.households[BUYER].tokens;
    community
        .token
        .mint_to(&mut community.chain, &tokens, MINE)
        .unwrap();
    community.addresses.deposit(
        community.households[BUYER].address(),
        community.households[BUYER].tokens,
        seat,
        amount,
    )
}

#[test]
fn given_tokens_when_they_are_deposited_then_the_seat_has_a_thousand_times_as_much() {
    let mut community = trading_community();
    let seat = community.households[BUYER].seat;
    let vault = Token::balance(&community.chain, &community.addresses.vault);
    let deposit = deposit(&mut community, seat, 1234);
    let receipt = sweep(
        &mut community.chain,
        &deposit,
        &[&community.households[BUYER].wallet],
    );

    let deposited = Deposited {
        market: community.addresses.market,
        number: 0,
        seat,
        amount: 1234,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Deposited(deposited)]);
    assert_eq!(community.seat(BUYER).free, FREE + 1_234_000);
    assert_eq!(
        Token::balance(&community.chain, &community.addresses.vault),
        vault + 1234
    );
    let tokens = &community.households[BUYER].tokens;
    assert_eq!(Token::balance(&community.chain, tokens), MINE - 1234);
    check_invariants(&community);
}

#[test]
fn given_someone_elses_seat_when_tokens_are_deposited_there_then_they_are_its() {
    let mut community = trading_community();
    let seat = community.households[SELLER].seat;
    let deposit = deposit(&mut community, seat, MINE);
    send_as(&mut community, BUYER, deposit).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + MINE * 1000);
    assert_eq!(community.seat(BUYER).free, FREE);
    check_invariants(&community);
}

#[test]
fn given_a_pause_of_everything_when_tokens_are_deposited_then_debts_can_still_be_paid() {
    let mut community = trading_community();
    let pause = instructions::set_pause(&community, 3);
    govern(&mut community, pause).unwrap();
    community.deposit(BUYER, 1).unwrap();
    check_invariants(&community);
}

#[test]
fn given_an_amount_that_is_not_there_when_it_is_deposited_then_it_is_refused() {
    let mut community = trading_community();
    let seat = community.households[BUYER].seat;
    for (amount, why) in [
        (0, MarketError::ZeroAmount.failure()),
        (3 * MINE + 1, token::NOT_ENOUGH),
        (u64::MAX, token::NOT_ENOUGH),
    ] {
        let deposit = deposit(&mut community, seat, amount);
        refused(
            &mut community.chain,
            &deposit,
            &[&community.households[BUYER].wallet],
            why,
        );
    }
}

#[test]
fn given_no_open_seat_when_tokens_are_deposited_then_there_is_no_such_seat() {
    let mut community = trading_community();
    for seat in [31, 32, u16::MAX] {
        let deposit = deposit(&mut community, seat, 1);
        let buyer = &community.households[BUYER].wallet;
        refused(
            &mut community.chain,
            &deposit,
            &[buyer],
            MarketError::NoSuchSeat,
        );
    }
}

#[test]
fn given_token_accounts_that_are_not_right_when_tokens_are_deposited_then_each_is_refused() {
    let mut community = trading_community();
    let seat = community.households[BUYER].seat;
    let deposit = deposit(&mut community, seat, 1);
    let foreign = Token::create(&mut community.chain, TokenKind::Classic).unwrap();
    let newer = Token::create(&mut community.chain, TokenKind::Token2022).unwrap();
    let buyer = community.households[BUYER].address();
    let foreign_source = foreign.account(&mut community.chain, &buyer, 9).unwrap();
    let own_vault = community
        .token
        .account(&mut community.chain, &buyer, 0)
        .unwrap();
    // Its authority is the market, as the vault's is.
    let market = community.addresses.market;
    let false_vault = community
        .token
        .account(&mut community.chain, &market, 0)
        .unwrap();
    let mine = community.households[BUYER].tokens;
    let at = community.addresses.clone();
    let seller = community.households[SELLER].tokens;
    community
        .token
        .mint_to(&mut community.chain, &seller, 9)
        .unwrap();

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
            MarketError::WrongMarket.failure(),
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
            "a mint of Token-2022",
            at.quote_mint,
            newer.mint,
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
        let altered = swap(&deposit, from, to);
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
fn given_the_vault_as_source_when_it_is_deposited_into_itself_then_nothing_comes_of_it() {
    let mut community = trading_community();
    let seat = community.households[BUYER].seat;
    let deposit = deposit(&mut community, seat, 1);
    let altered = swap(
        &deposit,
        community.households[BUYER].tokens,
        community.addresses.vault,
    );
    let why = ErrorCode::ConstraintDuplicateMutableAccount;
    refused(
        &mut community.chain,
        &altered,
        &[&community.households[BUYER].wallet],
        why,
    );
}

#[test]
fn given_more_tokens_than_the_ledger_can_count_when_they_are_deposited_then_it_is_refused() {
    // Each is below 2⁶² milli-atoms, both together are not.
    const HALF: u64 = (1 << 61) / 1000 + 1;
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("rich", HALF).unwrap();
    let place = community.join("richer", 0).unwrap();
    let household = &community.households[place];
    community
        .token
        .mint_to(&mut community.chain, &household.tokens, HALF)
        .unwrap();
    let deposit = community.deposit_of(household, HALF);
    refused(
        &mut community.chain,
        &deposit,
        &[&household.wallet],
        MarketError::Overflow,
    );
    check_invariants(&community);
}

/// If the vault's balance were counted in milli-atoms, 2^64 / 1000 atoms for nothing would block everybody's.
#[test]
fn given_a_gift_beyond_what_the_ledger_counts_when_tokens_are_deposited_then_it_is_in_nobodys_way()
{
    let mut community = trading_community();
    let vault = community.addresses.vault;
    community
        .token
        .mint_to(&mut community.chain, &vault, 1 << 62)
        .unwrap();
    community.deposit(BUYER, MINE).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE + MINE * 1000);

    // Counted as fees, it still leaves room for deposits.
    let sweep_up = instructions::sweep_surplus(&community);
    community
        .chain
        .send(std::slice::from_ref(&sweep_up), &[])
        .unwrap();
    let fees = community.ledger().header.fees;
    assert!(fees > 1 << 60, "{fees}");
    community.deposit(BUYER, MINE).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE + 2 * MINE * 1000);

    // What was left out is counted once fees were withdrawn.
    let to = community.supplier.tokens;
    let withdraw = instructions::withdraw_fees(&community, to, fees / 1000);
    govern(&mut community, withdraw).unwrap();
    community.chain.send(&[sweep_up], &[]).unwrap();
    assert!(community.ledger().header.fees > 1 << 60);
    let ledger = community.ledger();
    let seats = ledger.seats.iter().map(|seat| seat.free + seat.locked);
    let counted = seats.sum::<u64>() + ledger.header.fees + ledger.header.escrow;
    assert_eq!(ledger.header.money, counted);
}
