use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{hostile::sweep, two_communities::role, unauthorized};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{change, heard, instruct};
use crate::support::{copy, refuse_account};

#[test]
fn given_accounts_of_another_community_when_a_device_is_changed_then_it_is_refused() {
    let (mut meters, _) = heard();
    meters.settle_other();
    let instruction = instruct(&meters, &change(&Keypair::new()));
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &instruction, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_change_a_device_then_it_is_refused() {
    let (mut meters, _) = heard();
    let (own, owner) = (meters.own(), copy(&meters.owner));
    let change = change(&Keypair::new());
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused_though(
        &mut meters.communities,
        &[&owner.wallet],
        role::VERIFIER,
        reason,
        |actor, acting| own.change_device((actor, acting), &owner, &change),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_a_device_is_changed_then_each_is_refused() {
    let (mut meters, device) = heard();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let key = Keypair::new();
    let own = &meters.communities.own;
    let instruction = own.change_device(actor, &meters.owner, &change(&key));
    let signers = [&verifier.wallet, &meters.owner.wallet];
    sweep(&mut meters.communities.chain, &instruction, &signers);
    let record = meters.record(&device);
    assert_eq!(record.device, key.pubkey().to_bytes());
}
