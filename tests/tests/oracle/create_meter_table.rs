use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::oracle::{IntervalPage, MeterTable},
    oracle::{
        errors::OracleError,
        events::OracleEvent,
        types::{MeterTableCreated, MeterTableParams},
    },
    reading,
    tables::MeterRecords,
};
use joulebook_sim::founding::LOCAL_CLUSTER;
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeterTableParameters},
    refused::{refused, refused_when, ALREADY_IN_USE},
    two_communities::{role, TwoCommunities},
};
use solana_address::Address;
use solana_signer::Signer;

/// The longest correction time, seconds.
const LONGEST: u32 = 7_948_800;

/// Creates none: `parameters` are ones that must be refused.
#[track_caller]
fn refuse(
    communities: &mut TwoCommunities,
    case: &str,
    parameters: MeterTableParameters,
    reason: OracleError,
) {
    let authority = communities.own.authority.insecure_clone();
    let create = communities.own.create_meter_table(&parameters);
    let signers = [&authority];
    refused_when(case, &mut communities.chain, &create, &signers, reason);
}

#[test]
fn given_parameters_when_a_table_is_created_then_it_is_empty_and_the_authority_paid() {
    let mut communities = TwoCommunities::new();
    let (table, authority) = (
        communities.own.addresses.meter_table,
        communities.own.authority.pubkey(),
    );
    let before = communities.chain.lamports(&authority);
    let parameters = MeterTableParameters {
        power_cap: 44_000,
        ..MeterTableParameters::default()
    };

    let receipt = communities.govern(communities.own.create_meter_table(&parameters));

    let data = communities.chain.data(&table);
    let MeterRecords { header, meters } = MeterRecords::from_bytes(&data).unwrap();
    assert_eq!(header.community, communities.own.addresses.community);
    assert_eq!(header.settlement, Address::default());
    assert_eq!((header.interval_seconds, header.page_intervals), (300, 4));
    assert_eq!((header.ring, header.capacity), (4, 20));
    assert_eq!(
        (header.reading_seconds, header.correction_seconds),
        (600, 1200)
    );
    assert_eq!((header.power_cap, header.violation_limit), (44_000, 3));
    assert_eq!(header.version, 1);
    assert_eq!(header.cluster, LOCAL_CLUSTER);
    assert_eq!(header.binding, reading::binding(&LOCAL_CLUSTER, &table));
    assert_eq!((header.count, header.pages), (0, 0));
    let never = [
        header.last_opened,
        header.last_finished,
        header.settled_from,
    ];
    assert_eq!(never, [IntervalPage::NEVER; 3]);
    assert_eq!(data.len(), 216 + 20 * 232);
    assert!(meters.iter().all(|meter| meter.status == 0));
    let rent = communities.chain.lamports(&table);
    assert_eq!(communities.chain.lamports(&authority), before - rent);
    assert_eq!(
        event(&receipt),
        OracleEvent::MeterTableCreated(MeterTableCreated {
            meter_table: table,
            number: 0,
            community: communities.own.addresses.community,
            params: MeterTableParams {
                interval_seconds: 300,
                page_intervals: 4,
                ring: 4,
                capacity: 20,
                reading_seconds: 600,
                correction_seconds: 1200,
                power_cap: 44_000,
                violation_limit: 3,
                cluster: LOCAL_CLUSTER,
            },
        })
    );
}

