//! What each order gets.

use joulebook_auction::Side;
use proptest::prelude::*;

use crate::support::{clear, fills, market, total, Order};

/// Whether an order at its limit would rather trade than not at every price of the interval.
fn is_better(order: &Order, low: u16, high: u16) -> bool {
    match order.side {
        Side::Buy => order.tick > high || (order.tick == high && low < high),
        Side::Sell => order.tick < low || (order.tick == low && low < high),
    }
}

fn is_worse(order: &Order, low: u16, high: u16) -> bool {
    match order.side {
        Side::Buy => order.tick < low,
        Side::Sell => order.tick > high,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn given_any_book_when_filled_then_buys_and_sells_each_add_up_to_the_volume(
        (ticks, orders) in market(1000)
    ) {
        let clearing = clear(ticks, &orders);
        let volume = clearing.map_or(0, |clearing| clearing.volume);
        let fills = fills(clearing, &orders);
        prop_assert_eq!(total(Side::Buy, &orders, &fills), volume);
        prop_assert_eq!(total(Side::Sell, &orders, &fills), volume);
    }

    #[test]
    fn given_any_book_when_filled_then_no_fill_is_above_its_quantity((ticks, orders) in market(1000)) {
        let fills = fills(clear(ticks, &orders), &orders);
        for (order, fill) in orders.iter().zip(fills) {
            prop_assert!(fill <= order.quantity, "{:?} got {}", order, fill);
        }
    }

    #[test]
    fn given_any_book_when_filled_then_better_orders_fill_wholly_and_none_against_its_limit(
        (ticks, orders) in market(1000)
    ) {
        let Some(clearing) = clear(ticks, &orders) else { return Ok(()) };
        let (low, high) = (clearing.low.0, clearing.high.0);
        let fills = fills(Some(clearing), &orders);
        for (order, fill) in orders.iter().zip(fills) {
            if is_better(order, low, high) {
                prop_assert_eq!(fill, order.quantity, "{:?}", order);
            }
            if is_worse(order, low, high) {
                prop_assert_eq!(fill, 0, "{:?}", order);
            }
            // The price is anywhere in the interval, so whoever trades has to accept all of it.
            if fill > 0 {
                let accepts = match order.side {
                    Side::Buy => order.tick >= high,
                    Side::Sell => order.tick <= low,
                };
                prop_assert!(accepts, "{:?} got {}", order, fill);
            }
        }
    }

    #[test]
    fn given_any_book_when_rationed_then_it_is_one_side_at_one_tick((ticks, orders) in market(1000)) {
        let Some(clearing) = clear(ticks, &orders) else { return Ok(()) };
        let rationed = |ration: joulebook_auction::Ration| 0 < ration.given && ration.given < ration.total;
        prop_assert!(!(rationed(clearing.buys) && rationed(clearing.sells)));
        let fills = fills(Some(clearing), &orders);
        for (order, fill) in orders.iter().zip(fills) {
            if 0 < fill && fill < order.quantity {
                prop_assert_eq!(order.tick, clearing.low.0);
                prop_assert_eq!(order.tick, clearing.high.0);
            }
        }
    }

    /// Cumulative rounding, worked out from the orders alone.
    #[test]
    fn given_any_book_when_rationed_then_each_fill_is_the_difference_of_two_rounded_sums(
        (ticks, orders) in market(1000)
    ) {
        let Some(clearing) = clear(ticks, &orders) else { return Ok(()) };
        let fills = fills(Some(clearing), &orders);
        for side in [Side::Buy, Side::Sell] {
            let at_margin = |order: &Order| order.side == side && order.tick == clearing.low.0;
            let asked: u64 = orders.iter().filter(|o| at_margin(o)).map(|o| u64::from(o.quantity)).sum();
            let elsewhere: u64 = orders
                .iter()
                .zip(&fills)
                .filter(|(order, _)| order.side == side && !at_margin(order))
                .map(|(_, fill)| u64::from(*fill))
                .sum();
            let given = clearing.volume - elsewhere;
            let mut cum = 0;
            for (order, fill) in orders.iter().zip(&fills).filter(|(order, _)| at_margin(order)) {
                let upto = cum + u64::from(order.quantity);
                // Nothing asked is an order of 0 Wh, which gets 0.
                let rounded = |cum: u64| cum * given / asked.max(1);
                prop_assert_eq!(u64::from(*fill), rounded(upto) - rounded(cum), "{:?}", order);
                cum = upto;
            }
        }
    }
}
