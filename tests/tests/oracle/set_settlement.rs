use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    oracle::{errors::OracleError, events::OracleEvent, types::SettlementSet},
    registry::REGISTRY_ID,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::MeterTableParameters,
    metered_community::{event, MeteredCommunity},
    refused::{refused, refused_when},
    two_communities::role,
};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn given_none_when_a_settlement_is_set_and_gone_then_another_takes_its_place() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let market = Address::new_unique();
    for (previous, settlement) in [(SYSTEM_PROGRAM, market), (market, Address::new_unique())] {
        let receipt = meters.govern(
            meters
                .communities
                .own
                .set_settlement(&previous, &settlement),
        );
        assert_eq!(meters.table().header.settlement, settlement);
        assert_eq!(
            event(&receipt),
            OracleEvent::SettlementSet(SettlementSet {
                meter_table: meters.communities.own.addresses.meter_table,
                previous,
                settlement,
            })
        );
    }
    let present = meters.table().header.settlement.0.into();
    meters.govern(
        meters
            .communities
            .own
            .set_settlement(&present, &SYSTEM_PROGRAM),
    );
    assert_eq!(meters.table().header.settlement, SYSTEM_PROGRAM);
    meters.govern(
        meters
            .communities
            .own
            .set_settlement(&SYSTEM_PROGRAM, &market),
    );
}

#[test]
fn given_a_settlement_whose_account_is_there_when_replaced_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let present = meters.settlement.pubkey();
    let with = |owner: Address, data: Vec<u8>| Account {
        lamports: 1_000_000,
        data,
        owner,
        ..Account::default()
    };
    for (case, account) in [
        ("of a program", with(REGISTRY_ID, vec![1; 8])),
        ("of a program, without data", with(REGISTRY_ID, vec![])),
        ("with data", with(SYSTEM_PROGRAM, vec![0])),
    ] {
        meters
            .communities
            .chain
            .svm
            .set_account(present, account)
            .unwrap();
        for next in [Address::new_unique(), SYSTEM_PROGRAM] {
            let set = meters.communities.own.set_settlement(&present, &next);
            let reason = OracleError::SettlementInUse;
            refused_when(
                case,
                &mut meters.communities.chain,
                &set,
                &[&authority],
                reason,
            );
        }
    }
}

#[test]
fn given_another_account_than_the_present_one_when_replaced_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    // None of these has data, as if the market were gone.
    for wrong in [SYSTEM_PROGRAM, Address::new_unique(), authority.pubkey()] {
        let set = meters
            .communities
            .own
            .set_settlement(&wrong, &authority.pubkey());
        let reason = OracleError::WrongSettlement;
        refused(&mut meters.communities.chain, &set, &[&authority], reason);
    }
}

#[test]
fn given_the_table_of_another_community_when_its_settlement_is_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let next = authority.pubkey();
    let mut set = meters
        .communities
        .own
        .set_settlement(&meters.settlement.pubkey(), &next);
    set.accounts[2].pubkey = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(&mut meters.communities.chain, &set, &[&authority], reason);
}

#[test]
fn given_anybody_else_when_they_set_the_settlement_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let present = meters.settlement.pubkey();
    let member = meters.communities.member(role::ALL).wallet;
    let foreign = meters.communities.other.authority.insecure_clone();
    let settlement = meters.settlement.insecure_clone();
    for key in [member, foreign, settlement] {
        let mut set = meters
            .communities
            .own
            .set_settlement(&present, &key.pubkey());
        set.accounts[0].pubkey = key.pubkey();
        let reason = OracleError::NotAuthority;
        refused(&mut meters.communities.chain, &set, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_the_settlement_is_set_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let next = Address::new_unique();
    let set = meters
        .communities
        .own
        .set_settlement(&meters.settlement.pubkey(), &next);
    sweep(&mut meters.communities.chain, &set, &[&authority]);
    assert_eq!(meters.table().header.settlement, next);
}
