use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::oracle::MeterTable,
    oracle::{errors::OracleError, events::OracleEvent, types::MeterTableCreated},
    tables::MeterRecords,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::event,
    metered_community::MeterTableParameters,
    refused::{refused, refused_when, ALREADY_IN_USE},
    two_communities::{role, TwoCommunities},
};
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn given_sizes_when_a_table_is_created_then_it_is_empty_and_the_authority_paid() {
    let mut communities = TwoCommunities::new();
    let before = communities
        .chain
        .lamports(&communities.own.authority.pubkey());
    let sizes = MeterTableParameters::default();

    let receipt = communities.govern(communities.own.create_meter_table(&sizes));

    let data = communities
        .chain
        .data(&communities.own.addresses.meter_table);
    let MeterRecords { header, meters } = MeterRecords::from_bytes(&data).unwrap();
    assert_eq!(header.community, communities.own.addresses.community);
    assert_eq!(header.settlement, Address::default());
    assert_eq!((header.interval_seconds, header.capacity), (300, 20));
    assert_eq!((header.ring, header.violation_limit), (4, 3));
    assert_eq!((header.count, header.intervals), (0, 0));
    assert_eq!(data.len(), MeterTable::LEN + 20 * 96);
    assert!(meters.iter().all(|meter| meter.status == 0));
    let rent = communities
        .chain
        .lamports(&communities.own.addresses.meter_table);
    assert_eq!(
        communities
            .chain
            .lamports(&communities.own.authority.pubkey()),
        before - rent
    );
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterTableCreated(MeterTableCreated {
            meter_table: communities.own.addresses.meter_table,
            community: communities.own.addresses.community,
            interval_seconds: 300,
            capacity: 20,
            ring: 4,
            violation_limit: 3,
        })
    );
}

#[test]
fn given_sizes_at_their_limits_when_a_table_is_created_then_they_are_taken() {
    for (interval_seconds, capacity, ring, violation_limit) in
        [(60, 1, 2, 0), (86_400, 4096, 1024, u8::MAX), (128, 1, 2, 1)]
    {
        let mut communities = TwoCommunities::new();
        let sizes = MeterTableParameters {
            interval_seconds,
            capacity,
            ring,
            violation_limit,
        };
        communities.govern(communities.own.create_meter_table(&sizes));
        let data = communities
            .chain
            .data(&communities.own.addresses.meter_table);
        let header = MeterTable::from_bytes(&data).unwrap();
        assert_eq!(
            (header.interval_seconds, header.capacity),
            (interval_seconds, capacity)
        );
        assert_eq!(
            (header.ring, header.violation_limit),
            (ring, violation_limit)
        );
        assert!(data.len() <= 10_240);
    }
}

#[test]
fn given_an_impossible_size_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let good = MeterTableParameters::default();
    let lengths = [
        0,
        1,
        59,
        61,
        299,
        7 * 60,
        43_201,
        86_399,
        86_401,
        172_800,
        u32::MAX,
    ];
    for interval_seconds in lengths {
        let create = communities.own.create_meter_table(&MeterTableParameters {
            interval_seconds,
            ..good
        });
        let reason = OracleError::IntervalLengthInvalid;
        let case = interval_seconds.to_string();
        refused_when(
            &case,
            &mut communities.chain,
            &create,
            &[&authority],
            reason,
        );
    }
    for capacity in [0, 4097, u16::MAX] {
        let create = communities
            .own
            .create_meter_table(&MeterTableParameters { capacity, ..good });
        let reason = OracleError::CapacityInvalid;
        refused(&mut communities.chain, &create, &[&authority], reason);
    }
    for ring in [0, 1, 1025, u16::MAX] {
        let create = communities
            .own
            .create_meter_table(&MeterTableParameters { ring, ..good });
        let reason = OracleError::RingInvalid;
        refused(&mut communities.chain, &create, &[&authority], reason);
    }
}

#[test]
fn given_a_table_when_created_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let create = communities
        .own
        .create_meter_table(&MeterTableParameters::default());
    communities.govern(create.clone());
    refused(
        &mut communities.chain,
        &create,
        &[&authority],
        ALREADY_IN_USE,
    );
}

#[test]
fn given_anybody_else_when_they_create_a_table_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let member = communities.member(role::ALL).wallet;
    let foreign = communities.other.authority.insecure_clone();
    for key in [member, foreign] {
        let mut create = communities
            .own
            .create_meter_table(&MeterTableParameters::default());
        create.accounts[0].pubkey = key.pubkey();
        let reason = OracleError::NotAuthority;
        refused(&mut communities.chain, &create, &[&key], reason);
    }
}

#[test]
fn given_the_address_of_another_community_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let mut create = communities
        .own
        .create_meter_table(&MeterTableParameters::default());
    create.accounts[2].pubkey = communities.other.addresses.meter_table;
    let reason = ErrorCode::ConstraintSeeds;
    refused(&mut communities.chain, &create, &[&authority], reason);
}

#[test]
fn given_hostile_data_and_accounts_when_a_table_is_created_then_each_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let create = communities
        .own
        .create_meter_table(&MeterTableParameters::default());
    sweep(&mut communities.chain, &create, &[&authority]);
}
