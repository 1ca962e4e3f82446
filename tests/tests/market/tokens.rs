//! Token-2022, with and without a transfer fee.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Deposited};
use joulebook_sim::{LocalCommunity, Parameters, Token, TokenKind};
use joulebook_tests::{
    market::{
        check_invariants, contract, contracted, deliver_and_settle, first_start, govern,
        instructions, market_events, named_errors::token, trading_community_with, BUYER, DEPOSIT,
        SELLER,
    },
    refused::refused,
};
use spl_token_2022_interface::extension::transfer_fee::instruction::harvest_withheld_tokens_to_mint;

fn with(token: TokenKind) -> Parameters {
    Parameters {
        token,
        ..Parameters::default()
    }
}

#[test]
fn given_token_2022_when_a_window_lives_then_money_moves_as_with_the_classic_token() {
    let (mut community, start) = contracted(with(TokenKind::Token2022));
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    check_invariants(&community);
    let free = community.seat(SELLER).free / 1000;
    community.withdraw(SELLER, free).unwrap();
    assert_eq!(
        Token::balance(&community.chain, &community.households[SELLER].tokens),
        free
    );
    check_invariants(&community);
}

#[test]
fn given_a_transfer_fee_when_tokens_are_deposited_then_what_arrived_counts() {
    let mut community = trading_community_with(with(TokenKind::Token2022WithFee(100)));
    assert_eq!(community.seat(BUYER).free, 9_900_000_000);
    let receipt = community.deposit(BUYER, 1000).unwrap();
    let deposited = Deposited {
        market: community.addresses.market,
        number: 0,
        seat: community.households[BUYER].seat,
        amount: 990,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Deposited(deposited)]);
    assert_eq!(community.seat(BUYER).free, 9_900_990_000);
    check_invariants(&community);
}

#[test]
fn given_a_transfer_fee_when_money_is_withdrawn_then_the_seat_pays_what_left_the_vault() {
    let mut community = trading_community_with(with(TokenKind::Token2022WithFee(100)));
    let vault = Token::balance(&community.chain, &community.addresses.vault);
    community.withdraw(BUYER, 1000).unwrap();
    assert_eq!(community.seat(BUYER).free, 9_899_000_000);
    assert_eq!(
        Token::balance(&community.chain, &community.addresses.vault),
        vault - 1000
    );
    assert_eq!(
        Token::balance(&community.chain, &community.households[BUYER].tokens),
        990
    );
    check_invariants(&community);
}

#[test]
fn given_a_transfer_fee_when_a_window_lives_then_nothing_inside_is_touched_by_it() {
    let mut community = trading_community_with(with(TokenKind::Token2022WithFee(250)));
    let start = first_start(&community);
    let before = community.seat(SELLER).free;
    contract(&mut community, start);
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    assert_eq!(
        community.seat(SELLER).free,
        before + joulebook_tests::market::amounts::INCOME
    );
    check_invariants(&community);
}

#[test]
fn given_a_transfer_fee_that_takes_all_when_tokens_are_deposited_then_nothing_arrives() {
    let mut community = LocalCommunity::new(with(TokenKind::Token2022WithFee(10_000))).unwrap();
    let place = community.join("payer", 0).unwrap();
    let payer = &community.households[place];
    community
        .token
        .mint_to(&mut community.chain, &payer.tokens, DEPOSIT)
        .unwrap();
    let deposit = community.deposit_of(payer, DEPOSIT);
    refused(
        &mut community.chain,
        &deposit,
        &[&payer.wallet],
        MarketError::NothingArrived,
    );
    check_invariants(&community);
}

#[test]
fn given_fees_withheld_in_the_vault_when_the_market_closes_then_they_must_be_harvested_first() {
    let mut community = LocalCommunity::new(with(TokenKind::Token2022WithFee(100))).unwrap();
    let place = community.join("only", DEPOSIT).unwrap();
    assert_eq!(
        Token::withheld(&community.chain, &community.addresses.vault),
        DEPOSIT / 100
    );
    community.end_market().unwrap();
    for slot in 0..community.parameters.books {
        let close = instructions::close_book(&community, slot);
        govern(&mut community, close).unwrap();
    }
    for slot in 0..community.parameters.pages {
        let close = instructions::close_page(&community, slot);
        govern(&mut community, close).unwrap();
    }
    community.withdraw(place, DEPOSIT - DEPOSIT / 100).unwrap();
    for household in [
        &community.households[place],
        &community.supplier,
        &community.grid_operator,
    ] {
        let close = instructions::close_seat(&community, household);
        community
            .chain
            .send(&[close], &[&household.wallet])
            .unwrap();
    }
    let close = [
        instructions::close_history(&community),
        instructions::close_ledger(&community),
    ];
    community
        .chain
        .send(&close, &[&community.authority])
        .unwrap();
    let close = instructions::close_market(&community);
    refused(
        &mut community.chain,
        &close,
        &[&community.authority],
        token::FEES_WITHHELD,
    );

    let (program, mint) = (community.token.program, community.token.mint);
    let harvest =
        harvest_withheld_tokens_to_mint(&program, &mint, &[&community.addresses.vault]).unwrap();
    community
        .chain
        .send(&[harvest, close], &[&community.authority])
        .unwrap();
    assert_eq!(community.chain.lamports(&community.addresses.market), 0);
}
