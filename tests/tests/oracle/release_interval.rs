use joulebook_client::{instructions::SYSTEM_PROGRAM, oracle::errors::OracleError};
use joulebook_tests::{
    hostile::sweep,
    metered_community::MeteredCommunity,
    refused::{refused, refused_when},
    two_communities::role,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn given_an_open_interval_when_the_settlement_releases_it_then_only_its_phase_changes() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.open(0);
    let mut expected = meters.interval(0);
    meters.release(0);
    expected.header.phase = 0;
    assert_eq!(meters.interval(0).header, expected.header);
    assert_eq!(meters.interval(0).entries, expected.entries);
}

#[test]
fn given_anybody_else_when_they_release_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let member = meters.communities.member(role::ALL).wallet;
    let authority = meters.communities.own.authority.insecure_clone();
    for (case, key) in [("a member", member), ("the authority", authority)] {
        let release = meters.communities.own.release_interval(0, &key.pubkey());
        let reason = OracleError::WrongSettlement;
        refused_when(
            case,
            &mut meters.communities.chain,
            &release,
            &[&key],
            reason,
        );
    }
}

#[test]
fn given_no_settlement_or_a_new_one_when_the_old_one_releases_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let old = meters.settlement.insecure_clone();
    let new = Keypair::new();
    meters.govern(
        meters
            .communities
            .own
            .set_settlement(&old.pubkey(), &SYSTEM_PROGRAM),
    );
    let release = meters.communities.own.release_interval(0, &old.pubkey());
    let reason = OracleError::WrongSettlement;
    refused(
        &mut meters.communities.chain,
        &release,
        &[&old],
        reason.clone(),
    );
    meters.govern(
        meters
            .communities
            .own
            .set_settlement(&SYSTEM_PROGRAM, &new.pubkey()),
    );
    refused(&mut meters.communities.chain, &release, &[&old], reason);
    meters.settlement = new;
    meters.release(0);
}

#[test]
fn given_an_interval_not_open_when_released_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.insecure_clone();
    let release = meters
        .communities
        .own
        .release_interval(0, &settlement.pubkey());
    let reason = OracleError::NotOpen;
    refused_when(
        "never",
        &mut meters.communities.chain,
        &release,
        &[&settlement],
        reason.clone(),
    );
    meters.open(0);
    meters.release(0);
    refused_when(
        "again",
        &mut meters.communities.chain,
        &release,
        &[&settlement],
        reason,
    );
}

#[test]
fn given_an_interval_of_another_table_when_released_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    meters.open(0);
    let open = meters
        .communities
        .other
        .open_interval(0, MeteredCommunity::start(0));
    meters.send(open);
    let settlement = meters.settlement.insecure_clone();
    let (own, other) = (meters.own(), meters.communities.other.copy());
    for (table, interval) in [
        (own.addresses.meter_table, other.interval(0)),
        (other.addresses.meter_table, own.interval(0)),
    ] {
        let mut release = own.release_interval(0, &settlement.pubkey());
        release.accounts[1].pubkey = table;
        release.accounts[2].pubkey = interval;
        let reason = OracleError::WrongMeterTable;
        refused(
            &mut meters.communities.chain,
            &release,
            &[&settlement],
            reason,
        );
    }
}

#[test]
fn given_hostile_data_and_accounts_when_released_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let settlement = meters.settlement.insecure_clone();
    let release = meters
        .communities
        .own
        .release_interval(0, &settlement.pubkey());
    sweep(&mut meters.communities.chain, &release, &[&settlement]);
    assert_eq!(meters.interval(0).header.phase, 0);
}
