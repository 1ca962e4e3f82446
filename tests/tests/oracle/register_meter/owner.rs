use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{
    metered_community::{details, MeteredCommunity},
    two_communities::{pause, role},
};
use solana_keypair::Keypair;

use super::{refuse_details, register};
use crate::support::{authority_as_owner, refuse_own_meter, refuse_owners};

#[test]
fn given_an_owner_who_has_not_agreed_when_its_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let register = register(&meters, &details(&Keypair::new()));
    refuse_owners(&mut meters, &register);
    meters.govern(register);
}

#[test]
fn given_an_owner_who_verifies_when_it_registers_its_own_meter_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let details = details(&Keypair::new());
    refuse_own_meter(&mut meters, |meters, acting| {
        let own = &meters.communities.own;
        own.register_meter(acting, &meters.owner, &details)
    });
    meters.govern(register(&meters, &details));
}

#[test]
fn given_an_authority_with_a_meter_when_it_registers_it_then_it_needs_a_verifier() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    meters.owner = authority_as_owner(&mut meters);
    refuse_details(&mut meters, "alone", OracleError::OwnMeter, |_| ());
    let actor = (&verifier.address(), Some(verifier.participant));
    let own = &meters.communities.own;
    let register = own.register_meter(actor, &meters.owner, &details(&Keypair::new()));
    let signers = [&verifier.wallet, &meters.owner.wallet];
    let chain = &mut meters.communities.chain;
    chain.send(&[register], &signers).unwrap();
}

#[test]
fn given_an_owner_who_is_not_active_when_its_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let reason = OracleError::NotActive;
    meters.owner = meters.communities.suspended(role::CONSUMER);
    refuse_details(&mut meters, "suspended", reason.clone(), |_| ());
    meters.owner = meters.communities.left(role::CONSUMER);
    refuse_details(&mut meters, "left", reason.clone(), |_| ());
    meters.owner = meters.communities.applicant(role::ALL);
    refuse_details(&mut meters, "applied", reason, |_| ());
}

#[test]
fn given_any_pause_when_registered_then_only_that_of_registration_stops_it() {
    let mut meters = MeteredCommunity::new();
    for paused in pause::STATES {
        meters.communities.pause(paused);
        if paused & pause::REGISTRATION == 0 {
            meters.meter();
        } else {
            let reason = OracleError::RegistrationPaused;
            refuse_details(&mut meters, "paused", reason, |_| ());
        }
    }
}
