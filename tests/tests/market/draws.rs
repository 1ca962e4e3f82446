//! The standard draw of a meter that is silent for long: charged, and given back when it is heard.

use joulebook_client::layout::market::{ImbalancePrices, PositionStatus};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{
    amounts, check_invariants, check_settled, contract, first_start, govern, instructions, length,
    meters_of, pass_until, trading_community_with, BUYER, DEPOSIT, FREE, SELLER, SUPPLIER_DEPOSIT,
};

/// Wh in a window.
const DRAW: u32 = 100;
/// What that costs at 300,000.
const COST: u64 = 30_000_000;

/// Drawn for from the third silent window in a row on, ten minutes after its end.
fn after_two() -> Parameters {
    let mut parameters = Parameters::default();
    parameters.terms.draw_after = 2;
    parameters
}

/// A community whose buyer's meter has a standard draw of [`DRAW`]; its first page is open.
fn with_draw(parameters: Parameters) -> (LocalCommunity, i64) {
    let mut community = trading_community_with(parameters);
    set_draw(&mut community, 0, DRAW);
    let start = first_start(&community);
    community.open_pages(start).unwrap();
    (community, start)
}

fn set_draw(community: &mut LocalCommunity, device: usize, draw: u32) {
    let meter = meters_of(community, BUYER)[device];
    let owner = &community.households[BUYER];
    let set = instructions::set_standard_draw(community, owner, meter, draw);
    govern(community, set).unwrap();
}

/// When the window number `window` of the page is settled as one of silent meters.
fn late(community: &LocalCommunity, start: i64, window: i64) -> i64 {
    start + (window + 1) * length(community) + 600
}

#[track_caller]
fn settle_at(community: &mut LocalCommunity, start: i64, time: i64) {
    pass_until(community, time);
    community.settle_page(start).unwrap();
    check_invariants(community);
    check_settled(community, start);
}

/// What the buyer's position in each window of the page has paid.
fn paid(community: &LocalCommunity, start: i64) -> [i64; 4] {
    let seat = community.households[BUYER].seat;
    let windows = [0, 1, 2, 3].map(|number| start + number * length(community));
    windows.map(|window| community.position(window, seat).paid)
}

#[test]
fn given_a_silent_meter_when_the_third_windows_grace_is_over_then_its_draw_is_charged() {
    let (mut community, start) = with_draw(after_two());
    let third = late(&community, start, 2);
    settle_at(&mut community, start, third - 1);
    assert_eq!(paid(&community, start), [0; 4]);
    assert_eq!(community.seat(BUYER).free, FREE);

    settle_at(&mut community, start, third);
    let cost = COST as i64;
    assert_eq!(paid(&community, start), [0, 0, cost, 0]);
    assert_eq!(community.seat(BUYER).free, FREE - COST);
    let position = community.position(start + 600, community.households[BUYER].seat);
    assert!(position.is(PositionStatus::Open));
    settle_at(&mut community, start, third);
    assert_eq!(paid(&community, start), [0, 0, cost, 0]);

    let fourth = late(&community, start, 3);
    settle_at(&mut community, start, fourth);
    assert_eq!(paid(&community, start), [0, 0, cost, cost]);
    let supplier = SUPPLIER_DEPOSIT * 1000 + 2 * COST;
    assert_eq!(community.supplier_seat().free, supplier);
    // Its own meter has none.
    assert_eq!(community.seat(SELLER).free, FREE);
}

#[test]
fn given_a_draw_that_was_charged_when_the_meter_is_heard_then_it_is_given_back() {
    let (mut community, start) = with_draw(after_two());
    let third = late(&community, start, 2);
    settle_at(&mut community, start, third);
    assert_eq!(community.seat(BUYER).free, FREE - COST);
    // 10 Wh in the third window, and nothing else.
    community.read_start(start).unwrap();
    for (number, drawn) in [0, 0, 10, 0].into_iter().enumerate() {
        let window = start + number as i64 * 300;
        let readings = community.read_meters(window, &[(drawn, 0)]);
        community.submit(window, readings).unwrap();
    }
    settle_at(&mut community, start, third);
    assert_eq!(paid(&community, start), [0, 0, 3_000_000, 0]);
    assert_eq!(community.seat(BUYER).free, FREE - 3_000_000);
    let fourth = late(&community, start, 3);
    settle_at(&mut community, start, fourth);
    assert_eq!(community.seat(BUYER).free, FREE - 3_000_000);
}

#[test]
fn given_a_seat_without_money_when_its_draw_is_charged_then_it_is_debt_until_it_is_heard() {
    let (mut community, start) = with_draw(after_two());
    community.withdraw(BUYER, DEPOSIT).unwrap();
    let third = late(&community, start, 2);
    settle_at(&mut community, start, third);
    assert_eq!(community.seat(BUYER).debt(), COST);
    community.read_start(start).unwrap();
    for number in 0..4 {
        let window = start + number * 300;
        let readings = community.read_meters(window, &[]);
        community.submit(window, readings).unwrap();
    }
    settle_at(&mut community, start, third);
    let buyer = community.seat(BUYER);
    assert_eq!((buyer.free, buyer.debt()), (0, 0));
    assert_eq!(community.supplier_seat().free, SUPPLIER_DEPOSIT * 1000);
}

