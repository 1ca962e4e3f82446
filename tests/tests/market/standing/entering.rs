//! `set_standing_orders`: who may, and what is refused but for the rules themselves.

use anchor_lang::error::ErrorCode;
use joulebook_client::{
    layout::market::StandingOutcome,
    market::{errors::MarketError, types::StandingEntry},
};
use joulebook_sim::{roles::CONSUMER, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, community_with_open_window, door::change_seat, govern,
        instructions, BUYER, SELLER,
    },
    refused::{refused, refused_when},
};
use solana_keypair::Keypair;
use solana_signer::Signer;

use super::{
    apply, enter, entering, entry, expect_outcome, nothing, quantities, row, rule, sell,
    with_standing_orders, with_standing_orders_of,
};

#[test]
fn given_a_good_entry_when_it_is_spoilt_in_any_way_then_it_is_refused_by_name() {
    let (mut community, _) = with_standing_orders();
    let set = entering(&community, BUYER, vec![entry(0, rule()), nothing(1)]);
    let key = community.households[BUYER].wallet.insecure_clone();
    sweep(&mut community.chain, &set, &[&key]);
    assert_eq!(row(&community, BUYER).entered, 1);
    check_invariants(&community);
}

#[test]
fn given_no_entries_when_they_are_entered_then_there_is_nothing_to_do() {
    let (mut community, _) = with_standing_orders();
    let set = entering(&community, BUYER, vec![]);
    let key = community.households[BUYER].wallet.insecure_clone();
    refused(&mut community.chain, &set, &[&key], MarketError::NoOrders);
}

#[test]
fn given_a_place_that_there_is_not_when_something_is_entered_there_then_it_says_so() {
    let (mut community, _) = with_standing_orders();
    let key = community.households[BUYER].wallet.insecure_clone();
    for place in [8, 9, 128, 255] {
        for entries in [
            vec![entry(place, rule())],
            vec![nothing(place)],
            vec![entry(0, rule()), entry(place, rule())],
        ] {
            let set = entering(&community, BUYER, entries);
            let why = MarketError::NoSuchPlace;
            refused_when(&place.to_string(), &mut community.chain, &set, &[&key], why);
        }
    }
    enter(&mut community, BUYER, vec![entry(7, rule())]).unwrap();
    assert_eq!(row(&community, BUYER).entered, 0b1000_0000);
}

#[test]
fn given_many_entries_when_several_are_for_one_place_then_the_last_one_stands() {
    let (mut community, start) = with_standing_orders();
    let mut entries: Vec<StandingEntry> = (0..200).map(|n| nothing(n % 8)).collect();
    entries.push(entry(2, sell()));
    entries.push(entry(2, rule()));
    enter(&mut community, BUYER, entries).unwrap();
    assert_eq!(row(&community, BUYER).entered, 0b100);
    apply(&mut community, start).unwrap();
    assert_eq!(quantities(&community, BUYER, start), [1_000]);
    check_invariants(&community);
}

#[test]
fn given_five_rules_when_they_are_entered_at_once_then_they_fit_a_transaction() {
    let (mut community, _) = with_standing_orders();
    let entries = |count| (0..count).map(|place| entry(place, rule())).collect();
    enter(&mut community, BUYER, entries(5)).unwrap();
    let six = enter(&mut community, BUYER, entries(6));
    assert!(matches!(six, Err(joulebook_sim::Failure::TooLarge(_))));
    assert_eq!(row(&community, BUYER).entered, 0b1_1111);
}

#[test]
fn given_an_entry_that_is_neither_a_rule_nor_nothing_when_it_is_sent_then_it_is_not_understood() {
    let (mut community, _) = with_standing_orders();
    let key = community.households[BUYER].wallet.insecure_clone();
    let mut set = entering(&community, BUYER, vec![entry(0, rule())]);
    // Behind the discriminator, the count and the place.
    set.data[8 + 4 + 1] = 2;
    let why = ErrorCode::InstructionDidNotDeserialize;
    refused(&mut community.chain, &set, &[&key], why);
}

