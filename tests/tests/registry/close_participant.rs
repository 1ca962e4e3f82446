use anchor_lang::error::ErrorCode;
use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::ParticipantClosed,
};
use joulebook_tests::{
    hostile::sweep,
    impostors,
    refused::refused,
    stage::{role, Member, Stage},
};
use solana_signer::Signer;

use crate::support::{event, APPLIED};

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
fn given_a_member_of_any_status_when_it_leaves_then_it_gets_its_rent_back() {
    let mut stage = Stage::new();
    let members = [
        (u16::MAX, stage.applicant(role::ALL)),
        (0, stage.member(role::ALL)),
        (1, suspended(&mut stage, role::ALL)),
    ];
    for (left, (index, member)) in members.into_iter().enumerate() {
        let rent = stage.chain.lamports(&member.participant);
        let before = stage.chain.lamports(&member.address());
        let close = stage
            .here
            .close_participant(&member, &member.address(), None);

        let receipt = stage.chain.send(&[close], &[&member.wallet]).unwrap();

        assert!(stage.chain.data(&member.participant).is_empty());
        assert_eq!(stage.chain.lamports(&member.participant), 0);
        assert_eq!(stage.chain.lamports(&member.address()), before + rent);
        assert_eq!(stage.community().participants as usize, 2 - left);
        assert_eq!(
            event(&receipt),
            RegistryEvent::ParticipantClosed(ParticipantClosed {
                community: stage.here.community,
                wallet: member.address(),
                actor: member.address(),
                index,
            })
        );
    }
    assert_eq!(stage.community().next_index, 2);
}

#[test]
fn given_a_member_who_is_not_active_when_the_authority_closes_it_then_the_rent_is_the_wallets() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.pubkey();
    for member in [stage.applicant(role::ALL), suspended(&mut stage, role::ALL)] {
        let rent = stage.chain.lamports(&member.participant);
        let before = stage.chain.lamports(&member.address());
        stage.govern(stage.here.close_participant(&member, &authority, None));
        assert_eq!(stage.chain.lamports(&member.address()), before + rent);
    }
    assert_eq!(stage.community().participants, 0);
}

#[test]
fn given_an_operator_when_it_closes_a_member_then_only_without_privileged_roles() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let (actor, acting) = (operator.address(), Some(operator.participant));
    for privileged in role::PRIVILEGED {
        let member = suspended(&mut stage, privileged);
        let close = stage.here.close_participant(&member, &actor, acting);
        let reason = RegistryError::PrivilegedRoles;
        refused(&mut stage.chain, &close, &[&operator.wallet], reason);
    }
    // Roles that were only asked for protect nobody.
    let applicant = stage.applicant(role::ALL);
    let member = suspended(&mut stage, role::CONSUMER);
    for member in [applicant, member] {
        let close = stage.here.close_participant(&member, &actor, acting);
        stage.chain.send(&[close], &[&operator.wallet]).unwrap();
    }
}

#[test]
fn given_an_active_member_when_another_closes_it_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let operator = stage.member(role::OPERATOR);
    let authority = stage.here.authority.insecure_clone();
    let acting = Some(operator.participant);
    for (key, acting) in [(&authority, None), (&operator.wallet, acting)] {
        let close = stage.here.close_participant(&member, &key.pubkey(), acting);
        let reason = RegistryError::StillActive;
        refused(&mut stage.chain, &close, &[key], reason);
    }
}

#[test]
fn given_another_wallet_when_a_member_is_closed_then_the_rent_cannot_go_there() {
    let mut stage = Stage::new();
    let member = suspended(&mut stage, role::CONSUMER);
    let thief = stage.member(role::OPERATOR);
    let good = stage
        .here
        .close_participant(&member, &thief.address(), Some(thief.participant));
    for wrong in [
        thief.address(),
        stage.here.authority.pubkey(),
        stage.here.community,
        member.participant,
    ] {
        let mut close = good.clone();
        close.accounts[2].pubkey = wrong;
        let reason = RegistryError::WrongWallet;
        refused(&mut stage.chain, &close, &[&thief.wallet], reason);
    }
}

#[test]
fn given_the_wrong_community_when_a_member_is_closed_then_it_is_refused() {
    let mut stage = Stage::new();
    let foreigner = stage.elsewhere.admit(&mut stage.chain, role::CONSUMER);
    let member = stage.member(role::CONSUMER);
    let calls = [
        (
            stage
                .here
                .close_participant(&foreigner, &foreigner.address(), None),
            &foreigner,
        ),
        (
            stage
                .elsewhere
                .close_participant(&member, &member.address(), None),
            &member,
        ),
    ];
    for (close, member) in calls {
        let reason = RegistryError::WrongCommunity;
        refused(&mut stage.chain, &close, &[&member.wallet], reason);
    }
}

#[test]
fn given_a_closed_member_when_closed_again_then_it_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let close = stage
        .here
        .close_participant(&member, &member.address(), None);
    stage
        .chain
        .send(std::slice::from_ref(&close), &[&member.wallet])
        .unwrap();
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refused(&mut stage.chain, &close, &[&member.wallet], reason);
}

#[test]
fn given_one_transaction_when_a_member_is_closed_and_its_address_funded_then_it_is_gone() {
    let mut stage = Stage::new();
    let member = stage.member(role::ALL);
    let close = stage
        .here
        .close_participant(&member, &member.address(), None);
    let again = stage.here.apply(&member.address(), role::CONSUMER, 0);
    stage
        .chain
        .send(&[close, again], &[&member.wallet])
        .unwrap();
    // A record of before would be active, with every role.
    let record = stage.participant(&member);
    assert_eq!((record.status, record.roles), (APPLIED, role::CONSUMER));
    assert_eq!(record.index, u16::MAX);
}

#[test]
fn given_anybody_else_when_they_close_a_member_then_it_is_refused() {
    let mut stage = Stage::new();
    let members = [
        suspended(&mut stage, role::CONSUMER),
        stage.applicant(role::CONSUMER),
        stage.member(role::CONSUMER),
    ];
    let place = stage.here.copy();
    for member in members {
        let reason = RegistryError::NotPermitted;
        impostors::all_refused(&mut stage, role::OPERATOR, reason, |actor, acting| {
            place.close_participant(&member, actor, acting)
        });
    }
}

#[test]
fn given_hostile_data_and_accounts_when_closed_then_each_is_refused() {
    let mut stage = Stage::new();
    let operator = stage.member(role::OPERATOR);
    let member = suspended(&mut stage, role::CONSUMER);
    let acting = Some(operator.participant);
    let close = stage
        .here
        .close_participant(&member, &operator.address(), acting);
    sweep(&mut stage.chain, &close, &[&operator.wallet]);
    assert_eq!(stage.chain.lamports(&member.participant), 0);
    let itself = stage
        .here
        .close_participant(&operator, &operator.address(), None);
    sweep(&mut stage.chain, &itself, &[&operator.wallet]);
    assert_eq!(stage.chain.lamports(&operator.participant), 0);
}