#[test]
fn given_a_window_that_was_heard_when_the_meter_is_silent_again_then_the_count_begins_anew() {
    let mut parameters = Parameters::default();
    parameters.terms.draw_after = 1;
    let (mut community, start) = with_draw(parameters);
    // The second window, between the boundaries behind the first and behind itself.
    pass_until(&mut community, start + 600);
    for window in [start, start + 300] {
        let readings = community.read_meters(window, &[]);
        community.submit(window, readings).unwrap();
    }
    let fourth = late(&community, start, 3);
    settle_at(&mut community, start, fourth);
    assert_eq!(paid(&community, start), [0, 0, 0, COST as i64]);
}

#[test]
fn given_two_silent_meters_of_a_seat_when_they_are_drawn_for_then_each_has_its_own() {
    let mut community = trading_community_with(after_two());
    community.add_meter(BUYER).unwrap();
    set_draw(&mut community, 0, DRAW);
    set_draw(&mut community, 1, 50);
    let start = first_start(&community);
    pass_until(&mut community, start - 600);
    community.open_pages(start).unwrap();
    let third = late(&community, start, 2);
    settle_at(&mut community, start, third);
    // 150 Wh at 300,000.
    assert_eq!(paid(&community, start), [0, 0, 45_000_000, 0]);

    // One of them is heard: it pays what it drew, 7 Wh in each window that is late, the other its draw.
    let binding = community.binding();
    let device = &mut community.households[BUYER].devices[1];
    let boundaries = (0..5).map(|number| start + number * 300);
    let readings = device.signed_at(&binding, boundaries.map(|boundary| (boundary, (7, 0))));
    community.submit(start, readings).unwrap();
    settle_at(&mut community, start, third);
    let drawn = 7 * 300_000;
    let expected = [drawn, drawn, COST as i64 + drawn, 0];
    assert_eq!(paid(&community, start), expected);
}

#[test]
fn given_prices_below_zero_or_no_draw_when_a_meter_is_silent_then_nothing_is_charged() {
    let mut sunny = after_two();
    sunny.tariff = ImbalancePrices {
        short: -10_000,
        long: -30_000,
    };
    for (parameters, draw) in [(sunny, DRAW), (after_two(), 0)] {
        let (mut community, start) = with_draw(parameters);
        set_draw(&mut community, 0, draw);
        let fourth = late(&community, start, 3);
        settle_at(&mut community, start, fourth);
        assert_eq!(paid(&community, start), [0; 4]);
        assert_eq!(community.seat(BUYER).free, FREE);
    }
}

/// All of a long silence: what was drawn for is given back, what flowed is paid at the dearest price, and of what was
/// bought only what was not taken is paid back.
#[test]
fn given_a_silence_of_two_pages_when_it_ends_then_draws_are_given_back_and_the_registers_count() {
    let (mut community, start) = with_draw(after_two());
    let third = start + 600;
    pass_until(&mut community, start - 300);
    contract(&mut community, third);
    let fourth = late(&community, start, 3);
    settle_at(&mut community, start, fourth);
    let cost = COST as i64;
    assert_eq!(paid(&community, start), [0, 0, cost, cost]);

    community.finish_page(start).unwrap();
    check_invariants(&community);
    let buyer = community.seat(BUYER);
    assert_eq!(buyer.free, FREE - amounts::PAID - 2 * COST);
    // Both draws, and 1000 Wh that count as not taken, at 80,000.
    assert_eq!(buyer.owed, 2 * cost + 80_000_000);
    assert_eq!(buyer.silent_windows, 4);

    // From the first window of the next page on.
    let next = start + community.page_length();
    community.open_pages(next).unwrap();
    let end = late(&community, next, 3);
    settle_at(&mut community, next, end - 300);
    assert_eq!(paid(&community, next), [cost, cost, cost, 0]);
    let last = next + 900;
    let readings = community.read_meters(last, &[(1000, 0)]);
    community.submit(last, readings).unwrap();
    settle_at(&mut community, next, end);
    assert_eq!(paid(&community, next), [cost; 4]);
    community.finish_page(next).unwrap();
    check_invariants(&community);
    // It took what it had bought: 1000 Wh at 300,000, less 80,000,000 that were kept back; nothing of six draws.
    let buyer = community.seat(BUYER);
    let seen = 300_000_000 - 80_000_000;
    assert_eq!(buyer.free, FREE - amounts::PAID - seen);
    assert_eq!((buyer.owed, buyer.silent_windows), (0, 0));
}
