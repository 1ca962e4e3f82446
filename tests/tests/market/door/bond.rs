//! A program that goes through the door: two seats bind themselves with a bond each (`tests/bond`).

use anchor_lang::{InstructionData, ToAccountMetas};
use bond::{accounts, instruction};
use joulebook_client::{
    instructions::SYSTEM_PROGRAM,
    market::MARKET_ID,
    market::{errors::MarketError, events::MarketEvent},
};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::{
    market::{
        altered::swap,
        check_invariants,
        door::{admission_of, deploy, free_and_held, hold_by, hold_of, retire, send},
        govern, market_events, pass_until, trading_community, BUYER, DEPOSIT, FREE, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// 1 token, milli-atoms.
const BOND: u64 = 1_000_000_000;
/// Errors of the program.
const NOT_ARBITER: Failure = Failure::Custom(7000);
const NOT_OWNERS: Failure = Failure::Custom(7001);
const WRONG_HOLD: Failure = Failure::Custom(7003);

/// A community that has admitted the program, on a chain that checks signatures; and an arbiter.
fn with_bond_program() -> (LocalCommunity, Keypair) {
    let mut community = trading_community();
    deploy(&mut community.chain, bond::ID);
    let admit = admission_of(&community, bond::ID);
    govern(&mut community, admit).unwrap();
    (community, Keypair::new())
}

fn contract(community: &LocalCommunity, seats: [u16; 2]) -> Address {
    let market = community.addresses.market;
    let [first, second] = seats.map(u16::to_le_bytes);
    let seeds: &[&[u8]] = &[b"contract", market.as_ref(), &first, &second];
    Address::find_program_address(seeds, &bond::ID).0
}

fn seats(community: &LocalCommunity, places: [usize; 2]) -> [u16; 2] {
    places.map(|place| community.households[place].seat)
}

fn instruction_of(accounts: impl ToAccountMetas, data: impl InstructionData) -> Instruction {
    Instruction {
        program_id: bond::ID,
        accounts: accounts.to_account_metas(None),
        data: data.data(),
    }
}

fn agree(
    community: &LocalCommunity,
    places: [usize; 2],
    arbiter: &Keypair,
    amount: u64,
) -> Instruction {
    let at = &community.addresses;
    let seats = seats(community, places);
    let [first, second] = places.map(|place| community.households[place].address());
    let accounts = accounts::Agree {
        first,
        second,
        arbiter: arbiter.pubkey(),
        contract: contract(community, seats),
        market: at.market,
        admission: at.admission(&bond::ID),
        ledger: at.ledger,
        first_hold: at.hold_of(&bond::ID, seats[0]),
        second_hold: at.hold_of(&bond::ID, seats[1]),
        market_program: MARKET_ID,
        system_program: SYSTEM_PROGRAM,
    };
    instruction_of(accounts, instruction::Agree { seats, amount })
}

fn settling(community: &LocalCommunity, places: [usize; 2]) -> accounts::Settling {
    let at = &community.addresses;
    let seats = seats(community, places);
    accounts::Settling {
        contract: contract(community, seats),
        payer: community.households[places[0]].address(),
        program_signer: at.program_signer(&bond::ID),
        market: at.market,
        admission: at.admission(&bond::ID),
        ledger: at.ledger,
        first_hold: at.hold_of(&bond::ID, seats[0]),
        second_hold: at.hold_of(&bond::ID, seats[1]),
        market_program: MARKET_ID,
    }
}

fn award(
    community: &LocalCommunity,
    places: [usize; 2],
    arbiter: &Keypair,
    winner: u8,
) -> Instruction {
    let accounts = accounts::Award {
        arbiter: arbiter.pubkey(),
        settling: settling(community, places),
    };
    instruction_of(accounts, instruction::Award { winner })
}

fn dissolve(community: &LocalCommunity, places: [usize; 2]) -> Instruction {
    let [first, second] = places.map(|place| community.households[place].address());
    let accounts = accounts::Dissolve {
        first,
        second,
        settling: settling(community, places),
    };
    instruction_of(accounts, instruction::Dissolve {})
}

/// Sends what both of these households sign.
fn send_as_both(
    community: &mut LocalCommunity,
    places: [usize; 2],
    instruction: Instruction,
) -> Result<(), Failure> {
    let keys = places.map(|place| community.households[place].wallet.insecure_clone());
    let sent = community.chain.send(&[instruction], &[&keys[0], &keys[1]]);
    sent.map(|_| ())
}

/// Buyer and seller have agreed on [`BOND`] each.
fn agreed() -> (LocalCommunity, Keypair) {
    let (mut community, arbiter) = with_bond_program();
    let agree = agree(&community, [BUYER, SELLER], &arbiter, BOND);
    send_as_both(&mut community, [BUYER, SELLER], agree).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (FREE - BOND, BOND));
    assert_eq!(free_and_held(&community, SELLER), (FREE - BOND, BOND));
    check_invariants(&community);
    (community, arbiter)
}

#[test]
fn given_two_bonds_when_the_arbiter_names_the_winner_then_it_has_both_and_can_withdraw_them() {
    let (mut community, arbiter) = agreed();
    let award = award(&community, [BUYER, SELLER], &arbiter, 1);
    let receipt = community.chain.send(&[award], &[&arbiter]).unwrap();
    let events = market_events(&receipt);
    assert!(
        matches!(
            &events[..],
            [MarketEvent::Captured(captured), MarketEvent::Released(released)]
                if captured.amount == BOND && released.amount == BOND
        ),
        "{events:?}"
    );
    assert_eq!(free_and_held(&community, BUYER), (FREE - BOND, 0));
    assert_eq!(free_and_held(&community, SELLER), (FREE + BOND, 0));
    check_invariants(&community);
    community.withdraw(SELLER, DEPOSIT + BOND / 1000).unwrap();
    check_invariants(&community);
}

#[test]
fn given_two_bonds_when_both_owners_dissolve_the_contract_then_each_has_its_own() {
    let (mut community, _) = agreed();
    let dissolve = dissolve(&community, [BUYER, SELLER]);
    let [buyer, seller] = [BUYER, SELLER].map(|place| community.households[place].address());
    let thief = swap(&dissolve, seller, buyer);
    let key = community.households[BUYER].wallet.insecure_clone();
    refused(&mut community.chain, &thief, &[&key], NOT_OWNERS);
    send_as_both(&mut community, [BUYER, SELLER], dissolve).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
    assert_eq!(free_and_held(&community, SELLER), (FREE, 0));
    check_invariants(&community);
}

#[test]
fn given_another_than_the_arbiter_when_it_awards_then_the_program_refuses() {
    let (mut community, arbiter) = agreed();
    let award = award(&community, [BUYER, SELLER], &arbiter, 0);
    let buyer = community.households[BUYER].wallet.insecure_clone();
    let altered = swap(&award, arbiter.pubkey(), buyer.pubkey());
    refused(&mut community.chain, &altered, &[&buyer], NOT_ARBITER);
}

#[test]
fn given_money_that_others_hold_for_the_program_when_a_contract_ends_then_it_is_not_touched() {
    let (mut community, arbiter) = agreed();
    let third = community.join("third", DEPOSIT).unwrap();
    let hold = hold_by(&community, third, &bond::ID, BOND);
    let key = community.households[third].wallet.insecure_clone();
    community.chain.send(&[hold], &[&key]).unwrap();
    let award = award(&community, [BUYER, SELLER], &arbiter, 1);
    let [buyer, third_seat] = seats(&community, [BUYER, third]);
    let at = community.addresses.clone();
    let altered = swap(
        &award,
        at.hold_of(&bond::ID, buyer),
        at.hold_of(&bond::ID, third_seat),
    );
    refused(&mut community.chain, &altered, &[&arbiter], WRONG_HOLD);
    community.chain.send(&[award], &[&arbiter]).unwrap();
    assert_eq!(free_and_held(&community, third), (FREE - BOND, BOND));
    check_invariants(&community);
}

#[test]
fn given_two_contracts_of_one_seat_when_both_end_then_its_hold_has_covered_both() {
    let (mut community, arbiter) = agreed();
    let third = community.join("third", DEPOSIT).unwrap();
    let other = agree(&community, [BUYER, third], &arbiter, 3 * BOND);
    send_as_both(&mut community, [BUYER, third], other).unwrap();
    assert_eq!(
        hold_of(&community, BUYER, &bond::ID).unwrap().amount,
        4 * BOND
    );
    check_invariants(&community);
    let awards = [
        award(&community, [BUYER, SELLER], &arbiter, 1),
        award(&community, [BUYER, third], &arbiter, 0),
    ];
    for award in awards {
        community.chain.send(&[award], &[&arbiter]).unwrap();
        check_invariants(&community);
    }
    assert_eq!(free_and_held(&community, BUYER), (FREE + 2 * BOND, 0));
    assert_eq!(free_and_held(&community, SELLER), (FREE + BOND, 0));
    assert_eq!(free_and_held(&community, third), (FREE - 3 * BOND, 0));
}

#[test]
fn given_an_owner_without_the_money_when_the_two_agree_then_nothing_is_held() {
    let (mut community, arbiter) = with_bond_program();
    let agree = agree(&community, [BUYER, SELLER], &arbiter, FREE + 1);
    let sent = send_as_both(&mut community, [BUYER, SELLER], agree);
    assert_eq!(sent, Err(Failure::Market(MarketError::NotEnoughFree)));
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
    check_invariants(&community);
}

#[test]
fn given_a_program_that_is_retired_when_contracts_end_then_they_can_for_a_week() {
    let (mut community, arbiter) = agreed();
    let third = community.join("third", DEPOSIT).unwrap();
    let other = agree(&community, [BUYER, third], &arbiter, BOND);
    send_as_both(&mut community, [BUYER, third], other).unwrap();
    let ends_at = retire(&mut community, &bond::ID);
    let again = agree(&community, [SELLER, third], &arbiter, BOND);
    let sent = send_as_both(&mut community, [SELLER, third], again);
    assert_eq!(sent, Err(Failure::Market(MarketError::ProgramRetired)));

    pass_until(&mut community, ends_at - 1);
    let in_time = award(&community, [BUYER, SELLER], &arbiter, 1);
    community.chain.send(&[in_time], &[&arbiter]).unwrap();
    assert_eq!(free_and_held(&community, SELLER), (FREE + BOND, 0));

    pass_until(&mut community, ends_at);
    let late = award(&community, [BUYER, third], &arbiter, 1);
    let why = MarketError::NoticeOver;
    refused(&mut community.chain, &late, &[&arbiter], why);
    let seat = community.households[BUYER].seat;
    let take_back = community.addresses.take_back(&bond::ID, seat);
    send(&mut community, take_back).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (FREE - BOND, 0));
    check_invariants(&community);
}

#[test]
fn given_what_is_held_for_another_program_when_this_one_asks_for_it_then_it_is_refused() {
    let (mut community, arbiter) = agreed();
    let other = joulebook_tests::market::door::admit_new(&mut community);
    for place in [BUYER, SELLER] {
        let hold = hold_by(&community, place, &other, BOND);
        joulebook_tests::market::send_as(&mut community, place, hold).unwrap();
    }
    let award = award(&community, [BUYER, SELLER], &arbiter, 1);
    let at = community.addresses.clone();
    // The program leaves the admission to the market.
    let altered = swap(&award, at.admission(&bond::ID), at.admission(&other));
    let why = MarketError::WrongAdmission;
    refused_when(
        "admission",
        &mut community.chain,
        &altered,
        &[&arbiter],
        why,
    );
    assert_eq!(hold_of(&community, BUYER, &other).unwrap().amount, BOND);
    check_invariants(&community);
}
