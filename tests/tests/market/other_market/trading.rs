//! Money, seats and orders.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::roles::CONSUMER;
use joulebook_tests::{
    market::{altered::swap, buy, id, instructions, BUYER},
    refused::{refused_when, NamedError},
};
use solana_signer::Signer;

use super::{other_community, other_market, other_mint, try_each, two_markets};

#[test]
fn given_two_markets_when_money_is_moved_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let buyer = community.households[BUYER].wallet.insecure_clone();
    let tokens = community.households[BUYER].tokens;
    community
        .token
        .mint_to(&mut community.chain, &tokens, 9)
        .unwrap();
    let swaps = [
        (at.market, theirs.market, other_market()),
        (at.ledger, theirs.ledger, other_market()),
        (at.vault, theirs.vault, other_market()),
        (at.quote_mint, theirs.quote_mint, other_mint()),
    ];
    let deposit = community.deposit_of(&community.households[BUYER], 1);
    try_each(&mut community, "deposit", &deposit, &[&buyer], &swaps);
    let withdraw = community.withdrawal_of(&community.households[BUYER], 1);
    try_each(&mut community, "withdraw", &withdraw, &[&buyer], &swaps);

    let authority = community.authority.insecure_clone();
    let fees = instructions::withdraw_fees(&community, tokens, 1);
    try_each(
        &mut community,
        "withdraw_fees",
        &fees,
        &[&authority],
        &swaps,
    );
    let swapped = [(at.community, theirs.community, other_community())];
    try_each(
        &mut community,
        "withdraw_fees",
        &fees,
        &[&authority],
        &swapped,
    );
    // Everything there, but for the key.
    let all = [
        (at.community, theirs.community),
        (at.market, theirs.market),
        (at.ledger, theirs.ledger),
        (at.vault, theirs.vault),
        (at.quote_mint, theirs.quote_mint),
    ];
    let altered = all
        .iter()
        .fold(fees, |altered, (from, to)| swap(&altered, *from, *to));
    let why = MarketError::NotAuthority;
    refused_when(
        "all of it theirs",
        &mut community.chain,
        &altered,
        &[&authority],
        why,
    );

    let surplus = instructions::sweep_surplus(&community);
    try_each(&mut community, "sweep_surplus", &surplus, &[], &swaps[..3]);
    let claims = at.pay_claims();
    try_each(&mut community, "pay_claims", &claims, &[], &swaps[..2]);
}

#[test]
fn given_two_markets_when_seats_are_opened_and_closed_then_their_accounts_do_not_mix() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let open = community.seat_of(&newcomer);
    let swaps = [
        (at.market, theirs.market, other_community()),
        (
            newcomer.participant,
            other.buyer().participant,
            other_community(),
        ),
        (at.ledger, theirs.ledger, other_market()),
    ];
    try_each(
        &mut community,
        "open_seat",
        &open,
        &[&newcomer.wallet],
        &swaps,
    );

    let buyer = community.households[BUYER].wallet.insecure_clone();
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    let swaps = [
        (at.market, theirs.market, other_market()),
        (at.ledger, theirs.ledger, other_market()),
    ];
    try_each(&mut community, "close_seat", &close, &[&buyer], &swaps);

    let name = instructions::set_delegate(&community, &community.households[BUYER], None);
    let swaps = [(at.ledger, theirs.ledger, MarketError::NotOwner.failure())];
    try_each(&mut community, "set_delegate", &name, &[&buyer], &swaps);
}

#[test]
fn given_two_markets_when_orders_are_placed_and_cancelled_then_their_accounts_do_not_mix() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let buyer = community.households[BUYER].wallet.insecure_clone();
    let household = &community.households[BUYER];
    let place = at.place_orders(buyer.pubkey(), &household.address(), start, vec![buy(1, 1)]);
    let swaps = [
        (at.community, theirs.community, other_community()),
        (
            household.participant,
            other.buyer().participant,
            other_community(),
        ),
        (at.ledger, theirs.ledger, other_market()),
        (at.book(start), theirs.book(start), other_market()),
    ];
    try_each(&mut community, "place_orders", &place, &[&buyer], &swaps);
    let both = swap(&place, at.ledger, theirs.ledger);
    let both = swap(&both, at.book(start), theirs.book(start));
    let why = MarketError::WrongCommunity;
    refused_when(
        "the other book",
        &mut community.chain,
        &both,
        &[&buyer],
        why,
    );

    let seat = community.households[BUYER].seat;
    let cancel = at.cancel_orders(buyer.pubkey(), seat, start, vec![id(0, 0)]);
    try_each(
        &mut community,
        "cancel_orders",
        &cancel,
        &[&buyer],
        &swaps[2..],
    );
    let both = swap(&cancel, at.ledger, theirs.ledger);
    let both = swap(&both, at.book(start), theirs.book(start));
    let why = MarketError::NotTrader;
    refused_when(
        "an order of the other market",
        &mut community.chain,
        &both,
        &[&buyer],
        why,
    );
    assert_eq!(other.book(&community.chain, start).header.live_orders, 2);
    assert!(other.ledger(&community.chain).header.open_seats > 0);
}
