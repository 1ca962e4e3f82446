//! `review_participant`.

use joulebook_client::{layout::registry::Participant, market::errors::MarketError};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER},
    Failure, LocalCommunity, Parameters,
};
use joulebook_tests::{
    hostile::sweep,
    market::{check_invariants, govern, instructions, BUYER, SELLER},
    refused::{refused, refused_when, snapshot},
};

use super::{before_a_window, enter, entry, review, row, rule, with_standing_orders};

/// Roles, and whether it is active.
fn known(community: &LocalCommunity, place: usize) -> (u16, u8) {
    let row = row(community, place);
    (row.roles, row.is_active)
}

#[test]
fn given_a_participant_that_changed_when_anyone_reviews_it_then_its_seat_alone_knows() {
    let (mut community, _) = with_standing_orders();
    for place in [BUYER, SELLER] {
        enter(&mut community, place, vec![entry(0, rule())]).unwrap();
    }
    let both = CONSUMER | PRODUCER;
    assert_eq!(known(&community, BUYER), (both, 1));
    let buyer = community.households[BUYER].address();
    let set = instructions::set_roles(&community, &community.households[BUYER], PRODUCER);
    govern(&mut community, set).unwrap();
    assert_eq!(known(&community, BUYER), (both, 1));
    let review = community.addresses.review_participant(&buyer);
    sweep(&mut community.chain, &review, &[]);
    assert_eq!(known(&community, BUYER), (PRODUCER, 1));

    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    for _ in 0..2 {
        let review = std::slice::from_ref(&review);
        community.chain.send(review, &[]).unwrap();
        assert_eq!(known(&community, BUYER), (PRODUCER, 0));
    }
    assert_eq!(known(&community, SELLER), (both, 1));
    check_invariants(&community);
}

#[test]
fn given_a_participant_that_is_as_it_was_when_it_is_reviewed_then_nothing_changes() {
    let (mut community, _) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let tables = [community.addresses.standing_orders];
    let before = snapshot(&community.chain, &tables);
    review(&mut community, BUYER);
    assert!(snapshot(&community.chain, &tables) == before);
}

#[test]
fn given_a_participant_without_a_row_when_it_is_reviewed_then_there_is_no_such_seat() {
    let (mut community, _) = before_a_window(Parameters {
        seats: 5,
        ..Parameters::default()
    });
    // The fifth has a row, the sixth has none.
    for (name, expected) in [
        ("in the ledger", Ok(())),
        ("beyond it", Err(Failure::Market(MarketError::NoSuchSeat))),
    ] {
        let newcomer = community.admit(name, CONSUMER).unwrap();
        let review = community.addresses.review_participant(&newcomer.address());
        let sent = community.chain.send(&[review], &[]).map(|_| ());
        assert_eq!(sent, expected, "{name}");
    }
}

/// Whoever applies has an index that nobody has.
#[test]
fn given_an_applicant_when_it_is_reviewed_then_there_is_no_such_seat() {
    let (mut community, _) = with_standing_orders();
    let wallet = solana_keypair::Keypair::new();
    let address = solana_signer::Signer::pubkey(&wallet);
    community.chain.fund(&address);
    let application = joulebook_client::instructions::Application::for_roles(CONSUMER);
    let apply = community.addresses.apply(address, application);
    community.chain.send(&[apply], &[&wallet]).unwrap();
    let review = community.addresses.review_participant(&address);
    let why = MarketError::NoSuchSeat;
    refused(&mut community.chain, &review, &[], why);
}

/// The same index, another wallet: its rows stand for the owner who entered them.
#[test]
fn given_a_record_of_another_wallet_when_it_is_reviewed_then_nobody_becomes_active_by_it() {
    let (mut community, _) = with_standing_orders();
    enter(&mut community, BUYER, vec![entry(0, rule())]).unwrap();
    let record = community.households[SELLER].participant;
    let index = community.households[BUYER].seat;
    joulebook_tests::market::altered::change(&mut community.chain, &record, |account| {
        let header = joulebook_client::layout::DISCRIMINATOR_LEN;
        let at = header + std::mem::offset_of!(Participant, index);
        account.data[at..at + 2].copy_from_slice(&index.to_le_bytes());
    });
    review(&mut community, SELLER);
    assert_eq!(known(&community, BUYER).1, 0);
}

#[test]
fn given_something_else_when_it_is_reviewed_then_it_is_no_participant() {
    let (mut community, _) = with_standing_orders();
    let buyer = &community.households[BUYER];
    let review = community.addresses.review_participant(&buyer.address());
    let participant = buyer.participant;
    let at = community.addresses.clone();
    use anchor_lang::error::ErrorCode;
    for (what, other, why) in [
        (
            "the community",
            at.community,
            ErrorCode::AccountDiscriminatorMismatch,
        ),
        (
            "the market",
            at.market,
            ErrorCode::AccountOwnedByWrongProgram,
        ),
        (
            "the meter table",
            at.meter_table,
            ErrorCode::AccountOwnedByWrongProgram,
        ),
    ] {
        let altered = joulebook_tests::market::altered::swap(&review, participant, other);
        refused_when(what, &mut community.chain, &altered, &[], why);
    }
}
