use joulebook_client::registry::{
    errors::RegistryError,
    events::RegistryEvent,
    types::{AuthorityChanged, AuthorityProposed},
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{funded, role, TwoCommunities},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::support::{accept, add_zone, event, propose, signed_by};

/// A communities on which the authority was offered to the key returned.
fn offered() -> (TwoCommunities, Keypair) {
    let mut communities = TwoCommunities::new();
    let heir = funded(&mut communities.chain);
    communities.govern(propose(&communities.own, Some(heir.pubkey())));
    (communities, heir)
}

#[test]
fn given_an_authority_when_it_offers_its_place_then_it_governs_on() {
    let mut communities = TwoCommunities::new();
    let heir = Address::new_unique();

    let receipt = communities.govern(propose(&communities.own, Some(heir)));

    let community = communities.community();
    assert_eq!(community.pending_authority, heir);
    assert_eq!(community.authority, communities.own.authority.pubkey());
    let proposed = |proposed| {
        RegistryEvent::AuthorityProposed(AuthorityProposed {
            community: communities.own.addresses.community,
            number: 0,
            authority: communities.own.authority.pubkey(),
            proposed,
        })
    };
    assert_eq!(event(&receipt), proposed(Some(heir)));
}

#[test]
fn given_an_offer_when_it_is_accepted_then_the_old_authority_has_no_say() {
    let (mut communities, heir) = offered();
    let accept = accept(&communities.own, &heir.pubkey());

    let receipt = communities.chain.send(&[accept], &[&heir]).unwrap();

    let community = communities.community();
    assert_eq!(community.authority, heir.pubkey());
    assert_eq!(community.pending_authority, Address::default());
    assert_eq!(community.founder, communities.own.authority.pubkey());
    assert_eq!(
        event(&receipt),
        RegistryEvent::AuthorityChanged(AuthorityChanged {
            community: communities.own.addresses.community,
            number: 0,
            previous: communities.own.authority.pubkey(),
            authority: heir.pubkey(),
        })
    );
    let old = communities.own.authority.insecure_clone();
    let by_old = add_zone(&communities.own, "west");
    let reason = RegistryError::NotAuthority;
    refused(&mut communities.chain, &by_old, &[&old], reason);
    let by_new = signed_by(&by_old, &heir.pubkey());
    communities.chain.send(&[by_new], &[&heir]).unwrap();
}

#[test]
fn given_an_offer_when_another_accepts_then_it_is_refused() {
    let (mut communities, _) = offered();
    let operator = communities.member(role::ALL).wallet;
    let old = communities.own.authority.insecure_clone();
    let foreign = communities.other.authority.insecure_clone();
    for key in [operator, old, foreign] {
        let accept = accept(&communities.own, &key.pubkey());
        let reason = RegistryError::NotPendingAuthority;
        refused(&mut communities.chain, &accept, &[&key], reason);
    }
}

#[test]
fn given_an_offer_here_when_accepted_elsewhere_then_it_is_refused() {
    let (mut communities, heir) = offered();
    let accept = accept(&communities.other, &heir.pubkey());
    let reason = RegistryError::NotPendingAuthority;
    refused(&mut communities.chain, &accept, &[&heir], reason);
}

#[test]
fn given_no_offer_when_accepted_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let key = funded(&mut communities.chain);
    let accept = accept(&communities.own, &key.pubkey());
    let reason = RegistryError::NotPendingAuthority;
    refused(&mut communities.chain, &accept, &[&key], reason);
}

#[test]
fn given_an_offer_withdrawn_or_replaced_when_accepted_then_it_is_refused() {
    for instead in [None, Some(Address::new_unique())] {
        let (mut communities, heir) = offered();
        communities.govern(propose(&communities.own, instead));
        let pending = communities.community().pending_authority;
        assert_eq!(pending, instead.unwrap_or_default());
        let accept = accept(&communities.own, &heir.pubkey());
        let reason = RegistryError::NotPendingAuthority;
        refused(&mut communities.chain, &accept, &[&heir], reason);
    }
}

#[test]
fn given_an_offer_accepted_when_accepted_again_then_it_is_refused() {
    let (mut communities, heir) = offered();
    let accept = accept(&communities.own, &heir.pubkey());
    communities
        .chain
        .send(std::slice::from_ref(&accept), &[&heir])
        .unwrap();
    let reason = RegistryError::NotPendingAuthority;
    refused(&mut communities.chain, &accept, &[&heir], reason);
}

#[test]
fn given_anybody_else_when_they_offer_the_authority_then_it_is_refused() {
    let (mut communities, heir) = offered();
    let good = propose(&communities.own, Some(Address::new_unique()));
    let all_roles = communities.member(role::ALL).wallet;
    let foreign = communities.other.authority.insecure_clone();
    for key in [all_roles, foreign, heir] {
        let propose = signed_by(&good, &key.pubkey());
        let reason = RegistryError::NotAuthority;
        refused(&mut communities.chain, &propose, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_the_authority_moves_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let heir = funded(&mut communities.chain);
    let propose = propose(&communities.own, Some(heir.pubkey()));
    sweep(&mut communities.chain, &propose, &[&authority]);
    let accept = accept(&communities.own, &heir.pubkey());
    sweep(&mut communities.chain, &accept, &[&heir]);
    assert_eq!(communities.community().authority, heir.pubkey());
}
