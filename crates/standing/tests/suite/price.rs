use joulebook_layout::market::{LimitKind, Side};
use joulebook_standing::{limit_price, tick_within, Grid};
use joulebook_units::{Price, Tick};
use proptest::prelude::*;

use crate::support::rule;

const SHORT: Price = Price(300_000);
const LONG: Price = Price(80_000);

#[test]
fn given_each_kind_of_limit_when_asked_then_it_is_measured_from_there() {
    for (kind, limit, expected) in [
        (LimitKind::Fixed, 200_000, 200_000),
        (LimitKind::Fixed, -5, -5),
        (LimitKind::Short, 0, 300_000),
        (LimitKind::Short, -20_000, 280_000),
        (LimitKind::Long, 15_000, 95_000),
        (LimitKind::Short, i32::MAX, 300_000 + i64::from(i32::MAX)),
        (LimitKind::Long, i32::MIN, 80_000 + i64::from(i32::MIN)),
    ] {
        let mut rule = rule();
        (rule.limit_kind, rule.limit) = (kind as u8, limit);
        assert_eq!(limit_price(&rule, SHORT, LONG), expected, "{kind:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2048))]

    /// Tick by tick.
    #[test]
    fn given_any_grid_when_a_tick_is_asked_for_then_it_is_the_best_within_the_limit(
        floor in -1_000..1_000i32, tick_size in 1..50u32, ticks in 1..60u16, limit in -2_000..5_000i64
    ) {
        let grid = Grid { floor: Price(floor), tick_size, ticks };
        let price = |tick: u16| i64::from(floor) + i64::from(tick) * i64::from(tick_size);
        let buy = (0..ticks).rev().find(|tick| price(*tick) <= limit);
        prop_assert_eq!(tick_within(Side::Buy, limit, &grid), buy.map(Tick));
        let sell = (0..ticks).find(|tick| price(*tick) >= limit);
        prop_assert_eq!(tick_within(Side::Sell, limit, &grid), sell.map(Tick));
    }

    #[test]
    fn given_any_numbers_when_a_tick_is_asked_for_then_it_answers(
        floor in any::<i32>(), tick_size in any::<u32>(), ticks in any::<u16>(), limit in any::<i64>()
    ) {
        let grid = Grid { floor: Price(floor), tick_size, ticks };
        for side in [Side::Buy, Side::Sell] {
            let tick = tick_within(side, limit, &grid);
            prop_assert!(tick.is_none_or(|tick| tick.0 < ticks));
        }
    }
}