#[test]
fn given_parameters_at_their_limits_when_a_table_is_created_then_they_are_taken() {
    let limits = [
        // Of the shortest intervals, in the smallest pages.
        MeterTableParameters {
            interval_seconds: 60,
            page_intervals: 1,
            ring: 3,
            capacity: 1,
            reading_seconds: 0,
            correction_seconds: 0,
            power_cap: 0,
            violation_limit: 0,
            cluster: [u8::MAX; 32],
        },
        // 509 pages of a day are longer than the longest correction time.
        MeterTableParameters {
            interval_seconds: 86_400,
            page_intervals: 1,
            ring: 512,
            capacity: 4096,
            reading_seconds: LONGEST,
            correction_seconds: LONGEST,
            power_cap: u32::MAX,
            violation_limit: u8::MAX,
            cluster: [u8::MAX; 32],
        },
        // Two pages beside three last as long as the correction time; each has 9,535,600 bytes.
        MeterTableParameters {
            interval_seconds: 60,
            page_intervals: 288,
            ring: 5,
            capacity: 4096,
            reading_seconds: 0,
            correction_seconds: 34_560,
            power_cap: 1,
            violation_limit: 1,
            cluster: [u8::MAX; 32],
        },
    ];
    for parameters in limits {
        let mut communities = TwoCommunities::new();
        communities.govern(communities.own.create_meter_table(&parameters));
        let table = communities.own.addresses.meter_table;
        let header = MeterTable::from_bytes(&communities.chain.data(&table)).unwrap();
        let taken = MeterTableParameters {
            interval_seconds: header.interval_seconds,
            page_intervals: header.page_intervals,
            ring: header.ring,
            capacity: header.capacity,
            reading_seconds: header.reading_seconds,
            correction_seconds: header.correction_seconds,
            power_cap: header.power_cap,
            violation_limit: header.violation_limit,
            cluster: header.cluster,
        };
        assert_eq!(taken, parameters);
    }
}

#[test]
fn given_an_interval_that_does_not_divide_a_day_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
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
        let parameters = MeterTableParameters {
            interval_seconds,
            ..MeterTableParameters::default()
        };
        let case = interval_seconds.to_string();
        let reason = OracleError::IntervalLengthInvalid;
        refuse(&mut communities, &case, parameters, reason);
    }
}

#[test]
fn given_an_impossible_count_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    for page_intervals in [0, 289, u16::MAX] {
        let parameters = MeterTableParameters {
            page_intervals,
            ..MeterTableParameters::default()
        };
        let reason = OracleError::PageIntervalsInvalid;
        refuse(&mut communities, "intervals", parameters, reason);
    }
    for capacity in [0, 4097, u16::MAX] {
        let parameters = MeterTableParameters {
            capacity,
            ..MeterTableParameters::default()
        };
        let reason = OracleError::CapacityInvalid;
        refuse(&mut communities, "capacity", parameters, reason);
    }
}

#[test]
fn given_impossible_times_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    for (reading_seconds, correction_seconds) in [
        (1201, 1200),
        (1, 0),
        (0, LONGEST + 1),
        (u32::MAX, u32::MAX),
        (0, u32::MAX),
    ] {
        let parameters = MeterTableParameters {
            interval_seconds: 86_400,
            ring: 512,
            reading_seconds,
            correction_seconds,
            ..MeterTableParameters::default()
        };
        let case = format!("{reading_seconds} of {correction_seconds}");
        let reason = OracleError::CorrectionTimeInvalid;
        refuse(&mut communities, &case, parameters, reason);
    }
}

#[test]
fn given_a_ring_too_short_or_too_long_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    for (ring, correction_seconds) in [
        (0, 600),
        (1, 600),
        (2, 600),
        // One page of 1,200 seconds beside three.
        (4, 1201),
        // Two.
        (5, 2401),
        (513, 600),
        (u16::MAX, 600),
    ] {
        let parameters = MeterTableParameters {
            ring,
            correction_seconds,
            ..MeterTableParameters::default()
        };
        let case = format!("{ring} slots for {correction_seconds} seconds");
        let reason = OracleError::RingInvalid;
        refuse(&mut communities, &case, parameters, reason);
    }
}

#[test]
fn given_no_cluster_when_a_table_is_created_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let parameters = MeterTableParameters {
        cluster: [0; 32],
        ..MeterTableParameters::default()
    };
    let reason = OracleError::ClusterInvalid;
    refuse(&mut communities, "all zero", parameters, reason);
}

#[test]
fn given_a_table_when_created_again_then_it_is_refused() {
    let mut communities = TwoCommunities::new();
    let authority = communities.own.authority.insecure_clone();
    let create = communities
        .own
        .create_meter_table(&MeterTableParameters::default());
    communities.govern(create.clone());
    let reason = ALREADY_IN_USE;
    refused(&mut communities.chain, &create, &[&authority], reason);
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
