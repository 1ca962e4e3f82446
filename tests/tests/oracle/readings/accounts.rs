use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::{errors::OracleError, types::ReadingResult};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{details, results, MeteredCommunity},
    two_communities::role,
};
use solana_signer::Signer;

use super::begun;
use crate::support::refuse_account;

/// Opens the first page of the other community, in slot 1, now.
fn open_other(meters: &mut MeteredCommunity) {
    let settlement = meters.settlement.insecure_clone();
    let other = meters.communities.other.copy();
    let open = other.open_page(1, &settlement.pubkey());
    let chain = &mut meters.communities.chain;
    chain.send(&[open], &[&settlement]).unwrap();
}

#[test]
fn given_accounts_of_another_community_when_read_then_the_instruction_is_refused() {
    let (mut meters, mut device) = begun();
    meters.settle_other();
    open_other(&mut meters);
    let reading = meters.read(&mut device, 0);
    let submit = meters.communities.own.submit(1, &[reading]);
    let other = meters.communities.other.copy();
    for (place, address) in [
        (0, other.addresses.meter_table),
        (1, other.interval_page(1)),
    ] {
        let reason = OracleError::WrongMeterTable;
        refuse_account(&mut meters, &submit, (place, address), reason);
    }
}

#[test]
fn given_swapped_accounts_when_read_then_the_instruction_is_refused() {
    let (mut meters, mut device) = begun();
    let reading = meters.read(&mut device, 0);
    let good = meters.communities.own.submit(1, &[reading]);
    let [table, page] = [0, 1].map(|place: usize| good.accounts[place].pubkey);
    let community = meters.communities.own.addresses.community;
    for (place, address, reason) in [
        (0, page, ErrorCode::AccountDiscriminatorMismatch),
        (1, table, ErrorCode::AccountDiscriminatorMismatch),
        (0, community, ErrorCode::AccountOwnedByWrongProgram),
        (1, community, ErrorCode::AccountOwnedByWrongProgram),
    ] {
        refuse_account(&mut meters, &good, (place, address), reason);
    }
}

#[test]
fn given_a_reading_of_a_meter_here_when_sent_elsewhere_then_it_counts_nowhere() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let mut device = meters.meter();
    // The same device, with the same number, in the other community too.
    let other = meters.communities.other.copy();
    let owner = other.admit(&mut meters.communities.chain, role::CONSUMER);
    let authority = other.authority.pubkey();
    let register = other.register_meter((&authority, None), &owner, &details(&device.key));
    meters
        .communities
        .chain
        .send(&[register], &[&other.authority, &owner.wallet])
        .unwrap();
    meters.begin(0);
    open_other(&mut meters);
    meters.go_to(1);
    let reading = meters.read(&mut device, 0);
    let receipt = meters.send(other.submit(1, &[reading]));
    assert_eq!(results(&receipt), [ReadingResult::BadSignature]);
}

#[test]
fn given_hostile_data_and_accounts_when_read_then_each_is_refused() {
    let (mut meters, mut device) = begun();
    let reading = meters.read(&mut device, 0);
    let submit = meters.communities.own.submit(1, &[reading]);
    let receipt = sweep(&mut meters.communities.chain, &submit, &[]);
    assert_eq!(results(&receipt), [ReadingResult::Counted]);
}
