use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::MembershipChanged,
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{role, TwoCommunities},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{event, set_membership, APPLIED};

#[test]
fn given_a_member_when_it_is_moved_then_zone_and_group_are_new_and_the_rest_is_not() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let authority = communities.own.authority.pubkey();
    let before = communities.participant(&member);

    let receipt = communities.govern(set_membership(
        &communities.own,
        &member,
        &authority,
        None,
        1,
    ));

    let mut record = communities.participant(&member);
    assert_eq!((record.zone, record.balancing_group), (1, 42));
    (record.zone, record.balancing_group) = (before.zone, before.balancing_group);
    assert_eq!(record, before);
    assert_eq!(
        event(&receipt),
        RegistryEvent::MembershipChanged(MembershipChanged {
            community: communities.own.addresses.community,
            number: 0,
            wallet: member.address(),
            actor: authority,
            index: 0,
            balancing_group: 42,
            zone: 1,
        })
    );
}

#[test]
fn given_an_applicant_when_it_is_moved_then_it_still_waits() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::ALL);
    let operator = communities.member(role::OPERATOR);
    let acting = Some(operator.participant);
    let set = set_membership(&communities.own, &member, &operator.address(), acting, 1);
    communities.chain.send(&[set], &[&operator.wallet]).unwrap();
    let record = communities.participant(&member);
    assert_eq!((record.zone, record.status), (1, APPLIED));
}

#[test]
fn given_one_who_left_when_it_is_moved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.left(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    let set = set_membership(&communities.own, &member, &authority.pubkey(), None, 1);
    let reason = RegistryError::HasLeft;
    refused(&mut communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_no_such_zone_when_moved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    for zone in [2, 16, u8::MAX] {
        let set = set_membership(&communities.own, &member, &authority.pubkey(), None, zone);
        let reason = RegistryError::NoSuchZone;
        refused(&mut communities.chain, &set, &[&authority], reason);
    }
}

#[test]
fn given_an_operator_when_it_moves_a_privileged_member_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let acting = Some(operator.participant);
    for privileged in role::PRIVILEGED {
        let member = communities.member(privileged);
        let set = set_membership(&communities.own, &member, &operator.address(), acting, 1);
        let reason = RegistryError::PrivilegedRoles;
        refused(&mut communities.chain, &set, &[&operator.wallet], reason);
    }
}

#[test]
fn given_a_member_of_another_community_when_moved_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let other_member = communities
        .other
        .admit(&mut communities.chain, role::CONSUMER);
    let set = set_membership(
        &communities.own,
        &other_member,
        &authority.pubkey(),
        None,
        1,
    );
    let reason = RegistryError::WrongCommunity;
    refused(&mut communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_anybody_else_when_they_move_a_member_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let place = communities.own.copy();
    let reason = RegistryError::NotPermitted;
    unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
        set_membership(&place, &member, actor, acting, 1)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_moved_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.member(role::CONSUMER);
    let acting = Some(operator.participant);
    let set = set_membership(&communities.own, &member, &operator.address(), acting, 1);
    sweep(&mut communities.chain, &set, &[&operator.wallet]);
    assert_eq!(communities.participant(&member).zone, 1);
}
