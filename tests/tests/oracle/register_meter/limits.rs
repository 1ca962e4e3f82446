use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{
    metered_community::{MeterTableParameters, MeteredCommunity},
    two_communities::role,
};
use solana_signer::Signer;

use super::refuse_details;

#[test]
fn given_a_device_in_use_when_registered_again_then_only_after_it_is_retired() {
    let mut meters = MeteredCommunity::new();
    let first = meters.meter();
    let device = first.key.pubkey().to_bytes();
    let reason = OracleError::DeviceAlreadyRegistered;
    refuse_details(&mut meters, "active", reason.clone(), |d| d.device = device);
    meters.quarantine(&first);
    refuse_details(&mut meters, "quarantined", reason.clone(), |d| {
        d.device = device
    });
    meters.retire(&first);
    let second = meters.meter_with(|d| d.device = device);
    assert_eq!(second.number, 1);
    refuse_details(&mut meters, "active again", reason, |d| d.device = device);
}

#[test]
fn given_sixteen_meters_when_one_is_retired_then_there_is_room_once_its_last_page_is_finished() {
    let mut meters = MeteredCommunity::new();
    let devices: Vec<_> = (0..16).map(|_| meters.meter()).collect();
    meters.quarantine(&devices[0]);
    let reason = OracleError::TooManyMeters;
    refuse_details(&mut meters, "seventeenth", reason.clone(), |_| ());
    meters.begin(0);
    meters.retire(&devices[3]);
    refuse_details(&mut meters, "one retired", reason.clone(), |_| ());
    meters.finish(0);
    meters.meter();
    refuse_details(&mut meters, "seventeenth again", reason, |_| ());
    // Another participant is not held up by that.
    meters.owner = meters.communities.member(role::CONSUMER);
    meters.meter();
}

#[test]
fn given_a_full_table_when_one_more_is_registered_then_it_is_refused() {
    let mut meters = MeteredCommunity::with(MeterTableParameters {
        capacity: 2,
        ..MeterTableParameters::default()
    });
    let first = meters.meter();
    meters.meter();
    refuse_details(&mut meters, "full", OracleError::TableFull, |_| ());
    meters.retire(&first);
    refuse_details(&mut meters, "one retired", OracleError::TableFull, |_| ());
}
