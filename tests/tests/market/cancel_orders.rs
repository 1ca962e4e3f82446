//! `cancel_orders`.

use joulebook_client::{
    layout::market::{Order, OrderRef},
    market::{errors::MarketError, events::MarketEvent, types::OrdersCancelled},
};
use joulebook_sim::{Failure, LocalCommunity, Parameters};
use joulebook_tests::{
    hostile::sweep,
    market::{
        altered::write, buy, check_invariants, close_gate, community_with_open_window, first_start,
        govern, id, instructions, market_events, sell, trade, trading_community, BUYER, FREE,
        SELLER,
    },
    refused::refused_when,
};
use solana_signer::Signer;

#[track_caller]
fn refuse(
    community: &mut LocalCommunity,
    start: i64,
    orders: Vec<OrderRef>,
    why: MarketError,
    case: &str,
) {
    let buyer = &community.households[BUYER];
    let cancel = community
        .addresses
        .cancel_orders(buyer.address(), buyer.seat, start, orders);
    refused_when(case, &mut community.chain, &cancel, &[&buyer.wallet], why);
}

#[test]
fn given_orders_when_they_are_cancelled_then_their_locks_are_free_at_once() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community
        .place(BUYER, start, vec![buy(1000, 60), sell(5, 70), buy(3, 3)])
        .unwrap();
    let buyer = &community.households[BUYER];
    let orders = vec![id(1, 0), id(0, 0)];
    let cancel =
        community
            .addresses
            .cancel_orders(buyer.address(), buyer.seat, start, orders.clone());
    let receipt = sweep(&mut community.chain, &cancel, &[&buyer.wallet]);

    let cancelled = OrdersCancelled {
        market: community.addresses.market,
        number: 0,
        window: start,
        seat: buyer.seat,
        orders,
    };
    assert_eq!(
        market_events(&receipt),
        [MarketEvent::OrdersCancelled(cancelled)]
    );
    // 3 × (56,000 + 20,000 + 560) for the order that is left.
    assert_eq!(community.seat(BUYER).locked, 229_680);
    assert_eq!(community.book(start).header.live_orders, 1);
    assert_eq!(community.seat(BUYER).engaged, 1);
    check_invariants(&community);

    community.cancel(BUYER, start, vec![id(2, 0)]).unwrap();
    assert_eq!(
        (community.seat(BUYER).free, community.seat(BUYER).locked),
        (FREE, 0)
    );
    assert_eq!(community.seat(BUYER).engaged, 0);
    let book = community.book(start);
    assert!(book
        .levels
        .iter()
        .all(|level| level.buy == 0 && level.sell == 0));
    check_invariants(&community);
}

#[test]
fn given_no_such_order_when_it_is_cancelled_then_nothing_is() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community
        .place(BUYER, start, vec![buy(10, 10), buy(20, 20)])
        .unwrap();
    community.place(SELLER, start, vec![sell(30, 100)]).unwrap();
    for (case, bad, why) in [
        ("never used", id(3, 0), MarketError::NoSuchOrder),
        ("beyond the book", id(64, 0), MarketError::NoSuchOrder),
        ("far beyond", id(u16::MAX, 0), MarketError::NoSuchOrder),
        ("another sequence", id(0, 1), MarketError::NoSuchOrder),
        (
            "the last sequence",
            id(0, u16::MAX),
            MarketError::NoSuchOrder,
        ),
        ("the seller's", id(2, 0), MarketError::NotYourOrder),
        ("one twice", id(1, 0), MarketError::NoSuchOrder),
    ] {
        refuse(&mut community, start, vec![id(1, 0), bad], why, case);
    }
    refuse(&mut community, start, vec![], MarketError::NoOrders, "none");
    assert_eq!(community.book(start).header.live_orders, 3);
    check_invariants(&community);
}

