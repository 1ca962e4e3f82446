use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::oracle::IntervalPage,
    oracle::{
        errors::OracleError, events::OracleEvent, instructions::ReleaseSettlement,
        types::SettlementSet,
    },
    registry::REGISTRY_ID,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeterTableParameters, MeteredCommunity},
    refused::refused_when,
    two_communities::role,
};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::support::refuse_account;

fn release(meters: &MeteredCommunity, settlement: &Address) -> Instruction {
    ReleaseSettlement {
        settlement: *settlement,
        meter_table: meters.communities.own.addresses.meter_table,
    }
    .instruction()
}

#[test]
fn given_a_settlement_whose_account_is_there_when_it_gives_itself_up_then_there_is_none() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.insecure_clone();
    meters.begin(0);
    let account = Account {
        lamports: 1_000_000,
        data: vec![1; 8],
        owner: REGISTRY_ID,
        ..Account::default()
    };
    let svm = &mut meters.communities.chain.svm;
    svm.set_account(settlement.pubkey(), account).unwrap();
    let mut expected = meters.table();
    expected.header.settlement = SYSTEM_PROGRAM.to_bytes().into();
    expected.header.settled_from = IntervalPage::NEVER;
    let release = release(&meters, &settlement.pubkey());

    let chain = &mut meters.communities.chain;
    let receipt = chain.send(&[release], &[&settlement]).unwrap();

    assert_eq!(meters.table(), expected);
    assert_eq!(
        event(&receipt),
        OracleEvent::SettlementSet(SettlementSet {
            meter_table: meters.communities.own.addresses.meter_table,
            number: 0,
            previous: settlement.pubkey(),
            settlement: SYSTEM_PROGRAM,
        })
    );
    // Another can be set at once.
    let next = Address::new_unique();
    let own = meters.own();
    meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &next));
}

#[test]
fn given_a_settlement_when_anybody_else_releases_it_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let member = meters.communities.member(role::ALL).wallet;
    let authority = meters.communities.own.authority.insecure_clone();
    for (case, key) in [
        ("a member", member),
        ("the authority", authority),
        ("nobody", Keypair::new()),
    ] {
        let release = release(&meters, &key.pubkey());
        let reason = OracleError::WrongSettlement;
        let chain = &mut meters.communities.chain;
        refused_when(case, chain, &release, &[&key], reason);
    }
}

#[test]
fn given_a_settlement_that_was_released_when_it_releases_again_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.insecure_clone();
    let release = release(&meters, &settlement.pubkey());
    let chain = &mut meters.communities.chain;
    chain
        .send(std::slice::from_ref(&release), &[&settlement])
        .unwrap();
    let reason = OracleError::WrongSettlement;
    refused_when("again", chain, &release, &[&settlement], reason);
}

#[test]
fn given_the_table_of_another_community_when_released_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    // It has no settlement.
    let parameters = MeterTableParameters::default();
    let other = meters.communities.other.copy();
    let chain = &mut meters.communities.chain;
    let create = other.create_meter_table(&parameters);
    chain.send(&[create], &[&other.authority]).unwrap();
    let settlement = meters.settlement.pubkey();
    let release = release(&meters, &settlement);
    let table = other.addresses.meter_table;
    let reason = OracleError::WrongSettlement;
    refuse_account(&mut meters, &release, (1, table), reason);
}

#[test]
fn given_hostile_data_and_accounts_when_released_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let settlement = meters.settlement.insecure_clone();
    let release = release(&meters, &settlement.pubkey());
    let chain = &mut meters.communities.chain;
    sweep(chain, &release, &[&settlement]);
    assert_eq!(meters.table().header.settlement, SYSTEM_PROGRAM);
}
