use anchor_lang::error::ErrorCode;
use joulebook_client::{oracle::errors::OracleError, tables::IntervalTable};
use joulebook_tests::{
    hostile::sweep,
    metered_community::MeterTableParameters,
    metered_community::MeteredCommunity,
    refused::{refused, refused_when, ALREADY_IN_USE},
    two_communities::role,
};
use solana_signer::Signer;

#[test]
fn given_a_table_when_a_slot_is_created_then_it_is_free_and_counted() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let own = meters.own();
    meters.govern(own.create_interval(3));
    meters.govern(own.create_interval(0));
    assert_eq!(meters.table().header.intervals, 2);
    for slot in [3, 0] {
        let data = meters.communities.chain.data(&own.interval(slot));
        let IntervalTable { header, entries } = IntervalTable::from_bytes(&data).unwrap();
        assert_eq!(header.meter_table, own.addresses.meter_table);
        assert_eq!((header.start, header.phase), (i64::MIN, 0));
        assert_eq!((header.capacity, header.slot), (20, slot));
        assert_eq!((header.expected, header.heard), (0, 0));
        assert!(entries.iter().all(|entry| entry.quality == 0));
    }
}

#[test]
fn given_no_such_slot_when_created_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let authority = meters.communities.own.authority.insecure_clone();
    for slot in [4, 5, 1024, u16::MAX] {
        let create = meters.communities.own.create_interval(slot);
        let reason = OracleError::NoSuchSlot;
        refused(
            &mut meters.communities.chain,
            &create,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_a_slot_when_created_again_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let authority = meters.communities.own.authority.insecure_clone();
    let create = meters.communities.own.create_interval(0);
    refused(
        &mut meters.communities.chain,
        &create,
        &[&authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_the_address_of_another_slot_or_table_when_created_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let authority = meters.communities.own.authority.insecure_clone();
    let good = meters.communities.own.create_interval(0);
    let wrong = [
        ("another slot", meters.communities.own.interval(1)),
        ("another table", meters.communities.other.interval(0)),
        (
            "the table itself",
            meters.communities.own.addresses.meter_table,
        ),
    ];
    for (case, address) in wrong {
        let mut create = good.clone();
        create.accounts[3].pubkey = address;
        let reason = ErrorCode::ConstraintSeeds;
        refused_when(
            case,
            &mut meters.communities.chain,
            &create,
            &[&authority],
            reason,
        );
    }
}

#[test]
fn given_the_table_of_another_community_when_a_slot_is_created_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let mut create = meters.communities.other.create_interval(2);
    create.accounts[1].pubkey = meters.communities.own.addresses.community;
    create.accounts[0].pubkey = authority.pubkey();
    let reason = OracleError::WrongCommunity;
    refused(
        &mut meters.communities.chain,
        &create,
        &[&authority],
        reason,
    );
}

#[test]
fn given_anybody_else_when_they_create_a_slot_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let member = meters.communities.member(role::ALL).wallet;
    let foreign = meters.communities.other.authority.insecure_clone();
    for key in [member, foreign] {
        let mut create = meters.communities.own.create_interval(0);
        create.accounts[0].pubkey = key.pubkey();
        let reason = OracleError::NotAuthority;
        refused(&mut meters.communities.chain, &create, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_a_slot_is_created_then_each_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let authority = meters.communities.own.authority.insecure_clone();
    let create = meters.communities.own.create_interval(2);
    sweep(&mut meters.communities.chain, &create, &[&authority]);
    assert_eq!(meters.table().header.intervals, 1);
}
