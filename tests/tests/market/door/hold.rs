//! `hold`, and what is held being out of reach.

use joulebook_client::{
    layout::market::SeatHold,
    market::{errors::MarketError, events::MarketEvent, types::Held},
};
use joulebook_sim::{Failure, LocalCommunity};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::{swap, write},
        amounts, buy, check_invariants, contract,
        door::{
            admission, admit_new, change_seat, community_with_program, free_and_held, hold,
            hold_by, hold_of, retire,
        },
        first_start, govern, instructions, market_events, pass_until, send_as, stay_silent, BUYER,
        DEPOSIT, FREE, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Every pause at once: registration, trading.
const ALL_PAUSED: u8 = 0b11;

#[test]
fn given_free_money_when_its_owner_holds_some_for_a_program_then_it_is_held_and_no_longer_free() {
    let (mut community, program) = community_with_program();
    let owner = community.households[BUYER].wallet.insecure_clone();
    let seat = community.households[BUYER].seat;
    let before = community.chain.lamports(&owner.pubkey());
    let instruction = hold_by(&community, BUYER, &program, 700);
    let receipt = sweep(&mut community.chain, &instruction, &[&owner]);

    let held = Held {
        market: community.addresses.market,
        number: 0,
        program,
        seat,
        amount: 700,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::Held(held)]);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 700, 700));
    let found = hold_of(&community, BUYER, &program).unwrap();
    assert_eq!(found.admission, community.addresses.admission(&program));
    assert_eq!(found.owner, owner.pubkey());
    assert_eq!((found.amount, found.seat, found.version), (700, seat, 1));
    assert_eq!(admission(&community, &program).holds, 1);
    let address = community.addresses.hold_of(&program, seat);
    let rent = community.chain.lamports(&address);
    assert!(rent > 0);
    assert_eq!(community.chain.lamports(&owner.pubkey()), before - rent);
    check_invariants(&community);
}

#[test]
fn given_a_hold_when_more_is_held_then_it_is_added_and_no_rent_is_paid() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 700);
    let owner = community.households[BUYER].wallet.insecure_clone();
    let before = community.chain.lamports(&owner.pubkey());
    hold(&mut community, BUYER, &program, 50);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 750, 750));
    assert_eq!(hold_of(&community, BUYER, &program).unwrap().amount, 750);
    assert_eq!(admission(&community, &program).holds, 1);
    assert_eq!(community.chain.lamports(&owner.pubkey()), before);
    check_invariants(&community);
}

#[test]
fn given_two_programs_and_two_seats_when_they_hold_then_each_hold_is_by_itself() {
    let (mut community, first) = community_with_program();
    let second = admit_new(&mut community);
    hold(&mut community, BUYER, &first, 1);
    hold(&mut community, BUYER, &second, 20);
    hold(&mut community, SELLER, &second, 300);
    assert_eq!(free_and_held(&community, BUYER), (FREE - 21, 21));
    assert_eq!(free_and_held(&community, SELLER), (FREE - 300, 300));
    assert_eq!(hold_of(&community, BUYER, &first).unwrap().amount, 1);
    assert_eq!(hold_of(&community, BUYER, &second).unwrap().amount, 20);
    assert_eq!(hold_of(&community, SELLER, &first), None);
    assert_eq!(admission(&community, &first).holds, 1);
    assert_eq!(admission(&community, &second).holds, 2);
    check_invariants(&community);
}

#[test]
fn given_more_than_is_free_when_it_is_held_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let owner = community.households[BUYER].wallet.insecure_clone();
    for (amount, why) in [
        (0, MarketError::ZeroAmount),
        (FREE + 1, MarketError::NotEnoughFree),
        (u64::MAX, MarketError::NotEnoughFree),
    ] {
        let instruction = hold_by(&community, BUYER, &program, amount);
        refused(&mut community.chain, &instruction, &[&owner], why);
    }
    hold(&mut community, BUYER, &program, FREE);
    let instruction = hold_by(&community, BUYER, &program, 1);
    let why = MarketError::NotEnoughFree;
    refused(&mut community.chain, &instruction, &[&owner], why);
    assert_eq!(free_and_held(&community, BUYER), (0, FREE));
    check_invariants(&community);
}

#[test]
fn given_anyone_but_the_owner_when_it_holds_a_seats_money_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    let bot = Keypair::new();
    community.chain.fund(&bot.pubkey());
    let buyer = &community.households[BUYER];
    let name = instructions::set_delegate(&community, buyer, Some(bot.pubkey()));
    send_as(&mut community, BUYER, name).unwrap();
    let owner = community.households[BUYER].address();
    let instruction = hold_by(&community, BUYER, &program, 1);
    for (who, key) in [
        ("the delegate", &bot),
        ("the authority", &community.authority),
        ("another owner", &community.households[SELLER].wallet),
        ("the supplier", &community.supplier.wallet),
    ] {
        let altered = swap(&instruction, owner, key.pubkey());
        let why = MarketError::NotOwner;
        refused_when(who, &mut community.chain, &altered, &[key], why);
    }
}

#[test]
fn given_no_open_seat_when_money_is_held_then_there_is_no_such_seat() {
    let (mut community, program) = community_with_program();
    let owner = community.households[BUYER].wallet.insecure_clone();
    for seat in [31, 32, u16::MAX] {
        let at = &community.addresses;
        let instruction = at.hold(owner.pubkey(), &program, seat, 1);
        let why = MarketError::NoSuchSeat;
        refused(&mut community.chain, &instruction, &[&owner], why);
    }
}

