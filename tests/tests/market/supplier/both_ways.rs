//! Two suppliers that owe each other: money used to go round between them, an atom at a time, and keep everybody waiting.

use joulebook_sim::LocalCommunity;
use joulebook_tests::market::{
    check_invariants, deliver_and_settle, instructions, pass_until, BUYER, DEPOSIT, FREE, SELLER,
};
use solana_signer::Signer;

use super::{community, name, replace, NEXT, THIRD};

pub const LIMITATION: i64 = 92 * 86_400;

pub fn finish_before(community: &mut LocalCommunity, from: i64, until: i64) {
    let length = community.page_length() as usize;
    for page in (from..until).step_by(length) {
        community.finish_page(page).unwrap();
    }
}

/// The seller supplies and the buyer moves `flow`; then the buyer supplies and the seller moves `flow`. Neither has money.
fn two_without_money(flow: (u64, u64)) -> LocalCommunity {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let mine = replace(&mut community, SELLER);
    finish_before(&mut community, start, mine);
    for place in [BUYER, SELLER] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    deliver_and_settle(&mut community, mine, &[flow, (0, 0)]);
    let theirs = replace(&mut community, BUYER);
    finish_before(&mut community, mine, theirs);
    deliver_and_settle(&mut community, theirs, &[(0, 0), flow]);
    community.finish_page(theirs).unwrap();
    check_invariants(&community);
    community
}

pub fn pay_claims(community: &mut LocalCommunity) {
    let pay = community.addresses.pay_claims();
    community.chain.send(&[pay], &[]).unwrap();
    check_invariants(community);
}

/// One atom in the ring used to keep the next supplier out for good: there was always something left to pay.
#[test]
fn given_debts_both_ways_when_a_third_supplier_is_named_then_they_are_set_off() {
    let mut community = two_without_money((1000, 0));
    let debts = [BUYER, SELLER].map(|place| community.seat(place).debt());
    assert_eq!(debts, [300_000_000; 2]);
    community.deposit(SELLER, 1).unwrap();
    pay_claims(&mut community);
    let seats = [BUYER, SELLER].map(|place| community.seat(place));
    // 1,000 milli-atoms were paid before the rest was set off.
    let left: u64 = seats.iter().map(|seat| seat.debt()).sum();
    assert!(left <= 1_000, "{left}");
    assert!(seats.iter().any(|seat| seat.debt() == 0));
    let now = community.chain.now();
    pass_until(&mut community, now + LIMITATION);
    pay_claims(&mut community);
    name(&mut community, THIRD);
}

/// It used to keep everybody's money in an ended market.
#[test]
fn given_claims_both_ways_when_anybody_is_paid_out_then_they_are_set_off() {
    let mut community = two_without_money((0, 1000));
    let claims = [BUYER, SELLER].map(|place| community.seat(place).claim());
    assert_eq!(claims, [80_000_000; 2]);
    community.end_market().unwrap();
    community.deposit(SELLER, 1).unwrap();
    let next = &community.households[NEXT];
    let pay = community
        .addresses
        .pay_out(&next.address(), next.tokens, next.seat);
    assert_eq!(community.seat(NEXT).free, FREE);
    community.chain.send(&[pay], &[]).unwrap();
    check_invariants(&community);
    let claims = [BUYER, SELLER].map(|place| community.seat(place).claim());
    assert!(claims.iter().sum::<u64>() <= 1_000, "{claims:?}");
    assert_eq!(
        community.ledger().header.claims(),
        claims.iter().sum::<u64>()
    );
}

/// By a stranger, 92 days after the end.
pub fn close(community: &mut LocalCommunity, places: [usize; 2]) {
    let stranger = community.households[THIRD].wallet.insecure_clone();
    for place in places {
        let seat = community.households[place].seat;
        let close = community.addresses.close_seat(stranger.pubkey(), seat);
        community.chain.send(&[close], &[&stranger]).unwrap();
        assert!(!community.seat(place).is_open());
    }
}

