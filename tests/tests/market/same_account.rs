//! One account in two places of an instruction, and accounts behind the last place.

use anchor_lang::error::ErrorCode;
use joulebook_sim::Parameters;
use joulebook_tests::{
    market::{
        buy, check_invariants, close_gate, community_with_open_window, id, instructions, trade,
        BUYER,
    },
    refused::refused_when,
};
use solana_address::Address;
use solana_instruction::AccountMeta;

use crate::standing;

#[test]
fn given_an_account_in_two_places_when_it_is_sent_then_it_is_of_the_wrong_kind_in_one() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    standing::create(&mut community);
    let buyer = &community.households[BUYER];
    let (address, key) = (buyer.address(), buyer.wallet.insecure_clone());
    let orders = vec![buy(1, 1)];
    let place = community
        .addresses
        .place_orders(address, &buyer.address(), start, orders);
    let ids = vec![id(0, 0)];
    let cancel = community
        .addresses
        .cancel_orders(address, buyer.seat, start, ids);
    let allocate = community.addresses.allocate(start, 1, None);
    let settle = instructions::settle(&community, start);
    let finish = instructions::finish_page(&community, start);
    let entries = vec![standing::entry(0, standing::rule())];
    let set = community
        .addresses
        .set_standing_orders(address, &address, entries);
    let review = community.addresses.review_participant(&address);
    let apply = standing::applying(&community, start);
    for (what, instruction, signers) in [
        ("set_standing_orders", set, &[&key][..]),
        ("review_participant", review, &[]),
        ("apply_standing_orders", apply, &[]),
        ("place_orders", place, &[&key][..]),
        ("cancel_orders", cancel, &[&key]),
        ("allocate", allocate, &[]),
        ("settle", settle, &[]),
        ("finish_page", finish, &[]),
    ] {
        let count = instruction.accounts.len();
        for (first, second) in (0..count).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let mut altered = instruction.clone();
            let (from, to) = match altered.accounts[second].is_signer {
                // The signature must stay.
                true => (second, first),
                false => (first, second),
            };
            altered.accounts[to].pubkey = altered.accounts[from].pubkey;
            let case = format!("{what}: account {from} also as {to}");
            let owner = |place: usize| {
                let key = &instruction.accounts[place].pubkey;
                community
                    .chain
                    .svm
                    .get_account(key)
                    .map(|account| account.owner)
            };
            // Where no time is to be lost, the later of the two is seen to be a repetition before its owner is looked at.
            let is_cold = ["set_standing_orders", "review_participant"].contains(&what);
            let why = match (is_cold || to < from) && owner(from) != owner(to) {
                true => ErrorCode::AccountOwnedByWrongProgram,
                false => ErrorCode::AccountDiscriminatorMismatch,
            };
            refused_when(&case, &mut community.chain, &altered, signers, why);
        }
    }
    check_invariants(&community);
}

#[test]
fn given_accounts_behind_the_last_when_it_is_sent_then_they_mean_nothing() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    standing::create(&mut community);
    let buyer = &community.households[BUYER];
    let (address, key) = (buyer.address(), buyer.wallet.insecure_clone());
    let more = [
        AccountMeta::new_readonly(Address::new_unique(), false),
        AccountMeta::new_readonly(community.addresses.market, false),
        AccountMeta::new(community.addresses.ledger, false),
    ];
    let orders = vec![buy(1, 1); 2];
    let ids = vec![id(0, 0)];
    for mut instruction in [
        community
            .addresses
            .place_orders(address, &buyer.address(), start, orders),
        community
            .addresses
            .cancel_orders(address, buyer.seat, start, ids),
        instructions::set_delegate(&community, buyer, None),
        community.addresses.set_standing_orders(
            address,
            &address,
            vec![standing::entry(0, standing::rule())],
        ),
    ] {
        instruction.accounts.extend(more.clone());
        community.chain.send(&[instruction], &[&key]).unwrap();
    }
    for mut instruction in [
        community.addresses.review_participant(&address),
        standing::applying(&community, start),
    ] {
        instruction.accounts.extend(more.clone());
        community.chain.send(&[instruction], &[]).unwrap();
    }
    close_gate(&mut community, start);
    for mut instruction in [
        community.addresses.clear(start),
        community.addresses.allocate(start, 99, None),
    ] {
        instruction.accounts.extend(more.clone());
        community.chain.send(&[instruction], &[]).unwrap();
    }
    check_invariants(&community);
}
