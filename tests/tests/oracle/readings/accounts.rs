use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::{errors::OracleError, types::ReadingResult};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{details, results, MeteredCommunity},
    refused::{refused, refused_when},
};
use solana_signer::Signer;

#[test]
fn given_accounts_of_another_community_when_read_then_the_instruction_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let mut device = meters.meter();
    meters.open(0);
    meters.send(
        meters
            .communities
            .other
            .open_interval(0, MeteredCommunity::start(0)),
    );
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    let good = meters.communities.own.submit(0, &[reading]);
    let other = meters.communities.other.copy();
    for (case, place, address, reason) in [
        (
            "community",
            0,
            other.addresses.community,
            OracleError::WrongCommunity,
        ),
        (
            "table",
            1,
            other.addresses.meter_table,
            OracleError::WrongCommunity,
        ),
        (
            "interval",
            2,
            other.interval(0),
            OracleError::WrongMeterTable,
        ),
    ] {
        let mut submit = good.clone();
        submit.accounts[place].pubkey = address;
        refused_when(case, &mut meters.communities.chain, &submit, &[], reason);
    }
    let mut submit = good;
    submit.accounts[0].pubkey = other.addresses.community;
    submit.accounts[1].pubkey = other.addresses.meter_table;
    let reason = OracleError::WrongMeterTable;
    refused(&mut meters.communities.chain, &submit, &[], reason);
}

#[test]
fn given_swapped_accounts_when_read_then_the_instruction_is_refused() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    let good = meters.communities.own.submit(0, &[reading]);
    for (one, other, reason) in [
        (0, 1, ErrorCode::AccountOwnedByWrongProgram),
        (0, 2, ErrorCode::AccountOwnedByWrongProgram),
        (1, 2, ErrorCode::AccountDiscriminatorMismatch),
    ] {
        let mut submit = good.clone();
        submit.accounts[one].pubkey = good.accounts[other].pubkey;
        submit.accounts[other].pubkey = good.accounts[one].pubkey;
        refused(&mut meters.communities.chain, &submit, &[], reason);
    }
    let mut twice = good;
    twice.accounts[2].pubkey = twice.accounts[1].pubkey;
    let reason = ErrorCode::AccountDiscriminatorMismatch;
    refused(&mut meters.communities.chain, &twice, &[], reason);
}

#[test]
fn given_a_reading_of_a_meter_here_when_sent_elsewhere_then_it_counts_nowhere() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let mut device = meters.meter();
    meters.send(
        meters
            .communities
            .other
            .open_interval(0, MeteredCommunity::start(0)),
    );
    // The same device, with the same number, in the other community too.
    let other = meters.communities.other.copy();
    let owner = other.admit(&mut meters.communities.chain, 1);
    let authority = other.authority.pubkey();
    let details = details(&device.key);
    let register = other.register_meter((&authority, None), &owner.participant, &details);
    meters
        .communities
        .chain
        .send(&[register], &[&other.authority])
        .unwrap();
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    let receipt = meters.send(other.submit(0, &[reading]));
    assert_eq!(results(&receipt), [ReadingResult::BadSignature]);
}

#[test]
fn given_hostile_data_and_accounts_when_read_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let mut device = meters.meter();
    meters.open(0);
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    let submit = meters.communities.own.submit(0, &[reading]);
    let receipt = sweep(&mut meters.communities.chain, &submit, &[]);
    assert_eq!(results(&receipt), [ReadingResult::Counted]);
}
