use joulebook_client::{oracle::errors::OracleError, registry::REGISTRY_ID};
use joulebook_tests::{
    hostile::sweep,
    meter_calls::Sizes,
    meters::Meters,
    refused::{refused, refused_when},
    stage::{role, SYSTEM_PROGRAM},
};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

/// A table with meters and no slot; its settlement's account is gone.
fn emptied() -> Meters {
    let mut meters = Meters::new();
    meters.meter();
    for slot in 0..4 {
        meters.govern(meters.stage.here.close_interval(slot));
    }
    meters
}

#[test]
fn given_no_slots_and_no_market_when_closed_then_the_authority_gets_the_rent() {
    let mut meters = emptied();
    let (table, authority) = (meters.stage.here.meter_table, meters.authority());
    let rent = meters.stage.chain.lamports(&table);
    let before = meters.stage.chain.lamports(&authority);
    meters.govern(
        meters
            .stage
            .here
            .close_meter_table(&meters.settlement.pubkey()),
    );
    assert_eq!(meters.stage.chain.lamports(&table), 0);
    assert_eq!(meters.stage.chain.lamports(&authority), before + rent);
    meters.govern(meters.stage.here.create_meter_table(&Sizes::default()));
    assert_eq!(meters.table().header.count, 0);
}

#[test]
fn given_a_table_that_never_had_a_settlement_when_closed_then_it_is() {
    let mut meters = Meters::bare(Sizes {
        capacity: 4096,
        ..Sizes::default()
    });
    meters.govern(meters.stage.here.close_meter_table(&SYSTEM_PROGRAM));
    assert_eq!(
        meters.stage.chain.lamports(&meters.stage.here.meter_table),
        0
    );
}

#[test]
fn given_slots_left_when_closed_then_it_is_refused() {
    let mut meters = Meters::new();
    let authority = meters.stage.here.authority.insecure_clone();
    let settlement = meters.settlement.pubkey();
    for slot in 0..4 {
        let close = meters.stage.here.close_meter_table(&settlement);
        let reason = OracleError::IntervalsExist;
        refused(&mut meters.stage.chain, &close, &[&authority], reason);
        meters.govern(meters.stage.here.close_interval(slot));
    }
    meters.govern(meters.stage.here.close_meter_table(&settlement));
}

#[test]
fn given_a_market_that_is_there_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    let authority = meters.stage.here.authority.insecure_clone();
    let settlement = meters.settlement.pubkey();
    let account = Account {
        lamports: 1,
        owner: REGISTRY_ID,
        ..Account::default()
    };
    meters
        .stage
        .chain
        .svm
        .set_account(settlement, account)
        .unwrap();
    let close = meters.stage.here.close_meter_table(&settlement);
    let reason = OracleError::SettlementInUse;
    refused(&mut meters.stage.chain, &close, &[&authority], reason);
}

#[test]
fn given_another_settlement_when_closed_then_it_is_refused() {
    let mut meters = emptied();
    let authority = meters.stage.here.authority.insecure_clone();
    for wrong in [SYSTEM_PROGRAM, Address::new_unique(), authority.pubkey()] {
        let close = meters.stage.here.close_meter_table(&wrong);
        let reason = OracleError::WrongSettlement;
        refused(&mut meters.stage.chain, &close, &[&authority], reason);
    }
}

#[test]
fn given_anybody_else_when_they_close_a_table_then_it_is_refused() {
    let mut meters = emptied();
    meters.settle_elsewhere();
    let settlement = meters.settlement.pubkey();
    let member = meters.stage.member(role::ALL).wallet;
    let foreign = meters.stage.elsewhere.authority.insecure_clone();
    for (case, key) in [("a member", &member), ("a foreign authority", &foreign)] {
        let mut close = meters.stage.here.close_meter_table(&settlement);
        close.accounts[3].pubkey = key.pubkey();
        let reason = OracleError::AuthorityOnly;
        refused_when(case, &mut meters.stage.chain, &close, &[key], reason);
    }
    let mut close = meters.stage.elsewhere.close_meter_table(&settlement);
    close.accounts[1].pubkey = meters.stage.here.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(&mut meters.stage.chain, &close, &[&foreign], reason);
}

#[test]
fn given_hostile_data_and_accounts_when_a_table_is_closed_then_each_is_refused() {
    let mut meters = emptied();
    let authority = meters.stage.here.authority.insecure_clone();
    let close = meters
        .stage
        .here
        .close_meter_table(&meters.settlement.pubkey());
    sweep(&mut meters.stage.chain, &close, &[&authority]);
    assert_eq!(
        meters.stage.chain.lamports(&meters.stage.here.meter_table),
        0
    );
}
