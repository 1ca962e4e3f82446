//! Traps that other clearing engines fell into, as their users reported them; each test names the issue.

use joulebook_units::{Price, PriceGrid};

use crate::support::{buy, clear, fills, outcome, sell};

/// gridlab-d/gridlab-d issue 485.
#[test]
fn given_two_equal_asks_when_the_demand_crosses_there_then_the_price_is_theirs_not_the_next_buyers()
{
    let orders = [buy(90, 5), buy(80, 3), buy(20, 9), sell(50, 6), sell(50, 6)];
    assert_eq!(outcome(100, &orders), Some((8, 50, 50)));
    assert_eq!(fills(clear(100, &orders), &orders), [5, 3, 0, 4, 4]);
}

/// The same, the curves meeting at the very end of the first of the two asks.
#[test]
fn given_two_equal_asks_when_the_demand_ends_with_the_first_then_the_price_is_still_theirs() {
    let orders = [buy(90, 6), buy(20, 9), sell(50, 6), sell(50, 6)];
    assert_eq!(outcome(100, &orders), Some((6, 50, 50)));
}

/// gridlab-d/gridlab-d issue 468.
#[test]
fn given_equal_bids_when_the_first_ask_equals_the_first_bid_then_the_price_is_the_bids_and_no_step_more(
) {
    let orders = [buy(60, 5), buy(60, 5), buy(60, 5), sell(40, 5), sell(70, 5)];
    assert_eq!(outcome(100, &orders), Some((5, 60, 60)));
    let shares = fills(clear(100, &orders), &orders);
    assert_eq!(shares, [1, 2, 2, 5, 0]);
}

/// assume-framework/assume issue 387.
#[test]
fn given_equal_marginal_orders_when_rationed_then_coming_first_is_no_advantage() {
    let first = [buy(60, 100), buy(60, 300), sell(40, 200)];
    let second = [buy(60, 300), buy(60, 100), sell(40, 200)];
    assert_eq!(fills(clear(100, &first), &first), [50, 150, 200]);
    assert_eq!(fills(clear(100, &second), &second), [150, 50, 200]);
}

/// The same issue: its engine shuffled, so that no two runs agreed.
#[test]
fn given_equal_marginal_orders_when_cleared_again_then_the_fills_are_the_same() {
    let orders = [sell(40, 7), sell(40, 7), sell(40, 7), buy(60, 10)];
    let fills_of = || fills(clear(100, &orders), &orders);
    assert_eq!(fills_of(), [3, 3, 4, 10]);
    assert_eq!(fills_of(), fills_of());
}

/// assume-framework/assume issue 843: a sliver left over by floating-point sums set the price there.
#[test]
fn given_a_demand_served_exactly_when_a_dearer_ask_waits_then_it_is_filled_nothing_and_sets_no_price(
) {
    let orders = [buy(99, 3), sell(10, 1), sell(20, 2), sell(90, 1000)];
    assert_eq!(outcome(100, &orders), Some((3, 20, 90)));
    let capped = [
        buy(99, 3),
        buy(30, 1),
        sell(10, 1),
        sell(20, 2),
        sell(90, 1000),
    ];
    assert_eq!(outcome(100, &capped), Some((3, 30, 90)));
    assert_eq!(fills(clear(100, &capped), &capped), [3, 0, 1, 2, 0]);
}

/// powertac/powertac-server issue 870: a cornered market went 15 orders of magnitude up.
#[test]
fn given_one_seller_of_everything_at_the_top_tick_when_cleared_then_the_price_stays_on_the_grid() {
    let grid = PriceGrid::new(Price(80_000), 1_000, 221).expect("a grid");
    let orders = [buy(220, 1), sell(220, u32::MAX)];
    let clearing = clear(grid.ticks(), &orders).expect("they trade");
    assert_eq!(grid.price(clearing.high), Some(grid.top()));
    assert_eq!(fills(Some(clearing), &orders), [1, 1]);
}
