use joulebook_client::{
    layout::oracle::Meter,
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{FinalRegisters, MeterRetired, ReadingResult},
    },
};
use joulebook_sim::Device;
use joulebook_tests::{
    hostile::sweep,
    metered_community::{details, event, MeteredCommunity, ACTIVE, RETIRED},
    refused::refused,
    two_communities::role,
    unauthorized,
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;

use super::support::{
    authority_as_owner, copy, refuse, refuse_account, refuse_meters, refuse_own_meter,
    refuse_owners,
};

/// By the authority, with these final registers; the owner agrees.
fn retire(meters: &MeteredCommunity, meter: u32, registers: (u64, u64)) -> Instruction {
    retire_if(meters, true, meter, Some(registers))
}

fn retire_if(
    meters: &MeteredCommunity,
    agrees: bool,
    meter: u32,
    registers: Option<(u64, u64)>,
) -> Instruction {
    let authority = meters.authority();
    let (acting, owner) = ((&authority, None), (&meters.owner, agrees));
    let own = &meters.communities.own;
    own.retire(acting, owner, meter, registers)
}

/// A meter whose device showed 70 and 7 Wh when it was registered, and 1,070 and 507 Wh at the end of interval 0; that
/// is over since 100 s.
fn heard() -> (MeteredCommunity, Device) {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter_with(|details| (details.import, details.export) = (70, 7));
    meters.begin(0);
    meters.go_to(1);
    device.flow(1_000, 500);
    let reading = meters.read(&mut device, 0);
    assert_eq!(meters.submit_one(0, &reading), ReadingResult::Counted);
    let now = MeteredCommunity::start(1) + 100;
    meters.communities.chain.set_time(now);
    (meters, device)
}

#[test]
fn given_a_meter_when_retired_then_its_row_ends_with_the_page() {
    let (mut meters, device) = heard();
    meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let mut expected = meters.table();
    let row = &mut expected.meters[0];
    row.status = RETIRED;
    row.boundary = MeteredCommunity::start(4);
    row.service_until = MeteredCommunity::start(4);
    (row.import, row.export) = (1_030, 503);
    let actor = (&verifier.address(), Some(verifier.participant));
    let (own, owner) = (&meters.communities.own, &meters.owner);
    let retire = own.retire(actor, (owner, true), device.number, Some((1_100, 510)));
    let signers = [&verifier.wallet, &owner.wallet];

    let receipt = meters.communities.chain.send(&[retire], &signers).unwrap();

    assert_eq!(meters.table(), expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterRetired(MeterRetired {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: device.number,
            participant: 0,
            registers: Some(FinalRegisters {
                import: 1_100,
                export: 510,
            }),
            service_until: MeteredCommunity::start(4),
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_the_start_of_a_page_when_a_meter_is_retired_then_it_serves_in_that_one_still() {
    let (mut meters, device) = heard();
    meters.go_to(4);
    meters.retire(&device);
    let until = meters.record(&device).service_until;
    assert_eq!(until, MeteredCommunity::start(8));
}

#[test]
fn given_a_quarantined_meter_when_retired_then_it_is() {
    let (mut meters, device) = heard();
    meters.quarantine(&device);
    meters.retire(&device);
    assert_eq!(meters.record(&device).status, RETIRED);
}

/// What it has signed and nobody has sent yet stays true.
#[test]
fn given_no_final_registers_when_the_authority_retires_alone_then_the_last_reading_stands() {
    let (mut meters, device) = heard();
    let before = meters.record(&device);
    let receipt = meters.govern(retire_if(&meters, false, 0, None));
    let row = meters.record(&device);
    assert_eq!(row.status, RETIRED);
    assert_eq!(row.service_until, MeteredCommunity::start(4));
    let reading = |row: Meter| (row.boundary, row.sequence, row.import, row.export);
    assert_eq!(reading(row), reading(before));
    let OracleEvent::MeterRetired(retired) = event(&receipt) else {
        panic!("not retired");
    };
    assert_eq!(retired.registers, None);
}

/// A stolen key would otherwise take every meter out of service for good.
#[test]
fn given_a_verifier_when_it_retires_without_the_owner_then_it_is_refused() {
    let (mut meters, device) = heard();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let own = meters.own();
    for registers in [None, Some((1_070, 507))] {
        let retire = own.retire(actor, (&meters.owner, false), 0, registers);
        let chain = &mut meters.communities.chain;
        let signers = [&verifier.wallet];
        refused(chain, &retire, &signers, OracleError::OwnerMustSign);
    }
    assert_eq!(meters.record(&device).status, ACTIVE);
}

#[test]
fn given_final_registers_when_the_owner_does_not_agree_then_it_is_refused() {
    let (mut meters, device) = heard();
    for registers in [(1_070, 507), (1_071, 507), (1_070, 508), (1_100, 510)] {
        let retire = retire_if(&meters, false, 0, Some(registers));
        let case = format!("{registers:?}");
        refuse(&mut meters, &case, &retire, OracleError::OwnerMustSign);
    }
    let retire = retire(&meters, 0, (1_071, 507));
    refuse_owners(&mut meters, &retire);
    meters.govern(retire);
    assert_eq!(meters.record(&device).import, 1_001);
}

#[test]
fn given_an_owner_who_verifies_when_it_retires_its_own_meter_then_it_is_refused() {
    let (mut meters, _) = heard();
    for registers in [None, Some((1_100, 510)), Some((1_070, 507))] {
        refuse_own_meter(&mut meters, |meters, acting| {
            let own = &meters.communities.own;
            own.retire(acting, (&meters.owner, true), 0, registers)
        });
    }
}

#[test]
fn given_an_authority_with_a_meter_when_it_retires_it_without_another_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let verifier = meters.communities.member(role::VERIFIER);
    meters.owner = authority_as_owner(&mut meters);
    let acting = (&verifier.address(), Some(verifier.participant));
    let own = meters.own();
    let register = own.register_meter(acting, &meters.owner, &details(&Keypair::new()));
    let signers = [&verifier.wallet, &meters.owner.wallet];
    meters
        .communities
        .chain
        .send(&[register], &signers)
        .unwrap();
    for (agrees, registers) in [(false, None), (true, None), (true, Some((0, 0)))] {
        let retire = retire_if(&meters, agrees, 0, registers);
        refuse(&mut meters, "itself", &retire, OracleError::OwnMeter);
    }
}

#[test]
fn given_the_meter_of_another_when_retired_then_it_is_refused() {
    let (mut meters, _) = heard();
    meters.owner = meters.communities.member(role::CONSUMER);
    for (agrees, registers) in [
        (false, None),
        (true, None),
        (true, Some((1_070, 507))),
        (true, Some((1_100, 510))),
    ] {
        let retire = retire_if(&meters, agrees, 0, registers);
        refuse(&mut meters, "a neighbour", &retire, OracleError::WrongOwner);
    }
}

#[test]
fn given_final_registers_below_the_last_reading_when_retired_then_it_is_refused() {
    let (mut meters, device) = heard();
    for registers in [(1_069, 507), (1_070, 506), (70, 7), (69, 507), (0, 0)] {
        let retire = retire(&meters, 0, registers);
        let case = format!("{registers:?}");
        refuse(&mut meters, &case, &retire, OracleError::RegisterFell);
    }
    // A broken device's are those of its row.
    meters.retire(&device);
}

#[test]
fn given_more_than_the_connection_carries_when_retired_then_it_is_refused() {
    let (mut meters, device) = heard();
    // 100 s at 100 kW are 2,777 Wh, and one more may show.
    for registers in [
        (1_070 + 2_779, 507),
        (1_070, 507 + 2_779),
        ((1 << 63) - 1, 507),
    ] {
        let retire = retire(&meters, 0, registers);
        let case = format!("{registers:?}");
        refuse(&mut meters, &case, &retire, OracleError::PowerLimitExceeded);
    }
    meters.govern(retire(&meters, 0, (1_070 + 2_778, 507 + 2_778)));
    assert_eq!(meters.record(&device).import, 1_000 + 2_778);
}

#[test]
fn given_registers_that_no_device_shows_when_retired_then_it_is_refused() {
    let (mut meters, _) = heard();
    for registers in [(1 << 63, 507), (1_070, 1 << 63), (u64::MAX, u64::MAX)] {
        let retire = retire(&meters, 0, registers);
        let case = format!("{registers:?}");
        refuse(&mut meters, &case, &retire, OracleError::RegisterInvalid);
    }
}

#[test]
fn given_a_clock_at_its_end_when_retired_then_it_is_refused() {
    let (mut meters, _) = heard();
    meters.communities.chain.set_time(i64::MAX);
    let retire = retire(&meters, 0, (1_070, 507));
    refuse(&mut meters, "no next page", &retire, OracleError::Overflow);
}

#[test]
fn given_a_meter_that_is_none_when_retired_then_it_is_refused() {
    let (mut meters, device) = heard();
    meters.retire(&device);
    refuse_meters(&mut meters, device.number, |meters, meter| {
        retire(meters, meter, (1_070, 507))
    });
}

#[test]
fn given_accounts_of_another_community_when_retired_then_it_is_refused() {
    let (mut meters, _) = heard();
    meters.settle_other();
    let retire = retire(&meters, 0, (1_070, 507));
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &retire, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_retire_a_meter_then_it_is_refused() {
    let (mut meters, _) = heard();
    let (own, owner) = (meters.own(), copy(&meters.owner));
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused_though(
        &mut meters.communities,
        &[&owner.wallet],
        role::VERIFIER,
        reason,
        |actor, acting| own.retire((actor, acting), (&owner, true), 0, Some((1_070, 507))),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_retired_then_each_is_refused() {
    let (mut meters, device) = heard();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let (own, owner) = (&meters.communities.own, &meters.owner);
    let retire = own.retire(actor, (owner, true), 0, Some((1_070, 507)));
    let signers = [&verifier.wallet, &owner.wallet];
    sweep(&mut meters.communities.chain, &retire, &signers);
    assert_eq!(meters.record(&device).status, RETIRED);
}