#[test]
fn given_another_signer_when_it_enters_for_a_seat_then_it_is_no_trader() {
    let (mut community, _) = with_standing_orders();
    let victim = community.households[BUYER].address();
    let intruders = [
        Keypair::new(),
        community.households[SELLER].wallet.insecure_clone(),
        community.authority.insecure_clone(),
        community.supplier.wallet.insecure_clone(),
    ];
    for intruder in intruders {
        for entries in [vec![entry(0, rule())], vec![nothing(0)]] {
            let at = &community.addresses;
            let set = at.set_standing_orders(intruder.pubkey(), &victim, entries);
            let why = MarketError::NotTrader;
            refused(&mut community.chain, &set, &[&intruder], why);
        }
    }
}

#[test]
fn given_another_participants_record_when_an_owner_enters_then_it_is_no_trader_of_that_seat() {
    let (mut community, _) = with_standing_orders();
    let [buyer, seller] = [BUYER, SELLER].map(|place| &community.households[place]);
    let set = entering(&community, BUYER, vec![entry(0, rule())]);
    let set = swap(&set, buyer.participant, seller.participant);
    let key = buyer.wallet.insecure_clone();
    refused(&mut community.chain, &set, &[&key], MarketError::NotTrader);
}

#[test]
fn given_a_seat_of_another_owner_when_its_participant_enters_then_it_is_not_the_owner() {
    let (mut community, _) = with_standing_orders();
    let another = community.grid_operator.address().to_bytes();
    change_seat(&mut community, BUYER, |seat| seat.owner.0 = another);
    let set = entering(&community, BUYER, vec![entry(0, rule())]);
    let key = community.households[BUYER].wallet.insecure_clone();
    refused(&mut community.chain, &set, &[&key], MarketError::NotOwner);
}

#[test]
fn given_no_seat_when_its_participant_enters_then_it_must_open_one() {
    let (mut community, _) = with_standing_orders_of(Parameters {
        seats: 5,
        ..Parameters::default()
    });
    for name in ["in the ledger", "beyond it"] {
        let newcomer = community.admit(name, CONSUMER).unwrap();
        let wallet = newcomer.address();
        let at = &community.addresses;
        let set = at.set_standing_orders(wallet, &wallet, vec![entry(0, rule())]);
        let why = MarketError::NoSuchSeat;
        refused_when(name, &mut community.chain, &set, &[&newcomer.wallet], why);
    }
}

/// Nothing is traded by it.
#[test]
fn given_a_pause_or_a_suspension_when_an_owner_enters_then_it_may_and_nothing_is_placed() {
    let (mut community, start) = with_standing_orders();
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    let pause = instructions::set_pause(&community, 0b11);
    govern(&mut community, pause).unwrap();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::Never);
    let go_on = instructions::set_pause(&community, 0);
    govern(&mut community, go_on).unwrap();
    apply(&mut community, start).unwrap();
    expect_outcome(&community, BUYER, 0, StandingOutcome::NotActive);
    assert_eq!(quantities(&community, BUYER, start), [0; 0]);
}

#[test]
fn given_no_account_of_standing_orders_when_something_is_entered_then_there_is_none() {
    let (mut community, _) = community_with_open_window(Parameters::default());
    let set = entering(&community, BUYER, vec![entry(0, rule())]);
    let key = community.households[BUYER].wallet.insecure_clone();
    let why = ErrorCode::AccountOwnedByWrongProgram;
    refused(&mut community.chain, &set, &[&key], why);
}

#[test]
fn given_another_owner_of_the_seat_when_it_enters_then_what_the_former_entered_is_gone() {
    let (mut community, _) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let former = community.grid_operator.address().to_bytes();
    // As if it had been another's.
    let table = community.addresses.standing_orders;
    let index = usize::from(community.households[BUYER].seat);
    use joulebook_client::layout::market::{StandingOrders, StandingSeat};
    let offset = StandingOrders::LEN + index * size_of::<StandingSeat>();
    joulebook_tests::market::altered::write(&mut community.chain, &table, offset, &former);
    enter(&mut community, BUYER, vec![entry(5, sell())]).unwrap();
    let row = row(&community, BUYER);
    assert_eq!(row.entered, 0b10_0000);
    assert_eq!(row.owner, community.households[BUYER].address());
}
