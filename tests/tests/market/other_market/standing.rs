//! Standing orders.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::errors::MarketError;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{altered::swap, first_start, with_other_community, OtherCommunity, BUYER},
    refused::{refused, refused_when, NamedError},
};
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::{other_community, other_market, other_meter_table, try_each};
use crate::standing::{applying, create, enter, entry, rule};

/// Two communities with an open window at the same time, and a standing order of their buyers.
fn two_markets() -> (LocalCommunity, OtherCommunity, i64) {
    let mut start = 0;
    let (mut community, other) = with_other_community(Parameters::default(), |other| {
        start = first_start(other);
        other.open_window(start).unwrap();
        create(other);
        enter(other, BUYER, vec![entry(0, rule())]).unwrap();
    });
    community.open_window(start).unwrap();
    create(&mut community);
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    (community, other, start)
}

#[test]
fn given_two_markets_when_standing_orders_are_applied_then_their_accounts_do_not_mix() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let apply = applying(&community, start);
    let swaps = [
        (at.community, theirs.community, other_community()),
        (at.market, theirs.market, other_community()),
        (at.ledger, theirs.ledger, other_market()),
        (at.book(start), theirs.book(start), other_market()),
        (at.standing_orders, theirs.standing_orders, other_market()),
        (at.meter_table, theirs.meter_table, other_meter_table()),
        (
            at.interval_page(start - 86_400),
            theirs.interval_page(start - 86_400),
            other_meter_table(),
        ),
    ];
    try_each(&mut community, "apply", &apply, &[], &swaps);
    // All of it theirs but for one account.
    let all = |but: usize| {
        let others = swaps.iter().enumerate().filter(|(place, _)| *place != but);
        others.fold(apply.clone(), |altered, (_, (from, to, _))| {
            swap(&altered, *from, *to)
        })
    };
    for (but, why) in [
        (0, other_community()),
        (1, other_community()),
        (2, other_market()),
        (3, other_market()),
        (4, other_market()),
        (5, other_meter_table()),
        (6, other_meter_table()),
    ] {
        let case = format!("all but {but}");
        refused_when(&case, &mut community.chain, &all(but), &[], why);
    }
    community.send_with_full_budget(&[apply]).unwrap();
    assert_eq!(other.book(&community.chain, start).header.live_orders, 0);
    assert_eq!(community.book(start).header.live_orders, 1);
}

#[test]
fn given_two_markets_when_standing_orders_are_entered_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let household = &community.households[BUYER];
    let buyer = household.wallet.insecure_clone();
    let entries = vec![entry(1, rule())];
    let set = at.set_standing_orders(buyer.pubkey(), &buyer.pubkey(), entries);
    let (own, their) = (household.participant, other.buyer().participant);
    let swaps = [
        (at.community, theirs.community, other_community()),
        (own, their, other_community()),
        (at.ledger, theirs.ledger, other_market()),
        (at.market, theirs.market, other_community()),
        (at.standing_orders, theirs.standing_orders, other_market()),
    ];
    try_each(&mut community, "set", &set, &[&buyer], &swaps);

    let review = at.review_participant(&buyer.pubkey());
    let swaps = [
        (own, their, other_community()),
        (at.market, theirs.market, other_community()),
        (at.standing_orders, theirs.standing_orders, other_market()),
    ];
    try_each(&mut community, "review", &review, &[], &swaps);
}

#[test]
fn given_two_markets_when_standing_orders_are_closed_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let close = at.close_standing_orders(authority.pubkey());
    let swaps = [
        (at.community, theirs.community, other_community()),
        (at.market, theirs.market, other_market()),
        (at.standing_orders, theirs.standing_orders, other_market()),
    ];
    try_each(&mut community, "close", &close, &[&authority], &swaps);
    // All of it theirs, but for the key.
    all_theirs(&mut community, &other, close);
}

/// Has an instruction of the authority name the accounts of the other market.
fn all_theirs(community: &mut LocalCommunity, other: &OtherCommunity, instruction: Instruction) {
    let (at, theirs) = (&community.addresses, &other.addresses);
    let swaps = [
        (at.community, theirs.community),
        (at.market, theirs.market),
        (at.standing_orders, theirs.standing_orders),
    ];
    let altered = swaps.iter().fold(instruction, |altered, (from, to)| {
        swap(&altered, *from, *to)
    });
    let key = &community.authority;
    refused(
        &mut community.chain,
        &altered,
        &[key],
        MarketError::NotAuthority,
    );
}

#[test]
fn given_two_markets_when_standing_orders_are_created_then_their_accounts_do_not_mix() {
    let (mut community, other) = with_other_community(Parameters::default(), |_| ());
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let create = at.create_standing_orders(authority.pubkey());
    let seeds = ErrorCode::ConstraintSeeds.failure();
    let swaps = [
        (at.community, theirs.community, other_community()),
        (at.market, theirs.market, seeds.clone()),
        (at.standing_orders, theirs.standing_orders, seeds),
    ];
    try_each(&mut community, "create", &create, &[&authority], &swaps);
    all_theirs(&mut community, &other, create);
}
