//! A log that is cut short hides no event for good: numbers tell that one is missing.

use joulebook_client::{
    event_counts::{number_of, Counter, EventCounts, Gap},
    events::events,
    layout::market::{DelegateBounds, MarketTerms},
};
use joulebook_sim::{LocalCommunity, Receipt};
use joulebook_tests::market::{
    check_invariants, community_with_open_window, govern, instructions, trade, trading_community,
    BUYER,
};
use solana_instruction::Instruction;

fn numbers(receipt: &Receipt) -> Vec<(Counter, u64)> {
    events(&receipt.logs).iter().filter_map(number_of).collect()
}

/// Names a delegate for a household's seat, once for each limit, in one transaction.
fn set_delegate(community: &mut LocalCommunity, limits: &[u64]) -> Receipt {
    let household = &community.households[BUYER];
    let (at, owner) = (&community.addresses, household.address());
    let set = |limit: &u64| {
        at.set_delegate(
            owner,
            household.seat,
            None,
            DelegateBounds::of_a_day(*limit),
        )
    };
    let set: Vec<Instruction> = limits.iter().map(set).collect();
    let wallet = household.wallet.insecure_clone();
    community.chain.send(&set, &[&wallet]).unwrap()
}

#[test]
fn given_a_ledger_when_its_events_are_reported_then_their_numbers_follow_and_it_counts_them() {
    let mut community = trading_community();
    let counter = Counter::LedgerOf(community.addresses.market);
    let first = community.ledger().header.events;
    let receipt = set_delegate(&mut community, &[1, 2]);
    assert_eq!(numbers(&receipt), [(counter, first), (counter, first + 1)]);
    assert_eq!(community.ledger().header.events, first + 2);
    check_invariants(&community);
}

#[test]
fn given_a_market_when_its_terms_change_then_it_counts_that_and_its_ledger_does_not() {
    let mut community = trading_community();
    let (market, ledger) = (community.market().events, community.ledger().header.events);
    let terms = MarketTerms {
        fee_bps: 3,
        ..community.parameters.terms
    };
    let set = instructions::set_terms(&community, terms);
    let receipt = govern(&mut community, set).unwrap();
    let counter = Counter::Market(community.addresses.market);
    assert_eq!(numbers(&receipt), [(counter, market)]);
    assert_eq!(community.market().events, market + 1);
    assert_eq!(community.ledger().header.events, ledger);
}

#[test]
fn given_a_refusal_when_counted_then_nothing_was_reported() {
    let (mut community, start) = community_with_open_window(Default::default());
    trade(&mut community, start);
    let before = community.ledger().header.events;
    let set = instructions::set_tariff(&community, true, 0, Vec::new());
    assert!(govern(&mut community, set).is_err());
    assert_eq!(community.ledger().header.events, before);
    check_invariants(&community);
}

/// Whoever sends the transaction can fill its log first, so that what follows is left out of it.
#[test]
fn given_a_log_that_is_cut_short_when_events_are_counted_then_it_is_known_which_are_missing() {
    let mut community = trading_community();
    let counter = Counter::LedgerOf(community.addresses.market);
    let first = community.ledger().header.events;
    let mut counts = EventCounts::default();
    assert_eq!(counts.read(counter, first), None);

    let svm = std::mem::take(&mut community.chain.svm);
    community.chain.svm = svm.with_log_bytes_limit(Some(500));
    let receipt = set_delegate(&mut community, &[1, 2, 3]);
    assert!(receipt.logs.iter().any(|line| line == "Log truncated"));
    assert_eq!(numbers(&receipt), [(counter, first)]);
    for event in events(&receipt.logs) {
        assert_eq!(counts.take(&event), None);
    }
    let missing = Gap {
        counter,
        from: first + 1,
        until: first + 3,
    };
    // Known from the account at once, or with the next event.
    let now = community.ledger().header.events;
    assert_eq!(counts.clone().read(counter, now), Some(missing));
    let receipt = set_delegate(&mut community, &[4]);
    let found: Vec<Gap> = events(&receipt.logs)
        .iter()
        .filter_map(|event| counts.take(event))
        .collect();
    assert_eq!(found, [missing]);
}
