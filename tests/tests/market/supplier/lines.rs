//! Money on its way from who owes to who is owed, through both suppliers: it arrives whoever asks for it, and before anything is
//! dropped.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::{Failure, LocalCommunity, Token};
use joulebook_tests::market::{
    check_invariants, deliver, deliver_and_settle, instructions, pass_until, BUYER, DEPOSIT, SELLER,
};
use solana_signer::Signer;

use super::{
    both_ways::{close, finish_before, pay_claims, two_suppliers, LIMITATION},
    community, empty_first, name, replace, with_rows, NEXT, THIRD,
};

fn wait_until_lapsed(community: &mut LocalCommunity) {
    let now = community.chain.now();
    pass_until(community, now + LIMITATION);
}

fn free<const N: usize>(community: &LocalCommunity, places: [usize; N]) -> [u64; N] {
    places.map(|place| community.seat(place).free)
}

/// NEXT supplies, then THIRD. The seller has a claim on NEXT; the buyer owes NEXT and has a claim on THIRD, who alone has money.
fn through_a_debtor() -> (LocalCommunity, usize) {
    let (mut community, fifth) = two_suppliers([(1000, 0), (0, 1000)], [(0, 1000), (0, 0)]);
    community.deposit(THIRD, 80_000).unwrap();
    (community, fifth)
}

/// It was dropped, and NEXT had the money.
#[test]
fn given_money_that_comes_through_a_debtor_when_another_supplier_is_named_then_the_claim_is_paid() {
    for asks_before in [false, true] {
        let (mut community, fifth) = through_a_debtor();
        if asks_before {
            pay_claims(&mut community);
        }
        name(&mut community, fifth);
        let found = free(&community, [SELLER, NEXT, BUYER, THIRD]);
        assert_eq!(found, [80_000_000, 0, 0, 0]);
    }
}

/// The seller supplies, then NEXT; the seller has a claim on NEXT, the buyer one on the seller. Without debts.
fn through_the_former(joins: bool) -> (LocalCommunity, Option<usize>) {
    let (mut community, start) = community();
    let drawer = joins.then(|| community.join("drawer", DEPOSIT).unwrap());
    community.open_pages(start).unwrap();
    let mine = replace(&mut community, SELLER);
    finish_before(&mut community, start, mine);
    for place in [BUYER, SELLER, NEXT] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    deliver_and_settle(&mut community, mine, &[(0, 1000), (0, 0), (0, 0)]);
    let theirs = replace(&mut community, NEXT);
    finish_before(&mut community, mine, theirs);
    deliver_and_settle(&mut community, theirs, &[(0, 0), (0, 1000), (0, 0)]);
    community.finish_page(theirs).unwrap();
    wait_until_lapsed(&mut community);
    (community, drawer)
}

#[test]
fn given_money_that_comes_through_the_former_supplier_when_another_is_named_then_the_claim_is_paid()
{
    for asks_before in [false, true] {
        let (mut community, _) = through_the_former(false);
        community.deposit(NEXT, 80_000).unwrap();
        if asks_before {
            pay_claims(&mut community);
        }
        name(&mut community, THIRD);
        assert_eq!(free(&community, [BUYER, SELLER]), [80_000_000, 0]);
    }
}

/// In the transaction that names: nobody can ask in between.
#[test]
fn given_money_that_comes_as_another_supplier_is_named_when_settled_then_the_claim_is_paid() {
    for asks_before in [false, true] {
        let (mut community, drawer) = through_the_former(true);
        let late = community.addresses.page_start(community.chain.now()) + community.page_length();
        pass_until(&mut community, late - 600);
        community.open_pages(late).unwrap();
        let flow = |place| match drawer == Some(place) {
            true => (300, 0),
            false => (0, 0),
        };
        let flows: Vec<_> = (0..community.households.len()).map(flow).collect();
        deliver(&mut community, late, &flows);
        let third = &community.households[THIRD];
        let mut calls = vec![instructions::settle(&community, late)];
        if asks_before {
            calls.push(community.addresses.pay_claims());
        }
        calls.push(instructions::replace_supplier(&community, third));
        let signers = [&community.authority, &third.wallet];
        community.chain.send(&calls, &signers).unwrap();
        check_invariants(&community);
        assert_eq!(free(&community, [BUYER, SELLER]), [80_000_000, 0]);
    }
}

