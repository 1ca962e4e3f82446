use joulebook_client::registry::{
    accounts::Community, errors::RegistryError, events::RegistryEvent, types::ParticipantApproved,
};
use joulebook_tests::{
    hostile::sweep,
    impostors,
    refused::{refused, refused_when},
    stage::{pause, role, Stage, NOW},
};
use solana_signer::Signer;

use crate::support::{event, ACTIVE, APPLIED};

#[test]
fn given_an_applicant_when_the_authority_approves_it_then_it_has_the_roles_granted() {
    let mut stage = Stage::new();
    let member = stage.applicant(role::CONSUMER);
    let authority = stage.here.authority.pubkey();
    stage.chain.set_time(NOW + 60);

    let approve = stage.here.approve(&member, &authority, None, role::ALL);
    let receipt = stage.govern(approve);

    let record = stage.participant(&member);
    assert_eq!(
        (record.status, record.roles, record.index),
        (ACTIVE, role::ALL, 0)
    );
    assert_eq!((record.applied_at, record.changed_at), (NOW, NOW + 60));
    assert_eq!(stage.community().next_index, 1);
    assert_eq!(
        event(&receipt),
        RegistryEvent::ParticipantApproved(ParticipantApproved {
            community: stage.here.community,
            wallet: member.address(),
            actor: authority,
            index: 0,
            roles: role::ALL,
        })
    );
}

#[test]
fn given_an_operator_when_it_approves_then_only_with_roles_that_are_its_to_grant() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let member = stage.applicant(role::ALL);
    for privileged in role::PRIVILEGED {
        let roles = role::CONSUMER | privileged;
        let approve = stage.here.approve(&member, &actor, acting, roles);
        let reason = RegistryError::PrivilegedRoles;
        refused(&mut stage.chain, &approve, &[&operator.wallet], reason);
    }
    let roles = role::CONSUMER | role::PRODUCER | role::STORAGE | role::GATEWAY;
    let approve = stage.here.approve(&member, &actor, acting, roles);
    stage.chain.send(&[approve], &[&operator.wallet]).unwrap();
    assert_eq!(stage.participant(&member).roles, roles);
}

#[test]
fn given_no_roles_or_unknown_ones_when_approved_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.applicant(role::CONSUMER);
    let authority = stage.here.authority.insecure_clone();
    for roles in [0, 1 << 8, u16::MAX] {
        let approve = stage
            .here
            .approve(&member, &authority.pubkey(), None, roles);
        let reason = RegistryError::RolesInvalid;
        refused(&mut stage.chain, &approve, &[&authority], reason);
    }
}

#[test]
fn given_one_who_is_no_applicant_when_approved_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    let active = stage.member(role::CONSUMER);
    let suspended = stage.member(role::CONSUMER);
    stage.govern(stage.here.suspend(&suspended, &authority.pubkey(), None));
    for member in [active, suspended] {
        let approve = stage
            .here
            .approve(&member, &authority.pubkey(), None, role::ALL);
        let reason = RegistryError::NotApplied;
        refused(&mut stage.chain, &approve, &[&authority], reason);
    }
}

#[test]
fn given_any_pause_when_approved_then_only_that_of_registration_stops_it() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    for paused in pause::STATES {
        stage.pause(0);
        let member = stage.applicant(role::CONSUMER);
        stage.pause(paused);
        let approve = stage
            .here
            .approve(&member, &authority.pubkey(), None, role::ALL);
        if paused & pause::REGISTRATION == 0 {
            stage.govern(approve);
        } else {
            let reason = RegistryError::RegistrationPaused;
            refused(&mut stage.chain, &approve, &[&authority], reason);
            assert_eq!(stage.participant(&member).status, APPLIED);
        }
    }
}

