use joulebook_client::{
    layout::oracle::{KeyKind, Meter},
    oracle::{
        events::OracleEvent,
        types::{DeviceChanged, ReadingResult},
    },
};
use joulebook_tests::{
    metered_community::{event, MeteredCommunity, ACTIVE},
    two_communities::role,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{change, changed, heard};

#[test]
fn given_a_verifier_and_the_owner_when_the_device_is_changed_then_the_row_goes_on() {
    let (mut meters, _) = heard();
    meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let key = Keypair::new();
    let mut expected = meters.table();
    let row = &mut expected.meters[0];
    row.device = key.pubkey().to_bytes();
    row.sequence = 0;
    row.device_from = MeteredCommunity::start(1);
    (row.device_import, row.device_export) = (1_030, 503);
    // What the new device shows less that, below zero for the import.
    row.import_offset = u64::MAX - 999;
    row.export_offset = 39_497;
    let own = &meters.communities.own;
    let change = own.change_device(actor, &meters.owner, &change(&key));
    let signers = [&verifier.wallet, &meters.owner.wallet];

    let receipt = meters.communities.chain.send(&[change], &signers).unwrap();

    assert_eq!(meters.table(), expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::DeviceChanged(DeviceChanged {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: 0,
            participant: 0,
            device: key.pubkey().to_bytes(),
            key_kind: KeyKind::Ed25519 as u8,
            import: 1_030,
            export: 503,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_a_meter_silent_for_long_when_its_device_is_changed_then_its_row_stays_at_its_reading() {
    let (mut meters, device) = heard();
    let before = meters.record(&device);
    let later = MeteredCommunity::start(7) + 299;
    meters.communities.chain.set_time(later);
    let device = changed(&mut meters);
    let record = meters.record(&device);
    assert_eq!(record.device_from, MeteredCommunity::start(7));
    assert_eq!((record.device_import, record.device_export), (1_030, 503));
    let reading = |row: Meter| (row.boundary, row.import, row.export);
    assert_eq!(reading(record), reading(before));
}

#[test]
fn given_a_quarantined_meter_when_its_device_is_changed_then_it_is_active_without_violations() {
    let (mut meters, mut device) = heard();
    let mut tampered = device.reading(MeteredCommunity::start(1));
    tampered.flags = 1;
    let tampered = device.sign(&meters.binding(), &tampered);
    assert_eq!(meters.submit_one(0, &tampered), ReadingResult::Tampered);
    meters.quarantine(&device);
    let device = changed(&mut meters);
    let record = meters.record(&device);
    assert_eq!((record.status, record.violations), (ACTIVE, 0));
    assert_eq!(record.sequence, 0);
}
