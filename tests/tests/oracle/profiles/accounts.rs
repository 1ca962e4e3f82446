use anchor_lang::error::ErrorCode;
use joulebook_client::oracle::{errors::OracleError, types::ReadingResult};
use joulebook_tests::hostile::sweep;

use super::{page_over, profile, PAGE};
use crate::support::{refuse, refuse_account};

#[test]
fn given_no_profile_or_too_many_when_submitted_then_the_instruction_is_refused() {
    let (mut meters, mut device) = page_over();
    let own = meters.own();
    let slot = meters.slot(0);
    let none = own.submit_profiles(slot, &[]);
    refuse(&mut meters, "none", &none, OracleError::NoReadings);
    let signed = profile(&meters, &mut device, 3, &[]);
    // As many as a transaction holds, all of one.
    let many = vec![signed; 8];
    let results = meters.submit_profiles(0, &many);
    assert_eq!(results[0], ReadingResult::Counted);
    assert!(results[1..]
        .iter()
        .all(|result| *result == ReadingResult::AlreadyKnown));
}

#[test]
fn given_swapped_accounts_when_profiles_come_then_the_instruction_is_refused() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, 3, &PAGE);
    let own = meters.own();
    let good = own.submit_profiles(meters.slot(0), &[signed]);
    let [table, page] = [0, 1].map(|place: usize| good.accounts[place].pubkey);
    let community = own.addresses.community;
    for (place, address, reason) in [
        (0, page, ErrorCode::AccountDiscriminatorMismatch),
        (1, table, ErrorCode::AccountDiscriminatorMismatch),
        (0, community, ErrorCode::AccountOwnedByWrongProgram),
        (1, community, ErrorCode::AccountOwnedByWrongProgram),
    ] {
        refuse_account(&mut meters, &good, (place, address), reason);
    }
}

#[test]
fn given_hostile_data_and_accounts_when_profiles_come_then_each_is_refused() {
    let (mut meters, mut device) = page_over();
    let signed = profile(&meters, &mut device, 3, &PAGE);
    let own = meters.own();
    let submit = own.submit_profiles(meters.slot(0), &[signed]);
    sweep(&mut meters.communities.chain, &submit, &[]);
}
