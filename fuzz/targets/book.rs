//! The order book and what clearing makes of it, against a list of orders that is searched from end to end.

use bolero::{check, produce, TypeGenerator, ValueGenerator};
use bytemuck::Zeroable;
use joulebook_auction::{
    block_count, ration, Clearing, Depth, DepthError, Level, Side, TICKS_PER_BLOCK,
};
use joulebook_units::{Tick, Wh};

use crate::{any_u32, any_u64, time};

/// What is done to the depth of a book.
#[derive(Clone, Copy, Debug, TypeGenerator)]
enum Step {
    Add {
        buy: bool,
        #[generator(any_tick())]
        tick: u16,
        #[generator(any_u32())]
        quantity: u32,
    },
    /// Takes out one of the orders added before, counted around.
    Cancel { order: u8 },
    /// Takes out what nobody may have put in.
    Take {
        buy: bool,
        #[generator(any_tick())]
        tick: u16,
        #[generator(any_u32())]
        quantity: u32,
    },
}

/// Near the beginning, where orders meet, and now and then anywhere.
fn any_tick() -> impl ValueGenerator<Output = u16> {
    (0..3 * TICKS_PER_BLOCK as u16, produce::<u16>(), 0..16u8).map_gen(
        |(near, anywhere, choice)| {
            if choice == 0 {
                anywhere
            } else {
                near
            }
        },
    )
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Order {
    side: Side,
    tick: u16,
    quantity: u64,
}

#[test]
fn given_any_orders_when_cleared_and_filled_then_a_search_of_all_prices_agrees() {
    let steps = produce::<Vec<Step>>().with().len(0..40usize);
    check!()
        .with_test_time(time())
        .with_generator((1..=3 * TICKS_PER_BLOCK as u16, steps))
        .for_each(|(ticks, steps)| {
            let mut levels = vec![Level::zeroed(); usize::from(*ticks)];
            let mut blocks = vec![Level::zeroed(); block_count(*ticks)];
            let mut depth = Depth::new(&mut levels, &mut blocks).unwrap();
            let mut orders = Vec::new();
            for step in steps {
                carry_out(*step, *ticks, &mut depth, &mut orders);
            }
            let cleared = depth.clear().unwrap();
            assert_eq!(sums_of(&orders, *ticks, 1), levels);
            assert_eq!(sums_of(&orders, *ticks, TICKS_PER_BLOCK), blocks);
            let outcome =
                cleared.map(|clearing| (clearing.volume, clearing.low.0, clearing.high.0));
            assert_eq!(outcome, search(&orders, *ticks));
            if let Some(clearing) = cleared {
                check_fills(clearing, &orders);
            }
        });
}

fn carry_out(step: Step, ticks: u16, depth: &mut Depth, orders: &mut Vec<Order>) {
    let side_of = |buy| if buy { Side::Buy } else { Side::Sell };
    match step {
        Step::Add {
            buy,
            tick,
            quantity,
        } => {
            let added = depth.add(side_of(buy), Tick(tick), Wh(quantity));
            if tick >= ticks {
                return assert_eq!(added, Err(DepthError::NoSuchTick));
            }
            assert_eq!(added, Ok(()));
            orders.push(Order {
                side: side_of(buy),
                tick,
                quantity: quantity.into(),
            });
        }
        Step::Cancel { order } => {
            if !orders.is_empty() {
                let order = orders.remove(usize::from(order) % orders.len());
                let quantity = Wh(order.quantity.try_into().unwrap());
                assert_eq!(depth.remove(order.side, Tick(order.tick), quantity), Ok(()));
            }
        }
        Step::Take {
            buy,
            tick,
            quantity,
        } => {
            let there = sum(orders, |order| {
                order.side == side_of(buy) && order.tick == tick
            });
            let taken = depth.remove(side_of(buy), Tick(tick), Wh(quantity));
            if tick >= ticks {
                assert_eq!(taken, Err(DepthError::NoSuchTick));
            } else if there < u64::from(quantity) {
                assert_eq!(taken, Err(DepthError::Underflow));
            } else {
                assert_eq!(taken, Ok(()));
                // Whose energy it was does not matter to the sums: put it back.
                depth.add(side_of(buy), Tick(tick), Wh(quantity)).unwrap();
            }
        }
    }
}

fn sum(orders: &[Order], counts: impl Fn(&Order) -> bool) -> u64 {
    let counted = orders.iter().filter(|order| counts(order));
    counted.map(|order| order.quantity).sum()
}

/// The energy of every `width` ticks.
fn sums_of(orders: &[Order], ticks: u16, width: usize) -> Vec<Level> {
    let of = |side, index| {
        sum(orders, |order| {
            order.side == side && usize::from(order.tick) / width == index
        })
    };
    (0..usize::from(ticks).div_ceil(width))
        .map(|index| Level {
            buy: of(Side::Buy, index),
            sell: of(Side::Sell, index),
        })
        .collect()
}

/// The largest volume that any one price makes, and the interval of ticks that clear it: from the last accepted sell
/// or the best unfilled buy to the last accepted buy or the best unfilled sell. `None` if nothing trades.
fn search(orders: &[Order], ticks: u16) -> Option<(u64, u16, u16)> {
    let demand = |tick| {
        sum(orders, |order| {
            order.side == Side::Buy && order.tick >= tick
        })
    };
    let supply = |tick| {
        sum(orders, |order| {
            order.side == Side::Sell && order.tick <= tick
        })
    };
    let volume = (0..ticks)
        .map(|tick| demand(tick).min(supply(tick)))
        .max()
        .filter(|volume| *volume > 0)?;
    let last_sell = (0..ticks).find(|tick| supply(*tick) >= volume)?;
    let unfilled_sell = (0..ticks).find(|tick| supply(*tick) > volume);
    let last_buy = (0..ticks).rev().find(|tick| demand(*tick) >= volume)?;
    let unfilled_buy = (0..ticks).rev().find(|tick| demand(*tick) > volume);
    let low = last_sell.max(unfilled_buy.unwrap_or(0));
    let high = last_buy.min(unfilled_sell.unwrap_or(u16::MAX));
    Some((volume, low, high))
}

fn check_fills(mut clearing: Clearing, orders: &[Order]) {
    let Clearing {
        volume, low, high, ..
    } = clearing;
    let mut filled = (0, 0);
    for order in orders {
        let quantity = Wh(order.quantity.try_into().unwrap());
        let fill = u64::from(clearing.fill(order.side, Tick(order.tick), quantity).0);
        assert!(fill <= order.quantity, "{order:?} gets {fill}");
        let (is_good, is_bad, side) = match order.side {
            Side::Buy => (order.tick > low.0, order.tick < high.0, &mut filled.0),
            Side::Sell => (order.tick < high.0, order.tick > low.0, &mut filled.1),
        };
        assert!(
            !is_bad || fill == 0,
            "{order:?} is filled against its limit"
        );
        assert!(
            !is_good || fill == order.quantity || order.tick == low.0,
            "{order:?} gets only {fill}"
        );
        *side += fill;
    }
    assert_eq!(filled, (volume, volume));
}

#[test]
fn given_any_ration_when_shared_out_then_everybody_gets_a_share_and_all_is_given() {
    let quantities = produce::<Vec<u32>>()
        .with()
        .values(any_u32())
        .len(0..40usize);
    check!()
        .with_test_time(time())
        .with_generator((any_u64(), any_u64(), quantities))
        .for_each(|(given, beyond, quantities)| {
            // Sums of a book have 63 bits.
            let asked: u64 = quantities.iter().map(|quantity| u64::from(*quantity)).sum();
            let total = (asked + beyond / 4).min(i64::MAX as u64);
            let mut ration = ration::new(*given, total);
            let given = (*given).min(total);
            let (mut sum, mut served) = (0, 0);
            for quantity in quantities {
                let fill = u128::from(ration::fill(&mut ration, Wh(*quantity)).0);
                let quantity = u128::from(*quantity);
                let (share, total) = (quantity * u128::from(given), u128::from(total));
                // Within 1 Wh of the share.
                assert!(
                    total == 0 || (fill * total).abs_diff(share) < total,
                    "{fill} of {quantity}"
                );
                assert!(fill <= quantity);
                sum += quantity;
                served += fill;
                // The whole Wh of what all so far have a share in.
                assert_eq!(
                    served,
                    (sum * u128::from(given)).checked_div(total).unwrap_or(0)
                );
            }
            let rest = ration::fill(&mut ration, Wh(u32::MAX)).0;
            let left = u128::from(total) - sum;
            assert!(
                u128::from(rest) <= left,
                "an order beyond the total gets {rest}"
            );
            if left <= u128::from(u32::MAX) {
                assert_eq!(served + u128::from(rest), u128::from(given));
            }
        });
}

/// Energy at a few ticks, of amounts that together come near the largest sum and sometimes pass it.
fn any_sums() -> impl ValueGenerator<Output = Vec<Level>> {
    let level = (0..3 * TICKS_PER_BLOCK, any_u64(), any_u64());
    let levels = produce::<Vec<_>>().with().values(level).len(1..6usize);
    (levels, 0..6u32).map_gen(|(some, scale)| {
        let mut levels = vec![Level::zeroed(); 3 * TICKS_PER_BLOCK];
        for (tick, buy, sell) in some {
            levels[tick] = Level {
                buy: buy >> scale,
                sell: sell >> scale,
            };
        }
        levels
    })
}

/// Demand and supply; `None` if one does not fit 64 bits.
fn totals(levels: &[Level]) -> Option<Level> {
    levels.iter().try_fold(Level::zeroed(), |sum, level| {
        Some(Level {
            buy: sum.buy.checked_add(level.buy)?,
            sell: sum.sell.checked_add(level.sell)?,
        })
    })
}

#[test]
fn given_any_sums_when_cleared_then_the_volume_is_within_both_or_the_overflow_is_told() {
    check!()
        .with_test_time(time())
        .with_generator(any_sums())
        .for_each(|levels| {
            let blocks: Option<Vec<Level>> = levels.chunks(TICKS_PER_BLOCK).map(totals).collect();
            // A block that does not hold its sum can't come about.
            let Some(mut blocks) = blocks else { return };
            let mut levels = levels.clone();
            let sums = totals(&levels).filter(|sums| sums.buy.checked_add(sums.sell).is_some());
            let cleared = Depth::new(&mut levels, &mut blocks).unwrap().clear();
            let Some(sums) = sums else {
                return assert_eq!(cleared, Err(DepthError::Overflow));
            };
            if let Some(clearing) = cleared.unwrap() {
                assert!(clearing.low <= clearing.high);
                assert!((1..=sums.buy.min(sums.sell)).contains(&clearing.volume));
            }
        });
}
