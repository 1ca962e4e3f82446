use joulebook_client::{
    instructions::Actor,
    registry::{errors::RegistryError, events::RegistryEvent, types::PauseChanged},
};
use joulebook_tests::{
    hostile::sweep,
    refused::{refused, refused_when},
    two_communities::{pause, role, TwoCommunities},
    unauthorized,
};
use solana_signer::Signer;

use crate::support::event;

const ALL: u8 = *pause::STATES.end();

#[test]
fn given_the_authority_when_it_pauses_and_lifts_then_any_state_follows_any_other() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.pubkey();
    for from in pause::STATES {
        for to in pause::STATES {
            communities.pause(from);
            let receipt = communities.govern(communities.own.set_pause(&authority, None, to));
            assert_eq!(communities.community().paused, to);
            assert_eq!(
                event(&receipt),
                RegistryEvent::PauseChanged(PauseChanged {
                    community: communities.own.addresses.community,
                    number: 0,
                    actor: authority,
                    paused: to,
                })
            );
        }
    }
}

#[test]
fn given_an_emergency_participant_when_it_sets_the_pause_then_it_may_only_add() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::EMERGENCY);
    let (actor, acting) = (member.address(), Some(member.participant));
    for from in pause::STATES {
        for to in pause::STATES {
            communities.pause(from);
            let set = communities.own.set_pause(&actor, acting, to);
            if from & !to == 0 {
                let receipt = communities.chain.send(&[set], &[&member.wallet]).unwrap();
                assert_eq!(communities.community().paused, to);
                let RegistryEvent::PauseChanged(changed) = event(&receipt) else {
                    panic!("another event");
                };
                assert_eq!((changed.actor, changed.paused), (actor, to));
            } else {
                let reason = RegistryError::EmergencyMayOnlyPause;
                refused(&mut communities.chain, &set, &[&member.wallet], reason);
            }
        }
    }
}

#[test]
fn given_a_pause_that_was_set_meanwhile_when_another_one_is_lifted_then_it_stays() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let addresses = communities.own.addresses.clone();
    let actor = Actor::authority(authority.pubkey());
    for (before, pause, lift, after) in [
        (0b11, 0, 0b01, 0b10),
        (0b10, 0b01, 0, 0b11),
        (0b10, 0b01, 0b10, 0b01),
        (0b01, 0, 0, 0b01),
    ] {
        communities.pause(before);
        communities.govern(addresses.change_pause(actor, pause, lift));
        assert_eq!(communities.community().paused, after);
    }
    let both = addresses.change_pause(actor, 0b01, 0b11);
    let reason = || RegistryError::PauseInvalid;
    refused(&mut communities.chain, &both, &[&authority], reason());
    let unknown = addresses.change_pause(actor, 0, 0b100);
    refused(&mut communities.chain, &unknown, &[&authority], reason());
}

#[test]
fn given_unknown_bits_when_paused_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    for bits in 4..=u8::MAX {
        let set = communities.own.set_pause(&authority.pubkey(), None, bits);
        let reason = RegistryError::PauseInvalid;
        refused_when(
            &bits.to_string(),
            &mut communities.chain,
            &set,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_anybody_else_when_they_pause_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let place = communities.own.copy();
    let reason = RegistryError::NotPermitted;
    unauthorized::all_refused(
        &mut communities,
        role::EMERGENCY,
        reason,
        |actor, acting| place.set_pause(actor, acting, ALL),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_paused_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::EMERGENCY);
    let acting = Some(member.participant);
    let set = communities.own.set_pause(&member.address(), acting, ALL);
    sweep(&mut communities.chain, &set, &[&member.wallet]);
    assert_eq!(communities.community().paused, ALL);
}
