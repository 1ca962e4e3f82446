//! `capture`: from a hold to another seat, and never further.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::Captured};
use joulebook_sim::{LocalCommunity, Token};
use joulebook_tests::{
    hostile::{forge, sweep},
    market::{
        altered::swap,
        check_invariants,
        door::{
            admit_new, capture_from, change_seat, community_with_program, free_and_held, hold,
            hold_of, retire, send,
        },
        govern, instructions, market_events, pass_until, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{refused, refused_when, NamedError},
};
use solana_address::Address;
use solana_signer::Signer;

#[test]
fn given_a_hold_when_its_program_captures_a_part_then_another_seat_has_it() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let vault = Token::balance(&community.chain, &community.addresses.vault);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 200);
    let receipt = sweep(&mut community.chain, &capture, &[]);
    let captured = Captured {
        market: community.addresses.market,
        number: 0,
        program,
        seat: community.households[BUYER].seat,
        to_seat: community.households[SELLER].seat,
        amount: 200,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Captured(captured)]);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 700, 500));
    assert_eq!(free_and_held(&community, SELLER), (FREE + 200, 0));
    assert_eq!(hold_of(&community, BUYER, &program).unwrap().amount, 500);
    let after = Token::balance(&community.chain, &community.addresses.vault);
    assert_eq!(after, vault, "nothing leaves the ledger");
    check_invariants(&community);
}

#[test]
fn given_more_than_is_held_when_it_is_captured_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let other = admit_new(&mut community);
    hold(&mut community, BUYER, &program, 700);
    // The same seat's for another program, and another seat's for this one, are not to be had.
    hold(&mut community, BUYER, &other, 1000);
    hold(&mut community, SELLER, &program, 1000);
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (701, MarketError::NotEnoughHeld),
        (u64::MAX, MarketError::NotEnoughHeld),
    ] {
        let capture = capture_from(&community, &program, (BUYER, SELLER), amount);
        refused(&mut community.chain, &capture, &[], why);
    }
    assert_eq!(free_and_held(&community, BUYER), (FREE - 1700, 1700));
    check_invariants(&community);
}

#[test]
fn given_a_capture_of_everything_when_it_comes_again_then_nothing_is_held_any_more() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 700);
    let why = MarketError::NotEnoughHeld.failure();
    // In one transaction, and in two.
    let twice = [capture.clone(), capture.clone()];
    let refusal = community.chain.send(&twice, &[]);
    assert_eq!(refusal.map(|receipt| receipt.logs), Err(why.clone()));
    assert_eq!(free_and_held(&community, BUYER), (FREE - 700, 700));
    send(&mut community, capture.clone()).unwrap();
    refused(&mut community.chain, &capture, &[], why);
    assert_eq!(free_and_held(&community, SELLER), (FREE + 700, 0));
    check_invariants(&community);
}

#[test]
fn given_anyone_but_the_program_when_it_captures_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let other = admit_new(&mut community);
    hold(&mut community, BUYER, &program, 700);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 1);
    let signer = community.addresses.program_signer(&program);
    let market = community.addresses.market;
    let other_bump = lower_bump(&[b"joulebook", market.as_ref()], &program);
    for (who, key) in [
        ("the owner", community.households[BUYER].address()),
        ("who would have it", community.households[SELLER].address()),
        ("the authority", community.authority.pubkey()),
        (
            "another program",
            community.addresses.program_signer(&other),
        ),
        ("another address of the program's", other_bump),
        ("the program's own address", program),
        ("the market", market),
    ] {
        let altered = swap(&capture, signer, key);
        let why = MarketError::NotProgram;
        refused_when(who, &mut community.chain, &altered, &[], why);
    }
}

/// The address of these seeds that a program can sign for beside the one that is looked for.
fn lower_bump(seeds: &[&[u8]], program: &Address) -> Address {
    let (_, bump) = Address::find_program_address(seeds, program);
    let lower = (0..bump).rev();
    lower
        .filter_map(|bump| {
            let bump = [bump];
            let seeds = [seeds, &[&bump]].concat();
            Address::create_program_address(&seeds, program).ok()
        })
        .next()
        .expect("half of all bumps are good")
}

#[test]
fn given_a_hold_for_another_program_when_it_is_captured_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let other = admit_new(&mut community);
    hold(&mut community, BUYER, &program, 700);
    hold(&mut community, BUYER, &other, 700);
    let capture = capture_from(&community, &other, (BUYER, SELLER), 1);
    let at = community.addresses.clone();
    let seat = community.households[BUYER].seat;
    let (theirs, own) = (at.hold_of(&program, seat), at.hold_of(&other, seat));
    let altered = swap(&capture, own, theirs);
    let why = MarketError::WrongAdmission;
    refused(&mut community.chain, &altered, &[], why);
    let altered = swap(&altered, at.admission(&other), at.admission(&program));
    let why = MarketError::NotProgram;
    refused(&mut community.chain, &altered, &[], why);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 1400, 1400));
}

