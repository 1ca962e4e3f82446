use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::oracle::{IntervalPage, PageEntry, PageRegisters},
    oracle::errors::OracleError,
    tables::IntervalPageTable,
};
use joulebook_tests::{
    hostile::sweep,
    metered_community::{MeterTableParameters, MeteredCommunity},
    refused::ALREADY_IN_USE,
};

use super::support::{refuse, refuse_account, refuse_others};

#[test]
fn given_a_table_when_a_slot_is_created_then_it_is_empty_and_counted() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let own = meters.own();
    let authority = meters.authority();
    for (slot, pages) in [(3, 1), (0, 2)] {
        let before = meters.communities.chain.lamports(&authority);
        meters.govern(own.create_interval_page(slot));
        assert_eq!(meters.table().header.pages, pages);
        let data = meters.communities.chain.data(&own.interval_page(slot));
        assert_eq!(data.len(), 112 + 20 * (40 + 4 * 8));
        let page = IntervalPageTable::from_bytes(&data).unwrap();
        assert_eq!(page.header.meter_table, own.addresses.meter_table);
        let times = (page.header.start, page.header.previous);
        assert_eq!(times, (IntervalPage::NEVER, IntervalPage::NEVER));
        assert_eq!((page.header.capacity, page.header.intervals), (20, 4));
        assert_eq!((page.header.slot, page.header.version), (slot, 1));
        assert_eq!(page.registers, [PageRegisters::default(); 20]);
        assert_eq!(page.entries, [PageEntry::MISSING; 80]);
        let chain = &meters.communities.chain;
        let rent = chain.lamports(&own.interval_page(slot));
        assert_eq!(chain.lamports(&authority), before - rent);
    }
}

#[test]
fn given_no_such_slot_when_created_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    for slot in [4, 5, 512, u16::MAX] {
        let create = meters.communities.own.create_interval_page(slot);
        let reason = OracleError::NoSuchSlot;
        refuse(&mut meters, &slot.to_string(), &create, reason);
    }
}

#[test]
fn given_a_slot_when_created_again_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    for slot in [0, 1] {
        let create = meters.communities.own.create_interval_page(slot);
        refuse(&mut meters, "again", &create, ALREADY_IN_USE);
    }
}

#[test]
fn given_the_address_of_another_slot_or_table_when_created_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let create = meters.communities.own.create_interval_page(0);
    for address in [
        meters.communities.own.interval_page(1),
        meters.communities.other.interval_page(0),
        meters.communities.own.addresses.meter_table,
    ] {
        let reason = ErrorCode::ConstraintSeeds;
        refuse_account(&mut meters, &create, (3, address), reason);
    }
}

#[test]
fn given_the_table_of_another_community_when_a_slot_is_created_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    meters.settle_other();
    let mut create = meters.communities.other.create_interval_page(2);
    create.accounts[0].pubkey = meters.authority();
    let community = meters.communities.own.addresses.community;
    let reason = OracleError::WrongCommunity;
    refuse_account(&mut meters, &create, (1, community), reason);
}

#[test]
fn given_anybody_else_when_they_create_a_slot_then_it_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let create = meters.communities.own.create_interval_page(0);
    refuse_others(&mut meters, &create);
}

#[test]
fn given_hostile_data_and_accounts_when_a_slot_is_created_then_each_is_refused() {
    let mut meters = MeteredCommunity::bare(MeterTableParameters::default());
    let authority = meters.communities.own.authority.insecure_clone();
    let create = meters.communities.own.create_interval_page(2);
    sweep(&mut meters.communities.chain, &create, &[&authority]);
    assert_eq!(meters.table().header.pages, 1);
}
