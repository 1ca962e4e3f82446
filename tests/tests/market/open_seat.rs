//! `open_seat`.

use joulebook_client::{
    instructions::Application,
    layout::registry::{limits::SUCCESSION_NOTICE, Participant},
    market::{errors::MarketError, events::MarketEvent, types::SeatOpened},
};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER, VERIFIER},
    Household, LocalCommunity, Parameters,
};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::swap, check_invariants, deliver_and_settle, first_start, instructions,
        market_events, trading_community,
    },
    refused::refused,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[test]
fn given_an_active_participant_when_it_opens_its_seat_then_it_owns_the_one_of_its_index() {
    let mut community = trading_community();
    let open_before = community.ledger().header.open_seats;
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let open = community.seat_of(&newcomer);
    let receipt = sweep(&mut community.chain, &open, &[&newcomer.wallet]);

    let opened = SeatOpened {
        market: community.addresses.market,
        number: 0,
        seat: newcomer.seat,
        owner: newcomer.address(),
    };
    assert_eq!(market_events(&receipt), [MarketEvent::SeatOpened(opened)]);
    let ledger = community.ledger();
    assert_eq!(ledger.header.open_seats, open_before + 1);
    let seat = ledger.seats[usize::from(newcomer.seat)];
    assert_eq!(seat.owner, newcomer.address().to_bytes());
    assert!(seat.is_open());
    assert_eq!(
        (seat.delegate.0, seat.free, seat.locked, seat.debt()),
        ([0; 32], 0, 0, 0)
    );
    check_invariants(&community);

    refused(
        &mut community.chain,
        &open,
        &[&newcomer.wallet],
        MarketError::SeatTaken,
    );
}

