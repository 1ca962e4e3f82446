//! Seats of a market that has ended: who has lost a key, or never had a seat, keeps nobody from closing it.

use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::SeatClosed};
use joulebook_sim::{roles::CONSUMER, LocalCommunity, Parameters, Token};
use joulebook_tests::{
    market::{
        check_invariants, contracted, deliver_and_settle, first_start, govern, instructions,
        market_events, send_as, trading_community, trading_community_with, BUYER, DEPOSIT, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signer::Signer;

/// The instruction by which `closer`, of no role at all, closes a seat.
fn closing(community: &LocalCommunity, closer: &Keypair, seat: u16) -> Instruction {
    community.addresses.close_seat(closer.pubkey(), seat)
}

#[test]
fn given_an_ended_market_when_anyone_closes_a_seat_without_money_then_it_is_closed() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let stranger = Keypair::new();
    let (seat, owner) = {
        let buyer = &community.households[BUYER];
        (buyer.seat, buyer.address())
    };
    let close = closing(&community, &stranger, seat);
    let why = MarketError::NotOwner;
    refused_when("before", &mut community.chain, &close, &[&stranger], why);
    community.end_market().unwrap();
    let with_money = closing(&community, &stranger, community.households[SELLER].seat);
    let why = MarketError::SeatInUse;
    refused_when(
        "money",
        &mut community.chain,
        &with_money,
        &[&stranger],
        why,
    );

    let receipt = community.chain.send(&[close], &[&stranger]).unwrap();
    let closed = SeatClosed {
        market: community.addresses.market,
        number: 0,
        seat,
        owner,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatClosed(closed)]);
    check_invariants(&community);
}

#[test]
fn given_a_silence_that_nobody_ends_when_the_market_has_ended_then_it_is_in_nobodys_way() {
    let (mut community, _) = contracted(Parameters::default());
    community.end_market().unwrap();
    // What it did not take of 1000 Wh would earn 80,000 each; its meter will never be heard in this market again.
    assert_eq!(community.seat(BUYER).owed, 80_000_000);
    let free = community.seat(BUYER).free / 1000;
    community.withdraw(BUYER, free).unwrap();
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    send_as(&mut community, BUYER, close).unwrap();
    assert_eq!(community.seat(BUYER).owed, 0);
    check_invariants(&community);
}

#[test]
fn given_a_debt_when_the_market_has_ended_then_its_owner_does_not_close_it() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.withdraw(BUYER, DEPOSIT).unwrap();
    deliver_and_settle(&mut community, start, &[(100, 0)]);
    community.end_market().unwrap();
    assert_eq!(community.seat(BUYER).debt(), 30_000_000);
    let close = instructions::close_seat(&community, &community.households[BUYER]);
    let owner = community.households[BUYER].wallet.insecure_clone();
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&owner], why);
    community.deposit(BUYER, 30_000).unwrap();
    community.chain.send(&[close], &[&owner]).unwrap();
    check_invariants(&community);
}

/// A community whose guest has a meter and no seat, and moved `flow` in the first window: import and export, Wh.
fn with_guest(parameters: Parameters, flow: (u64, u64)) -> (LocalCommunity, usize) {
    let mut community = trading_community_with(parameters);
    let guest = community.admit("guest", CONSUMER).unwrap();
    community.households.push(guest);
    let guest = community.households.len() - 1;
    community.add_meter(guest).unwrap();
    let start = first_start(&community);
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 0), flow]);
    community.end_market().unwrap();
    (community, guest)
}

/// Pays all that is there out and closes all seats, and the market, without any household's signature.
fn wind_up(community: &mut LocalCommunity, rows: &[u16]) {
    let authority = community.authority.insecure_clone();
    let at = community.addresses.clone();
    let everyone = community.households.iter();
    let mut calls: Vec<Instruction> = vec![];
    let ledger = community.ledger();
    for owner in everyone.chain([&community.grid_operator, &community.supplier]) {
        let seat = &ledger.seats[usize::from(owner.seat)];
        if seat.free >= 1000 {
            calls.push(at.pay_out(&owner.address(), owner.tokens, owner.seat));
        }
        if rows.contains(&owner.seat) || seat.is_open() {
            calls.push(at.close_seat(authority.pubkey(), owner.seat));
        }
    }
    for slot in 0..community.parameters.books {
        calls.push(at.close_book(authority.pubkey(), slot));
    }
    for slot in 0..community.parameters.pages {
        calls.push(at.close_page(authority.pubkey(), slot));
    }
    for call in calls {
        govern(community, call).unwrap();
    }
    check_invariants(community);
    let fees = community.ledger().header.fees / 1000;
    if fees > 0 {
        let to = community.grid_operator.tokens;
        let withdraw = instructions::withdraw_fees(community, to, fees);
        govern(community, withdraw).unwrap();
    }
    for close in [
        instructions::close_history(community),
        instructions::close_ledger(community),
        instructions::close_market(community),
    ] {
        govern(community, close).unwrap();
    }
}

