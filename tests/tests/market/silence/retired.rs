//! A meter that was silent until it was out of service: nothing ends its silence, whatever other meters its owner has.

use joulebook_client::instructions::Actor;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, check_invariants, contract, first_start, govern, instructions, meters_of, pass_until,
    trading_community, trading_community_with, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
};
use solana_signer::Signer;

use super::QUIET;
use crate::final_energy::{read, silence, NO_SILENCE};

const DRAW: u32 = 100;
/// Of a window, at 300,000.
const COST: u64 = 30_000_000;

fn after_two() -> Parameters {
    let mut parameters = Parameters::default();
    parameters.terms.draw_after = 2;
    parameters
}

fn set_draw(community: &mut LocalCommunity, device: usize) {
    let meter = meters_of(community, BUYER)[device];
    let owner = &community.households[BUYER];
    let set = instructions::set_standard_draw(community, owner, meter, DRAW);
    govern(community, set).unwrap();
}

/// By the authority alone, without registers.
pub fn retire_alone(community: &mut LocalCommunity, device: usize) {
    retire_of(community, BUYER, device);
}

fn retire_of(community: &mut LocalCommunity, place: usize, device: usize) {
    let owner = &community.households[place];
    let meter = owner.devices[device].number;
    let retire = instructions::retire_meter_alone(community, owner, meter);
    govern(community, retire).unwrap();
}

/// Another meter that was heard used to end it, and all draws came back.
#[test]
fn given_a_second_meter_that_is_heard_when_the_silent_one_is_retired_then_its_draws_stay_paid() {
    let mut community = trading_community_with(after_two());
    community.add_meter(BUYER).unwrap();
    set_draw(&mut community, 0);
    let start = first_start(&community);
    let length = community.page_length();
    community.open_pages(start).unwrap();
    // Both are known at the beginning; then the first one is silent.
    read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
    read(&mut community, start, (BUYER, 1), &QUIET);
    community.households[BUYER].devices[0].flow(50_000, 0);
    let next = start + length;
    pass_until(&mut community, next + 300);
    retire_alone(&mut community, 0);
    read(&mut community, next, (BUYER, 1), &QUIET);
    community.finish_page(start).unwrap();
    community.finish_page(next).unwrap();
    let before = community.seat(BUYER);
    // Draws of two windows, then of four.
    assert_eq!(before.free, FREE - 6 * COST);
    assert_eq!(before.owed, 0);
    check_invariants(&community);

    let third = next + length;
    read(&mut community, third, (BUYER, 1), &QUIET);
    community.finish_page(third).unwrap();
    check_invariants(&community);
    let after = community.seat(BUYER);
    assert_eq!(after.free, FREE - 6 * COST);
    assert_eq!(silence(&after), NO_SILENCE);
}

/// The same with one meter alone, and another one registered after it, that is heard a window late.
#[test]
fn given_a_new_meter_heard_late_when_the_silent_one_was_retired_then_its_draws_stay_paid() {
    let mut community = trading_community_with(after_two());
    set_draw(&mut community, 0);
    let start = first_start(&community);
    let length = community.page_length();
    community.open_pages(start).unwrap();
    read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
    community.households[BUYER].devices[0].flow(50_000, 0);
    let next = start + length;
    pass_until(&mut community, next + 300);
    retire_alone(&mut community, 0);
    community.add_meter(BUYER).unwrap();
    pass_until(&mut community, next + length);
    community.open_pages(next).unwrap();
    community.finish_page(start).unwrap();
    community.finish_page(next).unwrap();
    let before = community.seat(BUYER);
    assert_eq!(before.free, FREE - 6 * COST);
    check_invariants(&community);

    let third = next + length;
    let late = [1, 2, 3, 4].map(|index| (index, (0, 0)));
    read(&mut community, third, (BUYER, 1), &late);
    community.finish_page(third).unwrap();
    check_invariants(&community);
    let after = community.seat(BUYER);
    assert_eq!(after.free, FREE - 6 * COST);
    let gained = 6 * COST;
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + gained
    );
}

/// Nor is the long price paid of what it had bought.
#[test]
fn given_a_second_meter_when_the_silent_one_is_retired_then_nobody_is_paid_for_what_it_bought() {
    let mut community = trading_community();
    community.add_meter(BUYER).unwrap();
    let start = first_start(&community);
    let length = community.page_length();
    let window = start + 600;
    community.open_pages(start).unwrap();
    pass_until(&mut community, start - 300);
    contract(&mut community, window);
    read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
    // It takes what it bought, and 49 kWh more; nobody is told.
    community.households[BUYER].devices[0].flow(50_000, 0);
    read(&mut community, start, (BUYER, 1), &QUIET);
    let delivers = [
        (0, (0, 0)),
        (1, (0, 0)),
        (2, (0, 0)),
        (3, (0, 1000)),
        (4, (0, 0)),
    ];
    read(&mut community, start, (SELLER, 0), &delivers);
    pass_until(&mut community, start + length + 300);
    retire_alone(&mut community, 0);
    let next = start + length;
    read(&mut community, next, (BUYER, 1), &QUIET);
    read(&mut community, next, (SELLER, 0), &QUIET);
    community.finish_page(next).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - amounts::PAID);
    assert_eq!(buyer.owed, 0);

    let third = next + length;
    read(&mut community, third, (BUYER, 1), &QUIET);
    read(&mut community, third, (SELLER, 0), &QUIET);
    community.finish_page(third).unwrap();
    check_invariants(&community);
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - amounts::PAID);
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
}

/// The authority alone used to take a seller's meter out a moment before a page began whose first window had its gate closed: what it
/// had sold there counted as not delivered.
#[test]
fn given_contracts_of_the_next_page_when_the_authority_retires_their_meter_then_they_can_be_kept() {
    let mut community = trading_community();
    let start = first_start(&community);
    contract(&mut community, start);
    pass_until(&mut community, start - 1);
    community.open_pages(start).unwrap();
    retire_of(&mut community, SELLER, 0);
    let takes = [(0, 0), (1000, 0), (0, 0), (0, 0), (0, 0)];
    let delivers = [(0, 0), (0, 1000), (0, 0), (0, 0), (0, 0)];
    for (place, flows) in [(BUYER, takes), (SELLER, delivers)] {
        let flows: Vec<_> = (0..).zip(flows).collect();
        read(&mut community, start, (place, 0), &flows);
    }
    community.finish_page(start).unwrap();
    check_invariants(&community);
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
}

/// The same where owner and authority agree that nobody can read the broken meter any more.
#[test]
fn given_a_second_meter_when_both_agree_that_the_silent_one_tells_nothing_then_its_draws_stay_paid()
{
    let mut community = trading_community_with(after_two());
    community.add_meter(BUYER).unwrap();
    set_draw(&mut community, 0);
    let start = first_start(&community);
    let length = community.page_length();
    community.open_pages(start).unwrap();
    read(&mut community, start, (BUYER, 0), &[(0, (0, 0))]);
    read(&mut community, start, (BUYER, 1), &QUIET);
    let next = start + length;
    pass_until(&mut community, next + 300);
    let owner = community.households[BUYER].address();
    let actor = Actor::authority(community.authority.pubkey());
    let meter = meters_of(&community, BUYER)[0];
    let retire = community.addresses.retire_meter(actor, owner, meter, None);
    govern(&mut community, retire).unwrap();
    read(&mut community, next, (BUYER, 1), &QUIET);
    community.finish_page(next).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE - 6 * COST);
    let third = next + length;
    read(&mut community, third, (BUYER, 1), &QUIET);
    community.finish_page(third).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE - 6 * COST);
}
