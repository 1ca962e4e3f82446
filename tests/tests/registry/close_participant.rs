use anchor_lang::error::ErrorCode;
use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ParticipantClosed,
};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{role, Member, TwoCommunities},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{event, APPLIED};

fn suspended(communities: &mut TwoCommunities, roles: u16) -> Member {
    let member = communities.member(roles);
    communities.govern(
        communities
            .own
            .suspend(&member, &communities.own.authority.pubkey(), None),
    );
    member
}

#[test]
fn given_a_member_of_any_status_when_it_leaves_then_it_gets_its_rent_back() {
    let mut communities = TwoCommunities::new();
    let members = [
        (u16::MAX, communities.applicant(role::ALL)),
        (0, communities.member(role::ALL)),
        (1, suspended(&mut communities, role::ALL)),
    ];
    for (left, (index, member)) in members.into_iter().enumerate() {
        let rent = communities.chain.lamports(&member.participant);
        let before = communities.chain.lamports(&member.address());
        let close = communities
            .own
            .close_participant(&member, &member.address(), None);

        let receipt = communities.chain.send(&[close], &[&member.wallet]).unwrap();

        assert!(communities.chain.data(&member.participant).is_empty());
        assert_eq!(communities.chain.lamports(&member.participant), 0);
        assert_eq!(communities.chain.lamports(&member.address()), before + rent);
        assert_eq!(communities.community().participants as usize, 2 - left);
        assert_eq!(
            event(&receipt),
            RegistryEvent::ParticipantClosed(ParticipantClosed {
                community: communities.own.addresses.community,
                wallet: member.address(),
                actor: member.address(),
                index,
            })
        );
    }
    assert_eq!(communities.community().next_index, 2);
}

#[test]
fn given_a_member_who_is_not_active_when_the_authority_closes_it_then_the_rent_is_the_wallets() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.pubkey();
    for member in [
        communities.applicant(role::ALL),
        suspended(&mut communities, role::ALL),
    ] {
        let rent = communities.chain.lamports(&member.participant);
        let before = communities.chain.lamports(&member.address());
        communities.govern(communities.own.close_participant(&member, &authority, None));
        assert_eq!(communities.chain.lamports(&member.address()), before + rent);
    }
    assert_eq!(communities.community().participants, 0);
}

#[test]
fn given_an_operator_when_it_closes_a_member_then_only_without_privileged_roles() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    for privileged in role::PRIVILEGED {
        let member = suspended(&mut communities, privileged);
        let close = communities.own.close_participant(&member, &actor, acting);
        let reason = RegistryError::PrivilegedRoles;
        refused(&mut communities.chain, &close, &[&operator.wallet], reason);
    }
    // Roles that were only asked for protect nobody.
    let applicant = communities.applicant(role::ALL);
    let member = suspended(&mut communities, role::CONSUMER);
    for member in [applicant, member] {
        let close = communities.own.close_participant(&member, &actor, acting);
        communities
            .chain
            .send(&[close], &[&operator.wallet])
            .unwrap();
    }
}

#[test]
fn given_an_active_member_when_another_closes_it_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let operator = communities.member(role::OPERATOR);
    let authority = communities.own.authority.insecure_clone();
    let acting = Some(operator.participant);
    for (key, acting) in [(&authority, None), (&operator.wallet, acting)] {
        let close = communities
            .own
            .close_participant(&member, &key.pubkey(), acting);
        let reason = RegistryError::StillActive;
        refused(&mut communities.chain, &close, &[key], reason);
    }
}

#[test]
fn given_another_wallet_when_a_member_is_closed_then_the_rent_cannot_go_there() {
    let mut communities = TwoCommunities::new();
    let member = suspended(&mut communities, role::CONSUMER);
    let intruder = communities.member(role::OPERATOR);
    let good =
        communities
            .own
            .close_participant(&member, &intruder.address(), Some(intruder.participant));
    for wrong in [
        intruder.address(),
        communities.own.authority.pubkey(),
        communities.own.addresses.community,
        member.participant,
    ] {
        let mut close = good.clone();
        close.accounts[4].pubkey = wrong;
        let reason = RegistryError::WrongWallet;
        refused(&mut communities.chain, &close, &[&intruder.wallet], reason);
    }
}

#[test]
fn given_the_wrong_community_when_a_member_is_closed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let other_member = communities
        .other
        .admit(&mut communities.chain, role::CONSUMER);
    let member = communities.member(role::CONSUMER);
    let calls = [
        (
            communities
                .own
                .close_participant(&other_member, &other_member.address(), None),
            &other_member,
        ),
        (
            communities
                .other
                .close_participant(&member, &member.address(), None),
            &member,
        ),
    ];
    for (close, member) in calls {
        let reason = RegistryError::WrongCommunity;
        refused(&mut communities.chain, &close, &[&member.wallet], reason);
    }
}

#[test]
fn given_a_closed_member_when_closed_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let close = communities
        .own
        .close_participant(&member, &member.address(), None);
    communities
        .chain
        .send(std::slice::from_ref(&close), &[&member.wallet])
        .unwrap();
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refused(&mut communities.chain, &close, &[&member.wallet], reason);
}

#[test]
fn given_one_transaction_when_a_member_is_closed_and_its_address_funded_then_it_is_gone() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::ALL);
    let close = communities
        .own
        .close_participant(&member, &member.address(), None);
    let again = communities.own.apply(&member.address(), role::CONSUMER, 0);
    communities
        .chain
        .send(&[close, again], &[&member.wallet])
        .unwrap();
    // A record of before would be active, with every role.
    let record = communities.participant(&member);
    assert_eq!((record.status, record.roles), (APPLIED, role::CONSUMER));
    assert_eq!(record.index, u16::MAX);
}

#[test]
fn given_anybody_else_when_they_close_a_member_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let members = [
        suspended(&mut communities, role::CONSUMER),
        communities.applicant(role::CONSUMER),
        communities.member(role::CONSUMER),
    ];
    let place = communities.own.copy();
    for member in members {
        let reason = RegistryError::NotPermitted;
        unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
            place.close_participant(&member, actor, acting)
        });
    }
}

#[test]
fn given_hostile_data_and_accounts_when_closed_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = suspended(&mut communities, role::CONSUMER);
    let acting = Some(operator.participant);
    let close = communities
        .own
        .close_participant(&member, &operator.address(), acting);
    sweep(&mut communities.chain, &close, &[&operator.wallet]);
    assert_eq!(communities.chain.lamports(&member.participant), 0);
    let itself = communities
        .own
        .close_participant(&operator, &operator.address(), None);
    sweep(&mut communities.chain, &itself, &[&operator.wallet]);
    assert_eq!(communities.chain.lamports(&operator.participant), 0);
}
