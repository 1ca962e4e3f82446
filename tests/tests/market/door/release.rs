//! `release`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Released};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap,
        check_invariants,
        door::{
            admit_new, change_seat, community_with_program, free_and_held, hold, hold_of,
            release_to, retire, send,
        },
        govern, instructions, market_events, pass_until, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn given_a_hold_when_its_program_releases_a_part_then_that_is_free_again() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let release = release_to(&community, &program, BUYER, 200);
    let receipt = sweep(&mut community.chain, &release, &[]);
    let released = Released {
        market: community.addresses.market,
        number: 0,
        program,
        seat: community.households[BUYER].seat,
        amount: 200,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Released(released)]);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 500, 500));
    assert_eq!(hold_of(&community, BUYER, &program).unwrap().amount, 500);
    check_invariants(&community);
}

#[test]
fn given_more_than_is_held_when_it_is_released_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    hold(&mut community, SELLER, &program, 900);
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (701, MarketError::NotEnoughHeld),
        (u64::MAX, MarketError::NotEnoughHeld),
    ] {
        let release = release_to(&community, &program, BUYER, amount);
        refused(&mut community.chain, &release, &[], why);
    }
    let release = release_to(&community, &program, BUYER, 700);
    send(&mut community, release.clone()).unwrap();
    let why = MarketError::NotEnoughHeld;
    refused(&mut community.chain, &release, &[], why);
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
    check_invariants(&community);
}

#[test]
fn given_anyone_but_the_program_when_it_releases_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let other = admit_new(&mut community);
    hold(&mut community, BUYER, &program, 700);
    let release = release_to(&community, &program, BUYER, 1);
    let signer = community.addresses.program_signer(&program);
    for (who, key) in [
        ("the owner", community.households[BUYER].address()),
        ("the authority", community.authority.pubkey()),
        (
            "another program",
            community.addresses.program_signer(&other),
        ),
        ("the program's own address", program),
        ("nobody in particular", Address::new_unique()),
    ] {
        let altered = swap(&release, signer, key);
        let why = MarketError::NotProgram;
        refused_when(who, &mut community.chain, &altered, &[], why);
    }
}

#[test]
fn given_a_debt_when_money_is_released_then_it_is_paid_first() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, FREE);
    change_seat(&mut community, BUYER, |seat| seat.owing[0].debt = 300);
    let debts_paid = [200, 500].map(|amount| {
        let release = release_to(&community, &program, BUYER, amount);
        let receipt = send(&mut community, release).unwrap();
        let Some(MarketEvent::Released(released)) = market_events(&receipt).pop() else {
            panic!("no event of what was released");
        };
        released.debt_paid
    });
    assert_eq!(debts_paid, [200, 100]);
    assert_eq!(community.seat(BUYER).debt(), 0);
    assert_eq!(free_and_held(&community, BUYER), (400, FREE - 700));
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300
    );
    check_invariants(&community);
}

#[test]
fn given_a_retired_program_when_it_releases_then_it_may_at_any_time() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let ends_at = retire(&mut community, &program);
    let release = release_to(&community, &program, BUYER, 200);
    send(&mut community, release.clone()).unwrap();
    pass_until(&mut community, ends_at + 1);
    send(&mut community, release).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (FREE - 300, 300));
    check_invariants(&community);
}

#[test]
fn given_a_pause_when_money_is_released_then_it_goes_on() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let pause = instructions::set_pause(&community, 3);
    govern(&mut community, pause).unwrap();
    let release = release_to(&community, &program, BUYER, 700);
    send(&mut community, release).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
}
