use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{hostile::sweep, metered_community::MeteredCommunity, two_communities::NOW};
use solana_signer::Signer;

use crate::support::refuse_account;

#[test]
fn given_a_page_of_another_table_when_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let settlement = meters.settlement.pubkey();
    let open = meters.communities.own.open_page(0, &settlement);
    let other = meters.communities.other.copy();
    // The other table has the same settlement.
    for (place, address) in [
        (1, other.addresses.meter_table),
        (2, other.interval_page(0)),
    ] {
        let reason = OracleError::WrongMeterTable;
        refuse_account(&mut meters, &open, (place, address), reason);
    }
}

#[test]
fn given_one_account_twice_when_a_page_is_opened_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.pubkey();
    let open = meters.communities.own.open_page(0, &settlement);
    for (place, other) in [(1, 2), (2, 1)] {
        let address = open.accounts[other].pubkey;
        let reason = ErrorCode::AccountDiscriminatorMismatch;
        refuse_account(&mut meters, &open, (place, address), reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_opened_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.insecure_clone();
    let open = meters.communities.own.open_page(0, &settlement.pubkey());
    sweep(&mut meters.communities.chain, &open, &[&settlement]);
    assert_eq!(meters.page(-4).header.start, NOW);
}