#[test]
fn given_owners_whose_keys_are_lost_when_the_market_has_ended_then_all_of_it_can_be_closed() {
    let (mut community, start) = contracted(Parameters::default());
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    community.end_market().unwrap();
    wind_up(&mut community, &[]);
    assert_eq!(community.chain.lamports(&community.addresses.market), 0);
    let owners = community.households.iter();
    let owners = owners.chain([&community.supplier, &community.grid_operator]);
    let paid: Vec<u64> = owners
        .map(|owner| Token::balance(&community.chain, &owner.tokens))
        .collect();
    // The grid operator's 20,000, and 1,500 of fees.
    assert_eq!(paid, [9_828_500, 10_150_000, 100_000_000, 21_500]);
}

/// Nobody but its participant has a right to what a seat has, opened or not.
#[test]
fn given_money_of_one_who_never_had_a_seat_when_the_ledger_is_closed_then_it_is_in_use() {
    let (mut community, guest) = with_guest(Parameters::default(), (0, 100));
    let authority = community.authority.insecure_clone();
    for place in [BUYER, SELLER] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    let supplier = community.withdrawal_of(&community.supplier, 99_992_000);
    govern(&mut community, supplier).unwrap();
    for slot in 0..community.parameters.books {
        let close = instructions::close_book(&community, slot);
        govern(&mut community, close).unwrap();
    }
    for slot in 0..community.parameters.pages {
        let close = instructions::close_page(&community, slot);
        govern(&mut community, close).unwrap();
    }
    for seat in 0..4 {
        let close = closing(&community, &authority, seat);
        govern(&mut community, close).unwrap();
    }
    assert_eq!(community.ledger().header.open_seats, 0);
    let close = instructions::close_ledger(&community);
    let why = MarketError::StillInUse;
    refused(&mut community.chain, &close, &[&authority], why);

    let owner = &community.households[guest];
    let at = &community.addresses;
    let pay = at.pay_out(&owner.address(), owner.tokens, owner.seat);
    community.chain.send(&[pay], &[]).unwrap();
    govern(&mut community, close).unwrap();
}

/// Less than an atom, which nobody can take out.
#[test]
fn given_dust_of_one_who_never_had_a_seat_when_the_market_has_ended_then_anyone_makes_it_a_fee() {
    let mut parameters = Parameters::default();
    parameters.tariff.long = 80_001;
    let (mut community, guest) = with_guest(parameters, (0, 100));
    assert_eq!(community.seat(guest).free, 8_000_100);
    let seat = community.households[guest].seat;
    let stranger = Keypair::new();
    let close = closing(&community, &stranger, seat);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&stranger], why);
    wind_up(&mut community, &[seat]);
    let tokens = community.households[guest].tokens;
    assert_eq!(Token::balance(&community.chain, &tokens), 8_000);
    assert_eq!(community.chain.lamports(&community.addresses.market), 0);
}

#[test]
fn given_a_debt_of_one_who_never_had_a_seat_when_the_market_has_ended_then_it_keeps_nobody() {
    let (mut community, guest) = with_guest(Parameters::default(), (100, 0));
    assert_eq!(community.seat(guest).debt(), 30_000_000);
    let supplier = community.supplier.wallet.insecure_clone();
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let all = community.withdrawal_of(&community.supplier, 100_000_000);
    govern(&mut community, all).unwrap();
    // It is owed something, until somebody gives that up.
    let close = closing(&community, &supplier, community.supplier.seat);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &close, &[&supplier], why);
    let seat = community.households[guest].seat;
    let give_up = closing(&community, &supplier, seat);
    community.chain.send(&[give_up], &[&supplier]).unwrap();
    assert_eq!(community.seat(guest).debt(), 0);
    community.chain.send(&[close], &[&supplier]).unwrap();
    check_invariants(&community);
}

