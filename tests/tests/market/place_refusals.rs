//! `place_orders`: what is refused, whoever places.

use joulebook_client::{layout::market::NewOrder, market::errors::MarketError};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::{
    market::{
        buy, check_invariants, close_gate, community_with_open_window, first_start, id, length,
        sell, trading_community, BUYER, CARRIED, DEPOSIT,
    },
    refused::refused_when,
};

/// An order that household `place` may not place, for the reason `why`.
#[track_caller]
pub fn refuse(
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
    // Less than a full connection costs.
    community.withdraw(BUYER, DEPOSIT - 2_000_000).unwrap();
    let odd = |side, node| NewOrder {
        side,
        node,
        ..buy(10, 10)
    };
    for (case, bad, why) in [
        ("nothing", buy(0, 10), MarketError::QuantityInvalid),
        ("below the least", buy(9, 10), MarketError::QuantityInvalid),
        (
            "more than it can draw",
            buy(CARRIED + 1, 10),
            MarketError::BeyondConnection,
        ),
        (
            "more than it can feed in, for nothing",
            sell(CARRIED + 1, 127),
            MarketError::BeyondConnection,
        ),
        ("everything", buy(u32::MAX, 10), MarketError::NotEnoughFree),
        (
            "everything sold",
            sell(u32::MAX, 127),
            MarketError::NotEnoughFree,
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
            buy(CARRIED - 10, 127),
            MarketError::NotEnoughFree,
        ),
        (
            "more than it can lose",
            sell(CARRIED, 0),
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
    assert_eq!(community.book(start).header.used_orders, 0);
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
    community.cancel(BUYER, start, vec![id(3, 0)]).unwrap();
    community.place(BUYER, start, vec![buy(1, 1)]).unwrap();
    check_invariants(&community);
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
