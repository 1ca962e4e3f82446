//! `end_market`: a market has an end, and what comes behind it is refused.

use joulebook_client::{
    layout::market::Market,
    market::{errors::MarketError, events::MarketEvent, types::MarketEnds},
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, contracted, govern, instructions, market_events,
        trading_community_with, BUYER,
    },
    refused::{refused, refused_when, ALREADY_IN_USE},
};
use solana_instruction::Instruction;
use solana_signer::Signer;

/// An hour's notice.
fn with_notice() -> Parameters {
    Parameters {
        notice_seconds: 3600,
        ..Parameters::default()
    }
}

fn ending(community: &LocalCommunity, ends_at: i64) -> Instruction {
    let authority = community.authority.pubkey();
    community.addresses.end_market(authority, ends_at)
}

/// The start of the first page that a market with an hour's notice can end with.
fn earliest_end(community: &LocalCommunity) -> i64 {
    let page = community.page_length();
    let over = community.chain.now() + 3600;
    (over + page - 1).div_euclid(page) * page
}

#[test]
fn given_a_market_when_the_authority_names_its_end_then_it_has_one() {
    let mut community = trading_community_with(with_notice());
    assert_eq!(community.market().ends_at, Market::ENDLESS);
    let ends_at = earliest_end(&community);
    let end = ending(&community, ends_at);
    let receipt = sweep(&mut community.chain, &end, &[&community.authority]);
    let ends = MarketEnds {
        market: community.addresses.market,
        number: 0,
        ends_at,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::MarketEnds(ends)]);
    assert_eq!(community.market().ends_at, ends_at);
}

#[test]
fn given_an_end_that_can_not_be_when_it_is_named_then_it_is_refused() {
    let mut community = trading_community_with(with_notice());
    let (ends_at, page) = (earliest_end(&community), community.page_length());
    let authority = community.authority.insecure_clone();
    for (what, bad) in [
        ("within the notice period", ends_at - page),
        ("within a page", ends_at + 300),
        ("a second late", ends_at + 1),
        ("now", community.chain.now()),
        ("long ago", 0),
        ("before all time", i64::MIN),
        ("behind all time", i64::MAX),
    ] {
        let end = ending(&community, bad);
        let why = MarketError::EndInvalid;
        refused_when(what, &mut community.chain, &end, &[&authority], why);
    }
}

/// Without a notice period, too: who has a contract keeps it.
#[test]
fn given_pages_that_are_open_when_an_end_is_named_then_it_is_behind_them() {
    let (mut community, start) = contracted(Parameters::default());
    let authority = community.authority.insecure_clone();
    let end = ending(&community, start);
    let why = MarketError::EndInvalid;
    refused(&mut community.chain, &end, &[&authority], why);
    let end = ending(&community, start + community.page_length());
    govern(&mut community, end).unwrap();
}

#[test]
fn given_an_end_when_it_has_not_come_then_it_can_be_put_off_or_brought_forward() {
    let mut community = trading_community_with(with_notice());
    let (ends_at, page) = (earliest_end(&community), community.page_length());
    for end in [ends_at + 9 * page, ends_at + page, ends_at + 99 * page] {
        let instruction = ending(&community, end);
        govern(&mut community, instruction).unwrap();
        assert_eq!(community.market().ends_at, end);
    }
    // It is over once nobody could bring values for its last page.
    let over = ends_at + 99 * page + i64::from(community.parameters.correction_seconds);
    let authority = community.authority.insecure_clone();
    community.pass_until(over - 1);
    let later = earliest_end(&community);
    let again = ending(&community, later);
    govern(&mut community, again).unwrap();
    community.pass_until(later + 1200);
    let too_late = ending(&community, later + 100 * page);
    let why = MarketError::MarketEnded;
    refused(&mut community.chain, &too_late, &[&authority], why);
}

#[test]
fn given_anyone_but_the_authority_when_it_names_an_end_then_it_is_refused() {
    let mut community = trading_community_with(with_notice());
    let end = ending(&community, earliest_end(&community));
    let authority = community.authority.pubkey();
    for (who, key) in [
        ("a household", &community.households[BUYER].wallet),
        ("the supplier", &community.supplier.wallet),
        ("the grid operator", &community.grid_operator.wallet),
    ] {
        let altered = swap(&end, authority, key.pubkey());
        let why = MarketError::NotAuthority;
        refused_when(who, &mut community.chain, &altered, &[key], why);
    }
}

#[test]
fn given_an_end_when_pages_are_opened_then_the_last_is_the_one_before_it() {
    let (mut community, start) = contracted(Parameters::default());
    let page = community.page_length();
    let ends_at = start + 2 * page;
    let end = ending(&community, ends_at);
    govern(&mut community, end).unwrap();
    community.pass_until(ends_at - 900);
    community.open_window(ends_at - 300).unwrap();
    let open = community.addresses.open_page(ends_at);
    let why = MarketError::MarketEnded;
    refused(&mut community.chain, &open, &[], why);
    let window = community.addresses.open_window(ends_at);
    let why = MarketError::WrongPage;
    refused(&mut community.chain, &window, &[], why);

    // However late anybody comes.
    community.finish_pages_before(i64::MAX).unwrap();
    community.pass_until(ends_at + 1000 * page);
    let late =
        joulebook_client::ring::next_page_start(&community.meters().header, community.chain.now());
    let open = community.addresses.open_page(late.unwrap());
    let why = MarketError::MarketEnded;
    refused(&mut community.chain, &open, &[], why);
    check_invariants(&community);
}

#[test]
fn given_a_market_that_is_over_when_slots_are_created_then_it_stays_so() {
    let mut community = trading_community_with(Parameters::default());
    community.end_market().unwrap();
    let authority = community.authority.insecure_clone();
    let [book, page] = [
        instructions::create_book(&community, 0),
        instructions::create_page(&community, 0),
    ];
    for create in [&book, &page] {
        let why = ALREADY_IN_USE;
        refused(&mut community.chain, create, &[&authority], why);
    }
    for close in [
        instructions::close_book(&community, 0),
        instructions::close_page(&community, 0),
    ] {
        govern(&mut community, close).unwrap();
    }
    for create in [&book, &page] {
        let why = MarketError::MarketEnded;
        refused(&mut community.chain, create, &[&authority], why);
    }
}
