//! Prices that are posted after an order was signed lock no more of a kWh than its owner allowed.

use joulebook_client::layout::market::{StandingOutcome, StandingRule, WindowPrices};
use joulebook_sim::{LocalCommunity, Parameters};
use joulebook_tests::market::{amounts, check_invariants, instructions, pass_until, BUYER, SELLER};

use super::{
    apply, applying, before_a_window, enter, entry, expect_outcome, quantities, rule, sell,
    standing_order, with_standing_orders,
};

/// What a kWh of [`rule`] locks, of [`amounts::BUY_LOCK`] for one: atoms per kWh.
const BUY_UNIT: i32 = (amounts::BUY_LOCK / 1_000) as i32;

/// A market whose supplier posts prices in the transaction that opens the window and has standing orders applied; the
/// window.
fn posted(entries: [(usize, StandingRule); 2], prices: WindowPrices) -> (LocalCommunity, i64) {
    let (mut community, start) = before_a_window(Parameters {
        notice_seconds: 600,
        ..Parameters::default()
    });
    for (place, rule) in entries {
        enter(&mut community, place, vec![entry(0, rule)]).unwrap();
    }
    let window = start + 300;
    community.open_pages(window).unwrap();
    pass_until(&mut community, window - 900);
    let key = community.supplier.wallet.insecure_clone();
    let post = instructions::post_prices(&community, window, vec![prices]);
    let open = community.addresses.open_window(window);
    let apply = applying(&community, window);
    community.chain.send(&[post, open, apply], &[&key]).unwrap();
    check_invariants(&community);
    (community, window)
}

const USUAL: WindowPrices = WindowPrices {
    short: 300_000,
    long: 80_000,
    grid_fee: 20_000,
};

fn capped(rule: StandingRule, unit_lock_cap: i32) -> StandingRule {
    StandingRule {
        unit_lock_cap,
        ..rule
    }
}

#[test]
fn given_a_grid_fee_that_is_raised_when_a_buy_is_due_then_it_is_not_placed_beyond_its_cap() {
    let entries = [
        (BUYER, capped(rule(), 250_000)),
        (SELLER, capped(sell(), 250_000)),
    ];
    let (community, window) = posted(entries, USUAL);
    assert_eq!(quantities(&community, BUYER, window), [1_000]);
    assert_eq!(quantities(&community, SELLER, window), [1_000]);
    let dear = WindowPrices {
        grid_fee: 1_000_000,
        ..USUAL
    };
    let (community, window) = posted(entries, dear);
    assert_eq!(quantities(&community, BUYER, window), [0; 0]);
    expect_outcome(&community, BUYER, 0, StandingOutcome::UnitLockTooHigh);
    assert_eq!(community.seat(BUYER).locked, 0);
}

#[test]
fn given_a_retail_price_that_is_raised_when_a_sell_is_due_then_it_is_not_placed_beyond_its_cap() {
    let entries = [
        (BUYER, capped(rule(), 250_000)),
        (SELLER, capped(sell(), 250_000)),
    ];
    let dear = WindowPrices {
        short: 10_000_000,
        ..USUAL
    };
    let (community, window) = posted(entries, dear);
    assert_eq!(quantities(&community, BUYER, window), [1_000]);
    assert_eq!(quantities(&community, SELLER, window), [0; 0]);
    expect_outcome(&community, SELLER, 0, StandingOutcome::UnitLockTooHigh);
    assert_eq!(community.seat(SELLER).locked, 0);
}

#[test]
fn given_a_cap_of_just_what_a_unit_locks_when_due_then_it_is_placed_and_with_one_less_it_is_not() {
    for (cap, expected) in [(BUY_UNIT, &[1_000][..]), (BUY_UNIT - 1, &[])] {
        let (mut community, start) = with_standing_orders();
        enter(&mut community, BUYER, vec![entry(0, capped(rule(), cap))]).unwrap();
        apply(&mut community, start).unwrap();
        assert_eq!(quantities(&community, BUYER, start), expected, "{cap}");
        let used = standing_order(&community, BUYER, 0).used_lock;
        assert_eq!(used, community.seat(BUYER).locked);
    }
}
