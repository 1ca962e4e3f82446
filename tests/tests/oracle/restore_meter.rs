use joulebook_client::{
    layout::oracle::Quality,
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{MeterRestored, ReadingResult},
    },
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, ACTIVE},
    refused::{refused, refused_when},
    two_communities::role,
    unauthorized,
};
use solana_signer::Signer;

#[test]
fn given_a_quarantined_meter_when_restored_then_its_energy_since_waits_for_the_next_interval() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    device.flow(100, 10);
    let reading = meters.read(&mut device, 0);
    meters.submit(0, &[reading]);
    meters.quarantine(&device);
    meters.go_to(3);
    device.flow(700, 30);
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let restore = meters
        .communities
        .own
        .restore(actor, 0, 9, (device.import, device.export));

    let receipt = meters
        .communities
        .chain
        .send(&[restore], &[&verifier.wallet])
        .unwrap();

    let record = meters.record(&device);
    assert_eq!(
        (record.status, record.violations, record.behind),
        (ACTIVE, 0, 1)
    );
    assert_eq!(
        (record.boundary, record.sequence),
        (MeteredCommunity::start(3), 9)
    );
    assert_eq!((record.import, record.export), (800, 40));
    assert_eq!((record.carried_import, record.carried_export), (700, 30));
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterRestored(MeterRestored {
            meter_table: meters.communities.own.addresses.meter_table,
            meter: 0,
            participant: 0,
            boundary: MeteredCommunity::start(3),
            sequence: 9,
            import: 800,
            export: 40,
            carried_import: 700,
            carried_export: 30,
            actor: verifier.address(),
        })
    );

    meters.open(3);
    meters.go_to(4);
    device.flow(5, 1);
    device.sequence = 9;
    let reading = meters.read(&mut device, 3);
    assert_eq!(meters.submit_one(3, &reading), ReadingResult::Counted);
    let entry = meters.entry(3, &device);
    assert_eq!((entry.import, entry.export), (705, 31));
    assert_eq!(entry.quality(), Some(Quality::CaughtUp));
}

#[test]
fn given_a_register_lower_than_before_when_restored_then_nothing_is_added() {
    for registers in [(99, 500), (500, 9), (0, 0)] {
        let mut meters = MeteredCommunity::new();
        let device = meters.meter_with(|details| (details.import, details.export) = (100, 10));
        meters.quarantine(&device);
        meters.restore(&device, 0, registers);
        let record = meters.record(&device);
        assert_eq!((record.import, record.export), registers);
        assert_eq!((record.carried_import, record.carried_export), (0, 0));
    }
}

#[test]
fn given_readings_of_before_when_a_meter_is_restored_then_they_are_stale() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    let old = meters.read(&mut device, 0);
    meters.quarantine(&device);
    meters.restore(&device, 1, (0, 0));
    let before = meters.state(0);
    assert_eq!(meters.submit_one(0, &old), ReadingResult::StaleSequence);
    let newer = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &newer), ReadingResult::StaleBoundary);
    assert_eq!(meters.state(0), before);
}

#[test]
fn given_a_meter_not_quarantined_when_restored_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    meters.meter();
    let retired = meters.meter();
    meters.quarantine(&retired);
    meters.retire(&retired);
    for (case, meter, reason) in [
        ("active", 0, OracleError::MeterNotQuarantined),
        ("retired", retired.number, OracleError::MeterRetired),
        ("unknown", 2, OracleError::NoSuchMeter),
        ("beyond the table", 20, OracleError::NoSuchMeter),
        ("last number", u32::MAX, OracleError::NoSuchMeter),
    ] {
        let actor = (&authority.pubkey(), None);
        let restore = meters.communities.own.restore(actor, meter, 1, (0, 0));
        refused_when(
            case,
            &mut meters.communities.chain,
            &restore,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_a_sequence_below_the_one_used_up_when_restored_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let device = meters.meter();
    meters.quarantine(&device);
    meters.restore(&device, 50, (0, 0));
    meters.quarantine(&device);
    for sequence in [0, 49] {
        let actor = (&authority.pubkey(), None);
        let restore = meters.communities.own.restore(actor, 0, sequence, (0, 0));
        let reason = OracleError::SequenceWentBack;
        refused(
            &mut meters.communities.chain,
            &restore,
            &[&authority],
            reason,
        );
    }
    meters.restore(&device, 50, (0, 0));
}

#[test]
fn given_more_carried_energy_than_fits_when_restored_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let device = meters.meter();
    meters.quarantine(&device);
    meters.restore(&device, 0, (u64::MAX, 0));
    meters.quarantine(&device);
    // The register fell: what was carried stays.
    meters.restore(&device, 0, (0, 0));
    assert_eq!(meters.record(&device).carried_import, u64::MAX);
    meters.quarantine(&device);
    let actor = (&authority.pubkey(), None);
    let restore = meters.communities.own.restore(actor, 0, 0, (1, 0));
    refused(
        &mut meters.communities.chain,
        &restore,
        &[&authority],
        OracleError::Overflow,
    );
    meters.restore(&device, 0, (0, u64::MAX));
    assert_eq!(meters.record(&device).carried_export, u64::MAX);
}

#[test]
fn given_a_table_of_another_community_when_restored_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let actor = (&authority.pubkey(), None);
    let mut restore = meters.communities.own.restore(actor, 0, 0, (0, 0));
    restore.accounts[3].pubkey = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(
        &mut meters.communities.chain,
        &restore,
        &[&authority],
        reason,
    );
}

#[test]
fn given_anybody_else_when_they_restore_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    let place = meters.own();
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(
        &mut meters.communities,
        role::VERIFIER,
        reason,
        |actor, acting| place.restore((actor, acting), 0, 1, (0, 0)),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_restored_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let restore = meters.communities.own.restore(actor, 0, 1, (0, 0));
    sweep(&mut meters.communities.chain, &restore, &[&verifier.wallet]);
    assert_eq!(meters.record(&device).status, ACTIVE);
}