#[test]
fn given_a_role_that_does_not_trade_when_a_seat_is_opened_then_it_may_hold_money() {
    let mut community = trading_community();
    let verifier = community.admit("verifier", VERIFIER).unwrap();
    let open = community.seat_of(&verifier);
    community.chain.send(&[open], &[&verifier.wallet]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_suspended_participant_when_it_opens_its_seat_then_what_is_in_it_is_its_own() {
    let mut community = trading_community();
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let suspend = instructions::suspend(&community, &newcomer);
    community
        .chain
        .send(&[suspend], &[&community.authority])
        .unwrap();
    let open = community.seat_of(&newcomer);
    community.chain.send(&[open], &[&newcomer.wallet]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_another_wallet_when_it_opens_a_participants_seat_then_it_is_not_the_owner() {
    let mut community = trading_community();
    let newcomer = community.admit("newcomer", CONSUMER).unwrap();
    let intruder = Keypair::new();
    let open = swap(
        &community.seat_of(&newcomer),
        newcomer.address(),
        intruder.pubkey(),
    );
    refused(
        &mut community.chain,
        &open,
        &[&intruder],
        MarketError::NotOwner,
    );
}

#[test]
fn given_an_index_beyond_the_ledger_when_the_seat_is_opened_then_it_is_full() {
    let mut community = LocalCommunity::new(Parameters {
        seats: 3,
        ..Parameters::default()
    })
    .unwrap();
    let last = community.admit("last", PRODUCER).unwrap();
    let open = community.seat_of(&last);
    community.chain.send(&[open], &[&last.wallet]).unwrap();
    let beyond = community.admit("beyond", PRODUCER).unwrap();
    let open = community.seat_of(&beyond);
    refused(
        &mut community.chain,
        &open,
        &[&beyond.wallet],
        MarketError::TableFull,
    );
    check_invariants(&community);
}

/// Somebody without a seat who drew 100 Wh, and has left; returns that.
fn debtor_who_left() -> (LocalCommunity, Household) {
    let mut community = trading_community();
    let start = first_start(&community);
    let guest = community.admit("guest", CONSUMER).unwrap();
    community.households.push(guest);
    community.add_meter(2).unwrap();
    let start = start.max(first_start(&community));
    deliver_and_settle(&mut community, start, &[(0, 0), (0, 0), (100, 0)]);
    let guest = community.households.pop().unwrap();
    // 100 × 300,000
    assert_eq!(row_of(&community, &guest).debt(), 30_000_000);
    let leave = instructions::leave(&community, &guest);
    community.chain.send(&[leave], &[&guest.wallet]).unwrap();
    (community, guest)
}

fn row_of(community: &LocalCommunity, who: &Household) -> joulebook_client::layout::market::Seat {
    community.ledger().seats[usize::from(who.seat)]
}

/// Lets somebody in under the index of `former`, who left.
fn successor_of(community: &mut LocalCommunity, former: &Household) -> Household {
    let wallet = Keypair::new();
    community.chain.fund(&wallet.pubkey());
    let application = Application::for_roles(CONSUMER);
    let record = Participant::from_bytes(&community.chain.data(&former.participant)).unwrap();
    let notice_over = record.left_at + i64::from(SUCCESSION_NOTICE);
    community
        .chain
        .set_time(notice_over.max(community.chain.now()));
    let at = &community.addresses;
    let admission = [
        at.apply(wallet.pubkey(), application.clone()),
        at.approve_successor(
            community.authority.pubkey(),
            &wallet.pubkey(),
            CONSUMER,
            &application,
            (&former.address(), record.approved_at),
        ),
    ];
    let participant = at.participant(&wallet.pubkey());
    community
        .chain
        .send(&admission, &[&wallet, &community.authority])
        .unwrap();
    Household {
        name: "successor".to_string(),
        wallet,
        participant,
        seat: former.seat,
        tokens: former.tokens,
        devices: vec![],
    }
}

/// The first version gave whoever came back another index, and the debt stayed behind.
#[test]
fn given_a_debt_in_the_row_when_its_participant_comes_back_then_it_finds_it_again() {
    let (mut community, guest) = debtor_who_left();
    let application = Application::for_roles(CONSUMER);
    let authority = joulebook_client::instructions::Actor::authority(community.authority.pubkey());
    let at = &community.addresses;
    let back = [
        at.apply_again(guest.address(), application.clone()),
        at.approve(authority, &guest.address(), CONSUMER, &application),
        at.open_seat(guest.address()),
    ];
    community
        .chain
        .send(&back, &[&guest.wallet, &community.authority])
        .unwrap();
    let seat = row_of(&community, &guest);
    assert!(seat.is_open());
    assert_eq!(seat.debt(), 30_000_000);
    check_invariants(&community);
}

/// Nobody else has the index any more, and the debt would be nobody's.
#[test]
fn given_a_debt_in_the_row_when_a_successor_opens_the_seat_then_it_takes_the_row_as_it_is() {
    let (mut community, guest) = debtor_who_left();
    let successor = successor_of(&mut community, &guest);
    let open = community.seat_of(&successor);
    // Who left has no index to open a seat with.
    let former = community.seat_of(&guest);
    refused(
        &mut community.chain,
        &former,
        &[&guest.wallet],
        MarketError::NotActive,
    );
    community.chain.send(&[open], &[&successor.wallet]).unwrap();
    let seat = row_of(&community, &successor);
    assert_eq!(seat.owner, successor.address().to_bytes());
    assert_eq!(seat.debt(), 30_000_000);
    check_invariants(&community);
}

/// A community, a guest who has closed its seat and left, and when somebody may succeed it, unix seconds.
fn one_who_left() -> (LocalCommunity, Household, i64) {
    let mut community = trading_community();
    let guest = community.take_seat("guest").unwrap();
    let guest = community.households.remove(guest);
    for call in [
        instructions::close_seat(&community, &guest),
        instructions::leave(&community, &guest),
    ] {
        community.chain.send(&[call], &[&guest.wallet]).unwrap();
    }
    let record = Participant::from_bytes(&community.chain.data(&guest.participant)).unwrap();
    let notice_over = record.left_at + i64::from(SUCCESSION_NOTICE);
    (community, guest, notice_over)
}

/// The authority has looked that it is closed, and names a successor: the one who left used to be quicker.
#[test]
fn given_one_who_left_when_somebody_may_succeed_it_then_it_opens_its_seat_no_more() {
    let (mut community, guest, notice_over) = one_who_left();
    let open = community.seat_of(&guest);
    community.chain.set_time(notice_over);
    let why = MarketError::NotActive;
    refused(&mut community.chain, &open, &[&guest.wallet], why);
    community.chain.set_time(notice_over - 1);
    community.chain.send(&[open], &[&guest.wallet]).unwrap();
}

/// Nor by an application that it takes back in the same transaction.
#[test]
fn given_one_who_left_when_it_applies_again_then_it_opens_its_seat_no_more_either() {
    let (mut community, guest, notice_over) = one_who_left();
    community.chain.set_time(notice_over);
    let application = Application::for_roles(CONSUMER);
    let apply = community
        .addresses
        .apply_again(guest.address(), application.clone());
    community.chain.send(&[apply], &[&guest.wallet]).unwrap();
    let open = community.seat_of(&guest);
    let why = MarketError::NotActive;
    refused(&mut community.chain, &open, &[&guest.wallet], why);
    // Once it is a member again, it does.
    let authority = joulebook_client::instructions::Actor::authority(community.authority.pubkey());
    let approve = community
        .addresses
        .approve(authority, &guest.address(), CONSUMER, &application);
    let calls = [approve, open];
    let signers = [&community.authority, &guest.wallet];
    community.chain.send(&calls, &signers).unwrap();
}
