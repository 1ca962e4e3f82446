use joulebook_client::{
    instructions::Application,
    layout::registry::Participant,
    registry::{errors::RegistryError, events::RegistryEvent, types::ParticipantApproved},
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{pause, role, Member, TwoCommunities, NOW},
};
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::support::{alter, apply_again, approve_successor, event, signed_by, ACTIVE, LEFT};

/// Someone who left, with index 0, and someone who has applied as a consumer.
fn left_and_applicant(communities: &mut TwoCommunities) -> (Member, Member) {
    let left = communities.left_long_ago(role::CONSUMER);
    (left, communities.applicant(role::CONSUMER))
}

fn succeed(communities: &TwoCommunities, member: &Member, predecessor: &Member) -> Instruction {
    let approved_at = communities.participant(predecessor).approved_at;
    let predecessor = (predecessor, approved_at);
    approve_successor(&communities.own, member, role::CONSUMER, predecessor)
}

#[track_caller]
fn refuse(communities: &mut TwoCommunities, call: &Instruction, reason: RegistryError) {
    let authority = communities.own.authority.insecure_clone();
    refused(&mut communities.chain, call, &[&authority], reason);
}

#[test]
fn given_one_who_left_when_another_succeeds_it_then_under_its_index_in_the_next_generation() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let later = communities.chain.now() + 60;
    communities.chain.set_time(later);

    let receipt = communities.govern(succeed(&communities, &member, &left));

    let record = communities.participant(&member);
    assert_eq!((record.index, record.generation), (0, 1));
    assert_eq!((record.status, record.roles), (ACTIVE, role::CONSUMER));
    assert_eq!((record.approved_at, record.changed_at), (later, later));
    let record = communities.participant(&left);
    assert_eq!((record.index, record.generation), (u16::MAX, 0));
    assert_eq!((record.status, record.roles), (LEFT, 0));
    let community = communities.community();
    assert_eq!((community.next_index, community.participants), (1, 1));
    assert_eq!(community.approvals, 0);
    assert_eq!(
        event(&receipt),
        RegistryEvent::ParticipantApproved(ParticipantApproved {
            community: communities.own.addresses.community,
            number: 0,
            wallet: member.address(),
            actor: communities.own.authority.pubkey(),
            predecessor: Some(left.address()),
            index: 0,
            generation: 1,
            roles: role::CONSUMER,
        })
    );
}

#[test]
fn given_an_index_when_one_after_the_other_has_it_then_no_generation_comes_twice() {
    let mut communities = TwoCommunities::new();
    let mut before = communities.left_long_ago(role::CONSUMER);
    for generation in 1..=3 {
        let member = communities.applicant(role::CONSUMER);
        communities.govern(succeed(&communities, &member, &before));
        let record = communities.participant(&member);
        assert_eq!((record.index, record.generation), (0, generation));
        let leave = communities.own.leave(&member, &member.address(), None);
        communities.chain.send(&[leave], &[&member.wallet]).unwrap();
        communities.pass_succession_notice();
        before = member;
    }
}

#[test]
fn given_one_back_in_a_generation_when_it_is_approved_then_it_keeps_that_too() {
    let mut communities = TwoCommunities::new();
    let (first, second) = left_and_applicant(&mut communities);
    communities.govern(succeed(&communities, &second, &first));
    let leave = communities.own.leave(&second, &second.address(), None);
    let again = apply_again(&communities.own, &second, role::CONSUMER);
    communities
        .chain
        .send(&[leave, again], &[&second.wallet])
        .unwrap();
    let authority = communities.own.authority.pubkey();
    let roles = role::CONSUMER;
    communities.govern(communities.own.approve(&second, &authority, None, roles));
    let record = communities.participant(&second);
    assert_eq!((record.index, record.generation), (0, 1));
}

#[test]
fn given_the_last_generation_when_another_is_to_succeed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let last = |record: &mut Participant| record.generation = u16::MAX;
    alter(&mut communities.chain, &left.participant, last);
    let succeed = succeed(&communities, &member, &left);
    refuse(&mut communities, &succeed, RegistryError::Overflow);
}

