use joulebook_client::{
    layout::oracle::limits::{REASON_KEY_COPIED, REASON_VIOLATIONS},
    oracle::{errors::OracleError, events::OracleEvent, types::MeterQuarantined},
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, QUARANTINED},
    two_communities::role,
    unauthorized,
};
use solana_instruction::Instruction;

use super::support::{refuse, refuse_account, refuse_meters};

/// By the authority.
fn quarantine(meters: &MeteredCommunity, meter: u32, reason: u16) -> Instruction {
    let authority = meters.authority();
    let own = &meters.communities.own;
    own.quarantine((&authority, None), meter, reason)
}

#[test]
fn given_a_verifier_or_an_emergency_participant_when_it_quarantines_then_an_event_says_why() {
    for roles in [role::VERIFIER, role::EMERGENCY] {
        let mut meters = MeteredCommunity::new();
        meters.meter();
        let device = meters.meter();
        let member = meters.communities.member(roles);
        let mut expected = meters.table();
        expected.meters[1].status = QUARANTINED;
        let actor = (&member.address(), Some(member.participant));
        let own = &meters.communities.own;
        let quarantine = own.quarantine(actor, device.number, 65_534);

        let chain = &mut meters.communities.chain;
        let receipt = chain.send(&[quarantine], &[&member.wallet]).unwrap();

        assert_eq!(meters.table(), expected);
        assert_eq!(
            event(&receipt),
            OracleEvent::MeterQuarantined(MeterQuarantined {
                meter_table: meters.communities.own.addresses.meter_table,
                number: 0,
                meter: device.number,
                participant: 0,
                reason: 65_534,
                actor: Some(member.address()),
            })
        );
    }
}

#[test]
fn given_one_of_the_programs_own_reasons_when_quarantined_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    for reason in [REASON_VIOLATIONS, REASON_KEY_COPIED] {
        let quarantine = quarantine(&meters, 0, reason);
        let case = reason.to_string();
        refuse(&mut meters, &case, &quarantine, OracleError::ReasonInvalid);
    }
}

#[test]
fn given_a_quarantined_meter_when_quarantined_again_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    let again = quarantine(&meters, 0, 1);
    refuse(&mut meters, "again", &again, OracleError::MeterNotActive);
}

#[test]
fn given_a_meter_that_is_none_when_quarantined_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let retired = meters.meter();
    meters.retire(&retired);
    refuse_meters(&mut meters, retired.number, |meters, meter| {
        quarantine(meters, meter, 1)
    });
}

#[test]
fn given_accounts_of_another_community_when_quarantined_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    meters.meter();
    let quarantine = quarantine(&meters, 0, 1);
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &quarantine, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_quarantine_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let own = meters.own();
    let roles = role::VERIFIER | role::EMERGENCY;
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused(&mut meters.communities, roles, reason, |actor, acting| {
        own.quarantine((actor, acting), 0, 1)
    });
}

#[test]
fn given_hostile_data_and_accounts_when_quarantined_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    let member = meters.communities.member(role::EMERGENCY);
    let actor = (&member.address(), Some(member.participant));
    let quarantine = meters.communities.own.quarantine(actor, 0, 1);
    let chain = &mut meters.communities.chain;
    sweep(chain, &quarantine, &[&member.wallet]);
    assert_eq!(meters.record(&device).status, QUARANTINED);
}
