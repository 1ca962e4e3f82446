//! The interval of clearing prices, [max(last accepted sell, best unfilled buy), min(last accepted buy,
//! best unfilled sell)], and how its upper end is found.

use crate::support::{buy, outcome, sell};

#[test]
fn given_the_last_accepted_sell_and_buy_at_the_cut_when_cleared_then_they_are_the_interval() {
    assert_eq!(outcome(100, &[buy(60, 5), sell(40, 5)]), Some((5, 40, 60)));
}

#[test]
fn given_a_better_unfilled_buy_when_cleared_then_it_is_the_lower_end() {
    let orders = [buy(60, 5), sell(40, 5), buy(45, 1)];
    assert_eq!(outcome(100, &orders), Some((5, 45, 60)));
}

#[test]
fn given_a_better_unfilled_sell_when_cleared_then_it_is_the_upper_end() {
    let orders = [buy(60, 5), sell(40, 5), sell(55, 1)];
    assert_eq!(outcome(100, &orders), Some((5, 40, 55)));
}

#[test]
fn given_unfilled_orders_inside_on_both_sides_when_cleared_then_they_are_the_interval() {
    let orders = [buy(60, 5), sell(40, 5), buy(45, 1), sell(55, 1)];
    assert_eq!(outcome(100, &orders), Some((5, 45, 55)));
}

#[test]
fn given_unfilled_orders_outside_when_cleared_then_they_change_nothing() {
    let orders = [
        buy(60, 5),
        sell(40, 5),
        buy(40, 9),
        buy(3, 9),
        sell(60, 9),
        sell(98, 9),
    ];
    assert_eq!(outcome(100, &orders), Some((5, 40, 60)));
}

#[test]
fn given_every_sell_is_taken_by_buys_above_when_cleared_then_the_lowest_of_them_is_the_upper_end() {
    // Volume, and no order between the last sell and the buys: the upper end is the next tick in use.
    let orders = [sell(10, 4), sell(20, 6), buy(80, 3), buy(90, 3), buy(99, 4)];
    assert_eq!(outcome(100, &orders), Some((10, 20, 80)));
}

#[test]
fn given_an_order_filled_in_part_when_cleared_then_its_tick_is_the_price() {
    assert_eq!(outcome(100, &[buy(60, 5), sell(40, 6)]), Some((5, 40, 40)));
    assert_eq!(outcome(100, &[buy(60, 6), sell(40, 5)]), Some((5, 60, 60)));
}

#[test]
fn given_a_tick_of_which_one_order_of_two_would_do_when_cleared_then_its_tick_is_the_price() {
    // Pro rata, both are filled in part.
    let orders = [buy(60, 5), sell(40, 5), sell(40, 5)];
    assert_eq!(outcome(100, &orders), Some((5, 40, 40)));
}

#[test]
fn given_the_next_order_in_any_later_tick_when_cleared_then_it_is_the_upper_end() {
    // Each place of the lower end in its block, each distance within the block and over its border.
    for low in [0, 1, 62, 63, 64, 65, 126, 127, 128] {
        for high in low + 1..=260 {
            let orders = [sell(low, 7), buy(high, 7)];
            assert_eq!(outcome(261, &orders), Some((7, low, high)));
        }
    }
}

#[test]
fn given_empty_blocks_between_when_cleared_then_the_upper_end_is_found_beyond_them() {
    assert_eq!(
        outcome(8192, &[sell(0, 1), buy(8191, 1)]),
        Some((1, 0, 8191))
    );
    assert_eq!(
        outcome(8191, &[sell(63, 1), buy(8190, 1)]),
        Some((1, 63, 8190))
    );
    assert_eq!(
        outcome(4097, &[sell(64, 1), buy(4096, 1)]),
        Some((1, 64, 4096))
    );
}

#[test]
fn given_a_last_block_of_one_tick_when_the_upper_end_lies_there_then_it_is_found() {
    for ticks in [65, 129, 193] {
        let orders = [sell(3, 2), buy(ticks - 1, 2)];
        assert_eq!(outcome(ticks, &orders), Some((2, 3, ticks - 1)));
    }
}

#[test]
fn given_the_upper_end_is_an_unfilled_sell_in_another_block_when_cleared_then_it_is_found() {
    let orders = [sell(10, 2), buy(300, 2), sell(200, 1)];
    assert_eq!(outcome(400, &orders), Some((2, 10, 200)));
}

#[test]
fn given_both_ends_on_one_tick_at_the_grids_end_when_cleared_then_there_is_no_tick_beyond() {
    for ticks in [1, 64, 65, 128, 8192] {
        let last = ticks - 1;
        assert_eq!(
            outcome(ticks, &[sell(last, 2), buy(last, 2)]),
            Some((2, last, last))
        );
        assert_eq!(outcome(ticks, &[sell(0, 2), buy(0, 2)]), Some((2, 0, 0)));
    }
}
