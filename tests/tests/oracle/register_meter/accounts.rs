use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{
    hostile::{forged_owner, sweep},
    metered_community::{details, MeteredCommunity},
    refused::refused,
    two_communities::role,
    unauthorized,
};
use solana_keypair::Keypair;

use super::register;
use crate::support::{copy, refuse_account};

#[test]
fn given_accounts_of_another_community_when_a_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let register = register(&meters, &details(&Keypair::new()));
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &register, (place, address), reason);
    }
}

#[test]
fn given_a_forged_owner_when_a_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let register = register(&meters, &details(&Keypair::new()));
    let forged = forged_owner(&mut meters.communities.chain, &meters.owner.participant);
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refuse_account(&mut meters, &register, (4, forged), reason);
}

#[test]
fn given_the_verifiers_record_and_the_owners_swapped_when_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(meters.owner.participant));
    let details = details(&Keypair::new());
    let own = &meters.communities.own;
    let register = own.register_meter(actor, &verifier, &details);
    let reason = OracleError::NotPermitted;
    let signers = [&verifier.wallet];
    refused(&mut meters.communities.chain, &register, &signers, reason);
}

#[test]
fn given_anybody_else_when_they_register_a_meter_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let (own, owner) = (meters.own(), copy(&meters.owner));
    let details = details(&Keypair::new());
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused_though(
        &mut meters.communities,
        &[&owner.wallet],
        role::VERIFIER,
        reason,
        |actor, acting| own.register_meter((actor, acting), &owner, &details),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_a_meter_is_registered_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let details = details(&Keypair::new());
    let own = &meters.communities.own;
    let register = own.register_meter(actor, &meters.owner, &details);
    let signers = [&verifier.wallet, &meters.owner.wallet];
    sweep(&mut meters.communities.chain, &register, &signers);
    assert_eq!(meters.table().header.count, 1);
}
