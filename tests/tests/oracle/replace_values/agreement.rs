use joulebook_client::{layout::oracle::Quality, oracle::errors::OracleError};
use joulebook_tests::{metered_community::MeteredCommunity, two_communities::role};
use solana_instruction::Instruction;

use super::closed;
use crate::support::{refuse, refuse_own_meter, refuse_owners};

/// Values of 1 Wh each way, of so many intervals from number `first` on; the owner signs if it agrees.
fn replace(meters: &MeteredCommunity, agrees: bool, first: u16, count: usize) -> Instruction {
    let authority = meters.authority();
    let (actor, owner) = ((&authority, None), (&meters.owner, agrees));
    let own = &meters.communities.own;
    own.replace_values(actor, owner, meters.slot(0), 0, first, &vec![(1, 1); count])
}

#[test]
fn given_intervals_that_were_not_measured_when_replaced_then_the_owner_need_not_agree() {
    let (mut meters, device) = closed();
    // Missing, a gap, and one never heard of.
    meters.govern(replace(&meters, false, 1, 3));
    // Values again.
    meters.govern(replace(&meters, false, 1, 3));
    for n in [1, 2, 3] {
        assert!(meters.entry(n, &device).is(Quality::Replaced));
    }
    assert!(meters.entry(0, &device).is(Quality::Measured));
}

#[test]
fn given_a_measured_interval_when_its_owner_does_not_agree_then_no_value_is_set() {
    let (mut meters, _) = closed();
    for count in [1, 2, 4] {
        let replace = replace(&meters, false, 0, count);
        let reason = OracleError::OwnerMustSign;
        refuse(&mut meters, "no agreement", &replace, reason);
    }
    let replace = replace(&meters, true, 0, 1);
    refuse_owners(&mut meters, &replace);
    meters.govern(replace);
}

#[test]
fn given_a_measured_interval_that_was_replaced_when_it_is_again_then_its_owner_agrees_each_time() {
    let (mut meters, _) = closed();
    meters.govern(replace(&meters, true, 0, 1));
    let again = replace(&meters, false, 0, 1);
    let reason = OracleError::OwnerMustSign;
    refuse(&mut meters, "no agreement", &again, reason);
    meters.govern(replace(&meters, true, 0, 1));
}

#[test]
fn given_an_owner_who_verifies_when_it_replaces_what_it_signed_then_it_is_refused() {
    let (mut meters, _) = closed();
    refuse_own_meter(&mut meters, |meters, acting| {
        let own = &meters.communities.own;
        let owner = (&meters.owner, true);
        own.replace_values(acting, owner, meters.slot(0), 0, 0, &[(1, 1)])
    });
    meters.govern(replace(&meters, true, 0, 1));
}

#[test]
fn given_the_meter_of_another_when_its_values_are_set_then_it_is_refused() {
    let (mut meters, _) = closed();
    meters.owner = meters.communities.member(role::CONSUMER);
    for (agrees, first) in [(false, 1), (true, 1), (true, 0)] {
        let replace = replace(&meters, agrees, first, 1);
        let reason = OracleError::WrongOwner;
        refuse(&mut meters, "a neighbour", &replace, reason);
    }
}
