use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ParticipantStatusChanged,
};
use joulebook_tests::{
    hostile::sweep,
    impostors,
    refused::{refused, refused_when},
    stage::{role, Member, Stage, NOW},
};
use solana_signer::Signer;

use crate::support::{event, reinstate, ACTIVE, SUSPENDED};

fn suspended(stage: &mut Stage, roles: u16) -> Member {
    let member = stage.member(roles);
    stage.govern(
        stage
            .here
            .suspend(&member, &stage.here.authority.pubkey(), None),
    );
    member
}

#[test]
fn given_an_active_member_when_suspended_and_reinstated_then_it_is_as_before() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER | role::VERIFIER);
    let authority = stage.here.authority.pubkey();
    let before = stage.participant(&member);
    let told = |stage: &Stage, status, reason, evidence| {
        RegistryEvent::ParticipantStatusChanged(ParticipantStatusChanged {
            community: stage.here.community,
            wallet: member.address(),
            actor: authority,
            index: 0,
            status,
            reason,
            evidence,
        })
    };

    stage.chain.set_time(NOW + 60);
    let receipt = stage.govern(stage.here.suspend(&member, &authority, None));
    let record = stage.participant(&member);
    assert_eq!((record.status, record.changed_at), (SUSPENDED, NOW + 60));
    assert_eq!(event(&receipt), told(&stage, SUSPENDED, 7, Some([9; 32])));

    stage.chain.set_time(NOW + 90);
    let receipt = stage.govern(reinstate(&stage.here, &member, &authority, None));
    let mut record = stage.participant(&member);
    assert_eq!((record.status, record.changed_at), (ACTIVE, NOW + 90));
    assert_eq!(event(&receipt), told(&stage, ACTIVE, 0, None));
    record.changed_at = NOW;
    assert_eq!(record, before);
}

#[test]
fn given_an_operator_when_the_member_bears_a_privileged_role_then_it_is_refused() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let reason = RegistryError::PrivilegedRoles;
    for privileged in role::PRIVILEGED {
        let active = stage.member(role::CONSUMER | privileged);
        let suspend = stage.here.suspend(&active, &actor, acting);
        refused(
            &mut stage.chain,
            &suspend,
            &[&operator.wallet],
            reason.clone(),
        );
        let away = suspended(&mut stage, role::CONSUMER | privileged);
        let back = reinstate(&stage.here, &away, &actor, acting);
        refused(&mut stage.chain, &back, &[&operator.wallet], reason.clone());
    }
    let itself = stage.here.suspend(&operator, &actor, acting);
    refused(&mut stage.chain, &itself, &[&operator.wallet], reason);
}

#[test]
fn given_a_member_in_another_state_when_suspended_or_reinstated_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    let actor = authority.pubkey();
    let applicant = stage.applicant(role::CONSUMER);
    let active = stage.member(role::CONSUMER);
    let away = suspended(&mut stage, role::CONSUMER);
    for (case, member) in [("applied", &applicant), ("suspended", &away)] {
        let suspend = stage.here.suspend(member, &actor, None);
        let reason = RegistryError::NotActive;
        refused_when(case, &mut stage.chain, &suspend, &[&authority], reason);
    }
    for (case, member) in [("applied", &applicant), ("active", &active)] {
        let back = reinstate(&stage.here, member, &actor, None);
        let reason = RegistryError::NotSuspended;
        refused_when(case, &mut stage.chain, &back, &[&authority], reason);
    }
}

#[test]
fn given_a_member_of_another_community_when_suspended_or_reinstated_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    let foreigner = stage.elsewhere.admit(&mut stage.chain, role::CONSUMER);
    for call in [
        stage.here.suspend(&foreigner, &authority.pubkey(), None),
        reinstate(&stage.here, &foreigner, &authority.pubkey(), None),
    ] {
        let reason = RegistryError::WrongCommunity;
        refused(&mut stage.chain, &call, &[&authority], reason);
    }
}

#[test]
fn given_a_suspended_member_when_it_reinstates_itself_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = suspended(&mut stage, role::ALL);
    let acting = Some(member.participant);
    let back = reinstate(&stage.here, &member, &member.address(), acting);
    let reason = RegistryError::NotPermitted;
    refused(&mut stage.chain, &back, &[&member.wallet], reason);
}

#[test]
fn given_anybody_else_when_they_suspend_or_reinstate_then_it_is_refused() {
    let mut stage = Stage::new();
    let active = stage.member(role::CONSUMER);
    let away = suspended(&mut stage, role::CONSUMER);
    let place = stage.here.copy();
    let reason = RegistryError::NotPermitted;
    impostors::all_refused(
        &mut stage,
        role::OPERATOR,
        reason.clone(),
        |actor, acting| place.suspend(&active, actor, acting),
    );
    impostors::all_refused(&mut stage, role::OPERATOR, reason, |actor, acting| {
        reinstate(&place, &away, actor, acting)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_suspended_and_reinstated_then_each_is_refused() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    let member = stage.member(role::CONSUMER);
    let suspend = stage.here.suspend(&member, &actor, acting);
    sweep(&mut stage.chain, &suspend, &[&operator.wallet]);
    assert_eq!(stage.participant(&member).status, SUSPENDED);
    let back = reinstate(&stage.here, &member, &actor, acting);
    sweep(&mut stage.chain, &back, &[&operator.wallet]);
    assert_eq!(stage.participant(&member).status, ACTIVE);
}
