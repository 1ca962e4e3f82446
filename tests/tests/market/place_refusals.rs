//! `place_orders`: what is refused.

use joulebook_client::{layout::market::NewOrder, market::errors::MarketError};
use joulebook_sim::{
    roles::{CONSUMER, PRODUCER, VERIFIER},
    LocalCommunity, Parameters,
};
use joulebook_tests::{
    market::{
        altered::write, buy, check_invariants, close_gate, community_with_open_window, first_start,
        govern, instructions, length, sell, trading_community, trading_community_with, BUYER,
        SELLER,
    },
    refused::refused_when,
};
use solana_keypair::Keypair;
use solana_signer::Signer;

#[track_caller]
fn refuse(
    community: &mut LocalCommunity,
    place: usize,
    start: i64,
    orders: Vec<NewOrder>,
    why: MarketError,
    case: &str,
) {
    let household = &community.households[place];
    let instruction = community.orders_of(household, start, orders);
    refused_when(
        case,
        &mut community.chain,
        &instruction,
        &[&household.wallet],
        why,
    );
}

#[test]
fn given_a_bad_order_when_it_is_placed_alone_or_after_a_good_one_then_nothing_is() {
    let mut parameters = Parameters::default();
    parameters.terms.min_quantity = 10;
    let (mut community, start) = community_with_open_window(parameters);
    let largest = u32::MAX / 8;
    let odd = |side, node| NewOrder {
        side,
        node,
        ..buy(10, 10)
    };
    for (case, bad, why) in [
        ("nothing", buy(0, 10), MarketError::QuantityInvalid),
        ("below the least", buy(9, 10), MarketError::QuantityInvalid),
        (
            "above the most",
            buy(largest + 1, 10),
            MarketError::QuantityInvalid,
        ),
        (
            "above the most, for nothing",
            sell(largest + 1, 127),
            MarketError::QuantityInvalid,
        ),
        (
            "everything",
            buy(u32::MAX, 10),
            MarketError::QuantityInvalid,
        ),
        (
            "everything sold",
            sell(u32::MAX, 127),
            MarketError::QuantityInvalid,
        ),
        (
            "a tick above the grid",
            buy(10, 128),
            MarketError::NoSuchTick,
        ),
        (
            "a tick far off",
            sell(10, u16::MAX),
            MarketError::NoSuchTick,
        ),
        ("a third side", odd(2, 0), MarketError::SideInvalid),
        ("no side", odd(255, 0), MarketError::SideInvalid),
        ("a second node", odd(0, 1), MarketError::NoSuchNode),
        ("no node", odd(1, 255), MarketError::NoSuchNode),
        (
            "more than it has",
            buy(largest, 127),
            MarketError::NotEnoughFree,
        ),
        (
            "more than it can lose",
            sell(largest, 0),
            MarketError::NotEnoughFree,
        ),
    ] {
        refuse(&mut community, BUYER, start, vec![bad], why.clone(), case);
        refuse(
            &mut community,
            BUYER,
            start,
            vec![buy(10, 10), bad],
            why,
            case,
        );
    }
    assert_eq!(community.window(start).header.used_orders, 0);
    check_invariants(&community);
}

#[test]
fn given_no_orders_when_they_are_placed_then_there_is_nothing_to_do() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    refuse(
        &mut community,
        BUYER,
        start,
        vec![],
        MarketError::NoOrders,
        "",
    );
}

#[test]
fn given_a_seats_share_of_orders_when_it_places_more_then_they_are_too_many() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let why = MarketError::TooManyOrders;
    refuse(
        &mut community,
        BUYER,
        start,
        vec![buy(1, 1); 9],
        why.clone(),
        "at once",
    );
    community.place(BUYER, start, vec![buy(1, 1); 8]).unwrap();
    refuse(
        &mut community,
        BUYER,
        start,
        vec![buy(1, 1)],
        why,
        "one more",
    );
    community
        .cancel(BUYER, start, vec![joulebook_tests::market::id(3, 0)])
        .unwrap();
    community.place(BUYER, start, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_a_full_book_when_more_is_placed_then_there_is_no_room() {
    let (mut community, start) = community_with_open_window(Parameters {
        orders: 5,
        max_orders_per_seat: 4,
        ..Parameters::default()
    });
    community.place(BUYER, start, vec![buy(1, 1); 4]).unwrap();
    let why = MarketError::BookFull;
    refuse(
        &mut community,
        SELLER,
        start,
        vec![sell(1, 1); 2],
        why.clone(),
        "two for one",
    );
    community.place(SELLER, start, vec![sell(1, 100)]).unwrap();
    refuse(&mut community, SELLER, start, vec![sell(1, 1)], why, "full");
    check_invariants(&community);
}

#[test]
fn given_a_role_for_one_side_when_the_other_is_placed_then_it_is_forbidden() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    for (roles, forbidden) in [
        (CONSUMER, vec![sell(1, 1)]),
        (CONSUMER, vec![buy(1, 1), sell(1, 1)]),
        (PRODUCER, vec![buy(1, 1)]),
        (PRODUCER | VERIFIER, vec![sell(1, 1), buy(1, 1)]),
        (VERIFIER, vec![buy(1, 1)]),
        (VERIFIER, vec![sell(1, 1)]),
    ] {
        let set = instructions::set_roles(&community, &community.households[BUYER], roles);
        govern(&mut community, set).unwrap();
        refuse(
            &mut community,
            BUYER,
            start,
            forbidden,
            MarketError::NotPermitted,
            "",
        );
    }
}