/// The same debtor, with another key.
#[test]
fn given_a_debt_when_anyone_but_the_supplier_closes_the_row_then_it_stays_for_92_days() {
    let (mut community, guest) = with_guest(Parameters::default(), (100, 0));
    let stranger = Keypair::new();
    let seat = community.households[guest].seat;
    let close = closing(&community, &stranger, seat);
    let refuse = |community: &mut LocalCommunity, when| {
        let why = MarketError::SeatInUse;
        refused_when(when, &mut community.chain, &close, &[&stranger], why);
    };
    refuse(&mut community, "at once");
    let lapses_at = lapses_at(&community);
    community.pass_until(lapses_at - 1);
    refuse(&mut community, "a second before");
    community.pass_until(lapses_at);
    community.chain.send(&[close], &[&stranger]).unwrap();
    assert_eq!(community.seat(guest).debt(), 0);
    check_invariants(&community);
}

/// When nobody is waited for any more, unix seconds.
fn lapses_at(community: &LocalCommunity) -> i64 {
    let ends_at = community.market().ends_at;
    ends_at.max(community.ledger().header.final_at()) + 92 * 86_400
}

/// An ended market whose supplier has nothing: it owes the seller 80,000,000, and the buyer owes it 30,000,000.
fn insolvent() -> LocalCommunity {
    let mut community = trading_community();
    let start = first_start(&community);
    let all = community.withdrawal_of(&community.supplier, 100_000_000);
    govern(&mut community, all).unwrap();
    for place in [BUYER, SELLER] {
        community.withdraw(place, DEPOSIT).unwrap();
    }
    deliver_and_settle(&mut community, start, &[(100, 0), (0, 1000)]);
    community.end_market().unwrap();
    assert_eq!(community.seat(BUYER).debt(), 30_000_000);
    assert_eq!(community.seat(SELLER).claim(), 80_000_000);
    community
}

/// Somebody could otherwise drop it just before there is money for it.
#[test]
fn given_a_claim_when_anyone_but_its_owner_closes_the_seat_then_it_waits_for_what_debtors_pay() {
    let mut community = insolvent();
    let (stranger, supplier) = (Keypair::new(), community.supplier.wallet.insecure_clone());
    let seat = community.households[SELLER].seat;
    for closer in [&stranger, &supplier] {
        let close = closing(&community, closer, seat);
        let why = MarketError::SeatInUse;
        refused(&mut community.chain, &close, &[closer], why);
    }
    community.deposit(BUYER, 30_000).unwrap();
    let pay = community.addresses.pay_claims();
    community.chain.send(&[pay], &[]).unwrap();
    community.withdraw(SELLER, 30_000).unwrap();
    // What is left is its owner's to give up.
    let close = instructions::close_seat(&community, &community.households[SELLER]);
    send_as(&mut community, SELLER, close).unwrap();
    assert_eq!(community.ledger().header.claims(), 0);
    check_invariants(&community);
}

/// It would otherwise let a friend off, at the cost of those it owes.
#[test]
fn given_claims_on_the_supplier_when_it_drops_a_debt_then_it_must_pay_them_first() {
    let mut community = insolvent();
    let supplier = community.supplier.wallet.insecure_clone();
    let drop = closing(&community, &supplier, community.households[BUYER].seat);
    let why = MarketError::SeatInUse;
    refused(&mut community.chain, &drop, &[&supplier], why);
    community.fund_supplier(80_000).unwrap();
    let pay = community.addresses.pay_claims();
    community.chain.send(&[pay, drop], &[&supplier]).unwrap();
    assert_eq!(community.seat(BUYER).debt(), 0);
    check_invariants(&community);
}

#[test]
fn given_debts_and_claims_of_lost_keys_when_92_days_have_passed_then_anyone_closes_everything() {
    let mut community = insolvent();
    community.pass_until(lapses_at(&community));
    wind_up(&mut community, &[]);
    assert_eq!(community.chain.lamports(&community.addresses.market), 0);
}

#[test]
fn given_a_row_with_nothing_in_it_when_it_is_closed_then_there_is_no_such_seat() {
    let (mut community, guest) = with_guest(Parameters::default(), (0, 0));
    let stranger = Keypair::new();
    for seat in [community.households[guest].seat, 31, 32, u16::MAX] {
        let close = closing(&community, &stranger, seat);
        let why = MarketError::NoSuchSeat;
        refused_when("", &mut community.chain, &close, &[&stranger], why);
    }
}
