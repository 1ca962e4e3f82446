use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::errors::OracleError;
use joulebook_tests::{
    hostile::sweep, metered_community::MeteredCommunity, refused::refused, two_communities::role,
};
use solana_signer::Signer;

#[test]
fn given_free_slots_when_closed_then_the_authority_gets_the_rent() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    meters.release(0);
    let authority = meters.authority();
    for (slot, left) in [(0, 3), (1, 2)] {
        let interval = meters.communities.own.interval(slot);
        let rent = meters.communities.chain.lamports(&interval);
        let before = meters.communities.chain.lamports(&authority);
        meters.govern(meters.communities.own.close_interval(slot));
        assert_eq!(meters.communities.chain.lamports(&interval), 0);
        assert_eq!(meters.communities.chain.lamports(&authority), before + rent);
        assert_eq!(meters.table().header.intervals, left);
    }
    let key = meters.communities.own.authority.insecure_clone();
    let again = meters.communities.own.close_interval(0);
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refused(&mut meters.communities.chain, &again, &[&key], reason);
}

#[test]
fn given_a_slot_closed_when_it_is_created_again_then_it_is_as_new() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    meters.release(0);
    meters.govern(meters.communities.own.close_interval(0));
    meters.govern(meters.communities.own.create_interval(0));
    assert_eq!(meters.interval(0).header.start, i64::MIN);
    assert_eq!(meters.table().header.intervals, 4);
}

#[test]
fn given_an_open_interval_when_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.open(0);
    let authority = meters.communities.own.authority.insecure_clone();
    let close = meters.communities.own.close_interval(0);
    let reason = OracleError::IntervalInUse;
    refused(&mut meters.communities.chain, &close, &[&authority], reason);
}

#[test]
fn given_accounts_of_another_community_when_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let authority = meters.communities.own.authority.insecure_clone();
    let other = meters.communities.other.copy();
    let mut close = meters.communities.own.close_interval(0);
    close.accounts[3].pubkey = other.interval(0);
    let reason = OracleError::WrongMeterTable;
    refused(&mut meters.communities.chain, &close, &[&authority], reason);
    close.accounts[2].pubkey = other.addresses.meter_table;
    let reason = OracleError::WrongCommunity;
    refused(&mut meters.communities.chain, &close, &[&authority], reason);
}

#[test]
fn given_anybody_else_when_they_close_a_slot_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let member = meters.communities.member(role::ALL).wallet;
    let foreign = meters.communities.other.authority.insecure_clone();
    let settlement = meters.settlement.insecure_clone();
    for key in [member, foreign, settlement] {
        let mut close = meters.communities.own.close_interval(0);
        close.accounts[0].pubkey = key.pubkey();
        let reason = OracleError::NotAuthority;
        refused(&mut meters.communities.chain, &close, &[&key], reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_a_slot_is_closed_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let close = meters.communities.own.close_interval(0);
    sweep(&mut meters.communities.chain, &close, &[&authority]);
    assert_eq!(meters.table().header.intervals, 3);
}