#[test]
fn given_a_debt_when_money_is_held_then_it_must_be_paid_first() {
    let (mut community, program) = community_with_program();
    change_seat(&mut community, BUYER, |seat| seat.owing[0].debt = 1);
    let owner = community.households[BUYER].wallet.insecure_clone();
    let instruction = hold_by(&community, BUYER, &program, 1);
    let why = MarketError::InDebt;
    refused(&mut community.chain, &instruction, &[&owner], why);
}

/// What contracts earn is not its own before its meters confirm it, nor is what not keeping them can cost.
#[test]
fn given_contracts_that_no_meter_has_confirmed_when_money_is_held_then_what_they_lock_stays() {
    let (mut community, program) = community_with_program();
    let start = first_start(&community);
    contract(&mut community, start);
    stay_silent(&mut community, start);
    community.settle(start).unwrap();
    let free = FREE - amounts::DELIVERY_LOCK;
    let owner = community.households[SELLER].wallet.insecure_clone();
    let instruction = hold_by(&community, SELLER, &program, free + 1);
    let why = MarketError::NotEnoughFree;
    refused(&mut community.chain, &instruction, &[&owner], why);
    hold(&mut community, SELLER, &program, free);
    assert_eq!(free_and_held(&community, SELLER), (0, free));
    check_invariants(&community);
}

#[test]
fn given_a_retired_program_when_money_is_held_for_it_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 1);
    let ends_at = retire(&mut community, &program);
    let buyer = community.households[BUYER].wallet.insecure_clone();
    let seller = community.households[SELLER].wallet.insecure_clone();
    let refuse = |community: &mut LocalCommunity| {
        for (place, owner) in [(BUYER, &buyer), (SELLER, &seller)] {
            let instruction = hold_by(community, place, &program, 1);
            let why = MarketError::ProgramRetired;
            refused(&mut community.chain, &instruction, &[owner], why);
        }
    };
    refuse(&mut community);
    pass_until(&mut community, ends_at);
    refuse(&mut community);
}

#[test]
fn given_a_market_that_has_ended_when_money_is_held_then_it_is_refused() {
    let (mut community, program) = community_with_program();
    community.end_market().unwrap();
    let owner = community.households[BUYER].wallet.insecure_clone();
    let instruction = hold_by(&community, BUYER, &program, 1);
    let why = MarketError::MarketEnded;
    refused(&mut community.chain, &instruction, &[&owner], why);
}

#[test]
fn given_a_pause_when_money_is_held_then_it_goes_on() {
    let (mut community, program) = community_with_program();
    let pause = instructions::set_pause(&community, ALL_PAUSED);
    govern(&mut community, pause).unwrap();
    hold(&mut community, BUYER, &program, 1);
    check_invariants(&community);
}

#[test]
fn given_an_empty_hold_of_a_former_owner_when_money_is_held_then_it_must_be_closed_first() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 1);
    let seat = community.households[BUYER].seat;
    let release = community.addresses.release(&program, seat, 1);
    community.chain.send(&[release], &[]).unwrap();
    let address = community.addresses.hold_of(&program, seat);
    let former = Address::new_unique();
    let offset = SeatHold::LEN - size_of::<SeatHold>() + core::mem::offset_of!(SeatHold, owner);
    write(&mut community.chain, &address, offset, former.as_ref());

    let owner = community.households[BUYER].wallet.insecure_clone();
    let instruction = hold_by(&community, BUYER, &program, 5);
    let why = MarketError::FormerOwner;
    refused(&mut community.chain, &instruction, &[&owner], why);
    let close = community.addresses.close_hold(&program, seat, former);
    community
        .chain
        .send(&[close, instruction], &[&owner])
        .unwrap();
    let found = hold_of(&community, BUYER, &program).unwrap();
    assert_eq!(found.owner, owner.pubkey());
    assert_eq!(found.amount, 5);
    check_invariants(&community);
}

#[test]
fn given_held_money_when_it_is_withdrawn_or_ordered_with_then_it_is_not_free() {
    let (mut community, program) = community_with_program();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    hold(&mut community, BUYER, &program, FREE - 1000);
    let poor = Err(Failure::Market(MarketError::NotEnoughFree));
    assert_eq!(community.withdraw(BUYER, 2).map(|_| ()), poor);
    // 1000 Wh at 170,000 atoms/kWh.
    let order = community.place(BUYER, start, vec![buy(1000, 60)]);
    assert_eq!(order.map(|_| ()), poor);
    community.withdraw(BUYER, 1).unwrap();
    assert_eq!(free_and_held(&community, BUYER), (0, FREE - 1000));
    check_invariants(&community);
}

#[test]
fn given_held_money_when_the_seat_is_closed_then_it_is_in_use() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 1000);
    community.withdraw(BUYER, DEPOSIT - 1).unwrap();
    let owner = community.households[BUYER].wallet.insecure_clone();
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&owner], why);

    let seat = community.households[BUYER].seat;
    let release = community.addresses.release(&program, seat, 1000);
    community.chain.send(&[release], &[]).unwrap();
    community.withdraw(BUYER, 1).unwrap();
    send_as(&mut community, BUYER, close).unwrap();
    check_invariants(&community);
}

#[test]
fn given_held_money_when_the_vault_is_swept_then_it_is_no_surplus() {
    let (mut community, program) = community_with_program();
    hold(&mut community, BUYER, &program, 5000);
    let fees = community.ledger().header.fees;
    let sweep_up = instructions::sweep_surplus(&community);
    community.chain.send(&[sweep_up], &[]).unwrap();
    assert_eq!(community.ledger().header.fees, fees);
    check_invariants(&community);
}