#[test]
fn given_an_applicant_of_another_community_when_approved_then_it_is_refused() {
    let mut stage = Stage::new();
    let here = stage.here.authority.insecure_clone();
    let there = stage.elsewhere.authority.insecure_clone();
    let stranger = stage.elsewhere.applicant(&mut stage.chain, role::CONSUMER);
    let neighbour = stage.applicant(role::CONSUMER);
    let calls = [
        (
            "theirs",
            stage.here.approve(&stranger, &here.pubkey(), None, 1),
            &here,
        ),
        (
            "ours",
            stage
                .elsewhere
                .approve(&neighbour, &there.pubkey(), None, 1),
            &there,
        ),
    ];
    for (case, approve, signer) in calls {
        let reason = RegistryError::WrongCommunity;
        refused_when(case, &mut stage.chain, &approve, &[signer], reason);
    }
}

#[test]
fn given_members_who_left_when_others_are_approved_then_no_index_comes_twice() {
    let mut stage = Stage::new();
    let first = stage.member(role::CONSUMER);
    let close = stage.here.close_participant(&first, &first.address(), None);
    stage.chain.send(&[close], &[&first.wallet]).unwrap();
    let second = stage.member(role::CONSUMER);
    assert_eq!(stage.participant(&second).index, 1);

    let apply = stage.here.apply(&first.address(), role::CONSUMER, 0);
    stage.chain.send(&[apply], &[&first.wallet]).unwrap();
    let authority = stage.here.authority.pubkey();
    stage.govern(stage.here.approve(&first, &authority, None, role::CONSUMER));
    assert_eq!(stage.participant(&first).index, 2);
    assert_eq!(stage.community().participants, 2);
}

/// As if so many had been approved before.
fn set_next_index(stage: &mut Stage, next_index: u16) {
    let address = stage.here.community;
    let mut account = stage.chain.svm.get_account(&address).unwrap();
    let mut community = Community::from_bytes(&account.data).unwrap();
    community.next_index = next_index;
    account.data = borsh::to_vec(&community).unwrap();
    stage.chain.svm.set_account(address, account).unwrap();
}

#[test]
fn given_every_index_given_out_when_one_more_is_approved_then_it_is_refused() {
    let mut stage = Stage::new();
    set_next_index(&mut stage, u16::MAX - 1);
    let last = stage.member(role::CONSUMER);
    assert_eq!(stage.participant(&last).index, u16::MAX - 1);
    let authority = stage.here.authority.insecure_clone();
    let late = stage.applicant(role::CONSUMER);
    let approve = stage
        .here
        .approve(&late, &authority.pubkey(), None, role::CONSUMER);
    let reason = RegistryError::CommunityFull;
    refused(&mut stage.chain, &approve, &[&authority], reason);
}

#[test]
fn given_an_applicant_for_operator_when_it_approves_itself_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.applicant(role::OPERATOR);
    let acting = Some(member.participant);
    let approve = stage
        .here
        .approve(&member, &member.address(), acting, role::CONSUMER);
    let reason = RegistryError::NotPermitted;
    refused(&mut stage.chain, &approve, &[&member.wallet], reason);
}

#[test]
fn given_the_operators_record_and_the_applicants_swapped_when_approved_then_it_is_refused() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let member = stage.applicant(role::OPERATOR);
    let acting = Some(member.participant);
    let approve = stage
        .here
        .approve(&operator, &operator.address(), acting, role::CONSUMER);
    let reason = RegistryError::NotPermitted;
    refused(&mut stage.chain, &approve, &[&operator.wallet], reason);
}

#[test]
fn given_anybody_else_when_they_approve_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.applicant(role::CONSUMER);
    let place = stage.here.copy();
    let reason = RegistryError::NotPermitted;
    impostors::all_refused(&mut stage, role::OPERATOR, reason, |actor, acting| {
        place.approve(&member, actor, acting, role::CONSUMER)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_approved_then_each_is_refused() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let member = stage.applicant(role::CONSUMER);
    let acting = Some(operator.participant);
    let approve = stage
        .here
        .approve(&member, &operator.address(), acting, role::CONSUMER);
    sweep(&mut stage.chain, &approve, &[&operator.wallet]);
    assert_eq!(stage.participant(&member).status, ACTIVE);
}
