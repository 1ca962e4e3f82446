//! An approval is bound to the application that was reviewed.

use joulebook_client::{instructions::Application, registry::errors::RegistryError};
use joulebook_tests::{
    refused::{refused, refused_when},
    two_communities::{funded, role, Member, TwoCommunities},
};
use solana_signer::Signer;

use crate::support::{set_approvals, set_membership};

/// An application for the role consumer, with the hash of an identity check's record.
fn application(identity_hash: [u8; 32]) -> Application {
    Application {
        zone: 1,
        balancing_group: 12,
        identity_hash,
        ..Application::for_roles(role::CONSUMER)
    }
}

/// Someone whose application says so.
fn applicant_with(communities: &mut TwoCommunities, application: &Application) -> Member {
    let wallet = funded(&mut communities.chain);
    let participant = communities.own.record_of(&wallet.pubkey());
    let member = Member {
        wallet,
        participant,
    };
    apply(communities, &member, application);
    member
}

fn apply(communities: &mut TwoCommunities, member: &Member, application: &Application) {
    let addresses = &communities.own.addresses;
    let apply = addresses.apply(member.address(), application.clone());
    communities.chain.send(&[apply], &[&member.wallet]).unwrap();
}

fn close(communities: &mut TwoCommunities, member: &Member) {
    let own = &communities.own;
    let close = own.close_participant(member, &member.address(), None);
    communities.chain.send(&[close], &[&member.wallet]).unwrap();
}

#[test]
fn given_an_application_replaced_after_its_review_when_the_approval_lands_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let reviewed = application([0xa; 32]);
    let member = applicant_with(&mut communities, &reviewed);
    // On its way, or waiting for the signatures of others.
    let key = authority.pubkey();
    let roles = role::CONSUMER;
    let approve = communities
        .own
        .approve_reviewed(&member, &key, None, roles, &reviewed);

    close(&mut communities, &member);
    apply(&mut communities, &member, &application([0xb; 32]));

    let reason = RegistryError::ApplicationChanged;
    refused(&mut communities.chain, &approve, &[&authority], reason);
    // The same application again is what was reviewed.
    close(&mut communities, &member);
    apply(&mut communities, &member, &reviewed);
    communities.govern(approve);
    assert_eq!(communities.participant(&member).identity_hash, [0xa; 32]);
}

#[test]
fn given_one_back_with_another_identity_when_the_approval_of_the_first_lands_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let member = communities.left(role::CONSUMER);
    let approve = communities
        .own
        .approve(&member, &authority.pubkey(), None, role::CONSUMER);

    let other = application([0xb; 32]);
    let addresses = &communities.own.addresses;
    let again = addresses.apply_again(member.address(), other);
    communities.chain.send(&[again], &[&member.wallet]).unwrap();

    let reason = RegistryError::ApplicationChanged;
    refused(&mut communities.chain, &approve, &[&authority], reason);
}

#[test]
fn given_anything_else_than_the_application_says_when_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    communities.govern(set_approvals(&communities.own, 9));
    let authority = communities.own.authority.insecure_clone();
    let right = application([0xa; 32]);
    let member = applicant_with(&mut communities, &right);
    let with = |change: &dyn Fn(&mut Application)| {
        let mut wrong = right.clone();
        change(&mut wrong);
        wrong
    };
    let wrong = [
        ("zone", with(&|it| it.zone = 0)),
        ("no such zone", with(&|it| it.zone = u8::MAX)),
        ("balancing group", with(&|it| it.balancing_group = 0)),
        ("no hash", with(&|it| it.identity_hash = [0; 32])),
        (
            "last byte of the hash",
            with(&|it| it.identity_hash[31] = 0xb),
        ),
    ];
    let acting = Some(operator.participant);
    for (case, wrong) in wrong {
        for (key, acting) in [(&authority, None), (&operator.wallet, acting)] {
            let (actor, roles) = (key.pubkey(), role::CONSUMER);
            let own = &communities.own;
            let approve = own.approve_reviewed(&member, &actor, acting, roles, &wrong);
            let reason = RegistryError::ApplicationChanged;
            refused_when(case, &mut communities.chain, &approve, &[key], reason);
        }
    }
}

#[test]
fn given_an_applicant_moved_after_its_review_when_the_approval_lands_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let member = communities.applicant(role::CONSUMER);
    let approve = communities
        .own
        .approve(&member, &authority.pubkey(), None, role::CONSUMER);
    let moved = set_membership(&communities.own, &member, &authority.pubkey(), None, 1);
    communities.govern(moved);
    let reason = RegistryError::ApplicationChanged;
    refused(&mut communities.chain, &approve, &[&authority], reason);
}

#[test]
fn given_other_roles_and_wishes_than_asked_for_when_approved_then_the_review_holds_all_the_same() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.pubkey();
    let member = applicant_with(&mut communities, &application([0xa; 32]));
    let mut reviewed = Application::of(&communities.participant(&member));
    assert_eq!(reviewed, application([0xa; 32]));
    reviewed.roles = role::STORAGE;
    reviewed.preferences.local_premium = 1;
    let roles = role::PRODUCER;
    let own = &communities.own;
    let approve = own.approve_reviewed(&member, &authority, None, roles, &reviewed);
    communities.govern(approve);
    assert_eq!(communities.participant(&member).roles, role::PRODUCER);
}
