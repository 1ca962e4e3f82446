//! A window from opening to record, and a day's values that come in late.

use joulebook_client::layout::{
    market::{PositionStatus, WindowStatus},
    oracle::Quality,
};
use joulebook_sim::{checks, LocalCommunity, Parameters};
use joulebook_tests::market::{
    buy, check_invariants, check_settled, close_gate, first_start, govern, instructions, length,
    pass_until, sell, trading_community, BUYER, FREE, SELLER,
};

/// 1 kWh at the middle of the grid, by hand: the buyer drew 100 Wh more than it bought, the seller
/// delivered 100 Wh less than it sold.
#[test]
fn given_a_buyer_and_a_seller_when_the_window_is_over_then_everyone_has_paid_and_got_their_due() {
    let mut community = trading_community();
    check_invariants(&community);
    let start = first_start(&community);
    let length = length(&community);
    community.open_window(start).unwrap();
    let orders = vec![buy(1000, 60), buy(500, 40)];
    community.place(BUYER, start, orders).unwrap();
    community
        .place(SELLER, start, vec![sell(1200, 50)])
        .unwrap();
    check_invariants(&community);

    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    check_invariants(&community);
    let window = community.window(start);
    assert!(window.is(WindowStatus::Allocated));
    assert_eq!((window.volume, window.price), (1000, 150_000));
    assert_eq!((window.low, window.high, window.orders), (50, 50, 3));

    // The registers at the start of the window, and at its end.
    pass_until(&mut community, start);
    community.read_start(start).unwrap();
    pass_until(&mut community, start + length);
    let readings = community.read_meters(start, &[(1100, 0), (0, 900)]);
    community.submit(start, readings).unwrap();
    community.settle(start).unwrap();
    check_invariants(&community);
    check_settled(&community, start);

    // Price 150,000 atoms/kWh at tick 50; grid fee 20,000, market fee 1%, retail 300,000.
    let paid = 1000 * (150_000 + 20_000 + 1_500) + 100 * 300_000;
    assert_eq!(community.seat(BUYER).free, FREE - paid);
    let received = 1000 * 150_000 - 100 * 300_000;
    assert_eq!(community.seat(SELLER).free, FREE + received);

    community.finish_page(start).unwrap();
    check_invariants(&community);
    assert_eq!(community.seat(BUYER).free, FREE - paid);
    assert_eq!(community.seat(SELLER).free, FREE + received);
    let history = community.history();
    let mut records = history.records.iter();
    let record = records.find(|record| record.start == start).unwrap();
    assert_eq!((record.volume, record.price), (1000, 150_000));
    assert_eq!((record.short, record.long), (300_000, 80_000));
}

/// The same window, whose meters were heard at the end of their page only: how much flowed and not when. The seller's
/// verifier then says when, and the buyer's nobody.
#[test]
fn given_a_gap_when_the_page_is_final_then_it_costs_the_worst_unless_its_values_came() {
    let mut community = trading_community();
    let start = first_start(&community);
    community.open_window(start).unwrap();
    community.place(BUYER, start, vec![buy(1000, 60)]).unwrap();
    community
        .place(SELLER, start, vec![sell(1200, 50)])
        .unwrap();
    close_gate(&mut community, start);
    community.clear_and_allocate(start).unwrap();
    pass_until(&mut community, start);
    community.read_start(start).unwrap();

    let last = start + 3 * length(&community);
    let end = start + community.page_length();
    pass_until(&mut community, end);
    let readings = community.read_meters(last, &[(1100, 0), (0, 900)]);
    community.submit(last, readings).unwrap();
    let of = |place: usize| community.households[place].devices[0].number;
    let (buyers, sellers) = (of(BUYER), of(SELLER));
    assert!(community.entry(last, buyers).is(Quality::Gap));
    community.settle_page(start).unwrap();
    check_invariants(&community);
    check_settled(&community, start);
    let position = community.position(start, community.households[SELLER].seat);
    assert!(position.is(PositionStatus::Open));

    let closes = i64::from(community.parameters.reading_seconds);
    pass_until(&mut community, end + closes);
    let values = [(0, 900), (0, 0), (0, 0), (0, 0)];
    let owner = &community.households[SELLER];
    let replace = instructions::replace_values(&community, owner, start, sellers, &values);
    govern(&mut community, replace).unwrap();
    community.settle_page(start).unwrap();
    check_invariants(&community);
    check_settled(&community, start);
    let received = 1000 * 150_000 - 100 * 300_000;
    assert_eq!(community.seat(SELLER).free, FREE + received);

    community.finish_page(start).unwrap();
    check_invariants(&community);
    assert_eq!(community.seat(SELLER).free, FREE + received);
    // All 1,100 Wh at the retail price, as if nothing had flowed while it was silent. What the 1,000 Wh that it did not take
    // earn, 80,000 atoms/kWh, it gets at once: its meter was heard at the end of this page.
    let paid = 1000 * (150_000 + 20_000 + 1_500) + 1100 * 300_000 - 1000 * 80_000;
    assert_eq!(community.seat(BUYER).free, FREE - paid);
}

#[test]
fn given_a_position_that_is_not_settled_when_it_is_checked_then_it_is_not_in_line() {
    let mut community = LocalCommunity::new(Parameters::default()).unwrap();
    community.join("somebody", 1_000_000).unwrap();
    community.fund_supplier(1_000_000).unwrap();
    let start = community.first_start();
    community.chain.set_time(start);
    community.open_pages(start).unwrap();
    community.read_start(start).unwrap();
    assert_eq!(checks::settled(&community, start), Ok(()));
    community.chain.set_time(start + 300);
    let readings = community.read_meters(start, &[(10, 0)]);
    community.submit(start, readings).unwrap();
    checks::invariants(&community).unwrap();
    let seat = community.households[0].seat;
    let error = checks::settled(&community, start).unwrap_err();
    assert_eq!(
        error,
        format!("the window at {start}, seat {seat}: all its meters were heard, and it is not confirmed")
    );
    community.settle(start).unwrap();
    assert_eq!(checks::settled(&community, start), Ok(()));
}
