//! One account in two places of an instruction, and accounts behind the last place.

use anchor_lang::error::ErrorCode;
use joulebook_testkit::Setup;
use joulebook_tests::{
    market::{buy, close_gate, id, make, open_village, sound, trade, BUYER},
    refused::refused_when,
};
use solana_address::Address;
use solana_instruction::AccountMeta;

#[test]
fn given_an_account_in_two_places_when_it_is_sent_then_it_is_of_the_wrong_kind_in_one() {
    let (mut world, start) = open_village(Setup::default());
    trade(&mut world, start);
    let buyer = &world.households[BUYER];
    let (address, key) = (buyer.address(), buyer.wallet.insecure_clone());
    let orders = vec![buy(1, 1)];
    let place = world.at.place_orders(&address, buyer, start, orders);
    let ids = vec![id(0, 0)];
    let cancel = world.at.cancel_orders(&address, buyer.seat, start, ids);
    let allocate = world.at.allocate(start, 1, None);
    let settle = world.at.settle(start, 1, None);
    for (what, instruction, signers) in [
        ("place_orders", place, &[&key][..]),
        ("cancel_orders", cancel, &[&key]),
        ("allocate", allocate, &[]),
        ("settle", settle, &[]),
    ] {
        let count = instruction.accounts.len();
        for (first, second) in (0..count).flat_map(|i| (0..i).map(move |j| (i, j))) {
            let mut bent = instruction.clone();
            let (from, to) = match bent.accounts[second].is_signer {
                // The signature must stay.
                true => (second, first),
                false => (first, second),
            };
            bent.accounts[to].pubkey = bent.accounts[from].pubkey;
            let case = format!("{what}: account {from} also as {to}");
            let owner = |place: usize| {
                let key = &instruction.accounts[place].pubkey;
                world
                    .chain
                    .svm
                    .get_account(key)
                    .map(|account| account.owner)
            };
            // The later of the two is seen to be a repetition before its owner is looked at.
            let why = match to < from && owner(from) != owner(to) {
                true => ErrorCode::AccountOwnedByWrongProgram,
                false => ErrorCode::AccountDiscriminatorMismatch,
            };
            refused_when(&case, &mut world.chain, &bent, signers, why);
        }
    }
    sound(&world);
}

#[test]
fn given_accounts_behind_the_last_when_it_is_sent_then_they_mean_nothing() {
    let (mut world, start) = open_village(Setup::default());
    let buyer = &world.households[BUYER];
    let (address, key) = (buyer.address(), buyer.wallet.insecure_clone());
    let more = [
        AccountMeta::new_readonly(Address::new_unique(), false),
        AccountMeta::new_readonly(world.at.market, false),
        AccountMeta::new(world.at.ledger, false),
    ];
    let orders = vec![buy(1, 1); 2];
    let ids = vec![id(0, 0)];
    for mut instruction in [
        world.at.place_orders(&address, buyer, start, orders),
        world.at.cancel_orders(&address, buyer.seat, start, ids),
        make::set_delegate(&world, buyer, None),
    ] {
        instruction.accounts.extend(more.clone());
        world.chain.send(&[instruction], &[&key]).unwrap();
    }
    close_gate(&mut world, start);
    for mut instruction in [world.at.clear(start), world.at.allocate(start, 99, None)] {
        instruction.accounts.extend(more.clone());
        world.chain.send(&[instruction], &[]).unwrap();
    }
    sound(&world);
}
