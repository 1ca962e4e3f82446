//! `take_back`.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::TakenBack};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap,
        check_invariants,
        door::{
            admission, admit_new, change_seat, community_with_program, free_and_held, hold,
            hold_of, retire, send,
        },
        govern, instructions, market_events, pass_until, BUYER, FREE, SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{refused, refused_when},
};

#[test]
fn given_a_program_whose_notice_period_is_over_when_its_money_is_taken_back_then_it_is_free() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    hold(&mut community, SELLER, &program, 900);
    let ends_at = retire(&mut community, &program);
    pass_until(&mut community, ends_at);
    let seat = community.households[BUYER].seat;
    let take_back = community.addresses.take_back(&program, seat);
    // Nobody signs: it can go nowhere else.
    let receipt = sweep(&mut community.chain, &take_back, &[]);
    let taken = TakenBack {
        market: community.addresses.market,
        number: 0,
        program,
        seat,
        amount: 700,
        debt_paid: 0,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::TakenBack(taken)]);
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
    assert_eq!(hold_of(&community, BUYER, &program).unwrap().amount, 0);
    assert_eq!(free_and_held(&community, SELLER), (FREE - 900, 900));
    assert_eq!(admission(&community, &program).holds, 2);
    check_invariants(&community);
}

#[test]
fn given_a_program_that_may_still_use_it_when_its_money_is_taken_back_then_it_is_too_early() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let seat = community.households[BUYER].seat;
    let take_back = community.addresses.take_back(&program, seat);
    let why = MarketError::NotRetired;
    refused_when("admitted", &mut community.chain, &take_back, &[], why);
    let ends_at = retire(&mut community, &program);
    for time in [community.chain.now(), ends_at - 1] {
        pass_until(&mut community, time);
        let why = MarketError::NoticeNotOver;
        refused_when("too early", &mut community.chain, &take_back, &[], why);
    }
    pass_until(&mut community, ends_at);
    send(&mut community, take_back).unwrap();
    check_invariants(&community);
}

#[test]
fn given_an_empty_hold_when_it_is_taken_back_then_nothing_changes() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let ends_at = retire(&mut community, &program);
    pass_until(&mut community, ends_at);
    let seat = community.households[BUYER].seat;
    let take_back = community.addresses.take_back(&program, seat);
    send(&mut community, take_back.clone()).unwrap();
    let receipt = send(&mut community, take_back).unwrap();
    assert_eq!(market_events(&receipt), []);
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
    check_invariants(&community);
}

#[test]
fn given_a_debt_when_money_is_taken_back_then_it_is_paid_first() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, FREE);
    change_seat(&mut community, BUYER, |seat| seat.owing[0].debt = 300);
    let ends_at = retire(&mut community, &program);
    pass_until(&mut community, ends_at);
    let seat = community.households[BUYER].seat;
    let take_back = community.addresses.take_back(&program, seat);
    let receipt = send(&mut community, take_back).unwrap();
    let Some(MarketEvent::TakenBack(taken)) = market_events(&receipt).pop() else {
        panic!("no event of what was taken back");
    };
    assert_eq!((taken.amount, taken.debt_paid), (FREE, 300));
    assert_eq!(free_and_held(&community, BUYER), (FREE - 300, 0));
    assert_eq!(
        community.supplier_seat().free,
        SUPPLIER_DEPOSIT * 1000 + 300
    );
    check_invariants(&community);
}

#[test]
fn given_another_program_that_is_not_retired_when_its_money_is_taken_back_then_it_is_refused() {
    let (mut community, retired) = community_with_program();
    let other = admit_new(&mut community);
    hold(&mut community, BUYER, &other, 700);
    hold(&mut community, BUYER, &retired, 1);
    let ends_at = retire(&mut community, &retired);
    pass_until(&mut community, ends_at);
    let seat = community.households[BUYER].seat;
    let at = community.addresses.clone();
    let take_back = at.take_back(&retired, seat);
    let altered = swap(
        &take_back,
        at.hold_of(&retired, seat),
        at.hold_of(&other, seat),
    );
    let why = MarketError::WrongAdmission;
    refused(&mut community.chain, &altered, &[], why);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 701, 701));
}

#[test]
fn given_a_pause_when_money_is_taken_back_then_it_goes_on() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let ends_at = retire(&mut community, &program);
    let pause = instructions::set_pause(&community, 3);
    govern(&mut community, pause).unwrap();
    pass_until(&mut community, ends_at);
    let seat = community.households[BUYER].seat;
    let take_back = community.addresses.take_back(&program, seat);
    send(&mut community, take_back).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (FREE, 0));
}
