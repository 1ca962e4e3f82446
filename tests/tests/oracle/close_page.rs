use anchor_lang::error::ErrorCode;
use joulebook_client::{
    instructions::SYSTEM_PROGRAM, layout::oracle::IntervalPage, oracle::errors::OracleError,
    registry::REGISTRY_ID,
};
use joulebook_tests::{hostile::sweep, metered_community::MeteredCommunity};
use solana_account::Account;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_signer::Signer;

use super::support::{refuse, refuse_account, refuse_others};

/// Of the slot, with the settlement that the table names.
fn close(meters: &MeteredCommunity, slot: u16) -> Instruction {
    let settlement = meters.settlement.pubkey();
    meters.communities.own.close_page(slot, &settlement)
}

#[test]
fn given_a_page_finished_or_never_used_when_closed_then_the_authority_gets_the_rent() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.finish(0);
    let authority = meters.authority();
    // Interval 0 is of slot 1.
    for (slot, left) in [(1, 3), (2, 2)] {
        let page = meters.communities.own.interval_page(slot);
        let rent = meters.communities.chain.lamports(&page);
        let before = meters.communities.chain.lamports(&authority);
        meters.govern(close(&meters, slot));
        assert_eq!(meters.communities.chain.lamports(&page), 0);
        assert_eq!(meters.communities.chain.lamports(&authority), before + rent);
        assert_eq!(meters.table().header.pages, left);
    }
    let again = close(&meters, 1);
    let reason = ErrorCode::AccountOwnedByWrongProgram;
    refuse(&mut meters, "again", &again, reason);
}

#[test]
fn given_a_slot_closed_when_it_is_created_again_then_pages_go_on_after_the_last() {
    let mut meters = MeteredCommunity::new();
    meters.begin(0);
    meters.finish(0);
    meters.govern(close(&meters, 1));
    meters.govern(meters.communities.own.create_interval_page(1));
    assert_eq!(meters.page(0).header.start, IntervalPage::NEVER);
    assert_eq!(meters.table().header.pages, 4);
    meters.open(4);
    let page = meters.page(4).header;
    assert_eq!(page.start, MeteredCommunity::start(4));
    assert_eq!(page.previous, MeteredCommunity::start(0));
    meters.finish(4);
}

#[test]
fn given_a_page_not_finished_when_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.meter();
    meters.meter();
    meters.begin(0);
    let close = close(&meters, 1);
    let reason = OracleError::PageInUse;
    refuse(&mut meters, "open", &close, reason.clone());
    meters.close_corrections(0);
    refuse(&mut meters, "over", &close, reason.clone());
    meters.send(meters.communities.own.finish_page(1, 1));
    refuse(&mut meters, "one meter finished", &close, reason);
    meters.send(meters.communities.own.finish_page(1, 1));
    meters.govern(close);
}

#[test]
fn given_a_settlement_whose_account_is_there_when_a_page_is_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let account = Account {
        lamports: 1,
        owner: REGISTRY_ID,
        ..Account::default()
    };
    let settlement = meters.settlement.pubkey();
    let svm = &mut meters.communities.chain.svm;
    svm.set_account(settlement, account).unwrap();
    let close = close(&meters, 0);
    refuse(&mut meters, "there", &close, OracleError::SettlementInUse);
}

#[test]
fn given_another_settlement_when_a_page_is_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let close = close(&meters, 0);
    for wrong in [SYSTEM_PROGRAM, Address::new_unique(), meters.authority()] {
        let reason = OracleError::WrongSettlement;
        refuse_account(&mut meters, &close, (4, wrong), reason);
    }
}

#[test]
fn given_accounts_of_another_community_when_a_page_is_closed_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    meters.settle_other();
    let close = close(&meters, 0);
    let other = meters.communities.other.copy();
    for (place, address, reason) in [
        (1, other.addresses.community, OracleError::NotAuthority),
        (2, other.addresses.meter_table, OracleError::WrongCommunity),
        (3, other.interval_page(0), OracleError::WrongMeterTable),
    ] {
        refuse_account(&mut meters, &close, (place, address), reason);
    }
}

#[test]
fn given_anybody_else_when_they_close_a_page_then_it_is_refused() {
    let mut meters = MeteredCommunity::new();
    let close = close(&meters, 0);
    refuse_others(&mut meters, &close);
}

#[test]
fn given_hostile_data_and_accounts_when_a_page_is_closed_then_each_is_refused() {
    let mut meters = MeteredCommunity::new();
    let authority = meters.communities.own.authority.insecure_clone();
    let close = close(&meters, 0);
    sweep(&mut meters.communities.chain, &close, &[&authority]);
    assert_eq!(meters.table().header.pages, 3);
}
