//! What goes round between the suppliers is set off before a seat that is part of it pays, whoever brings the money or takes it out.

use joulebook_client::layout::market::Owing;
use joulebook_sim::LocalCommunity;
use joulebook_tests::market::{
    check_invariants, deliver_and_settle, pass_until, BUYER, DEPOSIT, SELLER,
};
use solana_signer::Signer;

use super::{
    both_ways::{finish_before, pay_claims},
    community, empty_first, replace, with_rows, NEXT, THIRD,
};

const OWED: u64 = 10_000_000;

/// The buyer has a claim on one supplier and owes the other, the seller the other way round: nothing is owed in truth. A friend behind
/// them has a claim on the present one. The buyer has `free`.
fn round(free: u64) -> LocalCommunity {
    let (mut community, start) = community();
    community.open_pages(start).unwrap();
    let mine = replace(&mut community, NEXT);
    finish_before(&mut community, start, mine);
    for place in [BUYER, SELLER, NEXT, THIRD] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    replace(&mut community, THIRD);
    let friend = community.grid_operator.seat;
    let [buyer, seller] = [BUYER, SELLER].map(|place| community.households[place].seat);
    with_rows(&mut community, |header, seats| {
        let [former, present] = header.places().map(usize::from);
        let mut owe = |seat: u16, place: usize, debt: u64, claim: u64| {
            seats[usize::from(seat)].owing[place] = Owing { debt, claim };
            header.suppliers[place].claims += claim;
        };
        owe(buyer, former, 0, OWED);
        owe(buyer, present, OWED, 0);
        owe(seller, present, 0, OWED);
        owe(seller, former, OWED, 0);
        owe(friend, present, 0, OWED);
        seats[usize::from(buyer)].free += free;
        header.money += free;
    });
    community
}

/// Without a look at the vault, which has nothing of what the rows were given.
fn pay(community: &mut LocalCommunity) {
    let pay = community.addresses.pay_claims();
    community.chain.send(&[pay], &[]).unwrap();
}

/// An atom of a stranger's.
fn deposit(community: &mut LocalCommunity, seat: u16) {
    let stranger = &community.households[THIRD];
    let (from, key) = (stranger.tokens, stranger.wallet.insecure_clone());
    let deposit = community.addresses.deposit(key.pubkey(), from, seat, 1);
    community.chain.send(&[deposit], &[&key]).unwrap();
}

/// It used to pay, and was left with a claim that nobody pays.
#[test]
fn given_what_goes_round_when_a_stranger_deposits_for_a_seat_then_it_is_set_off_first() {
    for deposits in [false, true] {
        let mut community = round(OWED);
        if deposits {
            let buyer = community.households[BUYER].seat;
            deposit(&mut community, buyer);
        }
        pay(&mut community);
        let atom = if deposits { 1_000 } else { 0 };
        assert_eq!(community.seat(BUYER).free, OWED + atom);
        let seats = [BUYER, SELLER].map(|place| community.seat(place));
        assert!(seats.iter().all(|seat| seat.claim() + seat.debt() == 0));
    }
}

#[test]
fn given_what_goes_round_when_the_owner_of_a_seat_withdraws_then_it_is_set_off_first() {
    for asks_before in [false, true] {
        let mut community = round(2 * OWED);
        if asks_before {
            pay(&mut community);
        }
        community.withdraw(BUYER, 1).unwrap();
        pay(&mut community);
        assert_eq!(community.seat(BUYER).free, 2 * OWED - 1_000);
        let seats = [BUYER, SELLER].map(|place| community.seat(place));
        assert!(seats.iter().all(|seat| seat.claim() + seat.debt() == 0));
    }
}

/// The first supplier owes the seller and an exporter behind it; the buyer, who supplies next, owes the first one; the exporter owes the
/// buyer. Then the buyer earns, as a supplier.
fn owes_the_former() -> (LocalCommunity, usize) {
    let (mut community, start) = community();
    let exporter = community.join("exporter", DEPOSIT).unwrap();
    let payer = community.join("payer", DEPOSIT).unwrap();
    let start = start.max(community.first_start());
    pass_until(&mut community, start - 600);
    empty_first(&mut community);
    for place in [BUYER, SELLER, exporter] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    let mut flows = [(0, 0); 6];
    (flows[BUYER], flows[SELLER], flows[exporter]) = ((266, 0), (0, 1000), (0, 1000));
    community.finish_pages_before(start).unwrap();
    deliver_and_settle(&mut community, start, &flows);
    let from = replace(&mut community, BUYER);
    let page = community.addresses.page_start(start);
    finish_before(&mut community, page, from);
    let mut flows = [(0, 0); 6];
    (flows[exporter], flows[payer]) = ((1000, 0), (300, 0));
    deliver_and_settle(&mut community, from, &flows);
    community.withdraw(THIRD, DEPOSIT).unwrap();
    let owing = |place: usize, supplier: usize| {
        let Owing { debt, claim } = community.seat(place).owing[supplier];
        (debt, claim)
    };
    assert_eq!(owing(BUYER, 0), (79_800_000, 0));
    assert_eq!(owing(SELLER, 0), (0, 80_000_000));
    assert_eq!(owing(exporter, 0), (0, 80_000_000));
    assert_eq!(owing(exporter, 1), (300_000_000, 0));
    assert_eq!(community.seat(BUYER).free, 90_000_000);
    (community, exporter)
}

/// It used to pay what the exporter would set off, and the first supplier to pay the seller with it.
#[test]
fn given_a_supplier_that_owes_the_former_when_a_stranger_deposits_for_it_then_it_is_set_off_first()
{
    for deposits in [false, true] {
        let (mut community, exporter) = owes_the_former();
        if deposits {
            let buyer = community.households[BUYER].seat;
            deposit(&mut community, buyer);
        }
        pay_claims(&mut community);
        check_invariants(&community);
        let atom = if deposits { 1_000 } else { 0 };
        let free = [BUYER, SELLER].map(|place| community.seat(place).free);
        assert_eq!(free, [90_000_000 + atom, 0]);
        let exporter = community.seat(exporter);
        assert_eq!((exporter.claim(), exporter.debt()), (200_000, 220_200_000));
    }
}
