//! How many applicants operators may approve.

use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ApprovalsChanged,
};
use joulebook_sim::{Failure, Receipt};
use joulebook_tests::{
    hostile::sweep,
    refused::refused,
    two_communities::{role, Member, TwoCommunities},
};
use solana_instruction::Instruction;
use solana_signer::Signer;

use crate::support::{apply_again, event, set_approvals, signed_by};

/// By which `operator` approves `member` as a consumer.
fn approval(communities: &TwoCommunities, operator: &Member, member: &Member) -> Instruction {
    let acting = Some(operator.participant);
    communities
        .own
        .approve(member, &operator.address(), acting, role::CONSUMER)
}

fn approve(
    communities: &mut TwoCommunities,
    operator: &Member,
    member: &Member,
) -> Result<Receipt, Failure> {
    let approval = approval(communities, operator, member);
    communities.chain.send(&[approval], &[&operator.wallet])
}

#[test]
fn given_the_authority_when_it_sets_the_approvals_then_there_are_so_many() {
    let mut communities = TwoCommunities::new();
    assert_eq!(communities.community().approvals, 0);
    for approvals in [7, u16::MAX, 0] {
        let receipt = communities.govern(set_approvals(&communities.own, approvals));
        assert_eq!(communities.community().approvals, approvals);
        assert_eq!(
            event(&receipt),
            RegistryEvent::ApprovalsChanged(ApprovalsChanged {
                community: communities.own.addresses.community,
                number: 0,
                approvals,
            })
        );
    }
}

#[test]
fn given_a_stolen_operators_key_when_it_burns_indices_then_no_more_than_the_approvals_go() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    communities.govern(set_approvals(&communities.own, 3));
    for burnt in 1..=3 {
        let wallet = communities.applicant(role::CONSUMER);
        approve(&mut communities, &operator, &wallet).unwrap();
        let community = communities.community();
        assert_eq!(community.next_index, 1 + burnt);
        assert_eq!(community.approvals, 3 - burnt);
        // Neither does a wallet that goes make room for another.
        let leave = communities.own.leave(&wallet, &wallet.address(), None);
        communities.chain.send(&[leave], &[&wallet.wallet]).unwrap();
    }
    let one_more = communities.applicant(role::CONSUMER);
    let approval = approval(&communities, &operator, &one_more);
    let reason = RegistryError::NoApprovalsLeft;
    refused(
        &mut communities.chain,
        &approval,
        &[&operator.wallet],
        reason,
    );
    assert_eq!(communities.community().next_index, 4);
}

#[test]
fn given_a_new_community_when_an_operator_approves_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.applicant(role::CONSUMER);
    let approval = approval(&communities, &operator, &member);
    let reason = RegistryError::NoApprovalsLeft;
    refused(
        &mut communities.chain,
        &approval,
        &[&operator.wallet],
        reason,
    );
}

#[test]
fn given_no_approvals_left_when_the_authority_sets_more_then_operators_go_on() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    for _ in 0..2 {
        communities.govern(set_approvals(&communities.own, 1));
        let member = communities.applicant(role::CONSUMER);
        approve(&mut communities, &operator, &member).unwrap();
        assert_eq!(communities.community().approvals, 0);
    }
}

#[test]
fn given_any_number_of_approvals_when_the_authority_approves_then_it_uses_none_of_them() {
    let mut communities = TwoCommunities::new();
    for approvals in [0, 2] {
        communities.govern(set_approvals(&communities.own, approvals));
        communities.member(role::CONSUMER);
        assert_eq!(communities.community().approvals, approvals);
    }
}

#[test]
fn given_one_who_comes_back_when_an_operator_approves_it_then_an_approval_goes_and_no_index() {
    let mut communities = TwoCommunities::new();
    let operator = communities.member(role::OPERATOR);
    let member = communities.left(role::CONSUMER);
    communities.govern(set_approvals(&communities.own, 1));
    let again = apply_again(&communities.own, &member, role::CONSUMER);
    communities.chain.send(&[again], &[&member.wallet]).unwrap();

    approve(&mut communities, &operator, &member).unwrap();

    assert_eq!(communities.participant(&member).index, 1);
    let community = communities.community();
    assert_eq!((community.approvals, community.next_index), (0, 2));
}

#[test]
fn given_anybody_else_when_they_set_the_approvals_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let good = set_approvals(&communities.own, 9);
    let operator = communities.member(role::ALL).wallet;
    let foreign = communities.other.authority.insecure_clone();
    for key in [operator, foreign] {
        let set = signed_by(&good, &key.pubkey());
        let reason = RegistryError::NotAuthority;
        refused(&mut communities.chain, &set, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_the_approvals_are_set_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let set = set_approvals(&communities.own, 9);
    sweep(&mut communities.chain, &set, &[&authority]);
    assert_eq!(communities.community().approvals, 9);
}
