//! `retire`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::ProgramRetired};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap,
        check_invariants,
        door::{admission, community_with_program, hold, retire, retirement_of},
        market_events, pass_until, BUYER,
    },
    refused::{refused, refused_when},
};
use solana_signer::Signer;

/// Seven days.
const NOTICE: i64 = 604_800;

#[test]
fn given_a_program_when_it_is_retired_then_its_notice_period_ends_in_a_week() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 1);
    let retire = retirement_of(&community, &program);
    let authority = community.authority.insecure_clone();
    let now = community.chain.now();
    let receipt = sweep(&mut community.chain, &retire, &[&authority]);
    let retired = ProgramRetired {
        market: community.addresses.market,
        number: 0,
        program,
        ends_at: now + NOTICE,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::ProgramRetired(retired)]
    );
    let found = admission(&community, &program);
    assert_eq!((found.ends_at, found.holds), (now + NOTICE, 1));
    check_invariants(&community);
}

#[test]
fn given_a_retired_program_when_it_is_retired_again_then_its_notice_period_is_not_put_off() {
    let (mut community, program) = community_with_program();
    let ends_at = retire(&mut community, &program);
    pass_until(&mut community, ends_at - 1);
    let again = retirement_of(&community, &program);
    let authority = community.authority.insecure_clone();
    let why = MarketError::ProgramRetired;
    refused(&mut community.chain, &again, &[&authority], why);
}

#[test]
fn given_anyone_but_the_authority_when_it_retires_a_program_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let retire = retirement_of(&community, &program);
    let authority = community.authority.pubkey();
    for (who, key) in [
        ("an owner", community.households[BUYER].address()),
        ("the supplier", community.supplier.address()),
        ("the program", community.addresses.program_signer(&program)),
    ] {
        let altered = swap(&retire, authority, key);
        let why = MarketError::NotAuthority;
        refused_when(who, &mut community.chain, &altered, &[], why);
    }
}