#[test]
fn given_a_slot_used_again_when_the_old_order_is_cancelled_then_it_is_gone() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    community.place(BUYER, start, vec![buy(10, 10)]).unwrap();
    community.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    refuse(
        &mut community,
        start,
        vec![id(0, 0)],
        MarketError::NoSuchOrder,
        "free slot",
    );
    refuse(
        &mut community,
        start,
        vec![id(0, 1)],
        MarketError::NoSuchOrder,
        "not used yet",
    );
    community.place(BUYER, start, vec![buy(11, 11)]).unwrap();
    refuse(
        &mut community,
        start,
        vec![id(0, 0)],
        MarketError::NoSuchOrder,
        "the old one",
    );
    community.cancel(BUYER, start, vec![id(0, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_another_seat_when_its_orders_are_cancelled_then_the_signer_is_no_trader_there() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    let (buyer, seller) = (&community.households[BUYER], &community.households[SELLER]);
    for (seat, intruder, why) in [
        (buyer.seat, &seller.wallet, MarketError::NotTrader),
        (buyer.seat, &community.authority, MarketError::NotTrader),
        (31, &buyer.wallet, MarketError::NoSuchSeat),
        (32, &buyer.wallet, MarketError::NoSuchSeat),
        (u16::MAX, &buyer.wallet, MarketError::NoSuchSeat),
    ] {
        let cancel =
            community
                .addresses
                .cancel_orders(intruder.pubkey(), seat, start, vec![id(0, 0)]);
        refused_when("", &mut community.chain, &cancel, &[intruder], why);
    }
}

#[test]
fn given_a_gate_that_has_closed_when_orders_are_cancelled_then_they_are_binding() {
    let mut community = trading_community();
    let start = first_start(&community);
    refuse(
        &mut community,
        start,
        vec![id(0, 0)],
        MarketError::NotOpen,
        "never opened",
    );
    community.open_window(start).unwrap();
    trade(&mut community, start);
    close_gate(&mut community, start);
    refuse(
        &mut community,
        start,
        vec![id(0, 0)],
        MarketError::GateClosed,
        "at the gate",
    );
    community.clear_and_allocate(start).unwrap();
    refuse(
        &mut community,
        start,
        vec![id(0, 0)],
        MarketError::NotOpen,
        "allocated",
    );
    check_invariants(&community);
}

#[test]
fn given_a_pause_and_a_suspension_when_orders_are_cancelled_then_they_are() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    trade(&mut community, start);
    let pause = instructions::set_pause(&community, 3);
    govern(&mut community, pause).unwrap();
    let suspend = instructions::suspend(&community, &community.households[BUYER]);
    govern(&mut community, suspend).unwrap();
    community.cancel(BUYER, start, vec![id(0, 0)]).unwrap();
    assert_eq!(community.seat(BUYER).free, FREE);
    check_invariants(&community);
}

#[test]
fn given_a_slot_used_as_often_as_can_be_counted_when_it_is_freed_then_it_is_used_again() {
    let (mut community, start) = community_with_open_window(Parameters {
        orders: 2,
        max_orders_per_seat: 2,
        ..Parameters::default()
    });
    community.place(BUYER, start, vec![buy(10, 10)]).unwrap();
    let book = community.addresses.book(start);
    let first = community.chain.data(&book).len() - 2 * size_of::<Order>();
    let sequence = std::mem::offset_of!(Order, sequence);
    write(
        &mut community.chain,
        &book,
        first + sequence,
        &u16::MAX.to_le_bytes(),
    );
    community
        .cancel(BUYER, start, vec![id(0, u16::MAX)])
        .unwrap();
    refuse(
        &mut community,
        start,
        vec![id(0, u16::MAX)],
        MarketError::NoSuchOrder,
        "gone",
    );
    // Else all could be used up by placing and cancelling.
    community.place(BUYER, start, vec![buy(10, 10)]).unwrap();
    assert_eq!(community.book(start).orders[0].sequence, 0);
    check_invariants(&community);
}

/// Four seats with room for one order each leave two of six slots to whoever comes first.
#[test]
fn given_an_order_beyond_its_seats_room_when_it_is_cancelled_then_another_seat_can_have_the_room() {
    let (mut community, start) = community_with_open_window(Parameters {
        seats: 4,
        orders: 6,
        max_orders_per_seat: 6,
        room_per_seat: 1,
        ..Parameters::default()
    });
    community
        .place(BUYER, start, vec![buy(10, 10), buy(10, 11), buy(10, 12)])
        .unwrap();
    community.place(SELLER, start, vec![sell(5, 100)]).unwrap();
    let full = Err(Failure::Market(MarketError::BookFull));
    let one_more = |community: &mut LocalCommunity| {
        let placed = community.place(SELLER, start, vec![sell(5, 101)]);
        placed.map(|_| ())
    };
    assert_eq!(one_more(&mut community), full);
    community.cancel(BUYER, start, vec![id(1, 0)]).unwrap();
    assert_eq!(community.book(start).header.beyond_room, 1);
    assert_eq!(one_more(&mut community), Ok(()));
    assert_eq!(community.book(start).header.beyond_room, 2);

    // The buyer's own room is not the seller's.
    community
        .cancel(BUYER, start, vec![id(0, 0), id(2, 0)])
        .unwrap();
    assert_eq!(one_more(&mut community), Ok(()));
    assert_eq!(one_more(&mut community), full);
    check_invariants(&community);
}
