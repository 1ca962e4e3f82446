//! Accounts of another market, which never mix with one's own.

use anchor_lang::error::ErrorCode;
use joulebook_client::{layout::market::ImbalancePrices, market::errors::MarketError};
use joulebook_sim::{roles::CONSUMER, Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::swap, buy, check_invariants, close_gate, first_start, id, instructions,
        pass_until, trade, with_other_community, OtherCommunity, BUYER,
    },
    refused::{refused_when, NamedError},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Two communities with an open window at the same time, and orders in it.
fn two_markets() -> (LocalCommunity, OtherCommunity, i64) {
    let mut start = 0;
    let (mut community, other) = with_other_community(Parameters::default(), |other| {
        start = first_start(other);
        other.open_window(start).unwrap();
        trade(other, start);
    });
    community.open_window(start).unwrap();
    trade(&mut community, start);
    (community, other, start)
}

/// One account of ours and theirs that stands in its place, and the answer.
type Swap = (Address, Address, Failure);

/// Tries an instruction with each swap alone.
#[track_caller]
fn try_each(
    community: &mut LocalCommunity,
    what: &str,
    instruction: &Instruction,
    signers: &[&Keypair],
    swaps: &[Swap],
) {
    for (index, (from, to, why)) in swaps.iter().enumerate() {
        let altered = swap(instruction, *from, *to);
        let case = format!("{what}, swap {index}");
        refused_when(&case, &mut community.chain, &altered, signers, why.clone());
    }
    check_invariants(community);
}

fn other_market() -> Failure {
    MarketError::WrongMarket.failure()
}

fn other_community() -> Failure {
    MarketError::WrongCommunity.failure()
}

fn other_mint() -> Failure {
    MarketError::WrongMint.failure()
}

fn other_meter_table() -> Failure {
    MarketError::WrongMeterTable.failure()
}

fn other_interval() -> Failure {
    MarketError::WrongInterval.failure()
}

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
        (at.window(start), theirs.window(start), other_market()),
    ];
    try_each(&mut community, "place_orders", &place, &[&buyer], &swaps);
    let both = swap(&place, at.ledger, theirs.ledger);
    let both = swap(&both, at.window(start), theirs.window(start));
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
    let both = swap(&both, at.window(start), theirs.window(start));
    let why = MarketError::NotTrader;
    refused_when(
        "an order of the other market",
        &mut community.chain,
        &both,
        &[&buyer],
        why,
    );
    assert_eq!(other.window(&community.chain, start).header.live_orders, 2);
    assert!(other.ledger(&community.chain).header.open_seats > 0);
}

#[test]
fn given_two_markets_when_windows_move_along_then_their_accounts_do_not_mix() {
    let (mut community, other, start) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let window = || (at.window(start), theirs.window(start), other_market());
    let ledger = || (at.ledger, theirs.ledger, other_market());
    let next = at.open_window(start + 300);
    let swaps = [
        (at.market, theirs.market, other_market()),
        (
            at.window(start + 300),
            theirs.window(start + 300),
            other_market(),
        ),
    ];
    try_each(&mut community, "open_window", &next, &[], &swaps);

    close_gate(&mut community, start);
    let clears = [at.clear(start), theirs.clear(start)];
    community.send_with_full_budget(&clears).unwrap();
    let allocate = at.allocate(start, 99, None);
    try_each(
        &mut community,
        "allocate",
        &allocate,
        &[],
        &[ledger(), window()],
    );
    let allocates = [allocate, theirs.allocate(start, 99, None)];
    community.send_with_full_budget(&allocates).unwrap();

    pass_until(&mut community, start);
    let intervals = [at.open_interval(start), theirs.open_interval(start)];
    community.send_with_full_budget(&intervals).unwrap();
    pass_until(&mut community, start + 900);
    let meter = at.meter(start);
    let metering = [
        (at.market, theirs.market, other_meter_table()),
        window(),
        (at.meter_table, theirs.meter_table, other_meter_table()),
        (at.interval(start), theirs.interval(start), other_interval()),
    ];
    try_each(&mut community, "meter", &meter, &[], &metering);
    let skip = instructions::release_skipped(&community, start);
    try_each(&mut community, "release_skipped", &skip, &[], &metering);
    community
        .send_with_full_budget(&[meter, theirs.meter(start)])
        .unwrap();

    let settle = at.settle(start, 99, None);
    let swaps = [
        ledger(),
        window(),
        (at.history, theirs.history, other_market()),
    ];
    try_each(&mut community, "settle", &settle, &[], &swaps);
    community
        .send_with_full_budget(&[settle, theirs.settle(start, 99, None)])
        .unwrap();
}

#[test]
fn given_two_markets_when_one_authority_governs_then_only_its_own_accounts() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
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
        ("close_window", instructions::close_window(&community, 0)),
        ("close_history", instructions::close_history(&community)),
        ("close_ledger", instructions::close_ledger(&community)),
        ("close_market", instructions::close_market(&community)),
    ];
    for (what, instruction) in governed {
        let swaps = [(at.community, theirs.community, other_community())];
        try_each(&mut community, what, &instruction, &[&authority], &swaps);
        let whole = all_of_other(&instruction, &community, &other);
        let why = MarketError::NotAuthority;
        refused_when(what, &mut community.chain, &whole, &[&authority], why);
    }

    let window = instructions::close_window(&community, 0);
    let history = instructions::close_history(&community);
    let ledger = instructions::close_ledger(&community);
    let swaps = [
        (&window, at.window_slot(0), theirs.window_slot(0)),
        (&window, at.market, theirs.market),
        (&history, at.history, theirs.history),
        (&history, at.market, theirs.market),
        (&ledger, at.ledger, theirs.ledger),
        (&ledger, at.market, theirs.market),
    ];
    for (instruction, from, to) in swaps {
        let swaps = [(from, to, other_market())];
        try_each(
            &mut community,
            "a table",
            instruction,
            &[&authority],
            &swaps,
        );
    }
    let close = instructions::close_market(&community);
    let swaps = [
        (at.vault, theirs.vault, other_market()),
        (at.market, theirs.market, other_market()),
    ];
    try_each(
        &mut community,
        "close_market",
        &close,
        &[&authority],
        &swaps,
    );
}

/// The same instruction, all of it on the other market but for the signer.
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
        (at.window_slot(0), theirs.window_slot(0)),
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
    let (mut community, other, _) = two_markets();
    // Slots, a ledger and a history that are not there yet.
    let mut theirs = other.addresses.clone();
    theirs.ring = community.addresses.ring;
    let authority = community.authority.insecure_clone();
    let close = instructions::close_window(&community, 0);
    community.chain.send(&[close], &[&authority]).unwrap();
    let create = instructions::create_window(&community, 0);
    let swaps = [
        (
            community.addresses.community,
            theirs.community,
            other_community(),
        ),
        (
            community.addresses.market,
            theirs.market,
            ErrorCode::ConstraintSeeds.failure(),
        ),
        (
            community.addresses.window_slot(0),
            theirs.window_slot(0),
            ErrorCode::ConstraintSeeds.failure(),
        ),
    ];
    try_each(
        &mut community,
        "create_window",
        &create,
        &[&authority],
        &swaps,
    );
    community.chain.send(&[create], &[&authority]).unwrap();
    check_invariants(&community);
}
