//! The default grid: 50,000 + 2,000 a tick, 128 of them; short 300,000, long 80,000.

use joulebook_client::layout::market::{ImbalancePrices, LimitKind, MarketTerms, StandingRule};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{check_invariants, BUYER};

use super::{
    apply, enter, entry, rule, sell, ticks, with_standing_orders, with_standing_orders_of,
};

/// Has the buyer's rules applied, each in a place of its own; the ticks of its orders.
fn ticks_of(
    (mut community, start): (LocalCommunity, i64),
    side: StandingRule,
    limits: &[(LimitKind, i32)],
) -> Vec<u16> {
    for (place, (kind, limit)) in (0u8..).zip(limits) {
        let limited = StandingRule {
            limit: *limit,
            limit_kind: *kind as u8,
            quantity: 1,
            ..side
        };
        enter(&mut community, BUYER, vec![entry(place, limited)]).unwrap();
    }
    apply(&mut community, start).unwrap();
    check_invariants(&community);
    ticks(&community, BUYER, start)
}

use LimitKind::{Fixed, Long, Short};

#[test]
fn given_a_fixed_limit_when_a_buy_is_due_then_it_pays_no_more() {
    let limits = [
        (Fixed, 50_000),
        (Fixed, 51_999),
        (Fixed, 52_000),
        (Fixed, 303_999),
        (Fixed, 304_000),
        (Fixed, i32::MAX),
    ];
    let found = ticks_of(with_standing_orders(), rule(), &limits);
    assert_eq!(found, [0, 0, 1, 126, 127, 127]);
}

#[test]
fn given_a_fixed_limit_when_a_sell_is_due_then_it_takes_no_less() {
    let limits = [
        (Fixed, i32::MIN),
        (Fixed, 50_000),
        (Fixed, 50_001),
        (Fixed, 52_000),
        (Fixed, 302_001),
        (Fixed, 304_000),
    ];
    let found = ticks_of(with_standing_orders(), sell(), &limits);
    assert_eq!(found, [0, 0, 1, 1, 127, 127]);
}

#[test]
fn given_a_limit_from_the_windows_prices_when_due_then_it_is_so_far_above_or_below_them() {
    let limits = [
        // 300,000, 299,999, 100,000
        (Short, 0),
        (Short, -1),
        (Short, -200_000),
        // 80,000, 80,001, 82,000, 50,000
        (Long, 0),
        (Long, 1),
        (Long, 2_000),
        (Long, -30_000),
    ];
    let found = ticks_of(with_standing_orders(), rule(), &limits);
    assert_eq!(found, [125, 124, 25, 15, 15, 16, 0]);
    let found = ticks_of(with_standing_orders(), sell(), &limits);
    assert_eq!(found, [125, 125, 25, 15, 16, 16, 0]);
}

#[test]
fn given_prices_of_a_window_posted_by_the_supplier_when_due_then_those_are_meant() {
    let (mut community, start) = with_standing_orders();
    let next = start + community.window_length();
    let prices = joulebook_client::layout::market::WindowPrices {
        short: 200_000,
        long: 60_000,
        grid_fee: 0,
    };
    let post = joulebook_tests::market::instructions::post_prices(&community, next, vec![prices]);
    joulebook_tests::market::govern(&mut community, post).unwrap();
    community.open_window(next).unwrap();
    // 200,000 and 60,000
    let found = ticks_of((community, next), rule(), &[(Short, 0), (Long, 0)]);
    assert_eq!(found, [75, 5]);
}

/// Ticks from −100,000 on; drawing more costs 50,000 a kWh, leaving energy over 30,000.
fn below_zero() -> (LocalCommunity, i64) {
    with_standing_orders_of(Parameters {
        tariff: ImbalancePrices {
            short: 50_000,
            long: -30_000,
        },
        terms: MarketTerms {
            floor_price: -100_000,
            ..Parameters::default().terms
        },
        ..Parameters::default()
    })
}

#[test]
fn given_prices_below_zero_when_a_buy_is_due_then_it_is_paid_no_less() {
    let limits = [
        (Fixed, -100_000),
        // −30,001 is between −32,000 and −30,000.
        (Fixed, -30_001),
        (Long, 0),
        // −101 is between −2,000 and 0.
        (Fixed, -101),
        (Short, -50_000),
    ];
    let found = ticks_of(below_zero(), rule(), &limits);
    assert_eq!(found, [0, 34, 35, 49, 50]);
}

#[test]
fn given_prices_below_zero_when_a_sell_is_due_then_it_pays_no_more() {
    let limits = [
        (Fixed, -100_000),
        (Fixed, -30_001),
        (Long, 0),
        (Fixed, -101),
        (Long, i32::MIN),
    ];
    let found = ticks_of(below_zero(), sell(), &limits);
    assert_eq!(found, [0, 35, 35, 50, 0]);
}
