//! `admit`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::ProgramAdmitted};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap,
        check_invariants,
        door::{admission, admission_of, community_with_program, deploy},
        market_events, trading_community, BUYER,
    },
    refused::{refused, refused_when, ALREADY_IN_USE},
};
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn given_a_program_when_the_authority_admits_it_then_only_an_address_of_its_own_signs_for_it() {
    let mut community = trading_community();
    let program = Address::new_unique();
    deploy(&mut community.chain, program);
    let admit = admission_of(&community, program);
    let authority = community.authority.insecure_clone();
    let before = community.chain.lamports(&authority.pubkey());
    let receipt = sweep(&mut community.chain, &admit, &[&authority]);

    let market = community.addresses.market;
    let seeds: &[&[u8]] = &[b"joulebook", market.as_ref()];
    let (signer, _) = Address::find_program_address(seeds, &program);
    let admitted = ProgramAdmitted {
        market,
        number: 0,
        program,
        signer,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::ProgramAdmitted(admitted)]
    );
    let found = admission(&community, &program);
    assert_eq!(found.market, market);
    assert_eq!(found.program, program);
    assert_eq!(found.signer, signer);
    assert_eq!(found.payer, authority.pubkey());
    assert_eq!((found.ends_at, found.holds, found.version), (0, 0, 1));
    let rent = community
        .chain
        .lamports(&community.addresses.admission(&program));
    assert!(rent > 0);
    assert_eq!(community.chain.lamports(&authority.pubkey()), before - rent);
    check_invariants(&community);
}

#[test]
fn given_an_admitted_program_when_it_is_admitted_again_then_the_account_is_in_use() {
    let (mut community, program) = community_with_program();
    let admit = admission_of(&community, program);
    let authority = community.authority.insecure_clone();
    refused(&mut community.chain, &admit, &[&authority], ALREADY_IN_USE);
}

#[test]
fn given_anyone_but_the_authority_when_it_admits_a_program_then_it_is_refused() {
    let mut community = trading_community();
    let program = Address::new_unique();
    deploy(&mut community.chain, program);
    let admit = admission_of(&community, program);
    let authority = community.authority.pubkey();
    for (who, key) in [
        ("an owner", &community.households[BUYER].wallet),
        ("the supplier", &community.supplier.wallet),
        ("the grid operator", &community.grid_operator.wallet),
    ] {
        let altered = swap(&admit, authority, key.pubkey());
        let why = MarketError::NotAuthority;
        refused_when(who, &mut community.chain, &altered, &[key], why);
    }
}

#[test]
fn given_an_account_that_is_no_program_when_it_is_admitted_then_it_is_refused() {
    let mut community = trading_community();
    let authority = community.authority.insecure_clone();
    for (what, address) in [
        ("a wallet", community.households[BUYER].address()),
        ("an account with data", community.addresses.ledger),
        ("nothing", Address::new_unique()),
    ] {
        let admit = admission_of(&community, address);
        let why = MarketError::ProgramInvalid;
        refused_when(what, &mut community.chain, &admit, &[&authority], why);
    }
}
