use anchor_lang::error::ErrorCode;
use joulebook_client::registry::{
    accounts::Participant,
    errors::RegistryError,
    events::RegistryEvent,
    instructions::{Apply, ApplyInstructionArgs},
    types::{ParticipantApplied, Preferences},
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when, ALREADY_IN_USE, TOO_POOR},
    stage::{funded, pause, role, Stage, NOW, SYSTEM_PROGRAM},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use crate::support::{event, APPLIED};

#[test]
fn given_a_wallet_when_it_applies_then_it_waits_for_approval() {
    let mut stage = Stage::new();
    let wallet = funded(&mut stage.chain);
    let participant = stage.here.record_of(&wallet.pubkey());
    let apply = Apply {
        community: stage.here.community,
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

    let receipt = stage.chain.send(&[apply], &[&wallet]).unwrap();

    let record = Participant::from_bytes(&stage.chain.data(&participant)).unwrap();
    assert_eq!(record.community, stage.here.community);
    assert_eq!(record.wallet, wallet.pubkey());
    assert_eq!(record.identity_hash, [3; 32]);
    assert_eq!((record.applied_at, record.changed_at), (NOW, NOW));
    assert_eq!((record.index, record.status), (u16::MAX, APPLIED));
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
    assert_eq!(stage.community().participants, 1);
    assert_eq!(stage.community().next_index, 0);
    assert_eq!(
        event(&receipt),
        RegistryEvent::ParticipantApplied(ParticipantApplied {
            community: stage.here.community,
            wallet: wallet.pubkey(),
            roles: role::ALL,
            balancing_group: 12,
            zone: 1,
        })
    );
}

#[test]
fn given_no_roles_or_unknown_ones_when_applied_then_it_is_refused() {
    let mut stage = Stage::new();
    let wallet = funded(&mut stage.chain);
    for roles in [0, 1 << 8, role::CONSUMER | 1 << 15, u16::MAX] {
        let apply = stage.here.apply(&wallet.pubkey(), roles, 0);
        let reason = RegistryError::RolesInvalid;
        refused(&mut stage.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_no_such_zone_when_applied_then_it_is_refused() {
    let mut stage = Stage::new();
    let wallet = funded(&mut stage.chain);
    for zone in [2, 16, u8::MAX] {
        let apply = stage.here.apply(&wallet.pubkey(), role::CONSUMER, zone);
        let reason = RegistryError::ZoneUnknown;
        refused(&mut stage.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_any_pause_when_applied_then_only_that_of_registration_stops_it() {
    let mut stage = Stage::new();
    for paused in pause::STATES {
        stage.pause(paused);
        let wallet = funded(&mut stage.chain);
        let apply = stage.here.apply(&wallet.pubkey(), role::CONSUMER, 0);
        if paused & pause::REGISTRATION == 0 {
            stage.chain.send(&[apply], &[&wallet]).unwrap();
        } else {
            let reason = RegistryError::RegistrationPaused;
            refused(&mut stage.chain, &apply, &[&wallet], reason);
        }
    }
}

#[test]
fn given_an_application_when_the_wallet_applies_again_then_the_first_one_stays() {
    let mut stage = Stage::new();
    let member = stage.applicant(role::CONSUMER);
    let again = stage.here.apply(&member.address(), role::ALL, 1);
    refused(&mut stage.chain, &again, &[&member.wallet], ALREADY_IN_USE);
}

#[test]
fn given_a_member_here_when_it_applies_elsewhere_then_it_has_two_records() {
    let mut stage = Stage::new();
    let member = stage.member(role::CONSUMER);
    let apply = stage.elsewhere.apply(&member.address(), role::PRODUCER, 0);
    stage.chain.send(&[apply], &[&member.wallet]).unwrap();
    assert_eq!(stage.participant(&member).roles, role::CONSUMER);
}

#[test]
fn given_another_wallets_or_communitys_address_when_applied_then_it_is_refused() {
    let mut stage = Stage::new();
    let wallet = funded(&mut stage.chain);
    let victim = funded(&mut stage.chain).pubkey();
    let good = stage.here.apply(&wallet.pubkey(), role::CONSUMER, 0);
    let wrong = [
        ("another wallet's", stage.here.record_of(&victim)),
        ("elsewhere", stage.elsewhere.record_of(&wallet.pubkey())),
        ("the community", stage.here.community),
    ];
    for (case, address) in wrong {
        let mut apply = good.clone();
        apply.accounts[1].pubkey = address;
        let reason = ErrorCode::ConstraintSeeds;
        refused_when(case, &mut stage.chain, &apply, &[&wallet], reason);
    }
}

#[test]
fn given_a_wallet_without_lamports_when_it_applies_then_it_is_refused() {
    let mut stage = Stage::new();
    let wallet = Keypair::new();
    let apply = stage.here.apply(&wallet.pubkey(), role::CONSUMER, 0);
    refused(&mut stage.chain, &apply, &[&wallet], TOO_POOR);
}

#[test]
fn given_hostile_data_and_accounts_when_applied_then_each_is_refused() {
    let mut stage = Stage::new();
    let wallet = funded(&mut stage.chain);
    let apply = stage.here.apply(&wallet.pubkey(), role::CONSUMER, 0);
    sweep(&mut stage.chain, &apply, &[&wallet]);
    assert_eq!(stage.community().participants, 1);
}
