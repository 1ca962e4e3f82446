use joulebook_client::registry::{
    errors::RegistryError,
    events::RegistryEvent,
    types::{AuthorityChanged, AuthorityProposed},
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    stage::{funded, role, Stage},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::support::{accept, add_zone, event, propose, signed_by};

/// A stage on which the authority was offered to the key returned.
fn offered() -> (Stage, Keypair) {
    let mut stage = Stage::new();
    let heir = funded(&mut stage.chain);
    stage.govern(propose(&stage.here, Some(heir.pubkey())));
    (stage, heir)
}

#[test]
fn given_an_authority_when_it_offers_its_place_then_it_governs_on() {
    let mut stage = Stage::new();
    let heir = Address::new_unique();

    let receipt = stage.govern(propose(&stage.here, Some(heir)));

    let community = stage.community();
    assert_eq!(community.pending_authority, heir);
    assert_eq!(community.authority, stage.here.authority.pubkey());
    let proposed = |proposed| {
        RegistryEvent::AuthorityProposed(AuthorityProposed {
            community: stage.here.community,
            authority: stage.here.authority.pubkey(),
            proposed,
        })
    };
    assert_eq!(event(&receipt), proposed(Some(heir)));
}

#[test]
fn given_an_offer_when_it_is_accepted_then_the_old_authority_has_no_say() {
    let (mut stage, heir) = offered();
    let accept = accept(&stage.here, &heir.pubkey());

    let receipt = stage.chain.send(&[accept], &[&heir]).unwrap();

    let community = stage.community();
    assert_eq!(community.authority, heir.pubkey());
    assert_eq!(community.pending_authority, Address::default());
    assert_eq!(community.founder, stage.here.authority.pubkey());
    assert_eq!(
        event(&receipt),
        RegistryEvent::AuthorityChanged(AuthorityChanged {
            community: stage.here.community,
            previous: stage.here.authority.pubkey(),
            authority: heir.pubkey(),
        })
    );
    let old = stage.here.authority.insecure_clone();
    let by_old = add_zone(&stage.here, "west");
    let reason = RegistryError::AuthorityOnly;
    refused(&mut stage.chain, &by_old, &[&old], reason);
    let by_new = signed_by(&by_old, 1, &heir.pubkey());
    stage.chain.send(&[by_new], &[&heir]).unwrap();
}

#[test]
fn given_an_offer_when_another_accepts_then_it_is_refused() {
    let (mut stage, _) = offered();
    let operator = stage.member(role::ALL).wallet;
    let old = stage.here.authority.insecure_clone();
    let foreign = stage.elsewhere.authority.insecure_clone();
    for key in [operator, old, foreign] {
        let accept = accept(&stage.here, &key.pubkey());
        let reason = RegistryError::NotPendingAuthority;
        refused(&mut stage.chain, &accept, &[&key], reason);
    }
}

#[test]
fn given_an_offer_here_when_accepted_elsewhere_then_it_is_refused() {
    let (mut stage, heir) = offered();
    let accept = accept(&stage.elsewhere, &heir.pubkey());
    let reason = RegistryError::NotPendingAuthority;
    refused(&mut stage.chain, &accept, &[&heir], reason);
}

#[test]
fn given_no_offer_when_accepted_then_it_is_refused() {
    let mut stage = Stage::new();
    let key = funded(&mut stage.chain);
    let accept = accept(&stage.here, &key.pubkey());
    let reason = RegistryError::NotPendingAuthority;
    refused(&mut stage.chain, &accept, &[&key], reason);
}

#[test]
fn given_an_offer_withdrawn_or_replaced_when_accepted_then_it_is_refused() {
    for instead in [None, Some(Address::new_unique())] {
        let (mut stage, heir) = offered();
        stage.govern(propose(&stage.here, instead));
        let pending = stage.community().pending_authority;
        assert_eq!(pending, instead.unwrap_or_default());
        let accept = accept(&stage.here, &heir.pubkey());
        let reason = RegistryError::NotPendingAuthority;
        refused(&mut stage.chain, &accept, &[&heir], reason);
    }
}

#[test]
fn given_an_offer_accepted_when_accepted_again_then_it_is_refused() {
    let (mut stage, heir) = offered();
    let accept = accept(&stage.here, &heir.pubkey());
    stage
        .chain
        .send(std::slice::from_ref(&accept), &[&heir])
        .unwrap();
    let reason = RegistryError::NotPendingAuthority;
    refused(&mut stage.chain, &accept, &[&heir], reason);
}

#[test]
fn given_anybody_else_when_they_offer_the_authority_then_it_is_refused() {
    let (mut stage, heir) = offered();
    let good = propose(&stage.here, Some(Address::new_unique()));
    let all_roles = stage.member(role::ALL).wallet;
    let foreign = stage.elsewhere.authority.insecure_clone();
    for key in [all_roles, foreign, heir] {
        let propose = signed_by(&good, 1, &key.pubkey());
        let reason = RegistryError::AuthorityOnly;
        refused(&mut stage.chain, &propose, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_the_authority_moves_then_each_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    let heir = funded(&mut stage.chain);
    let propose = propose(&stage.here, Some(heir.pubkey()));
    sweep(&mut stage.chain, &propose, &[&authority]);
    let accept = accept(&stage.here, &heir.pubkey());
    sweep(&mut stage.chain, &accept, &[&heir]);
    assert_eq!(stage.community().authority, heir.pubkey());
}
