//! Lists that say they are longer than the data, and data behind the arguments.

use anchor_lang::error::ErrorCode;
use joulebook_client::layout::market::{ImbalancePrices, WindowPrices};
use joulebook_sim::Parameters;
use joulebook_tests::{
    market::{buy, check_invariants, community_with_open_window, id, instructions, BUYER},
    refused::refused_when,
};

use crate::standing;

#[test]
fn given_a_list_that_lies_about_its_length_when_it_is_sent_then_it_is_not_understood() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    standing::create(&mut community);
    let buyer = &community.households[BUYER];
    let set = community.addresses.set_standing_orders(
        buyer.address(),
        &buyer.address(),
        vec![standing::entry(0, standing::rule()); 2],
    );
    let entry = ImbalancePrices { short: 2, long: 1 };
    let place = community.orders_of(buyer, start, vec![buy(1, 1); 2]);
    let orders = vec![id(0, 0); 2];
    let cancel = community
        .addresses
        .cancel_orders(buyer.address(), buyer.seat, start, orders);
    let tariff = instructions::set_tariff(&community, true, 0, vec![entry; 2]);
    let prices = WindowPrices {
        short: 2,
        long: 1,
        grid_fee: 0,
    };
    let post = instructions::post_prices(&community, start + 300, vec![prices; 2]);
    let keys = [
        &buyer.wallet,
        &community.authority,
        &community.supplier.wallet,
    ];
    for (what, instruction, offset) in [
        ("place_orders", place, 16),
        ("cancel_orders", cancel, 18),
        ("set_tariff", tariff, 10),
        ("post_prices", post, 10),
        ("set_standing_orders", set, 8),
    ] {
        for length in [3, 1000, 1 << 16, 1 << 28, u32::MAX] {
            let mut altered = instruction.clone();
            altered.data[offset..offset + 4].copy_from_slice(&length.to_le_bytes());
            let why = ErrorCode::InstructionDidNotDeserialize;
            refused_when(what, &mut community.chain, &altered, &keys, why);
        }
    }
    check_invariants(&community);
}

#[test]
fn given_a_list_that_says_it_is_shorter_when_it_is_sent_then_the_rest_means_nothing() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    standing::create(&mut community);
    let buyer = &community.households[BUYER];
    let orders = vec![buy(1, 1); 2];
    let mut place = community.orders_of(buyer, start, orders);
    let both = [0, 1].map(|place| standing::entry(place, standing::rule()));
    let owner = buyer.address();
    let at = &community.addresses;
    let mut set = at.set_standing_orders(owner, &owner, both.to_vec());
    set.data[8..12].copy_from_slice(&1u32.to_le_bytes());
    place.data[16..20].copy_from_slice(&1u32.to_le_bytes());
    community
        .chain
        .send(&[place, set], &[&community.households[BUYER].wallet])
        .unwrap();
    assert_eq!(community.book(start).header.live_orders, 1);
    standing::apply(&mut community, start).unwrap();
    assert_eq!(community.book(start).header.live_orders, 2);
    check_invariants(&community);
}

#[test]
fn given_an_option_that_is_neither_when_it_is_sent_then_it_is_not_understood() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let mut allocate = community.addresses.allocate(start, 1, None);
    let mut delegate = instructions::set_delegate(&community, &community.households[BUYER], None);
    // Behind the discriminator and what comes before.
    let behind_limit = 8 + 2;
    let behind_seat = 8 + 2;
    for (instruction, at, key) in [
        (&mut allocate, behind_limit, None),
        (
            &mut delegate,
            behind_seat,
            Some(&community.households[BUYER].wallet),
        ),
    ] {
        instruction.data[at] = 2;
        let why = ErrorCode::InstructionDidNotDeserialize;
        refused_when("", &mut community.chain, instruction, key.as_slice(), why);
    }
}
