use anchor_lang::error::ErrorCode;
use joulebook_client::{layout::oracle::Quality, oracle::errors::OracleError};
use joulebook_tests::{
    hostile::sweep, metered_community::MeteredCommunity, two_communities::role, unauthorized,
};
use solana_instruction::Instruction;

use super::closed;
use crate::support::{copy, refuse_account};

fn replace(meters: &MeteredCommunity) -> Instruction {
    let authority = meters.authority();
    let slot = meters.slot(0);
    let own = &meters.communities.own;
    let (actor, owner) = ((&authority, None), (&meters.owner, true));
    own.replace_values(actor, owner, slot, 0, 1, &[(30, 3)])
}

#[test]
fn given_accounts_of_another_community_when_values_are_set_then_it_is_refused() {
    let (mut meters, _) = closed();
    meters.settle_other();
    let replace = replace(&meters);
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
        (6, other.interval_page(1), OracleError::WrongMeterTable),
    ] {
        refuse_account(&mut meters, &replace, (place, address), reason);
    }
}

#[test]
fn given_one_account_twice_when_values_are_set_then_it_is_refused() {
    let (mut meters, _) = closed();
    let replace = replace(&meters);
    for (place, other) in [(3, 6), (6, 3)] {
        let address = replace.accounts[other].pubkey;
        let reason = ErrorCode::AccountDiscriminatorMismatch;
        refuse_account(&mut meters, &replace, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_set_values_then_it_is_refused() {
    let (mut meters, _) = closed();
    let (own, owner, slot) = (meters.own(), copy(&meters.owner), meters.slot(0));
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused_though(
        &mut meters.communities,
        &[&owner.wallet],
        role::VERIFIER,
        reason,
        |actor, acting| {
            let (actor, owner) = ((actor, acting), (&owner, true));
            own.replace_values(actor, owner, slot, 0, 1, &[(30, 3)])
        },
    );
}

#[test]
fn given_hostile_data_and_accounts_when_values_are_set_then_each_is_refused() {
    let (mut meters, device) = closed();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let slot = meters.slot(0);
    let (own, owner) = (&meters.communities.own, &meters.owner);
    let replace = own.replace_values(actor, (owner, true), slot, 0, 1, &[(30, 3)]);
    let signers = [&verifier.wallet, &owner.wallet];
    sweep(&mut meters.communities.chain, &replace, &signers);
    assert!(meters.entry(1, &device).is(Quality::Replaced));
}
