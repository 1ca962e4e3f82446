use joulebook_client::{
    layout::oracle::Quality,
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{MeterRestored, ReadingResult},
    },
};
use joulebook_sim::Device;
use joulebook_tests::{
    hostile::sweep,
    metered_community::{details, event, MeteredCommunity, ACTIVE},
    two_communities::role,
    unauthorized,
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use super::support::{
    authority_as_owner, copy, refuse, refuse_account, refuse_meters, refuse_own_meter,
};

/// By the authority.
fn restore(meters: &MeteredCommunity, meter: u32) -> Instruction {
    let authority = meters.authority();
    let own = &meters.communities.own;
    own.restore((&authority, None), &meters.owner, meter)
}

/// A meter heard at the end of interval 0, with sequence 2, and quarantined since.
fn quarantined() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.begin(0);
    meters.read_start(&mut device, 0);
    meters.go_to(1);
    device.flow(100, 10);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    meters.quarantine(&device);
    (meters, device)
}

#[test]
fn given_a_quarantined_meter_when_restored_then_its_registers_stay_as_they_were() {
    let (mut meters, device) = quarantined();
    meters.go_to(3);
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let restore = meters.communities.own.restore(actor, &meters.owner, 0);
    let mut expected = meters.table();
    expected.meters[0].status = ACTIVE;
    expected.meters[0].violations = 0;

    let receipt = meters
        .communities
        .chain
        .send(&[restore], &[&verifier.wallet])
        .unwrap();

    assert_eq!(meters.table(), expected);
    let record = meters.record(&device);
    assert_eq!((record.import, record.sequence), (100, 2));
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterRestored(MeterRestored {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: 0,
            participant: 0,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_a_restored_meter_when_it_is_read_then_what_it_moved_since_is_a_gap() {
    let (mut meters, mut device) = quarantined();
    meters.go_to(3);
    device.flow(700, 30);
    meters.restore(&device);
    let reading = meters.read(&mut device, 2);
    assert_eq!(meters.submit_one(2, &reading), ReadingResult::Counted);
    let entry = meters.entry(2, &device);
    assert!(entry.is(Quality::Gap));
    assert_eq!((entry.import().0, entry.export().0), (700, 30));
}

#[test]
fn given_a_reading_of_its_quarantine_when_a_meter_is_restored_then_it_is_taken() {
    let (mut meters, mut device) = quarantined();
    meters.go_to(2);
    let reading = meters.read(&mut device, 1);
    let before = meters.state(0);
    let result = meters.submit_one(1, &reading);
    assert_eq!(result, ReadingResult::Quarantined);
    assert!(meters.state(0) == before);
    meters.restore(&device);
    assert_eq!(meters.submit_one(1, &reading), ReadingResult::Counted);
}

#[test]
fn given_violations_when_a_meter_is_restored_then_they_are_forgotten() {
    let (mut meters, mut device) = quarantined();
    meters.restore(&device);
    let tampered = |meters: &MeteredCommunity, device: &mut Device| {
        let mut reading = device.reading(MeteredCommunity::start(1));
        reading.flags = 1;
        device.sign(&meters.binding(), &reading)
    };
    for count in [1, 2] {
        let reading = tampered(&meters, &mut device);
        assert_eq!(meters.submit_one(0, &reading), ReadingResult::Tampered);
        assert_eq!(meters.record(&device).violations, count);
    }
    meters.quarantine(&device);
    meters.restore(&device);
    assert_eq!(meters.record(&device).violations, 0);
}

#[test]
fn given_an_active_meter_when_restored_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let restore = restore(&meters, 0);
    let reason = OracleError::MeterNotQuarantined;
    refuse(&mut meters, "active", &restore, reason);
}

#[test]
fn given_a_meter_that_is_none_when_restored_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let retired = meters.meter();
    meters.quarantine(&retired);
    meters.retire(&retired);
    refuse_meters(&mut meters, retired.number, restore);
}

#[test]
fn given_an_owner_who_verifies_when_it_restores_its_own_meter_then_it_is_refused() {
    let (mut meters, _) = quarantined();
    refuse_own_meter(&mut meters, |meters, acting| {
        let own = &meters.communities.own;
        own.restore(acting, &meters.owner, 0)
    });
}

#[test]
fn given_an_authority_with_a_meter_when_it_restores_it_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    meters.owner = authority_as_owner(&mut meters);
    let acting = (&verifier.address(), Some(verifier.participant));
    let own = meters.own();
    let details = details(&Keypair::new());
    let register = own.register_meter(acting, &meters.owner, &details);
    let signers = [&verifier.wallet, &meters.owner.wallet];
    meters
        .communities
        .chain
        .send(&[register], &signers)
        .unwrap();
    meters.govern(own.quarantine((&meters.authority(), None), 0, 1));
    let restore = restore(&meters, 0);
    let reason = OracleError::OwnMeter;
    refuse(&mut meters, "the authority", &restore, reason);
}

#[test]
fn given_the_meter_of_another_when_restored_then_it_is_refused() {
    let (mut meters, _) = quarantined();
    meters.owner = meters.communities.member(role::CONSUMER);
    let restore = restore(&meters, 0);
    refuse(
        &mut meters,
        "a neighbour",
        &restore,
        OracleError::WrongOwner,
    );
}

#[test]
fn given_accounts_of_another_community_when_restored_then_it_is_refused() {
    let (mut meters, _) = quarantined();
    meters.settle_other();
    let restore = restore(&meters, 0);
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &restore, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_restore_then_it_is_refused() {
    let (mut meters, _) = quarantined();
    let (own, owner) = (meters.own(), copy(&meters.owner));
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(
        &mut meters.communities,
        role::VERIFIER,
        reason,
        |actor, acting| own.restore((actor, acting), &owner, 0),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_restored_then_each_is_refused() {
    let (mut meters, device) = quarantined();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let restore = meters.communities.own.restore(actor, &meters.owner, 0);
    let chain = &mut meters.communities.chain;
    sweep(chain, &restore, &[&verifier.wallet]);
    assert_eq!(meters.record(&device).status, ACTIVE);
}
