use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{
    metered_community::{details, MeteredCommunity},
    two_communities::{pause, role},
};
use solana_keypair::Keypair;

use super::{refuse_details, register};
use crate::support::refuse_owners;

#[test]
fn given_an_owner_who_has_not_agreed_when_its_meter_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let register = register(&meters, &details(&Keypair::new()));
    refuse_owners(&mut meters, &register);
    meters.govern(register);
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
