use joulebook_client::{
    instructions::SYSTEM_PROGRAM, oracle::errors::OracleError, registry::REGISTRY_ID,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{MeterTableParameters, MeteredCommunity},
};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

use super::support::{refuse, refuse_account, refuse_others};

/// A table with meters and no page; its settlement's account is gone.
fn emptied() -> MeteredCommunity {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    for slot in 0..4 {
        close_page(&mut meters, slot);
    }
    meters
}

#[track_caller]
fn close_page(meters: &mut MeteredCommunity, slot: u16) {
    let settlement = meters.settlement.pubkey();
    meters.govern(meters.communities.own.close_page(slot, &settlement));
}

#[test]
fn given_no_pages_and_no_market_when_closed_then_the_authority_gets_the_rent() {
    let mut meters = emptied();
    let (table, authority) = (
        meters.communities.own.addresses.meter_table,
        meters.authority(),
    );
    let rent = meters.communities.chain.lamports(&table);
    let before = meters.communities.chain.lamports(&authority);
    let settlement = meters.settlement.pubkey();
    meters.govern(meters.communities.own.close_meter_table(&settlement));
    assert_eq!(meters.communities.chain.lamports(&table), 0);
    assert_eq!(meters.communities.chain.lamports(&authority), before + rent);
    let parameters = MeterTableParameters::default();
    meters.govern(meters.communities.own.create_meter_table(&parameters));
    assert_eq!(meters.table().header.count, 0);
}

#[test]
fn given_a_table_that_never_had_a_settlement_when_closed_then_it_is() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters {
        capacity: 4096,
        ..MeterTableParameters::default()
    });
    meters.govern(meters.communities.own.close_meter_table(&SYSTEM_PROGRAM));
    let table = meters.communities.own.addresses.meter_table;
    assert_eq!(meters.communities.chain.lamports(&table), 0);
}

#[test]
fn given_pages_left_when_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.pubkey();
    let close = meters.communities.own.close_meter_table(&settlement);
    for slot in 0..4 {
        let reason = OracleError::MeterTableInUse;
        refuse(&mut meters, "a page left", &close, reason);
        close_page(&mut meters, slot);
    }
    meters.govern(close);
}

#[test]
fn given_a_market_that_is_there_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    let settlement = meters.settlement.pubkey();
    let account = Account {
        lamports: 1,
        owner: REGISTRY_ID,
        ..Account::default()
    };
    let svm = &mut meters.communities.chain.svm;
    svm.set_account(settlement, account).unwrap();
    let close = meters.communities.own.close_meter_table(&settlement);
    refuse(&mut meters, "there", &close, OracleError::SettlementInUse);
}

#[test]
fn given_another_settlement_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    for wrong in [SYSTEM_PROGRAM, Address::new_unique(), meters.authority()] {
        let close = meters.communities.own.close_meter_table(&wrong);
        refuse(&mut meters, "wrong", &close, OracleError::WrongSettlement);
    }
}

#[test]
fn given_a_table_of_another_community_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    meters.settle_other();
    let settlement = meters.settlement.pubkey();
    let close = meters.communities.own.close_meter_table(&settlement);
    let table = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refuse_account(&mut meters, &close, (2, table), reason);
}

#[test]
fn given_anybody_else_when_they_close_a_table_then_it_is_refused() {
    let mut meters = emptied();
    let settlement = meters.settlement.pubkey();
    let close = meters.communities.own.close_meter_table(&settlement);
    refuse_others(&mut meters, &close);
}

#[test]
fn given_hostile_data_and_accounts_when_a_table_is_closed_then_each_is_refused() {
    let mut meters = emptied();
    let authority = meters.communities.own.authority.insecure_clone();
    let settlement = meters.settlement.pubkey();
    let close = meters.communities.own.close_meter_table(&settlement);
    sweep(&mut meters.communities.chain, &close, &[&authority]);
    let table = meters.communities.own.addresses.meter_table;
    assert_eq!(meters.communities.chain.lamports(&table), 0);
}
