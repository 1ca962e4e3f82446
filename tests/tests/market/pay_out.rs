//! `pay_out`: what a seat of an ended market has goes to its owner, whoever asks for it.

use anchor_lang::error::ErrorCode;
use joulebook_client::market::{errors::MarketError, events::MarketEvent, types::PaidOut};
use joulebook_sim::{roles::CONSUMER, Household, LocalCommunity, Parameters, Token};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, amounts, check_invariants, contracted, deliver_and_settle,
        door::change_seat, first_start, market_events, trading_community, BUYER, DEPOSIT, FREE,
        SELLER, SUPPLIER_DEPOSIT,
    },
    refused::{refused, refused_when, NamedError},
};
use solana_instruction::Instruction;

/// A market that has ended: the buyer took the 1000 Wh that it bought, and the seller delivered them.
fn ended() -> LocalCommunity {
    let (mut community, start) = contracted(Parameters::default());
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    community.end_market().unwrap();
    community
}

fn payout_of(community: &LocalCommunity, owner: &Household) -> Instruction {
    let at = &community.addresses;
    at.pay_out(&owner.address(), owner.tokens, owner.seat)
}

/// Atoms in the wallet of household `place`.
fn tokens(community: &LocalCommunity, place: usize) -> u64 {
    Token::balance(&community.chain, &community.households[place].tokens)
}

#[test]
fn given_an_ended_market_when_anyone_pays_a_seat_out_then_its_owner_has_the_money() {
    let mut community = ended();
    let buyer = &community.households[BUYER];
    let (seat, owner) = (buyer.seat, buyer.address());
    let pay = payout_of(&community, buyer);
    assert!(pay.accounts.iter().all(|meta| !meta.is_signer));
    let receipt = sweep(&mut community.chain, &pay, &[]);

    // 10,000,000 atoms less 171,500 for 1000 Wh.
    let amount = DEPOSIT - amounts::PAID / 1000;
    let paid = PaidOut {
        market: community.addresses.market,
        number: 0,
        seat,
        owner,
        amount,
    };
    assert_eq!(market_events(&receipt), [MarketEvent::PaidOut(paid)]);
    assert_eq!(tokens(&community, BUYER), amount);
    assert_eq!(community.seat(BUYER).free, 0);
    assert_eq!(community.seat(SELLER).free, FREE + amounts::INCOME);
    check_invariants(&community);
    let why = MarketError::ZeroAmount;
    refused_when("again", &mut community.chain, &pay, &[], why);
}

#[test]
fn given_a_market_that_goes_on_when_a_seat_is_paid_out_then_it_has_not_ended() {
    let (mut community, start) = contracted(Parameters::default());
    deliver_and_settle(&mut community, start, &[(1000, 0), (0, 1000)]);
    let pay = payout_of(&community, &community.households[SELLER]);
    let refuse = |community: &mut LocalCommunity, when| {
        let why = MarketError::NotEnded;
        refused_when(when, &mut community.chain, &pay, &[], why);
    };
    refuse(&mut community, "without an end");
    community.finish_page(start).unwrap();
    refuse(&mut community, "with all pages final");
    community.end_market().unwrap();
    community.chain.send(&[pay], &[]).unwrap();
    assert_eq!(tokens(&community, SELLER), DEPOSIT + amounts::INCOME / 1000);
}

/// Nobody's money may end where its owner has not got it.
#[test]
fn given_another_destination_when_a_seat_is_paid_out_then_it_is_refused() {
    let mut community = ended();
    let at = community.addresses.clone();
    let buyer = &community.households[BUYER];
    let pay = payout_of(&community, buyer);
    let (mine, sellers) = (buyer.tokens, community.households[SELLER].tokens);
    let foreign = Token::create(&mut community.chain, joulebook_sim::TokenKind::Classic).unwrap();
    let owner = community.households[BUYER].address();
    let worthless = foreign.account(&mut community.chain, &owner, 0).unwrap();
    for (what, to, why) in [
        ("another's", sellers, MarketError::NotOwner.failure()),
        (
            "the vault",
            at.vault,
            ErrorCode::ConstraintDuplicateMutableAccount.failure(),
        ),
        (
            "of another mint",
            worthless,
            joulebook_tests::market::named_errors::token::OTHER_MINT,
        ),
    ] {
        let altered = swap(&pay, mine, to);
        refused_when(what, &mut community.chain, &altered, &[], why);
    }
    // The participant is not asked for as long as the seat has an owner.
    let thief = community.households[SELLER].participant;
    let altered = swap(&pay, community.households[BUYER].participant, thief);
    let altered = swap(&altered, mine, sellers);
    let why = MarketError::NotOwner;
    refused(&mut community.chain, &altered, &[], why);

    // Any token account of the owner will do.
    let other = community
        .token
        .account(&mut community.chain, &owner, 0)
        .unwrap();
    let altered = swap(&pay, mine, other);
    community.chain.send(&[altered], &[]).unwrap();
    let amount = DEPOSIT - amounts::PAID / 1000;
    assert_eq!(Token::balance(&community.chain, &other), amount);
}

