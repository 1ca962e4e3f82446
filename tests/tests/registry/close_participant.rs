use anchor_lang::error::ErrorCode;
use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ParticipantClosed,
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{role, Member, TwoCommunities},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::{apply_again, approve_successor, event, replaced, APPLIED};

/// Someone who left, and whose index another has.
fn succeeded(communities: &mut TwoCommunities) -> Member {
    let left = communities.left_long_ago(role::CONSUMER);
    let successor = communities.applicant(role::CONSUMER);
    let own = &communities.own;
    let approved_at = communities.participant(&left).approved_at;
    let succeed = approve_successor(own, &successor, role::CONSUMER, (&left, approved_at));
    communities.govern(succeed);
    left
}

#[test]
fn given_one_without_an_index_when_it_closes_its_record_then_it_gets_its_rent_back() {
    let mut communities = TwoCommunities::new();
    let again = succeeded(&mut communities);
    let apply = apply_again(&communities.own, &again, role::CONSUMER);
    communities.chain.send(&[apply], &[&again.wallet]).unwrap();
    // With who has the index in the end: two who are there, and then one less for each who had applied.
    let members = [
        (communities.applicant(role::ALL), 4, 3),
        (succeeded(&mut communities), 3, 3),
        (again, 3, 2),
    ];
    for (member, before_it, after_it) in members {
        let rent = communities.chain.lamports(&member.participant);
        let before = communities.chain.lamports(&member.address());
        assert_eq!(communities.community().participants, before_it);
        let close = communities
            .own
            .close_participant(&member, &member.address(), None);

        let receipt = communities.chain.send(&[close], &[&member.wallet]).unwrap();

        assert!(communities.chain.data(&member.participant).is_empty());
        assert_eq!(communities.chain.lamports(&member.participant), 0);
        assert_eq!(communities.chain.lamports(&member.address()), before + rent);
        assert_eq!(communities.community().participants, after_it);
        assert_eq!(
            event(&receipt),
            RegistryEvent::ParticipantClosed(ParticipantClosed {
                community: communities.own.addresses.community,
                number: 0,
                wallet: member.address(),
                actor: member.address(),
            })
        );
    }
}

#[test]
fn given_a_debtor_when_it_closes_its_record_to_come_back_without_the_debt_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let back = communities.left(role::CONSUMER);
    let again = apply_again(&communities.own, &back, role::CONSUMER);
    communities.chain.send(&[again], &[&back.wallet]).unwrap();
    let authority = communities.own.authority.insecure_clone();
    let members = [
        ("active", communities.member(role::CONSUMER)),
        ("suspended", communities.suspended(role::CONSUMER)),
        ("left", communities.left(role::CONSUMER)),
        ("back", back),
    ];
    for (case, member) in members {
        for key in [&member.wallet, &authority] {
            let close = communities
                .own
                .close_participant(&member, &key.pubkey(), None);
            let reason = RegistryError::HasIndex;
            refused_when(case, &mut communities.chain, &close, &[key], reason);
        }
    }
}

#[test]
fn given_an_applicant_when_the_authority_or_an_operator_closes_it_then_the_rent_is_the_wallets() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let authority = communities.own.authority.insecure_clone();
    let acting = Some(operator.participant);
    for (key, acting) in [(&authority, None), (&operator.wallet, acting)] {
        // Roles that were only asked for protect nobody.
        let member = communities.applicant(role::ALL);
        let rent = communities.chain.lamports(&member.participant);
        let before = communities.chain.lamports(&member.address());
        let close = communities
            .own
            .close_participant(&member, &key.pubkey(), acting);
        communities.chain.send(&[close], &[key]).unwrap();
        assert_eq!(communities.chain.lamports(&member.address()), before + rent);
    }
    assert_eq!(communities.community().participants, 1);
}

#[test]
fn given_another_wallet_when_an_applicant_is_closed_then_the_rent_cannot_go_there() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let intruder = communities.member(role::OPERATOR);
    let acting = Some(intruder.participant);
    let good = communities
        .own
        .close_participant(&member, &intruder.address(), acting);
    for wrong in [
        intruder.address(),
        communities.own.authority.pubkey(),
        communities.own.addresses.community,
        member.participant,
    ] {
        let close = replaced(&good, &member.address(), &wrong);
        let reason = RegistryError::WrongWallet;
        refused(&mut communities.chain, &close, &[&intruder.wallet], reason);
    }
}

#[test]
fn given_the_wrong_community_when_an_applicant_is_closed_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let other_applicant = communities
        .other
        .applicant(&mut communities.chain, role::CONSUMER);
    let member = communities.applicant(role::CONSUMER);
    let own = &communities.own;
    let other = &communities.other;
    let calls = [
        (
            own.close_participant(&other_applicant, &other_applicant.address(), None),
            &other_applicant,
        ),
        (
            other.close_participant(&member, &member.address(), None),
            &member,
        ),
    ];
    for (close, member) in calls {
        let reason = RegistryError::WrongCommunity;
        refused(&mut communities.chain, &close, &[&member.wallet], reason);
    }
}

#[test]
fn given_a_closed_applicant_when_closed_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
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
fn given_one_transaction_when_an_applicant_is_closed_and_applies_then_nothing_of_before_is_left() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::ALL);
    let close = communities
        .own
        .close_participant(&member, &member.address(), None);
    let again = communities.own.apply(&member.address(), role::CONSUMER, 0);
    communities
        .chain
        .send(&[close, again], &[&member.wallet])
        .unwrap();
    let record = communities.participant(&member);
    assert_eq!((record.status, record.roles), (APPLIED, role::CONSUMER));
    assert_eq!(record.index, u16::MAX);
    assert_eq!(communities.community().participants, 1);
}

#[test]
fn given_anybody_else_when_they_close_an_applicant_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let place = communities.own.copy();
    let reason = RegistryError::NotPermitted;
    unauthorized::all_refused(&mut communities, role::OPERATOR, reason, |actor, acting| {
        place.close_participant(&member, actor, acting)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_closed_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.applicant(role::CONSUMER);
    let acting = Some(operator.participant);
    let close = communities
        .own
        .close_participant(&member, &operator.address(), acting);
    sweep(&mut communities.chain, &close, &[&operator.wallet]);
    assert_eq!(communities.chain.lamports(&member.participant), 0);
    let itself = communities.applicant(role::CONSUMER);
    let close = communities
        .own
        .close_participant(&itself, &itself.address(), None);
    sweep(&mut communities.chain, &close, &[&itself.wallet]);
    assert_eq!(communities.chain.lamports(&itself.participant), 0);
}
