use joulebook_client::{
    layout::oracle::{PageEntry, Quality},
    oracle::{
        events::OracleEvent,
        types::{PreviousValue, ReplacedValue, ValuesReplaced},
    },
};
use joulebook_tests::{
    metered_community::{event, MeteredCommunity},
    two_communities::role,
};
use joulebook_units::Wh;

use super::closed;

fn replaced((import, export): (u32, u32), is_boundary_known: bool) -> PageEntry {
    PageEntry::new(Wh(import), Wh(export), Quality::Replaced, is_boundary_known).unwrap()
}

#[test]
fn given_intervals_of_every_quality_when_a_verifier_and_the_owner_replace_them_then_values_stand() {
    let (mut meters, device) = closed();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let (record, registers) = (meters.record(&device), meters.registers(0, &device));
    let values = [(1, 2), (0, 0), (70, 7), (8_334, 8_334)];
    let (own, owner) = (&meters.communities.own, &meters.owner);
    let replace = own.replace_values(actor, (owner, true), meters.slot(0), 0, 0, &values);
    let signers = [&verifier.wallet, &owner.wallet];

    let receipt = meters.communities.chain.send(&[replace], &signers).unwrap();

    for (n, known) in (0..).zip([true, false, true, false]) {
        let expected = replaced(values[n as usize], known);
        assert_eq!(meters.entry(n, &device), expected);
    }
    assert_eq!(meters.record(&device), record);
    assert_eq!(meters.registers(0, &device), registers);
    let previous = |import, export, quality| PreviousValue {
        import,
        export,
        quality,
    };
    assert_eq!(
        event(&receipt),
        OracleEvent::ValuesReplaced(ValuesReplaced {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: 0,
            start: MeteredCommunity::start(0),
            first: 0,
            values: values
                .map(|(import, export)| ReplacedValue { import, export })
                .to_vec(),
            previous: vec![
                previous(100, 10, 2),
                previous(0, 0, 0),
                previous(70, 7, 1),
                previous(0, 0, 0),
            ],
            reason: 7,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_some_intervals_when_replaced_then_the_others_stay() {
    let (mut meters, device) = closed();
    let before = meters.page(0);
    meters.replace(&device, 1, &[(30, 3)]);
    let mut expected = before;
    expected.entries[1] = replaced((30, 3), false);
    assert_eq!(meters.page(0), expected);
}

#[test]
fn given_several_meters_when_one_is_replaced_then_the_others_stay() {
    let mut meters = MeteredCommunity::new();
    let devices = [meters.meter(), meters.meter(), meters.meter()];
    meters.begin(0);
    meters.close_readings(0);
    let mut expected = meters.page(0);
    meters.replace(&devices[1], 2, &[(30, 3), (40, 4)]);
    // Of the second meter, the third interval and the fourth.
    expected.entries[6] = replaced((30, 3), false);
    expected.entries[7] = replaced((40, 4), false);
    assert_eq!(meters.page(0), expected);
}

#[test]
fn given_a_value_when_it_is_replaced_again_then_the_last_one_stands() {
    let (mut meters, device) = closed();
    meters.replace(&device, 3, &[(30, 3)]);
    let receipt = meters.replace(&device, 3, &[(31, 4)]);
    assert_eq!(meters.entry(3, &device), replaced((31, 4), false));
    let OracleEvent::ValuesReplaced(event) = event(&receipt) else {
        panic!("values were replaced");
    };
    let previous = PreviousValue {
        import: 30,
        export: 3,
        quality: 3,
    };
    assert_eq!(event.previous, [previous]);
}

#[test]
fn given_a_quarantined_or_retired_meter_when_values_of_its_service_are_set_then_they_stand() {
    let (mut meters, device) = closed();
    meters.quarantine(&device);
    meters.replace(&device, 1, &[(30, 3)]);
    meters.retire(&device);
    meters.replace(&device, 2, &[(40, 4)]);
    assert_eq!(meters.entry(1, &device), replaced((30, 3), false));
    assert_eq!(meters.entry(2, &device), replaced((40, 4), true));
}
