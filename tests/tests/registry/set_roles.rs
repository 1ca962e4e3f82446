use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::RolesChanged,
};
use joulebook_tests::{
    hostile::sweep,
    impostors,
    refused::refused,
    stage::{role, Stage},
};
use solana_signer::Signer;

use crate::support::{event, SUSPENDED};

#[test]
fn given_a_member_when_the_authority_sets_its_roles_then_it_has_those_alone() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER | role::VERIFIER);
    let authority = stage.here.authority.pubkey();
    let roles = role::PRODUCER | role::OPERATOR;
    let receipt = stage.govern(stage.here.set_roles(&member, &authority, None, roles));
    assert_eq!(stage.participant(&member).roles, roles);
    assert_eq!(
        event(&receipt),
        RegistryEvent::RolesChanged(RolesChanged {
            community: stage.here.community,
            wallet: member.address(),
            actor: authority,
            index: 0,
            roles,
        })
    );
}

#[test]
fn given_a_suspended_member_when_its_roles_are_set_then_it_stays_suspended() {
    let mut stage = Stage::new();
    let member = stage.member(role::ALL);
    let authority = stage.here.authority.pubkey();
    stage.govern(stage.here.suspend(&member, &authority, None));
    stage.govern(
        stage
            .here
            .set_roles(&member, &authority, None, role::CONSUMER),
    );
    let record = stage.participant(&member);
    assert_eq!((record.roles, record.status), (role::CONSUMER, SUSPENDED));
}

#[test]
fn given_an_operator_when_it_sets_roles_then_only_those_that_are_its_to_grant() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let member = stage.member(role::CONSUMER);
    let reason = RegistryError::PrivilegedRoles;
    for privileged in role::PRIVILEGED {
        let grant = stage.here.set_roles(&member, &actor, acting, privileged);
        refused(
            &mut stage.chain,
            &grant,
            &[&operator.wallet],
            reason.clone(),
        );
        let bearer = stage.member(privileged);
        let take = stage
            .here
            .set_roles(&bearer, &actor, acting, role::CONSUMER);
        refused(&mut stage.chain, &take, &[&operator.wallet], reason.clone());
    }
    let itself = stage.here.set_roles(&operator, &actor, acting, role::ALL);
    refused(&mut stage.chain, &itself, &[&operator.wallet], reason);
    let grant = stage.here.set_roles(&member, &actor, acting, role::STORAGE);
    stage.chain.send(&[grant], &[&operator.wallet]).unwrap();
    assert_eq!(stage.participant(&member).roles, role::STORAGE);
}

#[test]
fn given_no_roles_or_unknown_ones_when_set_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let authority = stage.here.authority.insecure_clone();
    for roles in [0, 1 << 8, u16::MAX] {
        let set = stage
            .here
            .set_roles(&member, &authority.pubkey(), None, roles);
        let reason = RegistryError::RolesInvalid;
        refused(&mut stage.chain, &set, &[&authority], reason);
    }
}

#[test]
fn given_an_applicant_when_its_roles_are_set_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.applicant(role::CONSUMER);
    let authority = stage.here.authority.insecure_clone();
    let set = stage
        .here
        .set_roles(&member, &authority.pubkey(), None, role::ALL);
    let reason = RegistryError::NotApproved;
    refused(&mut stage.chain, &set, &[&authority], reason);
}

#[test]
fn given_a_member_of_another_community_when_its_roles_are_set_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    let foreigner = stage.elsewhere.admit(&mut stage.chain, role::CONSUMER);
    let set = stage
        .here
        .set_roles(&foreigner, &authority.pubkey(), None, role::ALL);
    let reason = RegistryError::WrongCommunity;
    refused(&mut stage.chain, &set, &[&authority], reason);
}

#[test]
fn given_anybody_else_when_they_set_roles_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let place = stage.here.copy();
    let reason = RegistryError::NotPermitted;
    impostors::all_refused(&mut stage, role::OPERATOR, reason, |actor, acting| {
        place.set_roles(&member, actor, acting, role::PRODUCER)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_roles_are_set_then_each_is_refused() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let member = stage.member(role::CONSUMER);
    let acting = Some(operator.participant);
    let set = stage
        .here
        .set_roles(&member, &operator.address(), acting, role::PRODUCER);
    sweep(&mut stage.chain, &set, &[&operator.wallet]);
    assert_eq!(stage.participant(&member).roles, role::PRODUCER);
}