#[test]
fn given_a_suspended_participant_when_it_places_then_it_is_not_active() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    refuse(
        &mut community,
        BUYER,
        start,
        vec![buy(1, 1)],
        MarketError::NotActive,
        "",
    );
}

#[test]
fn given_a_pause_of_trading_when_orders_are_placed_then_it_says_so() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    for paused in [0b100, 0b111] {
        let pause = instructions::set_pause(&community, paused);
        govern(&mut community, pause).unwrap();
        refuse(
            &mut community,
            BUYER,
            start,
            vec![buy(1, 1)],
            MarketError::TradingPaused,
            "",
        );
    }
    let go_on = instructions::set_pause(&community, 0);
    govern(&mut community, go_on).unwrap();
    community.place(BUYER, start, vec![buy(1, 1)]).unwrap();
}

#[test]
fn given_a_window_that_is_not_open_when_orders_are_placed_then_it_says_so() {
    let mut community = trading_community();
    let start = first_start(&community);
    let orders = || vec![buy(1, 1)];
    refuse(
        &mut community,
        BUYER,
        start,
        orders(),
        MarketError::NotOpen,
        "never opened",
    );
    community.open_window(start).unwrap();
    let next = start + length(&community);
    refuse(
        &mut community,
        BUYER,
        next,
        orders(),
        MarketError::NotOpen,
        "the next one",
    );
    close_gate(&mut community, start);
    refuse(
        &mut community,
        BUYER,
        start,
        orders(),
        MarketError::GateClosed,
        "at the gate",
    );
    community.chain.set_time(start + 1_000_000);
    refuse(
        &mut community,
        BUYER,
        start,
        orders(),
        MarketError::GateClosed,
        "long after",
    );
    let clear = community.addresses.clear(start);
    community.send_with_full_budget(&[clear]).unwrap();
    refuse(
        &mut community,
        BUYER,
        start,
        orders(),
        MarketError::NotOpen,
        "cleared",
    );
    let allocate = community.addresses.allocate(start, 99, None);
    community.send_with_full_budget(&[allocate]).unwrap();
    refuse(
        &mut community,
        BUYER,
        start,
        orders(),
        MarketError::NotOpen,
        "allocated",
    );
    check_invariants(&community);
}

#[test]
fn given_another_signer_when_it_places_for_a_seat_then_it_is_no_trader() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let stranger = Keypair::new();
    let victim = &community.households[BUYER];
    for intruder in [
        &stranger,
        &community.households[SELLER].wallet,
        &community.authority,
    ] {
        let place = community.addresses.place_orders(
            intruder.pubkey(),
            &victim.address(),
            start,
            vec![buy(1, 1)],
        );
        refused_when(
            "",
            &mut community.chain,
            &place,
            &[intruder],
            MarketError::NotTrader,
        );
    }
}

#[test]
fn given_no_seat_when_its_participant_places_then_it_must_open_one() {
    let mut community = trading_community_with(Parameters {
        seats: 5,
        ..Parameters::default()
    });
    let start = first_start(&community);
    community.open_window(start).unwrap();
    for name in ["in the ledger", "beyond it"] {
        let newcomer = community.admit(name, CONSUMER).unwrap();
        let place = community.orders_of(&newcomer, start, vec![buy(1, 1)]);
        let why = MarketError::NoSuchSeat;
        refused_when(name, &mut community.chain, &place, &[&newcomer.wallet], why);
    }
}

#[test]
fn given_a_seat_that_is_another_wallets_when_its_participant_places_then_it_is_not_the_owner() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    // As it is when another has succeeded to the index: the old owner's money stays its own.
    let offset = joulebook_client::layout::market::Ledger::LEN
        + usize::from(community.households[BUYER].seat)
            * size_of::<joulebook_client::layout::market::Seat>();
    write(
        &mut community.chain,
        &community.addresses.ledger,
        offset,
        &[7; 32],
    );
    refuse(
        &mut community,
        BUYER,
        start,
        vec![buy(1, 1)],
        MarketError::NotOwner,
        "",
    );
}
