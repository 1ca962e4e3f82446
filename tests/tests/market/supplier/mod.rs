//! `replace_supplier`: another seat is the other side of imbalances in pages to come; those of before stay with the one they
//! came from.

mod both_ways;
mod lines;
mod margin;
mod naming;
mod owing;
mod own_silence;
mod refusals;
mod set_off;
mod silence;

use joulebook_client::{
    layout::{
        cut,
        market::{Ledger, Seat},
    },
    market::events::MarketEvent,
};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    altered::change, check_invariants, first_start, govern, instructions, market_events,
    pass_until, trading_community_with, DEPOSIT, SUPPLIER_DEPOSIT,
};

/// Two households without meters who may become suppliers, behind the buyer and the seller.
const NEXT: usize = 2;
const THIRD: usize = 3;

/// A community with two who may become suppliers; returns the start of its first page.
fn community_with(parameters: Parameters) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(parameters);
    for name in ["next", "third"] {
        let place = community.take_seat(name).unwrap();
        community.deposit(place, DEPOSIT).unwrap();
    }
    let start = first_start(&community);
    assert_eq!(start, community.addresses.page_start(start));
    (community, start)
}

fn community() -> (LocalCommunity, i64) {
    community_with(Parameters::default())
}

/// Names household `place` and returns from which page on it supplies, and what was told.
fn name(community: &mut LocalCommunity, place: usize) -> (i64, Vec<MarketEvent>) {
    let replace = instructions::replace_supplier(community, &community.households[place]);
    let receipt = govern(community, replace).unwrap();
    check_invariants(community);
    let from = community.ledger().header.supplier_from;
    (from, market_events(&receipt))
}

/// Names household `place` and lets time pass until its first page is open; returns the start of that.
fn replace(community: &mut LocalCommunity, place: usize) -> i64 {
    let (from, _) = name(community, place);
    pass_until(community, from - 900);
    community.open_pages(from).unwrap();
    assert!(!community.ledger().header.awaits_supplier());
    from
}

/// The first supplier takes out all that it deposited.
fn empty_first(community: &mut LocalCommunity) {
    let all = community.withdrawal_of(&community.supplier, SUPPLIER_DEPOSIT);
    govern(community, all).unwrap();
}

fn with_rows(community: &mut LocalCommunity, then: impl FnOnce(&mut Ledger, &mut [Seat])) {
    let ledger = community.addresses.ledger;
    change(&mut community.chain, &ledger, |account| {
        let (header, seats) = cut::<Ledger>(&mut account.data).expect("a whole ledger");
        then(header, seats);
    });
}
