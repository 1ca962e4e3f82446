use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ParticipantLeft,
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{pause, role, Member, TwoCommunities, NOW},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{apply_again, event, LEFT};

/// Someone who left and has applied again.
fn back(communities: &mut TwoCommunities, roles: u16) -> Member {
    let member = communities.left(role::CONSUMER);
    let again = apply_again(&communities.own, &member, roles);
    communities.chain.send(&[again], &[&member.wallet]).unwrap();
    member
}

#[test]
fn given_one_with_an_index_when_it_leaves_then_its_record_stays_without_roles() {
    let mut communities = TwoCommunities::new();
    let members = [
        communities.member(role::ALL),
        communities.suspended(role::ALL),
        back(&mut communities, role::ALL),
    ];
    for (index, member) in (0..).zip(members) {
        communities.chain.set_time(NOW + 60);
        let lamports = communities.chain.lamports(&member.participant);
        let mut expected = communities.participant(&member);
        let leave = communities.own.leave(&member, &member.address(), None);

        let receipt = communities.chain.send(&[leave], &[&member.wallet]).unwrap();

        (expected.status, expected.roles) = (LEFT, 0);
        expected.changed_at = NOW + 60;
        // Who is turned down had left before.
        if expected.left_at == 0 {
            expected.left_at = NOW + 60;
        }
        assert_eq!(communities.participant(&member), expected);
        assert_eq!(expected.index, index);
        assert_eq!(communities.chain.lamports(&member.participant), lamports);
        let left = u32::from(index) + 1;
        assert_eq!(communities.community().participants, 3 - left);
        assert_eq!(
            event(&receipt),
            RegistryEvent::ParticipantLeft(ParticipantLeft {
                community: communities.own.addresses.community,
                number: 0,
                wallet: member.address(),
                actor: member.address(),
                index,
                generation: 0,
            })
        );
    }
    assert_eq!(communities.community().next_index, 3);
}

#[test]
fn given_one_who_is_not_active_when_the_authority_or_an_operator_removes_it_then_it_has_left() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let authority = communities.own.authority.insecure_clone();
    let acting = Some(operator.participant);
    for (key, acting) in [(&authority, None), (&operator.wallet, acting)] {
        // Roles that were only asked for protect nobody.
        for member in [
            communities.suspended(role::CONSUMER),
            back(&mut communities, role::ALL),
        ] {
            let leave = communities.own.leave(&member, &key.pubkey(), acting);
            communities.chain.send(&[leave], &[key]).unwrap();
            assert_eq!(communities.participant(&member).status, LEFT);
        }
    }
    assert_eq!(communities.community().participants, 1);
}

#[test]
fn given_a_privileged_role_when_an_operator_removes_its_bearer_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let acting = Some(operator.participant);
    for privileged in role::PRIVILEGED {
        for member in [
            communities.suspended(privileged),
            communities.member(privileged),
        ] {
            let leave = communities.own.leave(&member, &operator.address(), acting);
            let reason = RegistryError::PrivilegedRoles;
            refused(&mut communities.chain, &leave, &[&operator.wallet], reason);
        }
    }
    let member = communities.suspended(role::VERIFIER);
    let authority = communities.own.authority.pubkey();
    communities.govern(communities.own.leave(&member, &authority, None));
    assert_eq!(communities.participant(&member).status, LEFT);
}

#[test]
fn given_an_active_participant_when_another_removes_it_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let operator = communities.member(role::OPERATOR);
    let authority = communities.own.authority.insecure_clone();
    let acting = Some(operator.participant);
    for (key, acting) in [(&authority, None), (&operator.wallet, acting)] {
        let leave = communities.own.leave(&member, &key.pubkey(), acting);
        let reason = RegistryError::StillActive;
        refused(&mut communities.chain, &leave, &[key], reason);
    }
}

#[test]
fn given_an_applicant_who_was_never_approved_when_it_leaves_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let leave = communities.own.leave(&member, &member.address(), None);
    let reason = RegistryError::NotApproved;
    refused(&mut communities.chain, &leave, &[&member.wallet], reason);
}

#[test]
fn given_one_who_left_when_it_leaves_again_then_it_is_counted_once() {
    let mut communities = TwoCommunities::new();
    communities.member(role::CONSUMER);
    let member = communities.left(role::CONSUMER);
    let authority = communities.own.authority.insecure_clone();
    for key in [&member.wallet, &authority] {
        let leave = communities.own.leave(&member, &key.pubkey(), None);
        let reason = RegistryError::HasLeft;
        refused(&mut communities.chain, &leave, &[key], reason);
    }
    assert_eq!(communities.community().participants, 1);
}

#[test]
fn given_the_wrong_community_when_one_leaves_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let other_member = communities
        .other
        .admit(&mut communities.chain, role::CONSUMER);
    let member = communities.member(role::CONSUMER);
    let own = &communities.own;
    let other = &communities.other;
    let calls = [
        (
            "theirs",
            own.leave(&other_member, &other_member.address(), None),
            &other_member,
        ),
        (
            "ours",
            other.leave(&member, &member.address(), None),
            &member,
        ),
    ];
    for (case, leave, member) in calls {
        let reason = RegistryError::WrongCommunity;
        let signers = [&member.wallet];
        refused_when(case, &mut communities.chain, &leave, &signers, reason);
    }
}

#[test]
fn given_everything_paused_when_one_leaves_then_nothing_stops_it() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    communities.pause(*pause::STATES.end());
    let leave = communities.own.leave(&member, &member.address(), None);
    communities.chain.send(&[leave], &[&member.wallet]).unwrap();
    assert_eq!(communities.participant(&member).status, LEFT);
}

#[test]
fn given_anybody_else_when_they_remove_a_participant_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let members = [
        communities.suspended(role::CONSUMER),
        communities.member(role::CONSUMER),
        back(&mut communities, role::CONSUMER),
    ];
    let place = communities.own.copy();
    for member in members {
        let reason = RegistryError::NotPermitted;
        unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
            place.leave(&member, actor, acting)
        });
    }
}

#[test]
fn given_hostile_data_and_accounts_when_one_leaves_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.suspended(role::CONSUMER);
    let acting = Some(operator.participant);
    let remove = communities.own.leave(&member, &operator.address(), acting);
    sweep(&mut communities.chain, &remove, &[&operator.wallet]);
    assert_eq!(communities.participant(&member).status, LEFT);
    let leave = communities.own.leave(&operator, &operator.address(), None);
    sweep(&mut communities.chain, &leave, &[&operator.wallet]);
    assert_eq!(communities.participant(&operator).status, LEFT);
}
