//! Auctions small enough to follow by hand.

use crate::support::{buy, clear, fills, outcome, sell};

#[test]
fn given_no_orders_when_cleared_then_nothing_trades() {
    assert_eq!(outcome(1, &[]), None);
    assert_eq!(outcome(8192, &[]), None);
}

#[test]
fn given_one_side_only_when_cleared_then_nothing_trades() {
    assert_eq!(outcome(100, &[buy(99, 5), buy(0, 5)]), None);
    assert_eq!(outcome(100, &[sell(99, 5), sell(0, 5)]), None);
}

#[test]
fn given_the_best_buy_below_the_best_sell_when_cleared_then_nothing_trades() {
    let orders = [buy(49, 7), sell(50, 7)];
    assert_eq!(outcome(100, &orders), None);
    assert_eq!(fills(clear(100, &orders), &orders), [0, 0]);
}

#[test]
fn given_orders_of_no_energy_when_cleared_then_they_set_no_price() {
    assert_eq!(outcome(100, &[buy(90, 0), sell(10, 0)]), None);
    let orders = [buy(60, 4), sell(40, 4), buy(50, 0), sell(45, 0)];
    assert_eq!(outcome(100, &orders), Some((4, 40, 60)));
    assert_eq!(fills(clear(100, &orders), &orders), [4, 4, 0, 0]);
}

#[test]
fn given_a_single_tick_when_both_sides_meet_there_then_the_long_side_is_rationed() {
    let orders = [buy(0, 30), sell(0, 10), sell(0, 10), buy(0, 10)];
    assert_eq!(outcome(1, &orders), Some((20, 0, 0)));
    assert_eq!(fills(clear(1, &orders), &orders), [15, 10, 10, 5]);
}

#[test]
fn given_more_supply_than_demand_when_cleared_then_the_marginal_seller_sets_the_price() {
    let orders = [buy(90, 10), sell(20, 6), sell(30, 6), sell(40, 6)];
    assert_eq!(outcome(100, &orders), Some((10, 30, 30)));
    assert_eq!(fills(clear(100, &orders), &orders), [10, 6, 4, 0]);
}

#[test]
fn given_more_demand_than_supply_when_cleared_then_the_marginal_buyer_sets_the_price() {
    let orders = [sell(10, 10), buy(80, 6), buy(70, 6), buy(60, 6)];
    assert_eq!(outcome(100, &orders), Some((10, 70, 70)));
    assert_eq!(fills(clear(100, &orders), &orders), [10, 6, 4, 0]);
}

#[test]
fn given_a_buy_and_a_sell_at_the_margin_when_it_trades_in_part_then_only_the_long_side_is_rationed()
{
    let orders = [buy(70, 5), buy(50, 5), sell(30, 3), sell(50, 12)];
    assert_eq!(outcome(100, &orders), Some((10, 50, 50)));
    assert_eq!(fills(clear(100, &orders), &orders), [5, 5, 3, 7]);
}
