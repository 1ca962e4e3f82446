use std::mem::offset_of;

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::oracle::{IntervalPage, MeterTable},
    oracle::errors::OracleError,
};
use joulebook_tests::{hostile::sweep, metered_community::MeteredCommunity};

use crate::support::{damage, refuse, refuse_account};

#[test]
fn given_a_page_of_another_table_when_finished_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let finish = meters.communities.own.finish_page(0, 1);
    let other = meters.communities.other.copy();
    for (place, address) in [
        (0, other.addresses.meter_table),
        (1, other.interval_page(0)),
    ] {
        let reason = OracleError::WrongMeterTable;
        refuse_account(&mut meters, &finish, (place, address), reason);
    }
}

#[test]
fn given_one_account_twice_when_finished_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let finish = meters.communities.own.finish_page(0, 1);
    for (place, other) in [(0, 1), (1, 0)] {
        let address = finish.accounts[other].pubkey;
        let reason = ErrorCode::AccountDiscriminatorMismatch;
        refuse_account(&mut meters, &finish, (place, address), reason);
    }
}

#[test]
fn given_a_table_of_more_meters_than_rows_when_finished_then_it_says_that_it_is_broken() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.close_corrections(0);
    let table = meters.communities.own.addresses.meter_table;
    let count = 21u16.to_le_bytes();
    damage(&mut meters, table, offset_of!(MeterTable, count), &count);
    let finish = meters.communities.own.finish_page(1, 21);
    refuse(&mut meters, "21 of 20", &finish, OracleError::Broken);
}

#[test]
fn given_a_page_of_another_length_when_finished_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.close_corrections(0);
    let page = meters.communities.own.interval_page(1);
    let capacity = 19u16.to_le_bytes();
    damage(
        &mut meters,
        page,
        offset_of!(IntervalPage, capacity),
        &capacity,
    );
    let finish = meters.communities.own.finish_page(1, 1);
    refuse(&mut meters, "19 of 20", &finish, OracleError::TableNotGrown);
}

#[test]
fn given_hostile_data_and_accounts_when_finished_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.begin(0);
    meters.close_corrections(0);
    let finish = meters.communities.own.finish_page(1, 1);
    sweep(&mut meters.communities.chain, &finish, &[]);
    assert!(meters.page(0).header.is_finished());
}
