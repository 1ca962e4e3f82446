use anchor_lang::error::ErrorCode;
use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::CommunityClosed,
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{funded, role, TwoCommunities},
};
use solana_signer::Signer;

use crate::support::{accept, close_community, event, propose};

#[test]
fn given_a_community_never_used_when_closed_then_the_authority_gets_the_rent() {
    let mut communities = TwoCommunities::new();
    let community = communities.own.addresses.community;
    let authority = communities.own.authority.pubkey();
    let rent = communities.chain.lamports(&community);
    let before = communities.chain.lamports(&authority);
    // One who only applied and left again is no use.
    let applicant = communities.applicant(role::CONSUMER);
    let leave = communities
        .own
        .close_participant(&applicant, &applicant.address(), None);
    communities
        .chain
        .send(&[leave], &[&applicant.wallet])
        .unwrap();

    let receipt = communities.govern(close_community(&community, &authority));

    assert_eq!(communities.chain.lamports(&community), 0);
    assert_eq!(communities.chain.lamports(&authority), before + rent);
    let closed = CommunityClosed {
        community,
        number: 0,
        authority,
    };
    assert_eq!(event(&receipt), RegistryEvent::CommunityClosed(closed));
    let key = communities.own.authority.insecure_clone();
    let again = close_community(&community, &authority);
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refused(&mut communities.chain, &again, &[&key], reason);
}

#[test]
fn given_an_applicant_when_the_community_is_closed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    communities.applicant(role::CONSUMER);
    let key = communities.own.authority.insecure_clone();
    let close = close_community(&communities.own.addresses.community, &key.pubkey());
    let reason = RegistryError::CommunityInUse;
    refused(&mut communities.chain, &close, &[&key], reason);
}

#[test]
fn given_a_member_who_left_when_the_community_is_closed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    communities.left(role::CONSUMER);
    assert_eq!(communities.community().participants, 0);
    let key = communities.own.authority.insecure_clone();
    let close = close_community(&communities.own.addresses.community, &key.pubkey());
    let reason = RegistryError::CommunityWasUsed;
    refused(&mut communities.chain, &close, &[&key], reason);
}

#[test]
fn given_anybody_else_when_they_close_the_community_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let heir = funded(&mut communities.chain);
    communities.govern(propose(&communities.own, Some(heir.pubkey())));
    let reason = RegistryError::NotAuthority;
    let foreign = communities.other.authority.insecure_clone();
    for key in [&heir, &foreign] {
        let close = close_community(&communities.own.addresses.community, &key.pubkey());
        refused(&mut communities.chain, &close, &[key], reason.clone());
    }
    let accept = accept(&communities.own, &heir.pubkey());
    communities.chain.send(&[accept], &[&heir]).unwrap();
    let founder = communities.own.authority.insecure_clone();
    let close = close_community(&communities.own.addresses.community, &founder.pubkey());
    refused(&mut communities.chain, &close, &[&founder], reason);
}

#[test]
fn given_hostile_data_and_accounts_when_closed_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let key = communities.own.authority.insecure_clone();
    let close = close_community(&communities.own.addresses.community, &key.pubkey());
    sweep(&mut communities.chain, &close, &[&key]);
    assert_eq!(
        communities
            .chain
            .lamports(&communities.own.addresses.community),
        0
    );
}