#[test]
fn given_one_who_has_not_left_when_another_is_to_succeed_it_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let back = communities.left_long_ago(role::CONSUMER);
    let again = apply_again(&communities.own, &back, role::CONSUMER);
    communities.chain.send(&[again], &[&back.wallet]).unwrap();
    for predecessor in [
        communities.applicant(role::CONSUMER),
        communities.member(role::CONSUMER),
        communities.suspended(role::CONSUMER),
        back,
    ] {
        let succeed = succeed(&communities, &member, &predecessor);
        refuse(&mut communities, &succeed, RegistryError::NotLeft);
    }
}

#[test]
fn given_one_who_was_succeeded_when_another_is_to_succeed_it_too_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, first) = left_and_applicant(&mut communities);
    let second = communities.applicant(role::CONSUMER);
    communities.govern(succeed(&communities, &first, &left));
    let succeed = succeed(&communities, &second, &left);
    refuse(&mut communities, &succeed, RegistryError::NoIndex);
}

#[test]
fn given_an_applicant_with_an_index_of_its_own_when_it_is_to_succeed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let left = communities.left_long_ago(role::CONSUMER);
    let debtor = communities.left_long_ago(role::CONSUMER);
    let again = apply_again(&communities.own, &debtor, role::CONSUMER);
    communities.chain.send(&[again], &[&debtor.wallet]).unwrap();
    let succeed = succeed(&communities, &debtor, &left);
    refuse(&mut communities, &succeed, RegistryError::HasIndex);
    assert_eq!(communities.participant(&debtor).index, 1);
}

#[test]
fn given_a_debtor_back_for_a_while_after_the_look_at_its_seat_when_succeeded_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (debtor, member) = left_and_applicant(&mut communities);
    // Made when the seat was empty, and waiting for the signatures of others.
    let succeed = succeed(&communities, &member, &debtor);

    let later = communities.chain.now() + 60;
    communities.chain.set_time(later);
    let again = apply_again(&communities.own, &debtor, role::CONSUMER);
    communities.chain.send(&[again], &[&debtor.wallet]).unwrap();
    let authority = communities.own.authority.pubkey();
    let roles = role::CONSUMER;
    communities.govern(communities.own.approve(&debtor, &authority, None, roles));
    let leave = communities.own.leave(&debtor, &debtor.address(), None);
    communities.chain.send(&[leave], &[&debtor.wallet]).unwrap();

    refuse(
        &mut communities,
        &succeed,
        RegistryError::PredecessorChanged,
    );
}

#[test]
fn given_one_who_applies_again_to_hold_its_successor_up_when_turned_down_then_it_cannot() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let later = communities.chain.now() + 60;
    communities.chain.set_time(later);
    let again = apply_again(&communities.own, &left, role::CONSUMER);
    communities.chain.send(&[again], &[&left.wallet]).unwrap();

    let authority = communities.own.authority.insecure_clone();
    let turn_down = communities.own.leave(&left, &authority.pubkey(), None);
    let succeed = succeed(&communities, &member, &left);
    communities
        .chain
        .send(&[turn_down, succeed], &[&authority])
        .unwrap();
    assert_eq!(communities.participant(&member).index, 0);
}

#[test]
fn given_no_applicant_when_it_is_to_succeed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let left = communities.left_long_ago(role::CONSUMER);
    for member in [
        communities.member(role::CONSUMER),
        communities.suspended(role::CONSUMER),
        communities.left_long_ago(role::CONSUMER),
    ] {
        let succeed = succeed(&communities, &member, &left);
        refuse(&mut communities, &succeed, RegistryError::NotApplied);
    }
}

#[test]
fn given_another_application_than_reviewed_when_it_is_to_succeed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let authority = communities.own.authority.pubkey();
    let right = Application::for_roles(role::CONSUMER);
    for wrong in [
        Application {
            zone: 1,
            ..right.clone()
        },
        Application {
            balancing_group: 1,
            ..right.clone()
        },
        Application {
            identity_hash: [1; 32],
            ..right.clone()
        },
    ] {
        let (wallet, predecessor) = (member.address(), left.address());
        let succeed = communities.own.addresses.approve_successor(
            authority,
            &wallet,
            role::CONSUMER,
            &wrong,
            (&predecessor, NOW),
        );
        refuse(
            &mut communities,
            &succeed,
            RegistryError::ApplicationChanged,
        );
    }
}

