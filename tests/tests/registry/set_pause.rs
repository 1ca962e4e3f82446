use joulebook_client::registry::{
    errors::RegistryError, events::RegistryEvent, types::PauseChanged,
};
use joulebook_tests::{
    hostile::sweep,
    impostors,
    refused::{refused, refused_when},
    stage::{pause, role, Stage},
};
use solana_signer::Signer;

use crate::support::event;

#[test]
fn given_the_authority_when_it_pauses_and_lifts_then_any_state_follows_any_other() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.pubkey();
    for from in pause::STATES {
        for to in pause::STATES {
            stage.pause(from);
            let receipt = stage.govern(stage.here.set_pause(&authority, None, to));
            assert_eq!(stage.community().paused, to);
            assert_eq!(
                event(&receipt),
                RegistryEvent::PauseChanged(PauseChanged {
                    community: stage.here.community,
                    actor: authority,
                    paused: to,
                })
            );
        }
    }
}

#[test]
fn given_an_emergency_participant_when_it_sets_the_pause_then_it_may_only_add() {
    let mut stage = Stage::new();
    let member = stage.member(role::EMERGENCY);
    let (actor, acting) = (member.address(), Some(member.participant));
    for from in pause::STATES {
        for to in pause::STATES {
            stage.pause(from);
            let set = stage.here.set_pause(&actor, acting, to);
            if from & !to == 0 {
                let receipt = stage.chain.send(&[set], &[&member.wallet]).unwrap();
                assert_eq!(stage.community().paused, to);
                let RegistryEvent::PauseChanged(changed) = event(&receipt) else {
                    panic!("another event");
                };
                assert_eq!((changed.actor, changed.paused), (actor, to));
            } else {
                let reason = RegistryError::EmergencyMayOnlyPause;
                refused(&mut stage.chain, &set, &[&member.wallet], reason);
            }
        }
    }
}

#[test]
fn given_unknown_bits_when_paused_then_it_is_refused() {
    let mut stage = Stage::new();
    let authority = stage.here.authority.insecure_clone();
    for bits in 8..=u8::MAX {
        let set = stage.here.set_pause(&authority.pubkey(), None, bits);
        let reason = RegistryError::PauseInvalid;
        refused_when(
            &bits.to_string(),
            &mut stage.chain,
            &set,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_anybody_else_when_they_pause_then_it_is_refused() {
    let mut stage = Stage::new();
    let place = stage.here.copy();
    let reason = RegistryError::NotPermitted;
    impostors::all_refused(&mut stage, role::EMERGENCY, reason, |actor, acting| {
        place.set_pause(actor, acting, 7)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_paused_then_each_is_refused() {
    let mut stage = Stage::new();
    let member = stage.member(role::EMERGENCY);
    let acting = Some(member.participant);
    let set = stage.here.set_pause(&member.address(), acting, 7);
    sweep(&mut stage.chain, &set, &[&member.wallet]);
    assert_eq!(stage.community().paused, 7);
}
