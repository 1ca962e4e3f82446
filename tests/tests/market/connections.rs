//! What a seat may order in a window: what its meters' connections can carry in that time, bought and sold apart.

use joulebook_client::market::errors::MarketError;
use joulebook_metering::register::PowerLimits;
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    buy, check_invariants, close_gate, community_with_open_window, first_start, govern, id,
    instructions, meters_of, pass_until, sell, trading_community, BUYER, CARRIED, DEPOSIT, SELLER,
};
use joulebook_units::Watts;

use crate::place_refusals::refuse;

const WHY: MarketError = MarketError::BeyondConnection;

/// What a seat may buy and sell still, Wh.
fn left(community: &LocalCommunity, seat: u16, start: i64) -> (u32, u32) {
    let seat = community.book(start).seats[usize::from(seat)];
    (seat.may_buy, seat.may_sell)
}

fn seat_of(community: &LocalCommunity, place: usize) -> u16 {
    community.households[place].seat
}

/// A sell of 1,000,000 Wh at the short price locked nothing in the first version, and took the whole ration from one of 1,000.
#[test]
fn given_a_huge_sell_when_it_is_placed_then_it_is_refused_and_the_small_one_has_its_ration() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let huge = vec![sell(1_000_000, 125)];
    refuse(&mut community, BUYER, start, huge, WHY, "a thousand times");
    let fits = vec![sell(CARRIED, 125)];
    community.place(BUYER, start, fits).unwrap();
    community
        .place(SELLER, start, vec![sell(CARRIED, 125)])
        .unwrap();
    assert_eq!(community.join("third", DEPOSIT), Ok(2));
    let supplier = &community.supplier;
    let demand = community.orders_of(supplier, start, vec![buy(1_000, 126)]);
    community
        .chain
        .send(&[demand], &[&community.supplier.wallet])
        .unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    for place in [BUYER, SELLER] {
        let seat = usize::from(seat_of(&community, place));
        assert_eq!(community.positions(start)[seat].sold, 500);
    }
    check_invariants(&community);
}

#[test]
fn given_orders_of_all_a_connection_carries_when_more_is_placed_then_only_what_was_cancelled() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    let seat = seat_of(&community, BUYER);
    assert_eq!(left(&community, seat, start), (CARRIED, CARRIED));
    let orders = vec![buy(CARRIED - 5, 10), buy(3, 11)];
    community.place(BUYER, start, orders).unwrap();
    assert_eq!(left(&community, seat, start), (2, CARRIED));
    let case = "one more than is left";
    refuse(&mut community, BUYER, start, vec![buy(3, 10)], WHY, case);
    let case = "together one more";
    let orders = vec![buy(2, 10), buy(1, 10)];
    refuse(&mut community, BUYER, start, orders, WHY, case);
    // Bought and sold apart.
    community
        .place(BUYER, start, vec![sell(CARRIED, 126)])
        .unwrap();
    assert_eq!(left(&community, seat, start), (2, 0));
    community.cancel(BUYER, start, vec![id(1, 0)]).unwrap();
    assert_eq!(left(&community, seat, start), (5, 0));
    let case = "one more than was cancelled";
    refuse(&mut community, BUYER, start, vec![buy(6, 10)], WHY, case);
    community.place(BUYER, start, vec![buy(5, 10)]).unwrap();
    community
        .cancel(BUYER, start, vec![id(0, 0), id(1, 1), id(2, 0)])
        .unwrap();
    assert_eq!(left(&community, seat, start), (CARRIED, CARRIED));
    check_invariants(&community);
}

#[test]
fn given_no_meter_in_service_when_orders_are_placed_then_none_is_taken() {
    let mut community = trading_community();
    let place = community.take_seat("no meter").unwrap();
    community.deposit(place, DEPOSIT).unwrap();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    for order in [buy(1, 10), sell(1, 10)] {
        refuse(&mut community, place, start, vec![order], WHY, "no meter");
    }
    // Its service begins with the next page.
    community.add_meter(place).unwrap();
    let case = "a meter that is not in service yet";
    refuse(&mut community, place, start, vec![buy(1, 10)], WHY, case);
    let next = community.addresses.page_start(start) + community.page_length();
    pass_until(&mut community, next - 600);
    community.open_window(next).unwrap();
    community.place(place, next, vec![buy(CARRIED, 1)]).unwrap();
    check_invariants(&community);
}

#[test]
fn given_two_meters_when_a_window_opens_then_their_connections_carry_together() {
    let mut community = trading_community();
    let limits = PowerLimits {
        import: Watts(12),
        export: Watts(5_999),
    };
    community.add_limited_meter(SELLER, limits).unwrap();
    let start = community.addresses.page_start(first_start(&community)) + community.page_length();
    pass_until(&mut community, start - 600);
    community.open_window(start).unwrap();
    let seat = seat_of(&community, SELLER);
    // 100,012 W and 105,999 W for 300 s, whole Wh.
    assert_eq!(left(&community, seat, start), (8_334, 8_833));
    check_invariants(&community);
}

/// A raise counts a page later, and a window that is open keeps what it has.
#[test]
fn given_other_limits_when_windows_open_then_they_hold_for_those_of_the_next_page() {
    let mut community = trading_community();
    let start = community.addresses.page_start(first_start(&community)) + community.page_length();
    let next = start + community.page_length();
    let seat = seat_of(&community, SELLER);
    pass_until(&mut community, start);
    let seller = &community.households[SELLER];
    let meter = meters_of(&community, SELLER)[0];
    let set = instructions::set_power_limits(&community, seller, meter, [200_000, 12]);
    govern(&mut community, set).unwrap();
    let last = next - community.window_length();
    pass_until(&mut community, last - 600);
    community.open_window(last).unwrap();
    assert_eq!(left(&community, seat, last), (CARRIED, CARRIED));
    pass_until(&mut community, next - 600);
    community.open_window(next).unwrap();
    assert_eq!(left(&community, seat, next), (16_666, 1));
    check_invariants(&community);
}

/// It buys and sells for all who have no contract: what it may order has no connection of its own.
#[test]
fn given_the_supplier_when_a_window_opens_then_only_its_money_bounds_its_orders() {
    let (mut community, start) = community_with_open_window(Parameters::default());
    assert_eq!(left(&community, 0, start), (u32::MAX, u32::MAX));
    let orders = community.orders_of(&community.supplier, start, vec![buy(2 * CARRIED, 10)]);
    community
        .chain
        .send(&[orders], &[&community.supplier.wallet])
        .unwrap();
    check_invariants(&community);
}
