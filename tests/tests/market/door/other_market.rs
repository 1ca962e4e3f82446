//! Accounts of another market that has admitted the same program.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::errors::MarketError;
use joulebook_sim::{Addresses, LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        altered::swap,
        check_invariants,
        door::{
            admission_of, admit_new, capture_from, deploy, free_and_held, hold, hold_by,
            release_to, retire, retirement_of,
        },
        govern, pass_until, with_other_community, OtherCommunity, BUYER, FREE, SELLER,
    },
    refused::{refused_when, NamedError},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;

/// Two markets that have admitted one program; in both, the buyer and the seller hold money for it.
fn two_markets() -> (LocalCommunity, OtherCommunity, Address) {
    let mut program = Address::default();
    let (mut community, other) = with_other_community(Parameters::default(), |other| {
        program = admit_new(other);
        hold(other, BUYER, &program, 700);
        hold(other, SELLER, &program, 900);
    });
    community.chain = community.chain.without_signature_checks();
    let admit = admission_of(&community, program);
    govern(&mut community, admit).unwrap();
    hold(&mut community, BUYER, &program, 700);
    hold(&mut community, SELLER, &program, 900);
    (community, other, program)
}

/// One of our accounts, theirs that stands in its place, and the answer.
type Swap = (&'static str, Address, Address, MarketError);

fn swaps(at: &Addresses, theirs: &Addresses, program: &Address, seat: u16) -> [Swap; 5] {
    [
        ("market", at.market, theirs.market, MarketError::WrongMarket),
        ("ledger", at.ledger, theirs.ledger, MarketError::WrongMarket),
        (
            "admission",
            at.admission(program),
            theirs.admission(program),
            MarketError::WrongMarket,
        ),
        (
            "hold",
            at.hold_of(program, seat),
            theirs.hold_of(program, seat),
            MarketError::WrongAdmission,
        ),
        (
            "signer",
            at.program_signer(program),
            theirs.program_signer(program),
            MarketError::NotProgram,
        ),
    ]
}

fn has(instruction: &Instruction, address: &Address) -> bool {
    instruction
        .accounts
        .iter()
        .any(|meta| meta.pubkey == *address)
}

#[test]
fn given_two_markets_when_a_program_moves_what_is_held_then_their_accounts_do_not_mix() {
    let (mut community, other, program) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let seat = community.households[BUYER].seat;
    let swaps = swaps(&at, &theirs, &program, seat);
    let ends_at = retire(&mut community, &program);
    let moves = [
        capture_from(&community, &program, (BUYER, SELLER), 700),
        release_to(&community, &program, BUYER, 700),
    ];
    let try_each = |community: &mut LocalCommunity, instruction: &Instruction| {
        for (what, from, to, why) in &swaps {
            if has(instruction, from) {
                let altered = swap(instruction, *from, *to);
                refused_when(what, &mut community.chain, &altered, &[], why.clone());
            }
        }
        check_invariants(community);
    };
    for instruction in &moves {
        try_each(&mut community, instruction);
    }
    // All of it theirs, but signed for ours.
    let all = swaps[..4]
        .iter()
        .fold(moves[0].clone(), |altered, (_, from, to, _)| {
            swap(&altered, *from, *to)
        });
    let why = MarketError::NotProgram;
    refused_when("all of it", &mut community.chain, &all, &[], why);

    pass_until(&mut community, ends_at);
    try_each(&mut community, &at.take_back(&program, seat));
    assert_eq!(free_and_held(&community, BUYER), (FREE - 700, 700));
    let ledger = other.ledger(&community.chain);
    assert_eq!(ledger.seats[usize::from(other.buyer().seat)].held, 700);
}

#[test]
fn given_two_markets_when_money_is_held_then_their_accounts_do_not_mix() {
    let (mut community, other, program) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let owner = community.households[BUYER].wallet.insecure_clone();
    let instruction = hold_by(&community, BUYER, &program, 1);
    let hold = (
        at.hold_of(&program, community.households[BUYER].seat),
        theirs.hold_of(&program, other.buyer().seat),
    );
    let refuse = |community: &mut LocalCommunity, what, altered: &_, why: MarketError| {
        let signers: &[&Keypair] = &[&owner];
        refused_when(what, &mut community.chain, altered, signers, why);
    };
    for (what, from, to) in [
        ("market", at.market, theirs.market),
        ("ledger", at.ledger, theirs.ledger),
    ] {
        let altered = swap(&instruction, from, to);
        refuse(&mut community, what, &altered, MarketError::WrongMarket);
    }
    // With its hold: another's would be at the wrong address.
    let altered = swap(
        &instruction,
        at.admission(&program),
        theirs.admission(&program),
    );
    let altered = swap(&altered, hold.0, hold.1);
    refuse(
        &mut community,
        "admission",
        &altered,
        MarketError::WrongMarket,
    );
    let altered = swap(&altered, at.market, theirs.market);
    refuse(
        &mut community,
        "but the ledger",
        &altered,
        MarketError::WrongMarket,
    );
    let altered = swap(&altered, at.ledger, theirs.ledger);
    refuse(&mut community, "all of it", &altered, MarketError::NotOwner);
    check_invariants(&community);
}

#[test]
fn given_two_markets_when_an_authority_admits_then_only_in_its_own() {
    let (mut community, other, _) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let program = Address::new_unique();
    deploy(&mut community.chain, program);
    let admit = admission_of(&community, program);
    let refuse = |community: &mut LocalCommunity, what, altered: &_, why| {
        refused_when(what, &mut community.chain, altered, &[&authority], why);
    };
    let altered = swap(&admit, at.community, theirs.community);
    let why = MarketError::WrongCommunity.failure();
    refuse(&mut community, "community", &altered, why);
    let altered = swap(&admit, at.market, theirs.market);
    let why = ErrorCode::ConstraintSeeds.failure();
    refuse(&mut community, "market", &altered, why);
    let all = swap(&altered, at.community, theirs.community);
    let all = swap(&all, at.admission(&program), theirs.admission(&program));
    let why = MarketError::NotAuthority.failure();
    refuse(&mut community, "all of it", &all, why);
}

#[test]
fn given_two_markets_when_an_authority_retires_then_only_in_its_own() {
    let (mut community, other, program) = two_markets();
    let (at, theirs) = (community.addresses.clone(), other.addresses.clone());
    let authority = community.authority.insecure_clone();
    let retire = retirement_of(&community, &program);
    let refuse = |community: &mut LocalCommunity, what, altered: &_, why: MarketError| {
        refused_when(what, &mut community.chain, altered, &[&authority], why);
    };
    let altered = swap(&retire, at.community, theirs.community);
    let why = MarketError::WrongCommunity;
    refuse(&mut community, "community", &altered, why);
    let altered = swap(&retire, at.admission(&program), theirs.admission(&program));
    let why = MarketError::WrongMarket;
    refuse(&mut community, "admission", &altered, why);
    let all = swap(&altered, at.market, theirs.market);
    let all = swap(&all, at.community, theirs.community);
    let why = MarketError::NotAuthority;
    refuse(&mut community, "all of it", &all, why);
}
