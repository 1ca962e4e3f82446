use joulebook_client::oracle::{
    errors::OracleError,
    events::OracleEvent,
    types::{MeterRetired, ReadingResult},
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, RETIRED},
    refused::{refused, refused_when},
    two_communities::role,
    unauthorized,
};
use solana_signer::Signer;

#[test]
fn given_a_meter_when_retired_then_it_is_heard_no_more() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let mut device = meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let mut expected = meters.table().meters;
    expected[1].status = RETIRED;
    let actor = (&verifier.address(), Some(verifier.participant));
    let retire = meters.communities.own.retire(actor, device.number);

    let receipt = meters
        .communities
        .chain
        .send(&[retire], &[&verifier.wallet])
        .unwrap();

    assert_eq!(meters.table().meters, expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterRetired(MeterRetired {
            meter_table: meters.communities.own.addresses.meter_table,
            meter: device.number,
            participant: 0,
            actor: verifier.address(),
        })
    );
    meters.open(0);
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Retired);
}

#[test]
fn given_a_quarantined_meter_when_retired_then_it_is() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    meters.retire(&device);
    assert_eq!(meters.record(&device).status, RETIRED);
}

#[test]
fn given_no_such_meter_or_a_retired_one_when_retired_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let retired = meters.meter();
    meters.retire(&retired);
    for (case, meter, reason) in [
        ("retired", 0, OracleError::MeterRetired),
        ("unknown", 1, OracleError::NoSuchMeter),
        ("beyond the table", 20, OracleError::NoSuchMeter),
        ("last number", u32::MAX, OracleError::NoSuchMeter),
    ] {
        let retire = meters
            .communities
            .own
            .retire((&authority.pubkey(), None), meter);
        refused_when(
            case,
            &mut meters.communities.chain,
            &retire,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_a_table_of_another_community_when_retired_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let mut retire = meters
        .communities
        .own
        .retire((&authority.pubkey(), None), 0);
    retire.accounts[3].pubkey = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(
        &mut meters.communities.chain,
        &retire,
        &[&authority],
        reason,
    );
}

#[test]
fn given_anybody_else_when_they_retire_a_meter_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let place = meters.own();
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(
        &mut meters.communities,
        role::VERIFIER,
        reason,
        |actor, acting| place.retire((actor, acting), 0),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_retired_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let retire = meters.communities.own.retire(actor, 0);
    sweep(&mut meters.communities.chain, &retire, &[&verifier.wallet]);
    assert_eq!(meters.record(&device).status, RETIRED);
}
