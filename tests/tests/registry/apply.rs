use anchor_lang::error::ErrorCode;
use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::registry::{Participant, Preferences},
    registry::{
        errors::RegistryError,
        events::RegistryEvent,
        instructions::{Apply, ApplyInstructionArgs},
        types::ParticipantApplied,
    },
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when, ALREADY_IN_USE, TOO_POOR},
    two_communities::{funded, pause, role, TwoCommunities, NOW},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::support::{event, replaced, APPLIED};

#[test]
fn given_a_wallet_when_it_applies_then_it_waits_for_approval() {
    let mut communities = TwoCommunities::new();
    let wallet = funded(&mut communities.chain);
    let participant = communities.own.record_of(&wallet.pubkey());
    let apply = Apply {
        community: communities.own.addresses.community,
        participant,
        wallet: wallet.pubkey(),
        system_program: SYSTEM_PROGRAM,
    }
    .instruction(ApplyInstructionArgs {
        roles: role::ALL,
        zone: 1,
        balancing_group: 12,
        identity_hash: [3; 32],
        preferences: Preferences {
            local_premium: 20_000,
            sources: 6,
            reserved: u16::MAX,
        },
    });

    let receipt = communities.chain.send(&[apply], &[&wallet]).unwrap();

    let record = Participant::from_bytes(&communities.chain.data(&participant)).unwrap();
    assert_eq!(record.community, communities.own.addresses.community);
    assert_eq!(record.wallet, wallet.pubkey());
    assert_eq!(record.identity_hash, [3; 32]);
    assert_eq!((record.applied_at, record.changed_at), (NOW, NOW));
    assert_eq!(record.approved_at, 0);
    assert_eq!((record.index, record.status), (u16::MAX, APPLIED));
    assert_eq!(record.generation, 0);
    assert_eq!(
        (record.roles, record.zone, record.balancing_group),
        (role::ALL, 1, 12)
    );
    let wishes = Preferences {
        local_premium: 20_000,
        sources: 6,
        reserved: 0,
    };
    assert_eq!(record.preferences, wishes);
    assert_eq!(communities.community().participants, 1);
    assert_eq!(communities.community().next_index, 0);
    assert_eq!(
        event(&receipt),
        RegistryEvent::ParticipantApplied(ParticipantApplied {
            community: communities.own.addresses.community,
            number: 0,
            wallet: wallet.pubkey(),
            identity_hash: [3; 32],
            index: u16::MAX,
            roles: role::ALL,
            balancing_group: 12,
            zone: 1,
        })
    );
}

#[test]
fn given_no_roles_or_unknown_ones_when_applied_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let wallet = funded(&mut communities.chain);
    for roles in [0, 1 << 8, role::CONSUMER | 1 << 15, u16::MAX] {
        let apply = communities.own.apply(&wallet.pubkey(), roles, 0);
        let reason = RegistryError::RolesInvalid;
        refused(&mut communities.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_emergency_beside_a_role_that_trades_when_applied_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let wallet = funded(&mut communities.chain);
    for trading in role::TRADING {
        let roles = role::EMERGENCY | trading;
        let apply = communities.own.apply(&wallet.pubkey(), roles, 0);
        let reason = RegistryError::EmergencyCannotTrade;
        refused(&mut communities.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_no_such_zone_when_applied_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let wallet = funded(&mut communities.chain);
    for zone in [2, 16, u8::MAX] {
        let apply = communities
            .own
            .apply(&wallet.pubkey(), role::CONSUMER, zone);
        let reason = RegistryError::NoSuchZone;
        refused(&mut communities.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_any_pause_when_applied_then_only_that_of_registration_stops_it() {
    let mut communities = TwoCommunities::new();
    for paused in pause::STATES {
        communities.pause(paused);
        let wallet = funded(&mut communities.chain);
        let apply = communities.own.apply(&wallet.pubkey(), role::CONSUMER, 0);
        if paused & pause::REGISTRATION == 0 {
            communities.chain.send(&[apply], &[&wallet]).unwrap();
        } else {
            let reason = RegistryError::RegistrationPaused;
            refused(&mut communities.chain, &apply, &[&wallet], reason);
        }
    }
}

#[test]
fn given_an_application_when_the_wallet_applies_again_then_the_first_one_stays() {
    let mut communities = TwoCommunities::new();
    let member = communities.applicant(role::CONSUMER);
    let again = communities.own.apply(&member.address(), role::ALL, 1);
    refused(
        &mut communities.chain,
        &again,
        &[&member.wallet],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_one_who_left_when_it_applies_as_if_anew_then_its_record_stays() {
    let mut communities = TwoCommunities::new();
    let left = communities.left(role::CONSUMER);
    let anew = communities.own.apply(&left.address(), role::CONSUMER, 0);
    refused(
        &mut communities.chain,
        &anew,
        &[&left.wallet],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_a_member_here_when_it_applies_elsewhere_then_it_has_two_records() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::CONSUMER);
    let apply = communities
        .other
        .apply(&member.address(), role::PRODUCER, 0);
    communities.chain.send(&[apply], &[&member.wallet]).unwrap();
    assert_eq!(communities.participant(&member).roles, role::CONSUMER);
}

#[test]
fn given_another_wallets_or_communitys_address_when_applied_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let wallet = funded(&mut communities.chain);
    let victim = funded(&mut communities.chain).pubkey();
    let good = communities.own.apply(&wallet.pubkey(), role::CONSUMER, 0);
    let wrong = [
        ("another wallet's", communities.own.record_of(&victim)),
        ("elsewhere", communities.other.record_of(&wallet.pubkey())),
        ("the community", communities.own.addresses.community),
    ];
    for (case, address) in wrong {
        let record = communities.own.record_of(&wallet.pubkey());
        let apply = replaced(&good, &record, &address);
        let reason = ErrorCode::ConstraintSeeds;
        refused_when(case, &mut communities.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_a_wallet_without_lamports_when_it_applies_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let wallet = Keypair::new();
    let apply = communities.own.apply(&wallet.pubkey(), role::CONSUMER, 0);
    refused(&mut communities.chain, &apply, &[&wallet], TOO_POOR);
}

#[test]
fn given_hostile_data_and_accounts_when_applied_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let wallet = funded(&mut communities.chain);
    let apply = communities.own.apply(&wallet.pubkey(), role::CONSUMER, 0);
    sweep(&mut communities.chain, &apply, &[&wallet]);
    assert_eq!(communities.community().participants, 1);
}
