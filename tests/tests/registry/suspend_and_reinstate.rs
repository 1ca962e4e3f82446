use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ParticipantStatusChanged,
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{role, TwoCommunities, NOW},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{event, reinstate, ACTIVE, SUSPENDED};

#[test]
fn given_an_active_member_when_suspended_and_reinstated_then_it_is_as_before() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER | role::VERIFIER);
    let authority = communities.own.authority.pubkey();
    let before = communities.participant(&member);
    let told = |communities: &TwoCommunities, status, reason, evidence| {
        RegistryEvent::ParticipantStatusChanged(ParticipantStatusChanged {
            community: communities.own.addresses.community,
            number: 0,
            wallet: member.address(),
            actor: authority,
            index: 0,
            status,
            reason,
            evidence,
        })
    };

    communities.chain.set_time(NOW + 60);
    let receipt = communities.govern(communities.own.suspend(&member, &authority, None));
    let record = communities.participant(&member);
    assert_eq!((record.status, record.changed_at), (SUSPENDED, NOW + 60));
    assert_eq!(
        event(&receipt),
        told(&communities, SUSPENDED, 7, Some([9; 32]))
    );

    communities.chain.set_time(NOW + 90);
    let receipt = communities.govern(reinstate(&communities.own, &member, &authority, None));
    let mut record = communities.participant(&member);
    assert_eq!((record.status, record.changed_at), (ACTIVE, NOW + 90));
    assert_eq!(event(&receipt), told(&communities, ACTIVE, 0, None));
    record.changed_at = NOW;
    assert_eq!(record, before);
}

#[test]
fn given_an_operator_when_the_member_bears_a_privileged_role_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let reason = RegistryError::PrivilegedRoles;
    for privileged in role::PRIVILEGED {
        let active = communities.member(privileged);
        let suspend = communities.own.suspend(&active, &actor, acting);
        refused(
            &mut communities.chain,
            &suspend,
            &[&operator.wallet],
            reason.clone(),
        );
        let away = communities.suspended(privileged);
        let back = reinstate(&communities.own, &away, &actor, acting);
        refused(
            &mut communities.chain,
            &back,
            &[&operator.wallet],
            reason.clone(),
        );
    }
    let itself = communities.own.suspend(&operator, &actor, acting);
    refused(&mut communities.chain, &itself, &[&operator.wallet], reason);
}

#[test]
fn given_a_member_in_another_state_when_suspended_or_reinstated_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let actor = authority.pubkey();
    let applicant = communities.applicant(role::CONSUMER);
    let active = communities.member(role::CONSUMER);
    let away = communities.suspended(role::CONSUMER);
    let left = communities.left(role::CONSUMER);
    for (case, member) in [
        ("applied", &applicant),
        ("suspended", &away),
        ("left", &left),
    ] {
        let suspend = communities.own.suspend(member, &actor, None);
        let reason = RegistryError::NotActive;
        refused_when(
            case,
            &mut communities.chain,
            &suspend,
            &[&authority],
            reason,
        );
    }
    for (case, member) in [
        ("applied", &applicant),
        ("active", &active),
        ("left", &left),
    ] {
        let back = reinstate(&communities.own, member, &actor, None);
        let reason = RegistryError::NotSuspended;
        refused_when(case, &mut communities.chain, &back, &[&authority], reason);
    }
}

#[test]
fn given_a_member_of_another_community_when_suspended_or_reinstated_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let other_member = communities
        .other
        .admit(&mut communities.chain, role::CONSUMER);
    for call in [
        communities
            .own
            .suspend(&other_member, &authority.pubkey(), None),
        reinstate(&communities.own, &other_member, &authority.pubkey(), None),
    ] {
        let reason = RegistryError::WrongCommunity;
        refused(&mut communities.chain, &call, &[&authority], reason);
    }
}

#[test]
fn given_a_suspended_member_when_it_reinstates_itself_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.suspended(role::ALL);
    let acting = Some(member.participant);
    let back = reinstate(&communities.own, &member, &member.address(), acting);
    let reason = RegistryError::NotPermitted;
    refused(&mut communities.chain, &back, &[&member.wallet], reason);
}

#[test]
fn given_anybody_else_when_they_suspend_or_reinstate_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let active = communities.member(role::CONSUMER);
    let away = communities.suspended(role::CONSUMER);
    let place = communities.own.copy();
    let reason = RegistryError::NotPermitted;
    unauthorized::all_refused(
        &mut communities,
        role::OPERATOR,
        reason.clone(),
        |actor, acting| place.suspend(&active, actor, acting),
    );
    unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
        reinstate(&place, &away, actor, acting)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_suspended_and_reinstated_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let member = communities.member(role::CONSUMER);
    let suspend = communities.own.suspend(&member, &actor, acting);
    sweep(&mut communities.chain, &suspend, &[&operator.wallet]);
    assert_eq!(communities.participant(&member).status, SUSPENDED);
    let back = reinstate(&communities.own, &member, &actor, acting);
    sweep(&mut communities.chain, &back, &[&operator.wallet]);
    assert_eq!(communities.participant(&member).status, ACTIVE);
}
