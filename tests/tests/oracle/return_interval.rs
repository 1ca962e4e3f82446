use joulebook_client::{
    layout::oracle::Quality,
    oracle::{errors::OracleError, types::ReadingResult},
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::MeteredCommunity,
    refused::{refused, refused_when},
    two_communities::role,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

fn give_back(meters: &mut MeteredCommunity, n: i64) {
    let slot = meters.slot(MeteredCommunity::start(n));
    let settlement = meters.settlement.insecure_clone();
    let back = meters
        .communities
        .own
        .return_interval(slot, &settlement.pubkey());
    meters
        .communities
        .chain
        .send(&[back], &[&settlement])
        .unwrap();
}

#[test]
fn given_energy_in_an_interval_when_it_is_returned_then_it_counts_in_the_meters_next() {
    let mut meters = MeteredCommunity::new();
    let (mut device, silent) = (meters.meter(), meters.meter());
    meters.open(0);
    meters.go_to(1);
    device.flow(500, 40);
    let reading = meters.read(&mut device, 0);
    meters.submit_one(0, &reading);

    give_back(&mut meters, 0);

    assert_eq!(meters.interval(0).header.phase, 0);
    let record = meters.record(&device);
    assert_eq!(
        (record.carried_import, record.carried_export, record.behind),
        (500, 40, 1)
    );
    let record = meters.record(&silent);
    assert_eq!(
        (record.carried_import, record.carried_export, record.behind),
        (0, 0, 0)
    );
    let entry = meters.entry(0, &device);
    assert_eq!((entry.import, entry.export), (0, 0));

    meters.open(1);
    meters.go_to(2);
    device.flow(7, 1);
    let reading = meters.read(&mut device, 1);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
    let entry = meters.entry(1, &device);
    assert_eq!((entry.import, entry.export), (507, 41));
    assert_eq!(entry.quality(), Some(Quality::CaughtUp));
    assert_eq!(meters.record(&device).behind, 0);
}

#[test]
fn given_a_retired_meter_when_its_interval_is_returned_then_the_others_are_not_touched() {
    let mut meters = MeteredCommunity::new();
    let (mut first, mut second) = (meters.meter(), meters.meter());
    meters.open(0);
    meters.go_to(1);
    let readings = [&mut first, &mut second].map(|device| {
        device.flow(11, 0);
        meters.read(device, 0)
    });
    meters.submit(0, &readings);
    meters.retire(&first);
    give_back(&mut meters, 0);
    assert_eq!(meters.record(&second).carried_import, 11);
}

#[test]
fn given_anybody_else_or_a_closed_interval_when_returned_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let member = meters.communities.member(role::ALL).wallet;
    let authority = meters.communities.own.authority.insecure_clone();
    for (case, key) in [
        ("a member", member),
        ("the authority", authority),
        ("nobody", Keypair::new()),
    ] {
        let back = meters.communities.own.return_interval(0, &key.pubkey());
        let reason = OracleError::WrongSettlement;
        refused_when(case, &mut meters.communities.chain, &back, &[&key], reason);
    }
    give_back(&mut meters, 0);
    let settlement = meters.settlement.insecure_clone();
    let back = meters
        .communities
        .own
        .return_interval(0, &settlement.pubkey());
    refused(
        &mut meters.communities.chain,
        &back,
        &[&settlement],
        OracleError::NotOpen,
    );
}

#[test]
fn given_an_interval_of_another_table_when_returned_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    meters.open(0);
    let open = meters
        .communities
        .other
        .open_interval(0, MeteredCommunity::start(0));
    meters.send(open);
    let settlement = meters.settlement.insecure_clone();
    let (own, other) = (meters.own(), meters.communities.other.copy());
    for (table, interval) in [
        (own.addresses.meter_table, other.interval(0)),
        (other.addresses.meter_table, own.interval(0)),
    ] {
        let mut back = own.return_interval(0, &settlement.pubkey());
        back.accounts[1].pubkey = table;
        back.accounts[2].pubkey = interval;
        let reason = OracleError::WrongMeterTable;
        refused(&mut meters.communities.chain, &back, &[&settlement], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_returned_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let settlement = meters.settlement.insecure_clone();
    let back = meters
        .communities
        .own
        .return_interval(0, &settlement.pubkey());
    sweep(&mut meters.communities.chain, &back, &[&settlement]);
    assert_eq!(meters.interval(0).header.phase, 0);
}