#[test]
fn given_a_debt_when_its_seat_is_paid_out_then_the_supplier_has_its_part() {
    let mut community = ended();
    change_seat(&mut community, BUYER, |seat| seat.owing[0].debt = 1_000_300);
    let pay = payout_of(&community, &community.households[BUYER]);
    let receipt = community.chain.send(&[pay], &[]).unwrap();
    // 9,828,500,000 less the debt are 9,827,499,700 milli-atoms.
    let events = market_events(&receipt);
    let [MarketEvent::DebtsPaid(debts), MarketEvent::PaidOut(paid)] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((paid.amount, debts.amount), (9_827_499, 1_000_300));
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (700, 0));
    let supplier = SUPPLIER_DEPOSIT * 1000 + 1_000_300;
    assert_eq!(community.supplier_seat().free, supplier);
    check_invariants(&community);
}

#[test]
fn given_a_seat_that_nobody_opened_when_it_is_paid_out_then_its_participant_has_the_money() {
    let mut community = trading_community();
    let guest = community.admit("guest", CONSUMER).unwrap();
    community.households.push(guest);
    let guest = community.households.len() - 1;
    community.add_meter(guest).unwrap();
    let start = first_start(&community);
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 0), (0, 100)]);
    community.end_market().unwrap();
    let pay = payout_of(&community, &community.households[guest]);
    let thief = &community.households[SELLER];
    let altered = swap(
        &pay,
        community.households[guest].participant,
        thief.participant,
    );
    let altered = swap(&altered, community.households[guest].tokens, thief.tokens);
    let why = MarketError::NoSuchSeat;
    refused(&mut community.chain, &altered, &[], why);
    community.chain.send(&[pay], &[]).unwrap();
    // 100 Wh at 80,000.
    assert_eq!(tokens(&community, guest), 8_000);
    check_invariants(&community);
}

#[test]
fn given_no_such_seat_when_it_is_paid_out_then_it_is_refused() {
    let mut community = ended();
    let buyer = &community.households[BUYER];
    let (owner, tokens) = (buyer.address(), buyer.tokens);
    for seat in [31, 32, u16::MAX] {
        let pay = community.addresses.pay_out(&owner, tokens, seat);
        let why = MarketError::NoSuchSeat;
        refused_when("", &mut community.chain, &pay, &[], why);
    }
}

/// A market that has ended with the seller's claim of 80,000 atoms, and a supplier without money.
fn ended_with_claim() -> LocalCommunity {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("buyer", DEPOSIT).unwrap();
    community.join("seller", DEPOSIT).unwrap();
    let start = first_start(&community);
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 1000)]);
    community.end_market().unwrap();
    assert_eq!(community.seat(SELLER).claim(), 80_000_000);
    community
}

#[test]
fn given_a_claim_when_its_seat_is_paid_out_then_what_the_supplier_has_is_paid_first() {
    let mut community = ended_with_claim();
    community.fund_supplier(50_000).unwrap();
    let pay = payout_of(&community, &community.households[SELLER]);
    community.chain.send(&[pay], &[]).unwrap();
    assert_eq!(tokens(&community, SELLER), DEPOSIT + 50_000);
    assert_eq!(community.seat(SELLER).claim(), 30_000_000);
    assert_eq!(community.supplier_seat().free, 0);
    check_invariants(&community);
}

#[test]
fn given_claims_when_the_supplier_is_paid_out_then_it_pays_them_first() {
    let mut community = ended_with_claim();
    community.fund_supplier(50_000).unwrap();
    let pay = payout_of(&community, &community.supplier);
    let why = MarketError::ClaimsUnpaid;
    refused(&mut community.chain, &pay, &[], why);
    community.fund_supplier(50_000).unwrap();
    community.chain.send(&[pay], &[]).unwrap();
    assert_eq!(community.seat(SELLER).free, FREE + 80_000_000);
    let supplier = Token::balance(&community.chain, &community.supplier.tokens);
    assert_eq!(supplier, 20_000);
    check_invariants(&community);
}
