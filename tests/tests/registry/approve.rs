use joulebook_client::{
    layout::registry::Community,
    registry::{errors::RegistryError, events::RegistryEvent, types::ParticipantApproved},
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{pause, role, TwoCommunities, NOW},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{alter, event, set_approvals, ACTIVE, APPLIED};

#[test]
fn given_an_applicant_when_the_authority_approves_it_then_it_has_the_roles_granted() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let authority = communities.own.authority.pubkey();
    communities.chain.set_time(NOW + 60);

    let approve = communities
        .own
        .approve(&member, &authority, None, role::ALL);
    let receipt = communities.govern(approve);

    let record = communities.participant(&member);
    assert_eq!(
        (record.status, record.roles, record.index),
        (ACTIVE, role::ALL, 0)
    );
    assert_eq!((record.applied_at, record.changed_at), (NOW, NOW + 60));
    assert_eq!((record.approved_at, record.generation), (NOW + 60, 0));
    assert_eq!(communities.community().next_index, 1);
    assert_eq!(
        event(&receipt),
        RegistryEvent::ParticipantApproved(ParticipantApproved {
            community: communities.own.addresses.community,
            number: 0,
            wallet: member.address(),
            actor: authority,
            predecessor: None,
            index: 0,
            generation: 0,
            roles: role::ALL,
        })
    );
}

#[test]
fn given_an_operator_when_it_approves_then_only_with_roles_that_are_its_to_grant() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    communities.govern(set_approvals(&communities.own, 1));
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let member = communities.applicant(role::ALL);
    for privileged in role::PRIVILEGED {
        let roles = role::GATEWAY | privileged;
        let approve = communities.own.approve(&member, &actor, acting, roles);
        let reason = RegistryError::PrivilegedRoles;
        refused(
            &mut communities.chain,
            &approve,
            &[&operator.wallet],
            reason,
        );
    }
    let roles = role::CONSUMER | role::PRODUCER | role::STORAGE | role::GATEWAY;
    let approve = communities.own.approve(&member, &actor, acting, roles);
    communities
        .chain
        .send(&[approve], &[&operator.wallet])
        .unwrap();
    assert_eq!(communities.participant(&member).roles, roles);
}

#[test]
fn given_no_roles_or_unknown_ones_when_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    for roles in [0, 1 << 8, u16::MAX] {
        let approve = communities
            .own
            .approve(&member, &authority.pubkey(), None, roles);
        let reason = RegistryError::RolesInvalid;
        refused(&mut communities.chain, &approve, &[&authority], reason);
    }
}

#[test]
fn given_one_who_is_no_applicant_when_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let active = communities.member(role::CONSUMER);
    let suspended = communities.suspended(role::CONSUMER);
    let left = communities.left(role::CONSUMER);
    for member in [active, suspended, left] {
        let approve = communities
            .own
            .approve(&member, &authority.pubkey(), None, role::ALL);
        let reason = RegistryError::NotApplied;
        refused(&mut communities.chain, &approve, &[&authority], reason);
    }
}

#[test]
fn given_any_pause_when_approved_then_only_that_of_registration_stops_it() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    for paused in pause::STATES {
        communities.pause(0);
        let member = communities.applicant(role::CONSUMER);
        communities.pause(paused);
        let approve = communities
            .own
            .approve(&member, &authority.pubkey(), None, role::ALL);
        if paused & pause::REGISTRATION == 0 {
            communities.govern(approve);
        } else {
            let reason = RegistryError::RegistrationPaused;
            refused(&mut communities.chain, &approve, &[&authority], reason);
            assert_eq!(communities.participant(&member).status, APPLIED);
        }
    }
}

#[test]
fn given_an_applicant_of_another_community_when_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let own = communities.own.authority.insecure_clone();
    let other = communities.other.authority.insecure_clone();
    let stranger = communities
        .other
        .applicant(&mut communities.chain, role::CONSUMER);
    let other_applicant = communities.applicant(role::CONSUMER);
    let calls = [
        (
            "theirs",
            communities.own.approve(&stranger, &own.pubkey(), None, 1),
            &own,
        ),
        (
            "ours",
            communities
                .other
                .approve(&other_applicant, &other.pubkey(), None, 1),
            &other,
        ),
    ];
    for (case, approve, signer) in calls {
        let reason = RegistryError::WrongCommunity;
        refused_when(case, &mut communities.chain, &approve, &[signer], reason);
    }
}

#[test]
fn given_every_index_given_out_when_one_more_is_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    // As if so many had been approved before.
    let address = communities.own.addresses.community;
    let change = |community: &mut Community| community.next_index = u16::MAX - 1;
    alter(&mut communities.chain, &address, change);
    let last = communities.member(role::CONSUMER);
    assert_eq!(communities.participant(&last).index, u16::MAX - 1);
    let authority = communities.own.authority.insecure_clone();
    let late = communities.applicant(role::CONSUMER);
    let approve = communities
        .own
        .approve(&late, &authority.pubkey(), None, role::CONSUMER);
    let reason = RegistryError::CommunityFull;
    refused(&mut communities.chain, &approve, &[&authority], reason);
}

#[test]
fn given_emergency_beside_a_role_that_trades_when_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let member = communities.applicant(role::EMERGENCY);
    for trading in role::TRADING {
        let roles = role::EMERGENCY | trading;
        let approve = communities
            .own
            .approve(&member, &authority.pubkey(), None, roles);
        let reason = RegistryError::EmergencyCannotTrade;
        refused(&mut communities.chain, &approve, &[&authority], reason);
    }
    let roles = role::ALL_BUT_TRADING;
    let approve = communities
        .own
        .approve(&member, &authority.pubkey(), None, roles);
    communities.govern(approve);
    assert_eq!(communities.participant(&member).roles, roles);
}

#[test]
fn given_an_applicant_for_operator_when_it_approves_itself_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::OPERATOR);
    let acting = Some(member.participant);
    let approve = communities
        .own
        .approve(&member, &member.address(), acting, role::CONSUMER);
    let reason = RegistryError::NotPermitted;
    refused(&mut communities.chain, &approve, &[&member.wallet], reason);
}

#[test]
fn given_the_operators_record_and_the_applicants_swapped_when_approved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.applicant(role::OPERATOR);
    let acting = Some(member.participant);
    let approve = communities
        .own
        .approve(&operator, &operator.address(), acting, role::CONSUMER);
    let reason = RegistryError::NotPermitted;
    refused(
        &mut communities.chain,
        &approve,
        &[&operator.wallet],
        reason,
    );
}

#[test]
fn given_anybody_else_when_they_approve_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let place = communities.own.copy();
    let reason = RegistryError::NotPermitted;
    unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
        place.approve(&member, actor, acting, role::CONSUMER)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_approved_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    communities.govern(set_approvals(&communities.own, 1));
    let member = communities.applicant(role::CONSUMER);
    let acting = Some(operator.participant);
    let approve = communities
        .own
        .approve(&member, &operator.address(), acting, role::CONSUMER);
    sweep(&mut communities.chain, &approve, &[&operator.wallet]);
    assert_eq!(communities.participant(&member).status, ACTIVE);
}