/// Each had to be closed before the other.
#[test]
fn given_suppliers_that_owe_each_other_when_92_days_have_passed_then_anyone_closes_both() {
    for flow in [(1000, 0), (0, 1000)] {
        let mut community = two_without_money(flow);
        community.end_market().unwrap();
        let now = community.chain.now();
        pass_until(&mut community, now + LIMITATION);
        close(&mut community, [BUYER, SELLER]);
    }
}

/// The next one, who owes nobody, has a claim on a bankrupt one, and that a debt to it.
#[test]
fn given_a_bankrupt_supplier_when_92_days_have_passed_then_anyone_closes_it_and_the_next() {
    for places in [[BUYER, SELLER], [SELLER, BUYER]] {
        let (mut community, start) = community();
        community.open_pages(start).unwrap();
        let mine = replace(&mut community, SELLER);
        finish_before(&mut community, start, mine);
        community.withdraw(SELLER, DEPOSIT).unwrap();
        deliver_and_settle(&mut community, mine, &[(0, 1000), (0, 0)]);
        let theirs = replace(&mut community, BUYER);
        finish_before(&mut community, mine, theirs);
        deliver_and_settle(&mut community, theirs, &[(0, 0), (1000, 0)]);
        community.end_market().unwrap();
        assert_eq!(community.seat(BUYER).claim(), 80_000_000);
        assert_eq!(community.seat(SELLER).debt(), 300_000_000);
        community.withdraw(BUYER, DEPOSIT).unwrap();
        let now = community.chain.now();
        pass_until(&mut community, now + LIMITATION);
        close(&mut community, places);
    }
}

/// Anybody may open it between two signatures and their arrival.
#[test]
fn given_a_page_opened_since_the_new_one_looked_when_it_is_named_then_it_is() {
    let (mut community, start) = community();
    let third = &community.households[THIRD];
    let key = third.wallet.insecure_clone();
    let signed = instructions::replace_supplier(&community, third);
    community.open_pages(start).unwrap();
    let signers = [&community.authority, &key];
    community.chain.send(&[signed], &signers).unwrap();
}

/// NEXT supplies and the buyer and the seller move `first`; then THIRD supplies and they move `then`. All four are without money, and
/// 92 days have passed. Returns the place of a fifth, to be named.
pub fn two_suppliers(first: [(u64, u64); 2], then: [(u64, u64); 2]) -> (LocalCommunity, usize) {
    let (mut community, start) = community();
    let fifth = community.take_seat("fifth").unwrap();
    community.deposit(fifth, DEPOSIT).unwrap();
    community.open_pages(start).unwrap();
    let mine = replace(&mut community, NEXT);
    finish_before(&mut community, start, mine);
    for place in [BUYER, SELLER, NEXT, THIRD] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    deliver_and_settle(&mut community, mine, &first);
    let theirs = replace(&mut community, THIRD);
    finish_before(&mut community, mine, theirs);
    deliver_and_settle(&mut community, theirs, &then);
    community.finish_page(theirs).unwrap();
    check_invariants(&community);
    let now = community.chain.now();
    pass_until(&mut community, now + LIMITATION);
    (community, fifth)
}

/// The buyer's sun in summer, the seller draws; then the other way round.
fn round_two_households() -> (LocalCommunity, usize) {
    two_suppliers([(0, 1000), (1000, 0)], [(1000, 0), (0, 1000)])
}

/// From the one supplier to a household, from that to the other, and back through a second: an atom used to go round for good, and
/// nobody could be named.
#[test]
fn given_an_atom_that_goes_round_when_another_supplier_is_named_then_it_is_not_waited_for() {
    let (mut community, fifth) = round_two_households();
    community.deposit(BUYER, 1).unwrap();
    pay_claims(&mut community);
    name(&mut community, fifth);
}
