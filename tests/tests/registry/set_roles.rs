use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::RolesChanged,
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{role, TwoCommunities},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{event, SUSPENDED};

#[test]
fn given_a_member_when_the_authority_sets_its_roles_then_it_has_those_alone() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER | role::VERIFIER);
    let authority = communities.own.authority.pubkey();
    let roles = role::PRODUCER | role::OPERATOR;
    let receipt = communities.govern(communities.own.set_roles(&member, &authority, None, roles));
    assert_eq!(communities.participant(&member).roles, roles);
    assert_eq!(
        event(&receipt),
        RegistryEvent::RolesChanged(RolesChanged {
            community: communities.own.addresses.community,
            number: 0,
            wallet: member.address(),
            actor: authority,
            index: 0,
            roles,
        })
    );
}

#[test]
fn given_a_suspended_member_when_its_roles_are_set_then_it_stays_suspended() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::ALL);
    let authority = communities.own.authority.pubkey();
    communities.govern(communities.own.suspend(&member, &authority, None));
    communities.govern(
        communities
            .own
            .set_roles(&member, &authority, None, role::CONSUMER),
    );
    let record = communities.participant(&member);
    assert_eq!((record.roles, record.status), (role::CONSUMER, SUSPENDED));
}

#[test]
fn given_an_operator_when_it_sets_roles_then_only_those_that_are_its_to_grant() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let member = communities.member(role::CONSUMER);
    let reason = RegistryError::PrivilegedRoles;
    for privileged in role::PRIVILEGED {
        let grant = communities
            .own
            .set_roles(&member, &actor, acting, privileged);
        refused(
            &mut communities.chain,
            &grant,
            &[&operator.wallet],
            reason.clone(),
        );
        let bearer = communities.member(privileged);
        let take = communities
            .own
            .set_roles(&bearer, &actor, acting, role::CONSUMER);
        refused(
            &mut communities.chain,
            &take,
            &[&operator.wallet],
            reason.clone(),
        );
    }
    let itself = communities
        .own
        .set_roles(&operator, &actor, acting, role::ALL);
    refused(&mut communities.chain, &itself, &[&operator.wallet], reason);
    let grant = communities
        .own
        .set_roles(&member, &actor, acting, role::STORAGE);
    communities
        .chain
        .send(&[grant], &[&operator.wallet])
        .unwrap();
    assert_eq!(communities.participant(&member).roles, role::STORAGE);
}

#[test]
fn given_no_roles_or_unknown_ones_when_set_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    for roles in [0, 1 << 8, u16::MAX] {
        let set = communities
            .own
            .set_roles(&member, &authority.pubkey(), None, roles);
        let reason = RegistryError::RolesInvalid;
        refused(&mut communities.chain, &set, &[&authority], reason);
    }
}

#[test]
fn given_one_who_trades_or_pauses_when_it_is_given_the_other_role_too_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    // With both, it would pause the trade at a moment of its choice.
    let reason = RegistryError::EmergencyCannotTrade;
    let emergency = communities.member(role::EMERGENCY);
    for trading in role::TRADING {
        let trader = communities.member(trading);
        for member in [&trader, &emergency] {
            let roles = role::EMERGENCY | trading;
            let set = communities
                .own
                .set_roles(member, &authority.pubkey(), None, roles);
            refused(&mut communities.chain, &set, &[&authority], reason.clone());
        }
    }
    // One in the place of the other it may have.
    let set = communities
        .own
        .set_roles(&emergency, &authority.pubkey(), None, role::CONSUMER);
    communities.govern(set);
    assert_eq!(communities.participant(&emergency).roles, role::CONSUMER);
}

#[test]
fn given_one_who_left_when_its_roles_are_set_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.left(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    let set = communities
        .own
        .set_roles(&member, &authority.pubkey(), None, role::ALL);
    let reason = RegistryError::HasLeft;
    refused(&mut communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_an_applicant_when_its_roles_are_set_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    let set = communities
        .own
        .set_roles(&member, &authority.pubkey(), None, role::ALL);
    let reason = RegistryError::NotApproved;
    refused(&mut communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_a_member_of_another_community_when_its_roles_are_set_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let other_member = communities
        .other
        .admit(&mut communities.chain, role::CONSUMER);
    let set = communities
        .own
        .set_roles(&other_member, &authority.pubkey(), None, role::ALL);
    let reason = RegistryError::WrongCommunity;
    refused(&mut communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_anybody_else_when_they_set_roles_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let place = communities.own.copy();
    let reason = RegistryError::NotPermitted;
    unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
        place.set_roles(&member, actor, acting, role::PRODUCER)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_roles_are_set_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.member(role::CONSUMER);
    let acting = Some(operator.participant);
    let set = communities
        .own
        .set_roles(&member, &operator.address(), acting, role::PRODUCER);
    sweep(&mut communities.chain, &set, &[&operator.wallet]);
    assert_eq!(communities.participant(&member).roles, role::PRODUCER);
}