#[test]
fn given_roles_that_cannot_be_when_one_succeeds_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    for (roles, reason) in [
        (0, RegistryError::RolesInvalid),
        (1 << 8, RegistryError::RolesInvalid),
        (
            role::EMERGENCY | role::PRODUCER,
            RegistryError::EmergencyCannotTrade,
        ),
    ] {
        let approved_at = communities.participant(&left).approved_at;
        let predecessor = (&left, approved_at);
        let succeed = approve_successor(&communities.own, &member, roles, predecessor);
        refuse(&mut communities, &succeed, reason);
    }
}

#[test]
fn given_any_pause_when_one_succeeds_then_only_that_of_registration_stops_it() {
    let mut communities = TwoCommunities::new();
    for paused in pause::STATES {
        communities.pause(0);
        let (left, member) = left_and_applicant(&mut communities);
        communities.pause(paused);
        let succeed = succeed(&communities, &member, &left);
        if paused & pause::REGISTRATION == 0 {
            communities.govern(succeed);
        } else {
            refuse(
                &mut communities,
                &succeed,
                RegistryError::RegistrationPaused,
            );
        }
    }
}

#[test]
fn given_participants_of_another_community_when_one_succeeds_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let TwoCommunities { chain, other, .. } = &mut communities;
    let other_left = other.admit(chain, role::CONSUMER);
    let leave = other.leave(&other_left, &other_left.address(), None);
    chain.send(&[leave], &[&other_left.wallet]).unwrap();
    let other_applicant = other.applicant(chain, role::CONSUMER);
    for succeed in [
        succeed(&communities, &member, &other_left),
        succeed(&communities, &other_applicant, &left),
    ] {
        refuse(&mut communities, &succeed, RegistryError::WrongCommunity);
    }
}

#[test]
fn given_one_participant_as_both_when_it_succeeds_itself_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    for (both, reason) in [
        (left, RegistryError::NotApplied),
        (member, RegistryError::NotLeft),
    ] {
        let succeed = succeed(&communities, &both, &both);
        refuse(&mut communities, &succeed, reason);
    }
}

#[test]
fn given_anybody_but_the_authority_when_it_hands_an_index_on_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let good = succeed(&communities, &member, &left);
    let operator = communities.member(role::ALL).wallet;
    let foreign = communities.other.authority.insecure_clone();
    let keys = [
        ("an operator", operator),
        ("a foreign authority", foreign),
        ("who left", left.wallet),
        ("the applicant", member.wallet),
    ];
    for (case, key) in keys {
        let succeed = signed_by(&good, &key.pubkey());
        let reason = RegistryError::NotAuthority;
        refused_when(case, &mut communities.chain, &succeed, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_one_succeeds_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let authority = communities.own.authority.insecure_clone();
    let succeed = succeed(&communities, &member, &left);
    sweep(&mut communities.chain, &succeed, &[&authority]);
    let record = communities.participant(&member);
    assert_eq!((record.index, record.generation), (0, 1));
}

#[test]
fn given_privileged_roles_when_the_authority_approves_a_successor_then_it_has_them() {
    let mut communities = TwoCommunities::new();
    let (left, member) = left_and_applicant(&mut communities);
    let approved_at = communities.participant(&left).approved_at;
    communities.govern(approve_successor(
        &communities.own,
        &member,
        role::ALL,
        (&left, approved_at),
    ));
    assert_eq!(communities.participant(&member).roles, role::ALL);
}

/// The authority could otherwise put an accomplice on the row of somebody whose seat is open, and let its meters be billed to it.
#[test]
fn given_one_who_left_lately_when_another_is_to_succeed_it_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let left = communities.left(role::CONSUMER);
    let member = communities.applicant(role::CONSUMER);
    let succeed = succeed(&communities, &member, &left);
    communities.pass_succession_notice();
    let over = communities.chain.now();
    communities.chain.set_time(over - 1);
    refuse(&mut communities, &succeed, RegistryError::LeftLately);
    communities.chain.set_time(over);
    communities.govern(succeed);
}
