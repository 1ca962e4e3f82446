//! What the authority of one of them signs.

use anchor_lang::error::ErrorCode;
use joulebook_client::{layout::market::ImbalancePrices, market::errors::MarketError, Addresses};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{altered::swap, instructions, OtherCommunity},
    refused::{refused_when, NamedError},
};
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::{other_community, other_market, try_each, two_markets};

#[test]
fn given_two_markets_when_one_authority_governs_then_only_its_own_accounts() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let supplier = community.supplier.wallet.insecure_clone();
    let household = community.households[0].wallet.insecure_clone();
    let signers = [&authority, &supplier, &household];
    let entry = ImbalancePrices { short: 2, long: 1 };
    let governed = [
        (
            "set_terms",
            instructions::set_terms(&community, Parameters::default().terms),
        ),
        (
            "set_tariff",
            instructions::set_tariff(&community, true, 0, vec![entry]),
        ),
        (
            "replace_supplier",
            instructions::replace_supplier(&community, &community.households[0]),
        ),
        (
            "end_market",
            at.end_market(authority.pubkey(), start + community.page_length()),
        ),
        ("close_book", instructions::close_book(&community, 0)),
        ("close_page", instructions::close_page(&community, 0)),
        ("close_history", instructions::close_history(&community)),
        ("close_ledger", instructions::close_ledger(&community)),
        ("close_market", instructions::close_market(&community)),
    ];
    for (what, instruction) in governed {
        let swaps = [(at.community, theirs.community, other_community())];
        try_each(&mut community, what, &instruction, &signers, &swaps);
        let whole = all_of_other(&instruction, &community, &other);
        let why = MarketError::NotAuthority;
        refused_when(what, &mut community.chain, &whole, &signers, why);
    }
}

#[test]
fn given_two_markets_when_a_supplier_is_replaced_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let household = community.households[0].wallet.insecure_clone();
    let replace = instructions::replace_supplier(&community, &community.households[0]);
    let swaps = [
        (at.market, theirs.market, other_community()),
        (at.ledger, theirs.ledger, other_market()),
    ];
    let signers = [&authority, &household];
    try_each(&mut community, "a supplier", &replace, &signers, &swaps);
}

#[test]
fn given_two_markets_when_tables_are_closed_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let market = || (at.market, theirs.market, other_market());
    let ledger = || (at.ledger, theirs.ledger, other_market());
    let close = instructions::close_book(&community, 0);
    let own = (at.book_slot(0), theirs.book_slot(0), other_market());
    let swaps = [own, market(), ledger()];
    try_each(&mut community, "a book", &close, &[&authority], &swaps);
    let close = instructions::close_page(&community, 0);
    let own = (at.page_slot(0), theirs.page_slot(0), other_market());
    let swaps = [own, market(), ledger()];
    try_each(&mut community, "a page", &close, &[&authority], &swaps);
    let close = instructions::close_history(&community);
    let swaps = [(at.history, theirs.history, other_market()), market()];
    try_each(&mut community, "history", &close, &[&authority], &swaps);
    let close = instructions::close_ledger(&community);
    let swaps = [ledger(), market()];
    try_each(&mut community, "ledger", &close, &[&authority], &swaps);
    let close = instructions::close_market(&community);
    let swaps = [(at.vault, theirs.vault, other_market()), market()];
    try_each(&mut community, "market", &close, &[&authority], &swaps);
}

/// The same instruction, all of it on the other market but for the signers.
fn all_of_other(
    instruction: &Instruction,
    community: &LocalCommunity,
    other: &OtherCommunity,
) -> Instruction {
    let (at, theirs) = (&community.addresses, &other.addresses);
    let pairs = [
        (at.community, theirs.community),
        (at.market, theirs.market),
        (at.ledger, theirs.ledger),
        (at.history, theirs.history),
        (at.vault, theirs.vault),
        (at.book_slot(0), theirs.book_slot(0)),
        (at.page_slot(0), theirs.page_slot(0)),
    ];
    let mut altered = instruction.clone();
    for meta in &mut altered.accounts {
        if let Some((_, to)) = pairs.iter().find(|(from, _)| *from == meta.pubkey) {
            meta.pubkey = *to;
        }
    }
    altered
}

#[test]
fn given_two_markets_when_one_authority_creates_tables_then_only_for_its_own() {
    let (LocalCommunity { chain, .. }, other, _) = two_markets();
    // A third market, which has no tables yet.
    let mut community = LocalCommunity::without_market(chain, Parameters::default(), 2).unwrap();
    let create = community.create_market_instruction();
    let authority = community.authority.insecure_clone();
    community.chain.send(&[create], &[&authority]).unwrap();
    community.addresses = Addresses::of_market(&community.market());
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let seeds = || ErrorCode::ConstraintSeeds.failure();
    let creates = [
        (
            "create_book",
            instructions::create_book(&community, 0),
            (at.book_slot(0), theirs.book_slot(1)),
        ),
        (
            "create_page",
            instructions::create_page(&community, 0),
            (at.page_slot(0), theirs.page_slot(1)),
        ),
        (
            "create_ledger",
            instructions::create_ledger(&community),
            (at.ledger, theirs.ledger),
        ),
        (
            "create_history",
            instructions::create_history(&community),
            (at.history, theirs.history),
        ),
    ];
    for (what, create, (own, foreign)) in creates {
        let swaps = [
            (at.community, theirs.community, other_community()),
            (at.market, theirs.market, seeds()),
            (own, foreign, seeds()),
        ];
        for (from, to, why) in swaps {
            let altered = swap(&create, from, to);
            refused_when(what, &mut community.chain, &altered, &[&authority], why);
        }
        community.chain.send(&[create], &[&authority]).unwrap();
    }
}
