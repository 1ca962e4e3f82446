use joulebook_client::oracle::{
    errors::OracleError, events::OracleEvent, types::PowerLimitsChanged,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, QUARANTINED},
    refused::{refused, refused_when},
    two_communities::role,
    unauthorized,
};
use solana_signer::Signer;

#[test]
fn given_a_verifier_when_it_sets_power_limits_then_nothing_else_changes() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let device = meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let mut expected = meters.table().meters;
    (expected[1].max_import, expected[1].max_export) = (0, 3_221_225_459);
    let set = meters
        .communities
        .own
        .set_power_limits(actor, device.number, (0, 3_221_225_459));

    let receipt = meters
        .communities
        .chain
        .send(&[set], &[&verifier.wallet])
        .unwrap();

    assert_eq!(meters.table().meters, expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::PowerLimitsChanged(PowerLimitsChanged {
            meter_table: meters.communities.own.addresses.meter_table,
            meter: device.number,
            max_import: 0,
            max_export: 3_221_225_459,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_a_quarantined_meter_when_its_limits_are_set_then_it_stays_quarantined() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    let authority = meters.authority();
    meters.govern(
        meters
            .communities
            .own
            .set_power_limits((&authority, None), 0, (1, 2)),
    );
    let record = meters.record(&device);
    assert_eq!(
        (record.max_import, record.max_export, record.status),
        (1, 2, QUARANTINED)
    );
}

#[test]
fn given_bad_input_when_limits_are_set_then_each_is_refused_by_name() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    meters.meter();
    let retired = meters.meter();
    meters.retire(&retired);
    let high = 3_221_225_460;
    for (case, meter, limits, reason) in [
        (
            "import too high",
            0,
            (high, 1),
            OracleError::PowerLimitInvalid,
        ),
        (
            "export too high",
            0,
            (1, high),
            OracleError::PowerLimitInvalid,
        ),
        (
            "highest",
            0,
            (u32::MAX, u32::MAX),
            OracleError::PowerLimitInvalid,
        ),
        ("unknown", 2, (1, 1), OracleError::NoSuchMeter),
        ("beyond the table", 20, (1, 1), OracleError::NoSuchMeter),
        ("last number", u32::MAX, (1, 1), OracleError::NoSuchMeter),
        ("retired", retired.number, (1, 1), OracleError::MeterRetired),
    ] {
        let actor = (&authority.pubkey(), None);
        let set = meters
            .communities
            .own
            .set_power_limits(actor, meter, limits);
        refused_when(
            case,
            &mut meters.communities.chain,
            &set,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_a_table_of_another_community_when_limits_are_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let actor = (&authority.pubkey(), None);
    let mut set = meters.communities.own.set_power_limits(actor, 0, (1, 1));
    set.accounts[3].pubkey = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(&mut meters.communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_anybody_else_when_they_set_limits_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let place = meters.own();
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(
        &mut meters.communities,
        role::VERIFIER,
        reason,
        |actor, acting| place.set_power_limits((actor, acting), 0, (1, 1)),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_limits_are_set_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let set = meters.communities.own.set_power_limits(actor, 0, (1, 2));
    sweep(&mut meters.communities.chain, &set, &[&verifier.wallet]);
    assert_eq!(meters.table().meters[0].max_export, 2);
}
