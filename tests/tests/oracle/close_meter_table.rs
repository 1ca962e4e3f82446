use joulebook_client::{
    instructions::SYSTEM_PROGRAM, oracle::errors::OracleError, registry::REGISTRY_ID,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::MeterTableParameters,
    metered_community::MeteredCommunity,
    refused::{refused, refused_when},
    two_communities::role,
};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

/// A table with meters and no slot; its settlement's account is gone.
fn emptied() -> MeteredCommunity {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    for slot in 0..4 {
        meters.govern(meters.communities.own.close_interval(slot));
    }
    meters
}

#[test]
fn given_no_slots_and_no_market_when_closed_then_the_authority_gets_the_rent() {
    let mut meters = emptied();
    let (table, authority) = (
        meters.communities.own.addresses.meter_table,
        meters.authority(),
    );
    let rent = meters.communities.chain.lamports(&table);
    let before = meters.communities.chain.lamports(&authority);
    meters.govern(
        meters
            .communities
            .own
            .close_meter_table(&meters.settlement.pubkey()),
    );
    assert_eq!(meters.communities.chain.lamports(&table), 0);
    assert_eq!(meters.communities.chain.lamports(&authority), before + rent);
    meters.govern(
        meters
            .communities
            .own
            .create_meter_table(&MeterTableParameters::default()),
    );
    assert_eq!(meters.table().header.count, 0);
}

#[test]
fn given_a_table_that_never_had_a_settlement_when_closed_then_it_is() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters {
        capacity: 4096,
        ..MeterTableParameters::default()
    });
    meters.govern(meters.communities.own.close_meter_table(&SYSTEM_PROGRAM));
    assert_eq!(
        meters
            .communities
            .chain
            .lamports(&meters.communities.own.addresses.meter_table),
        0
    );
}

#[test]
fn given_slots_left_when_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let settlement = meters.settlement.pubkey();
    for slot in 0..4 {
        let close = meters.communities.own.close_meter_table(&settlement);
        let reason = OracleError::MeterTableInUse;
        refused(&mut meters.communities.chain, &close, &[&authority], reason);
        meters.govern(meters.communities.own.close_interval(slot));
    }
    meters.govern(meters.communities.own.close_meter_table(&settlement));
}

#[test]
fn given_a_market_that_is_there_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    let authority = meters.communities.own.authority.insecure_clone();
    let settlement = meters.settlement.pubkey();
    let account = Account {
        lamports: 1,
        owner: REGISTRY_ID,
        ..Account::default()
    };
    meters
        .communities
        .chain
        .svm
        .set_account(settlement, account)
        .unwrap();
    let close = meters.communities.own.close_meter_table(&settlement);
    let reason = OracleError::SettlementInUse;
    refused(&mut meters.communities.chain, &close, &[&authority], reason);
}

#[test]
fn given_another_settlement_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    let authority = meters.communities.own.authority.insecure_clone();
    for wrong in [SYSTEM_PROGRAM, Address::new_unique(), authority.pubkey()] {
        let close = meters.communities.own.close_meter_table(&wrong);
        let reason = OracleError::WrongSettlement;
        refused(&mut meters.communities.chain, &close, &[&authority], reason);
    }
}

#[test]
fn given_anybody_else_when_they_close_a_table_then_it_is_refused() {
    let mut meters = emptied();
    meters.settle_other();
    let settlement = meters.settlement.pubkey();
    let member = meters.communities.member(role::ALL).wallet;
    let foreign = meters.communities.other.authority.insecure_clone();
    for (case, key) in [("a member", &member), ("a foreign authority", &foreign)] {
        let mut close = meters.communities.own.close_meter_table(&settlement);
        close.accounts[0].pubkey = key.pubkey();
        let reason = OracleError::NotAuthority;
        refused_when(case, &mut meters.communities.chain, &close, &[key], reason);
    }
    let mut close = meters.communities.other.close_meter_table(&settlement);
    close.accounts[2].pubkey = meters.communities.own.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(&mut meters.communities.chain, &close, &[&foreign], reason);
}

#[test]
fn given_hostile_data_and_accounts_when_a_table_is_closed_then_each_is_refused() {
    let mut meters = emptied();
    let authority = meters.communities.own.authority.insecure_clone();
    let close = meters
        .communities
        .own
        .close_meter_table(&meters.settlement.pubkey());
    sweep(&mut meters.communities.chain, &close, &[&authority]);
    assert_eq!(
        meters
            .communities
            .chain
            .lamports(&meters.communities.own.addresses.meter_table),
        0
    );
}
