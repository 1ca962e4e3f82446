use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    layout::oracle::IntervalPage,
    oracle::{errors::OracleError, events::OracleEvent, types::SettlementSet},
    registry::REGISTRY_ID,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{event, MeterTableParameters, MeteredCommunity},
};
use solana_account::Account;
use solana_address::Address;
use solana_signer::Signer;

use super::support::{refuse, refuse_account, refuse_others};

#[test]
fn given_none_when_a_settlement_is_set_and_gone_then_another_takes_its_place() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let own = meters.own();
    let market = Address::new_unique();
    for (previous, settlement) in [(SYSTEM_PROGRAM, market), (market, Address::new_unique())] {
        let receipt = meters.govern(own.set_settlement(&previous, &settlement));
        assert_eq!(meters.table().header.settlement, settlement);
        assert_eq!(
            event(&receipt),
            OracleEvent::SettlementSet(SettlementSet {
                meter_table: own.addresses.meter_table,
                number: 0,
                previous,
                settlement,
            })
        );
    }
    let present = meters.table().header.settlement.0.into();
    meters.govern(own.set_settlement(&present, &SYSTEM_PROGRAM));
    assert_eq!(meters.table().header.settlement, SYSTEM_PROGRAM);
    meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &market));
}

#[test]
fn given_energy_settled_by_one_when_another_settlement_is_set_then_it_begins_with_its_next_page() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    assert_eq!(
        meters.table().header.settled_from,
        MeteredCommunity::start(0)
    );
    let present = meters.settlement.pubkey();
    for next in [SYSTEM_PROGRAM, present] {
        let before = meters.table().header.settlement.0.into();
        meters.govern(meters.communities.own.set_settlement(&before, &next));
        assert_eq!(meters.table().header.settled_from, IntervalPage::NEVER);
    }
    meters.open(4);
    let table = meters.table().header;
    assert_eq!(table.settled_from, MeteredCommunity::start(4));
    meters.open(8);
    assert_eq!(meters.table().header.settled_from, table.settled_from);
}

#[test]
fn given_a_settlement_whose_account_is_there_when_replaced_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
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
        let svm = &mut meters.communities.chain.svm;
        svm.set_account(present, account).unwrap();
        for next in [Address::new_unique(), SYSTEM_PROGRAM] {
            let set = meters.communities.own.set_settlement(&present, &next);
            refuse(&mut meters, case, &set, OracleError::SettlementInUse);
        }
    }
}

/// One wrong address used to make the meter table useless for good: an account that is there and never signs.
#[test]
fn given_a_settlement_that_has_opened_no_page_when_replaced_then_it_is() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let own = meters.own();
    let wrong = meters.communities.other.addresses.community;
    meters.govern(own.set_settlement(&SYSTEM_PROGRAM, &wrong));
    let next = meters.settlement.pubkey();
    meters.govern(own.set_settlement(&wrong, &next));
    let settlement = meters.table().header.settlement;
    assert_eq!(settlement.0, next.to_bytes());
}

#[test]
fn given_another_account_than_the_present_one_when_replaced_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    // None of these has data, as if the market were gone.
    for wrong in [SYSTEM_PROGRAM, Address::new_unique(), meters.authority()] {
        let next = meters.authority();
        let set = meters.communities.own.set_settlement(&wrong, &next);
        refuse(&mut meters, "wrong", &set, OracleError::WrongSettlement);
    }
}

#[test]
fn given_the_table_of_another_community_when_its_settlement_is_set_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    meters.settle_other();
    let (present, next) = (meters.settlement.pubkey(), meters.authority());
    let set = meters.communities.own.set_settlement(&present, &next);
    let table = meters.communities.other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refuse_account(&mut meters, &set, (2, table), reason);
}

#[test]
fn given_anybody_else_when_they_set_the_settlement_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let present = meters.settlement.pubkey();
    let next = Address::new_unique();
    let set = meters.communities.own.set_settlement(&present, &next);
    refuse_others(&mut meters, &set);
}

#[test]
fn given_hostile_data_and_accounts_when_the_settlement_is_set_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let (present, next) = (meters.settlement.pubkey(), Address::new_unique());
    let set = meters.communities.own.set_settlement(&present, &next);
    sweep(&mut meters.communities.chain, &set, &[&authority]);
    assert_eq!(meters.table().header.settlement, next);
}
