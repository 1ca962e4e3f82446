use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{
    hostile::sweep,
    meters::Meters,
    refused::{refused, refused_when},
    stage::{role, SYSTEM_PROGRAM},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn given_an_open_interval_when_the_settlement_releases_it_then_only_its_phase_changes() {
    let mut meters = Meters::new();
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
    let mut meters = Meters::new();
    meters.open(0);
    let member = meters.stage.member(role::ALL).wallet;
    let authority = meters.stage.here.authority.insecure_clone();
    for (case, key) in [("a member", member), ("the authority", authority)] {
        let release = meters.stage.here.release_interval(0, &key.pubkey());
        let reason = OracleError::WrongSettlement;
        refused_when(case, &mut meters.stage.chain, &release, &[&key], reason);
    }
}

#[test]
fn given_no_settlement_or_a_new_one_when_the_old_one_releases_then_it_is_refused() {
    let mut meters = Meters::new();
    meters.open(0);
    let old = meters.settlement.insecure_clone();
    let new = Keypair::new();
    meters.govern(
        meters
            .stage
            .here
            .set_settlement(&old.pubkey(), &SYSTEM_PROGRAM),
    );
    let release = meters.stage.here.release_interval(0, &old.pubkey());
    let reason = OracleError::WrongSettlement;
    refused(&mut meters.stage.chain, &release, &[&old], reason.clone());
    meters.govern(
        meters
            .stage
            .here
            .set_settlement(&SYSTEM_PROGRAM, &new.pubkey()),
    );
    refused(&mut meters.stage.chain, &release, &[&old], reason);
    meters.settlement = new;
    meters.release(0);
}

#[test]
fn given_an_interval_not_open_when_released_then_it_is_refused() {
    let mut meters = Meters::new();
    let settlement = meters.settlement.insecure_clone();
    let release = meters.stage.here.release_interval(0, &settlement.pubkey());
    let reason = OracleError::NotOpen;
    refused_when(
        "never",
        &mut meters.stage.chain,
        &release,
        &[&settlement],
        reason.clone(),
    );
    meters.open(0);
    meters.release(0);
    refused_when(
        "again",
        &mut meters.stage.chain,
        &release,
        &[&settlement],
        reason,
    );
}

#[test]
fn given_an_interval_of_another_table_when_released_then_it_is_refused() {
    let mut meters = Meters::new();
    meters.settle_elsewhere();
    meters.open(0);
    let open = meters.stage.elsewhere.open_interval(0, Meters::start(0));
    meters.send(open);
    let settlement = meters.settlement.insecure_clone();
    let (here, there) = (meters.here(), meters.stage.elsewhere.copy());
    for (table, interval) in [
        (here.meter_table, there.interval(0)),
        (there.meter_table, here.interval(0)),
    ] {
        let mut release = here.release_interval(0, &settlement.pubkey());
        release.accounts[1].pubkey = table;
        release.accounts[2].pubkey = interval;
        let reason = OracleError::WrongMeterTable;
        refused(&mut meters.stage.chain, &release, &[&settlement], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_released_then_each_is_refused() {
    let mut meters = Meters::new();
    meters.open(0);
    let settlement = meters.settlement.insecure_clone();
    let release = meters.stage.here.release_interval(0, &settlement.pubkey());
    sweep(&mut meters.stage.chain, &release, &[&settlement]);
    assert_eq!(meters.interval(0).header.phase, 0);
}
