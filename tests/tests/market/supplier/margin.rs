//! What a supplier can't take out: not by a withdrawal, not into a hold, not through an order.

use joulebook_client::market::errors::MarketError;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        buy, check_invariants, deliver_and_settle, door::admit_new, govern, instructions, send_as,
        SUPPLIER_DEPOSIT,
    },
    refused::refused,
};
use solana_instruction::Instruction;

use super::{community_with, name, replace, NEXT};

/// Atoms; the supplier has 100,000,000.
const MARGIN: u64 = 90_000_000;
const BEYOND: u64 = SUPPLIER_DEPOSIT - MARGIN;

fn with_margin(atoms: u64) -> (LocalCommunity, i64) {
    community_with(Parameters {
        supplier_margin: atoms * 1000,
        ..Parameters::default()
    })
}

#[track_caller]
fn kept(community: &mut LocalCommunity, instruction: &Instruction) {
    let key = community.supplier.wallet.insecure_clone();
    let why = MarginKept;
    refused(&mut community.chain, instruction, &[&key], why);
}

use MarketError::MarginKept;

#[test]
fn given_a_margin_when_the_supplier_withdraws_then_it_stays() {
    let (mut community, _) = with_margin(MARGIN);
    let too_much = community.withdrawal_of(&community.supplier, BEYOND + 1);
    kept(&mut community, &too_much);
    let all = community.withdrawal_of(&community.supplier, BEYOND);
    govern(&mut community, all).unwrap();
    assert_eq!(community.supplier_seat().free, MARGIN * 1000);
    check_invariants(&community);
}

#[test]
fn given_a_margin_when_the_supplier_holds_money_for_a_program_then_it_stays() {
    let (mut community, _) = with_margin(MARGIN);
    let program = admit_new(&mut community);
    let (owner, seat) = (community.supplier.address(), community.supplier.seat);
    let at = community.addresses.clone();
    let too_much = at.hold(owner, &program, seat, BEYOND * 1000 + 1);
    kept(&mut community, &too_much);
    let all = at.hold(owner, &program, seat, BEYOND * 1000);
    govern(&mut community, all).unwrap();
    assert_eq!(community.supplier_seat().free, MARGIN * 1000);
}

#[test]
fn given_a_margin_when_the_supplier_places_orders_then_they_lock_what_is_beyond() {
    let (mut community, start) = with_margin(MARGIN);
    community.open_window(start).unwrap();
    // Up to tick 60, a Wh locks 191,700 milli-atoms: 52,164 of them 9,999,838,800.
    let too_much = community.orders_of(&community.supplier, start, vec![buy(52_165, 60)]);
    kept(&mut community, &too_much);
    let all = community.orders_of(&community.supplier, start, vec![buy(52_164, 60)]);
    govern(&mut community, all).unwrap();
    let seat = community.supplier_seat();
    assert_eq!(seat.locked, 52_164 * 191_700);
    assert!(seat.free >= MARGIN * 1000);
}

#[test]
fn given_a_margin_when_energy_is_left_over_then_it_is_paid_from_it() {
    let (mut community, start) = with_margin(MARGIN);
    let all = community.withdrawal_of(&community.supplier, BEYOND);
    govern(&mut community, all).unwrap();
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 1000)]);
    assert_eq!(community.supplier_seat().free, MARGIN * 1000 - 80_000_000);
    assert_eq!(community.ledger().header.claims(), 0);
}

#[test]
fn given_a_margin_when_another_supplier_comes_then_it_is_free_once_the_formers_pages_are_final() {
    let (mut community, start) = with_margin(5_000_000);
    community.open_pages(start).unwrap();
    replace(&mut community, NEXT);
    let all = community.withdrawal_of(&community.supplier, SUPPLIER_DEPOSIT);
    kept(&mut community, &all);
    community.finish_page(start).unwrap();
    govern(&mut community, all).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_margin_when_a_supplier_is_named_then_it_has_it_and_keeps_it_from_then_on() {
    let (mut community, start) = with_margin(5_000_000);
    community.open_pages(start).unwrap();
    let withdraw = |community: &LocalCommunity, atoms| {
        community.withdrawal_of(&community.households[NEXT], atoms)
    };
    let most = withdraw(&community, 5_000_001);
    send_as(&mut community, NEXT, most).unwrap();
    let key = community.households[NEXT].wallet.insecure_clone();
    let replace = instructions::replace_supplier(&community, &community.households[NEXT]);
    let signers = [&community.authority, &key];
    let why = MarketError::MarginMissing;
    refused(&mut community.chain, &replace, &signers, why);
    community.deposit(NEXT, 2).unwrap();
    name(&mut community, NEXT);
    let two = withdraw(&community, 2);
    refused(&mut community.chain, &two, &[&key], MarginKept);
    let one = withdraw(&community, 1);
    send_as(&mut community, NEXT, one).unwrap();
}

#[test]
fn given_a_margin_when_the_market_has_ended_then_it_is_free() {
    let (mut community, start) = with_margin(MARGIN);
    community.open_pages(start).unwrap();
    community.end_market().unwrap();
    let all = community.withdrawal_of(&community.supplier, SUPPLIER_DEPOSIT);
    govern(&mut community, all).unwrap();
}