/// The seller has a claim on the first supplier, whom the buyer owes; that has money, by NEXT. The market has ended.
#[test]
fn given_a_debtor_with_money_when_a_seat_with_a_claim_is_closed_then_the_claim_is_paid_first() {
    for asks_before in [false, true] {
        let (mut community, start) = community();
        empty_first(&mut community);
        for place in [BUYER, SELLER] {
            community.withdraw(place, DEPOSIT).unwrap();
        }
        deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
        let from = replace(&mut community, NEXT);
        community.finish_page(start).unwrap();
        deliver_and_settle(&mut community, from, &[(0, 1000), (0, 0)]);
        community.finish_page(from).unwrap();
        community.end_market().unwrap();
        wait_until_lapsed(&mut community);
        if asks_before {
            pay_claims(&mut community);
        }
        let stranger = community.households[THIRD].wallet.insecure_clone();
        let seat = community.households[SELLER].seat;
        let call = community.addresses.close_seat(stranger.pubkey(), seat);
        // It has money of its own once it is paid.
        let found = community.chain.send(&[call], &[&stranger]).unwrap_err();
        assert_eq!(found, Failure::Market(MarketError::SeatInUse));
        let owner = &community.households[SELLER];
        let (address, tokens) = (owner.address(), owner.tokens);
        let before = Token::balance(&community.chain, &tokens);
        let pay = community.addresses.pay_out(&address, tokens, seat);
        community.chain.send(&[pay], &[]).unwrap();
        let paid = Token::balance(&community.chain, &tokens) - before;
        assert_eq!(paid, 80_000);
        check_invariants(&community);
        close(&mut community, [SELLER, BUYER]);
    }
}

/// BUYER supplies, owes the former one, and the seller has a claim on it; it has some money by NEXT, who draws.
#[test]
fn given_a_supplier_that_owes_two_when_anybody_asks_first_then_the_same_one_is_paid() {
    let asked = |first_pays_out: bool| {
        let (mut community, start) = community();
        community.add_meter(NEXT).unwrap();
        community.withdraw(BUYER, DEPOSIT).unwrap();
        deliver_and_settle(&mut community, start, &[(1000, 0), (0, 0), (0, 0)]);
        let from = replace(&mut community, BUYER);
        community.finish_page(start).unwrap();
        deliver_and_settle(&mut community, from, &[(0, 0), (0, 1000), (100, 0)]);
        community.finish_page(from).unwrap();
        community.end_market().unwrap();
        if first_pays_out {
            let third = &community.households[THIRD];
            let (owner, tokens, seat) = (third.address(), third.tokens, third.seat);
            let pay = community.addresses.pay_out(&owner, tokens, seat);
            community.chain.send(&[pay], &[]).unwrap();
        }
        pay_claims(&mut community);
        (community.seat(SELLER).free, community.supplier_seat().free)
    };
    assert_eq!(asked(false), asked(true));
}

/// The first supplier owes the seller; the buyer, the second one, owes the first; a drawer owes the buyer, and has money.
#[test]
fn given_a_supplier_whose_debtor_has_money_when_it_closes_its_seat_then_its_own_debt_is_paid_first()
{
    for asks_before in [false, true] {
        let (mut community, start) = community();
        let drawer = community.join("drawer", DEPOSIT).unwrap();
        empty_first(&mut community);
        for place in [BUYER, SELLER, drawer] {
            community.withdraw(place, DEPOSIT).unwrap();
        }
        let mut flows = [(0, 0); 5];
        (flows[BUYER], flows[SELLER]) = ((1000, 0), (0, 1000));
        deliver_and_settle(&mut community, start, &flows);
        let from = replace(&mut community, BUYER);
        community.finish_page(start).unwrap();
        let second = start + community.page_length();
        finish_before(&mut community, second, from);
        let mut flows = [(0, 0); 5];
        flows[drawer] = (1000, 0);
        deliver_and_settle(&mut community, from, &flows);
        community.finish_page(from).unwrap();
        community.end_market().unwrap();
        // Money that comes without a call that pays debts.
        let [third, drawer] = [THIRD, drawer].map(|place| community.households[place].seat);
        with_rows(&mut community, |_, seats| {
            seats[usize::from(third)].free -= 80_000_000;
            seats[usize::from(drawer)].free += 80_000_000;
        });
        check_invariants(&community);
        wait_until_lapsed(&mut community);
        if asks_before {
            pay_claims(&mut community);
        }
        let buyer = &community.households[BUYER];
        let (key, seat) = (buyer.wallet.insecure_clone(), buyer.seat);
        let close = community.addresses.close_seat(key.pubkey(), seat);
        community.chain.send(&[close], &[&key]).unwrap();
        pay_claims(&mut community);
        assert_eq!(free(&community, [SELLER, BUYER]), [80_000_000, 0]);
    }
}
