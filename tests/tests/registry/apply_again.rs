use joulebook_client::{
    instructions::Application,
    layout::registry::Preferences,
    registry::{errors::RegistryError, events::RegistryEvent, types::ParticipantApplied},
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{pause, role, TwoCommunities, NOW},
};
use solana_signer::Signer;

use crate::support::{apply_again, approve_successor, event, signed_by, APPLIED, LEFT};

#[test]
fn given_one_who_left_when_it_applies_again_then_it_waits_under_its_index() {
    let mut communities = TwoCommunities::new();
    communities.member(role::CONSUMER);
    let member = communities.left(role::CONSUMER);
    communities.chain.set_time(NOW + 60);
    let preferences = Preferences {
        local_premium: 20_000,
        sources: 6,
        reserved: u16::MAX,
    };
    let application = Application {
        roles: role::ALL,
        zone: 1,
        balancing_group: 12,
        identity_hash: [3; 32],
        preferences,
    };
    let before = communities.participant(&member);
    let addresses = &communities.own.addresses;
    let again = addresses.apply_again(member.address(), application);

    let receipt = communities.chain.send(&[again], &[&member.wallet]).unwrap();

    let record = communities.participant(&member);
    assert_eq!((record.index, record.generation), (1, 0));
    assert_eq!((record.status, record.roles), (APPLIED, role::ALL));
    assert_eq!((record.applied_at, record.changed_at), (NOW + 60, NOW + 60));
    assert_eq!(record.approved_at, NOW);
    assert_eq!((record.zone, record.balancing_group), (1, 12));
    assert_eq!(record.identity_hash, [3; 32]);
    assert_eq!(record.preferences, preferences.sanitized());
    assert_eq!((record.wallet, record.bump), (before.wallet, before.bump));
    assert_eq!(communities.community().participants, 2);
    assert_eq!(
        event(&receipt),
        RegistryEvent::ParticipantApplied(ParticipantApplied {
            community: communities.own.addresses.community,
            number: 0,
            wallet: member.address(),
            identity_hash: [3; 32],
            index: 1,
            roles: role::ALL,
            balancing_group: 12,
            zone: 1,
        })
    );
}

#[test]
fn given_a_debtor_who_left_when_it_comes_back_then_under_its_old_index_where_its_debt_is() {
    let mut communities = TwoCommunities::new();
    let debtor = communities.left(role::CONSUMER);
    let other = communities.member(role::CONSUMER);

    let again = apply_again(&communities.own, &debtor, role::CONSUMER);
    communities.chain.send(&[again], &[&debtor.wallet]).unwrap();
    let authority = communities.own.authority.pubkey();
    let roles = role::CONSUMER;
    let approve = communities.own.approve(&debtor, &authority, None, roles);
    communities.govern(approve);

    let record = communities.participant(&debtor);
    assert_eq!((record.index, record.generation), (0, 0));
    assert_eq!(communities.participant(&other).index, 1);
    let community = communities.community();
    assert_eq!((community.next_index, community.participants), (2, 2));
}

#[test]
fn given_one_who_was_succeeded_when_it_comes_back_then_under_a_fresh_index() {
    let mut communities = TwoCommunities::new();
    let first = communities.left_long_ago(role::CONSUMER);
    let second = communities.applicant(role::CONSUMER);
    communities.govern(approve_successor(
        &communities.own,
        &second,
        role::CONSUMER,
        (&first, NOW),
    ));

    let again = apply_again(&communities.own, &first, role::CONSUMER);
    communities.chain.send(&[again], &[&first.wallet]).unwrap();
    let authority = communities.own.authority.pubkey();
    let roles = role::CONSUMER;
    let approve = communities.own.approve(&first, &authority, None, roles);
    communities.govern(approve);

    let record = communities.participant(&first);
    assert_eq!((record.index, record.generation), (1, 0));
    let record = communities.participant(&second);
    assert_eq!((record.index, record.generation), (0, 1));
}

#[test]
fn given_one_who_has_not_left_when_it_applies_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    for (case, member) in [
        ("applied", communities.applicant(role::CONSUMER)),
        ("active", communities.member(role::CONSUMER)),
        ("suspended", communities.suspended(role::CONSUMER)),
    ] {
        let again = apply_again(&communities.own, &member, role::ALL);
        let reason = RegistryError::NotLeft;
        let signers = [&member.wallet];
        refused_when(case, &mut communities.chain, &again, &signers, reason);
    }
}

#[test]
fn given_no_such_roles_or_zone_when_applied_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.left(role::CONSUMER);
    let mut refuse = |roles, zone, reason: RegistryError| {
        let application = Application {
            zone,
            ..Application::for_roles(roles)
        };
        let addresses = &communities.own.addresses;
        let again = addresses.apply_again(member.address(), application);
        refused(&mut communities.chain, &again, &[&member.wallet], reason);
    };
    for roles in [0, 1 << 8, u16::MAX] {
        refuse(roles, 0, RegistryError::RolesInvalid);
    }
    for trading in role::TRADING {
        let roles = role::EMERGENCY | trading;
        refuse(roles, 0, RegistryError::EmergencyCannotTrade);
    }
    for zone in [2, 16, u8::MAX] {
        refuse(role::CONSUMER, zone, RegistryError::NoSuchZone);
    }
}

#[test]
fn given_any_pause_when_applied_again_then_only_that_of_registration_stops_it() {
    let mut communities = TwoCommunities::new();
    for paused in pause::STATES {
        communities.pause(0);
        let member = communities.left(role::CONSUMER);
        communities.pause(paused);
        let again = apply_again(&communities.own, &member, role::CONSUMER);
        if paused & pause::REGISTRATION == 0 {
            communities.chain.send(&[again], &[&member.wallet]).unwrap();
        } else {
            let reason = RegistryError::RegistrationPaused;
            refused(&mut communities.chain, &again, &[&member.wallet], reason);
            assert_eq!(communities.participant(&member).status, LEFT);
        }
    }
}

#[test]
fn given_another_wallet_when_it_applies_again_for_one_who_left_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.left(role::CONSUMER);
    let good = apply_again(&communities.own, &member, role::ALL);
    let other = communities.left(role::CONSUMER).wallet;
    let authority = communities.own.authority.insecure_clone();
    for key in [other, authority] {
        let again = signed_by(&good, &key.pubkey());
        let reason = RegistryError::WrongWallet;
        refused(&mut communities.chain, &again, &[&key], reason);
    }
}

#[test]
fn given_the_wrong_community_when_applied_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.left(role::CONSUMER);
    let again = apply_again(&communities.other, &member, role::CONSUMER);
    let reason = RegistryError::WrongCommunity;
    refused(&mut communities.chain, &again, &[&member.wallet], reason);
}

#[test]
fn given_hostile_data_and_accounts_when_applied_again_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.left(role::CONSUMER);
    let again = apply_again(&communities.own, &member, role::CONSUMER);
    sweep(&mut communities.chain, &again, &[&member.wallet]);
    assert_eq!(communities.participant(&member).status, APPLIED);
}