#[test]
fn given_forged_accounts_when_money_is_captured_then_each_is_refused() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 1);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 700);
    let at = community.addresses.clone();
    let seat = community.households[BUYER].seat;
    let (hold, admission) = (at.hold_of(&program, seat), at.admission(&program));
    for (what, address) in [("hold", hold), ("admission", admission)] {
        let account = community.chain.svm.get_account(&address).unwrap();
        // A hold's amount, or who signs for an admission, is whatever its maker likes.
        let forged = forge(&mut community.chain, &account, |copy| {
            copy.data[72..80].fill(0xff);
            copy.owner = program;
        });
        let altered = swap(&capture, address, forged);
        let why = ErrorCode::AccountOwnedByWrongProgram;
        refused_when(what, &mut community.chain, &altered, &[], why);
    }
    for (what, from, to) in [
        ("an admission for a hold", hold, admission),
        ("a hold for an admission", admission, hold),
        ("the market for a hold", hold, at.market),
        ("the ledger for an admission", admission, at.ledger),
    ] {
        let altered = swap(&capture, from, to);
        let why = ErrorCode::AccountDiscriminatorMismatch;
        refused_when(what, &mut community.chain, &altered, &[], why);
    }
    check_invariants(&community);
}

#[test]
fn given_a_seat_that_can_not_have_it_when_money_is_captured_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let seat = community.households[BUYER].seat;
    for (to_seat, why) in [
        (seat, MarketError::SameSeat),
        (31, MarketError::NoSuchSeat),
        (32, MarketError::NoSuchSeat),
        (u16::MAX, MarketError::NoSuchSeat),
    ] {
        let at = &community.addresses;
        let capture = at.capture(&program, seat, 1, to_seat);
        let case = format!("to seat {to_seat}");
        refused_when(&case, &mut community.chain, &capture, &[], why);
    }
}

#[test]
fn given_a_debt_of_who_gets_it_when_money_is_captured_then_that_is_paid_first() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    hold(&mut community, SELLER, &program, FREE);
    change_seat(&mut community, SELLER, |seat| seat.owing[0].debt = 300);
    let debts_paid = [200, 500].map(|amount| {
        let capture = capture_from(&community, &program, (BUYER, SELLER), amount);
        let receipt = send(&mut community, capture).unwrap();
        let Some(MarketEvent::Captured(captured)) = market_events(&receipt).pop() else {
            panic!("no event of what was captured");
        };
        captured.debt_paid
    });
    assert_eq!(debts_paid, [200, 100]);
    assert_eq!(community.seat(SELLER).debt(), 0);
    assert_eq!(free_and_held(&community, SELLER), (400, FREE));
    assert_eq!(free_and_held(&community, BUYER), (FREE - 700, 0));
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300
    );
    check_invariants(&community);
}

#[test]
fn given_a_debt_of_who_holds_when_money_is_captured_then_it_stays() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, FREE);
    change_seat(&mut community, BUYER, |seat| seat.owing[0].debt = 300);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 700);
    send(&mut community, capture).unwrap();
    assert_eq!(community.seat(BUYER).debt(), 300);
    assert_eq!(free_and_held(&community, SELLER), (FREE + 700, 0));
    check_invariants(&community);
}

#[test]
fn given_a_retired_program_when_it_captures_then_it_may_until_its_notice_period_ends() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let ends_at = retire(&mut community, &program);
    let capture = capture_from(&community, &program, (BUYER, SELLER), 200);
    send(&mut community, capture.clone()).unwrap();
    pass_until(&mut community, ends_at - 1);
    send(&mut community, capture.clone()).unwrap();
    pass_until(&mut community, ends_at);
    let why = MarketError::NoticeOver;
    refused(&mut community.chain, &capture, &[], why);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 700, 300));
    check_invariants(&community);
}

#[test]
fn given_a_pause_or_suspended_participants_when_money_is_captured_then_it_goes_on() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    suspend_all(&mut community);
    let pause = instructions::set_pause(&community, 3);
    govern(&mut community, pause).unwrap();
    let capture = capture_from(&community, &program, (BUYER, SELLER), 700);
    send(&mut community, capture).unwrap();
    assert_eq!(free_and_held(&community, SELLER), (FREE + 700, 0));
}

fn suspend_all(community: &mut LocalCommunity) {
    for place in [BUYER, SELLER] {
        let suspend = instructions::suspend(community, &community.households[place]);
        govern(community, suspend).unwrap();
    }
}
