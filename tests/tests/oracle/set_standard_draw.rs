use joulebook_client::oracle::{
    errors::OracleError, events::OracleEvent, types::StandardDrawChanged,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeteredCommunity, QUARANTINED},
    refused::refused,
    two_communities::role,
    unauthorized,
};
use solana_instruction::Instruction;

use super::support::{
    copy, refuse, refuse_account, refuse_meters, refuse_own_meter, refuse_owners,
};

/// Of the owner's meter, by the authority, Wh; the owner signs if it agrees.
fn set(meters: &MeteredCommunity, agrees: bool, meter: u32, draw: u32) -> Instruction {
    let authority = meters.authority();
    let own = &meters.communities.own;
    own.set_standard_draw((&authority, None), (&meters.owner, agrees), meter, draw)
}

#[test]
fn given_a_verifier_and_the_owner_when_a_draw_is_set_then_nothing_else_changes() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let device = meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let mut expected = meters.table();
    expected.meters[1].standard_draw = u32::MAX;
    let own = &meters.communities.own;
    let set = own.set_standard_draw(actor, (&meters.owner, true), device.number, u32::MAX);
    let signers = [&verifier.wallet, &meters.owner.wallet];

    let receipt = meters.communities.chain.send(&[set], &signers).unwrap();

    assert_eq!(meters.table(), expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::StandardDrawChanged(StandardDrawChanged {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            meter: device.number,
            standard_draw: u32::MAX,
            actor: verifier.address(),
        })
    );
}

#[test]
fn given_a_draw_that_does_not_rise_when_the_authority_sets_it_then_the_owner_need_not_agree() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter_with(|details| details.standard_draw = 100);
    for draw in [100, 99, 0] {
        meters.govern(set(&meters, false, 0, draw));
        assert_eq!(meters.record(&device).standard_draw, draw);
    }
}

#[test]
fn given_a_draw_that_rises_when_the_owner_does_not_agree_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter_with(|details| details.standard_draw = 100);
    for draw in [101, u32::MAX] {
        let rise = set(&meters, false, 0, draw);
        let reason = OracleError::OwnerMustSign;
        refuse(&mut meters, "no agreement", &rise, reason);
    }
    let rise = set(&meters, true, 0, 101);
    refuse_owners(&mut meters, &rise);
    meters.govern(rise);
    assert_eq!(meters.record(&device).standard_draw, 101);
}

#[test]
fn given_an_owner_who_verifies_when_it_sets_its_own_draw_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter_with(|details| details.standard_draw = 100);
    for (agrees, draw) in [(true, 101), (true, 99), (false, 99), (false, 100)] {
        refuse_own_meter(&mut meters, |meters, acting| {
            let own = &meters.communities.own;
            own.set_standard_draw(acting, (&meters.owner, agrees), 0, draw)
        });
    }
}

#[test]
fn given_a_verifier_when_it_lowers_a_draw_then_it_is_refused_with_the_owner_too() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter_with(|details| details.standard_draw = 100);
    let verifier = meters.communities.member(role::VERIFIER);
    for agrees in [false, true] {
        let own = meters.own();
        let acting = (&verifier.address(), Some(verifier.participant));
        let lower = own.set_standard_draw(acting, (&meters.owner, agrees), 0, 99);
        let signers = [&verifier.wallet, &meters.owner.wallet];
        let chain = &mut meters.communities.chain;
        refused(chain, &lower, &signers, OracleError::NotAuthority);
    }
    assert_eq!(meters.record(&device).standard_draw, 100);
}

#[test]
fn given_the_meter_of_another_when_its_draw_is_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter_with(|details| details.standard_draw = 100);
    meters.owner = meters.communities.member(role::CONSUMER);
    for (agrees, draw) in [(false, 99), (true, 99), (true, 101)] {
        let set = set(&meters, agrees, 0, draw);
        refuse(&mut meters, "a neighbour", &set, OracleError::WrongOwner);
    }
}

#[test]
fn given_a_quarantined_meter_when_its_draw_is_set_then_it_stays_quarantined() {
    let mut meters = MeteredCommunity::new();
    let device = meters.meter();
    meters.quarantine(&device);
    meters.govern(set(&meters, true, 0, 70));
    let record = meters.record(&device);
    assert_eq!((record.standard_draw, record.status), (70, QUARANTINED));
}

#[test]
fn given_a_meter_that_is_none_when_its_draw_is_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let retired = meters.meter();
    meters.retire(&retired);
    refuse_meters(&mut meters, retired.number, |meters, meter| {
        set(meters, true, meter, 1)
    });
}

#[test]
fn given_accounts_of_another_community_when_a_draw_is_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    meters.meter();
    let set = set(&meters, true, 0, 1);
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (2, other.addresses.community, OracleError::NotPermitted),
        (3, other.addresses.meter_table, OracleError::WrongCommunity),
    ] {
        refuse_account(&mut meters, &set, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_set_a_draw_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let (own, owner) = (meters.own(), copy(&meters.owner));
    let reason = OracleError::NotPermitted;
    unauthorized::all_refused_though(
        &mut meters.communities,
        &[&owner.wallet],
        role::VERIFIER,
        reason,
        |actor, acting| own.set_standard_draw((actor, acting), (&owner, true), 0, 1),
    );
}

#[test]
fn given_hostile_data_and_accounts_when_a_draw_is_set_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    let verifier = meters.communities.member(role::VERIFIER);
    let actor = (&verifier.address(), Some(verifier.participant));
    let own = &meters.communities.own;
    let set = own.set_standard_draw(actor, (&meters.owner, true), 0, 70);
    let signers = [&verifier.wallet, &meters.owner.wallet];
    sweep(&mut meters.communities.chain, &set, &signers);
    assert_eq!(meters.table().meters[0].standard_draw, 70);
}
