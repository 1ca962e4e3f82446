use joulebook_client::oracle::errors::OracleError;
use joulebook_sim::Device;
use joulebook_tests::metered_community::MeteredCommunity;
use solana_instruction::Instruction;

use super::closed;
use crate::support::refuse;

/// Of the `n`th interval.
fn replace(meters: &MeteredCommunity, device: &Device, n: i64) -> Instruction {
    let authority = meters.authority();
    let (slot, place) = (meters.slot(n), MeteredCommunity::place(n));
    let own = &meters.communities.own;
    let (actor, owner) = ((&authority, None), (&meters.owner, true));
    own.replace_values(actor, owner, slot, device.number, place, &[(1, 1)])
}

#[test]
fn given_readings_still_taken_when_values_are_set_then_only_once_they_close() {
    let (mut meters, device) = closed();
    let closes = MeteredCommunity::start(4) + 600;
    assert_eq!(meters.communities.chain.now(), closes);
    let replace = replace(&meters, &device, 0);
    for now in [MeteredCommunity::start(0), closes - 1] {
        meters.communities.chain.set_time(now);
        refuse(&mut meters, "open", &replace, OracleError::ReadingsOpen);
    }
    meters.communities.chain.set_time(closes);
    meters.govern(replace);
}

#[test]
fn given_a_page_that_can_be_finished_when_values_are_set_then_they_are_too_late() {
    let (mut meters, device) = closed();
    let replace = replace(&meters, &device, 0);
    let ends = MeteredCommunity::start(4) + 1200;
    meters.communities.chain.set_time(ends - 1);
    meters.govern(replace.clone());
    meters.communities.chain.set_time(ends);
    let reason = OracleError::CorrectionsClosed;
    refuse(&mut meters, "over", &replace, reason.clone());
    meters.finish(0);
    refuse(&mut meters, "finished", &replace, reason);
}

#[test]
fn given_a_slot_never_used_when_values_are_set_then_they_are_too_late() {
    let (mut meters, device) = closed();
    let replace = replace(&meters, &device, 4);
    let reason = OracleError::CorrectionsClosed;
    refuse(&mut meters, "never used", &replace, reason);
}

#[test]
fn given_a_page_before_or_after_its_service_when_values_of_a_meter_are_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(8);
    meters.go_to(1);
    // Its service begins with interval 0, and ends with interval 4.
    device.flow(10, 1);
    meters.retire(&device);
    for (n, is_refused) in [(-1, true), (0, false), (3, false), (4, true), (8, true)] {
        meters.close_readings(n);
        let replace = replace(&meters, &device, n);
        if is_refused {
            let reason = OracleError::NotInService;
            refuse(&mut meters, &n.to_string(), &replace, reason);
        } else {
            meters.govern(replace);
        }
    }
}
