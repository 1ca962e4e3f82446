use joulebook_client::oracle::{errors::OracleError, events::OracleEvent, types::MeterQuarantined};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, QUARANTINED},
    refused::{refused, refused_when},
    two_communities::role,
    unauthorized,
};
use solana_signer::Signer;

#[test]
fn given_a_verifier_or_an_emergency_participant_when_it_quarantines_then_an_event_says_why() {
    for roles in [role::VERIFIER, role::EMERGENCY] {
        let mut meters = MeteredCommunity::new();
        meters.meter();
        let device = meters.meter();
        let member = meters.communities.member(roles);
        let mut expected = meters.table().meters;
        expected[1].status = QUARANTINED;
        let actor = (&member.address(), Some(member.participant));
        let quarantine = meters
            .communities
            .own
            .quarantine(actor, device.number, u16::MAX);

        let receipt = meters
            .communities
            .chain
            .send(&[quarantine], &[&member.wallet])
            .unwrap();

        assert_eq!(meters.table().meters, expected);
        assert_eq!(
            event(&receipt),
            OracleEvent::MeterQuarantined(MeterQuarantined {
                meter_table: meters.communities.own.addresses.meter_table,
                meter: device.number,
                participant: 0,
                reason: u16::MAX,
                actor: Some(member.address()),
            })
        );
    }
}

#[test]
fn given_bad_input_when_quarantined_then_each_is_refused_by_name() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    meters.meter();
    let quarantined = meters.meter();
    let retired = meters.meter();
    meters.quarantine(&quarantined);
    meters.retire(&retired);
    for (case, meter, reason, error) in [
        ("the program's own reason", 0, 0, OracleError::ReasonInvalid),
        (
            "quarantined",
            quarantined.number,
            1,
            OracleError::MeterNotActive,
        ),
        ("retired", retired.number, 1, OracleError::MeterRetired),
        ("unknown", 3, 1, OracleError::NoSuchMeter),
        ("beyond the table", 20, 1, OracleError::NoSuchMeter),
        ("last number", u32::MAX, 1, OracleError::NoSuchMeter),
    ] {
        let actor = (&authority.pubkey(), None);
        let quarantine = meters.communities.own.quarantine(actor, meter, reason);
        refused_when(
            case,
            &mut meters.communities.chain,
            &quarantine,
            &[&authority],
            error,
        );
    }
}

#[test]
fn given_a_table_of_another_community_when_quarantined_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let mut quarantine = meters
        .communities
        .own
        .quarantine((&authority.pubkey(), None), 0, 1);
    quarantine.accounts[3].pubkey = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(
        &mut meters.communities.chain,
        &quarantine,
        &[&authority],
        reason,
    );
}

#[test]
fn given_anybody_else_when_they_quarantine_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let place = meters.own();
    let roles = role::VERIFIER | role::EMERGENCY;
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(&mut meters.communities, roles, reason, |actor, acting| {
        place.quarantine((actor, acting), 0, 1)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_quarantined_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    let member = meters.communities.member(role::EMERGENCY);
    let actor = (&member.address(), Some(member.participant));
    let quarantine = meters.communities.own.quarantine(actor, 0, 1);
    sweep(
        &mut meters.communities.chain,
        &quarantine,
        &[&member.wallet],
    );
    assert_eq!(meters.record(&device).status, QUARANTINED);
}
