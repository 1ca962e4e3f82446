use joulebook_client::{
    instructions::SYSTEM_PROGRAM, layout::oracle::IntervalPage, oracle::errors::OracleError,
};
use joulebook_tests::{
    metered_community::MeteredCommunity,
    refused::{refused, refused_when},
    two_communities::{role, NOW},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// No settlement is set.
fn unsettled() -> MeteredCommunity {
    let mut meters = MeteredCommunity::new();
    let present = meters.settlement.pubkey();
    let own = &meters.communities.own;
    meters.govern(own.set_settlement(&present, &SYSTEM_PROGRAM));
    meters
}

#[test]
fn given_a_settlement_when_anybody_else_opens_a_page_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let member = meters.communities.member(role::ALL).wallet;
    let authority = meters.communities.own.authority.insecure_clone();
    for (case, key) in [
        ("a member", member),
        ("the authority", authority),
        ("nobody", Keypair::new()),
    ] {
        let open = meters.communities.own.open_page(0, &key.pubkey());
        let reason = OracleError::WrongSettlement;
        let chain = &mut meters.communities.chain;
        refused_when(case, chain, &open, &[&key], reason);
    }
    meters.open(-4);
}

#[test]
fn given_no_settlement_when_anybody_opens_a_page_then_it_opens_and_settles_nothing() {
    let mut meters = unsettled();
    let anybody = Keypair::new();
    let open = meters.communities.own.open_page(0, &anybody.pubkey());
    meters.communities.chain.send(&[open], &[&anybody]).unwrap();
    let table = meters.table().header;
    assert_eq!(table.last_opened, NOW);
    assert_eq!(table.settled_from, IntervalPage::NEVER);
}

#[test]
fn given_no_settlement_when_a_page_is_opened_ahead_then_only_from_its_start_on() {
    let mut meters = unsettled();
    let anybody = Keypair::new();
    meters.open(-4);
    let open = meters.communities.own.open_page(1, &anybody.pubkey());
    for now in [NOW, MeteredCommunity::start(0) - 1] {
        meters.communities.chain.set_time(now);
        let reason = OracleError::TooEarlyToOpen;
        refused(&mut meters.communities.chain, &open, &[&anybody], reason);
    }
    meters.go_to(0);
    meters.communities.chain.send(&[open], &[&anybody]).unwrap();
}

#[test]
fn given_pages_opened_without_a_settlement_when_it_is_set_then_its_first_page_is_the_next() {
    let mut meters = unsettled();
    meters.open(-4);
    let settlement = meters.settlement.pubkey();
    let own = &meters.communities.own;
    meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &settlement));
    meters.open(0);
    let table = meters.table().header;
    assert_eq!(table.settled_from, MeteredCommunity::start(0));
    assert_eq!(meters.page(0).header.previous, NOW);
}

#[test]
fn given_pages_before_the_present_when_the_first_is_opened_under_a_settlement_then_they_are_left_out(
) {
    for (now, start) in [(3, 0), (4, 4), (7, 4)] {
        let mut meters = unsettled();
        meters.open(-4);
        // Values of the page with interval 0 could come until interval 8.
        meters.go_to(now);
        let settlement = meters.settlement.pubkey();
        let own = &meters.communities.own;
        meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &settlement));
        meters.open(start);
        let start = MeteredCommunity::start(start);
        let table = meters.table().header;
        assert_eq!((table.last_opened, table.settled_from), (start, start));
    }
}

#[test]
fn given_no_settlement_when_a_page_of_before_could_still_have_values_then_it_is_next() {
    let mut meters = unsettled();
    meters.open(-4);
    meters.go_to(7);
    meters.open(0);
    let table = meters.table().header;
    assert_eq!(table.last_opened, MeteredCommunity::start(0));
}

#[test]
fn given_the_first_page_of_a_settlement_when_more_are_opened_then_those_of_before_are_not_left_out()
{
    let mut meters = unsettled();
    meters.open(-4);
    let settlement = meters.settlement.insecure_clone();
    let own = meters.own();
    meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &settlement.pubkey()));
    meters.go_to(4);
    meters.open(4);
    // Values of the page with interval 8 can come until interval 16.
    meters.go_to(15);
    let open = own.open_page(meters.slot(8), &settlement.pubkey());
    let chain = &mut meters.communities.chain;
    chain.send(&[open], &[&settlement]).unwrap();
    let table = meters.table().header;
    assert_eq!(table.last_opened, MeteredCommunity::start(8));
    assert_eq!(table.settled_from, MeteredCommunity::start(4));
}

#[test]
fn given_another_settlement_when_the_old_one_opens_a_page_then_it_is_refused() {
    let mut meters = unsettled();
    let (old, new) = (meters.settlement.insecure_clone(), Keypair::new());
    let own = &meters.communities.own;
    meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &new.pubkey()));
    let open = meters.communities.own.open_page(0, &old.pubkey());
    let reason = OracleError::WrongSettlement;
    refused(&mut meters.communities.chain, &open, &[&old], reason);
    meters.settlement = new;
    meters.open(-4);
}
