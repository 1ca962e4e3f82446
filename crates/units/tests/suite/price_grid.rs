//! Grids of prices and the middle of two.

use joulebook_units::{GridError, Price, PriceGrid, Tick};
use proptest::prelude::*;

fn grid(floor: i32, tick_size: u32, ticks: u16) -> PriceGrid {
    PriceGrid::new(Price(floor), tick_size, ticks).expect("the grid fits")
}

#[test]
fn given_no_ticks_or_no_step_when_made_then_it_says_empty() {
    assert_eq!(PriceGrid::new(Price(5), 1, 0), Err(GridError::Empty));
    assert_eq!(PriceGrid::new(Price(5), 0, 1), Err(GridError::Empty));
    assert_eq!(PriceGrid::new(Price(i32::MAX), 0, 0), Err(GridError::Empty));
}

#[test]
fn given_a_top_at_the_highest_price_when_made_then_it_fits_and_one_more_does_not() {
    assert_eq!(grid(i32::MAX, u32::MAX, 1).top(), Price(i32::MAX));
    assert_eq!(grid(i32::MIN, u32::MAX, 2).top(), Price(i32::MAX));
    assert_eq!(
        PriceGrid::new(Price(i32::MAX), 1, 2),
        Err(GridError::TooHigh)
    );
    assert_eq!(grid(i32::MAX - 65_534, 1, u16::MAX).top(), Price(i32::MAX));
    assert_eq!(
        PriceGrid::new(Price(i32::MAX - 65_533), 1, u16::MAX),
        Err(GridError::TooHigh)
    );
    assert_eq!(
        PriceGrid::new(Price(0), u32::MAX, u16::MAX),
        Err(GridError::TooHigh)
    );
}

#[test]
fn given_a_villages_grid_when_asked_then_prices_go_from_the_floor_in_steps() {
    let grid = grid(80_000, 1_000, 221);
    assert_eq!(grid.ticks(), 221);
    assert_eq!(grid.price(Tick(0)), Some(Price(80_000)));
    assert_eq!(grid.price(Tick(170)), Some(Price(250_000)));
    assert_eq!(grid.price(Tick(220)), Some(Price(300_000)));
    assert_eq!(grid.price(Tick(221)), None);
    assert_eq!(grid.price(Tick(u16::MAX)), None);
    assert_eq!(grid.top(), Price(300_000));
}

#[test]
fn given_a_price_between_or_beyond_ticks_when_its_tick_is_asked_then_it_is_the_one_below() {
    let grid = grid(80_000, 1_000, 221);
    let tick = |price| grid.tick_at_or_below(Price(price));
    assert_eq!(tick(79_999), None);
    assert_eq!(tick(80_000), Some(Tick(0)));
    assert_eq!(tick(80_999), Some(Tick(0)));
    assert_eq!(tick(81_000), Some(Tick(1)));
    assert_eq!(tick(300_000), Some(Tick(220)));
    assert_eq!(tick(i32::MAX), Some(Tick(220)));
    assert_eq!(tick(i32::MIN), None);
}

#[test]
fn given_a_grid_from_below_zero_when_asked_then_prices_go_through_zero() {
    let grid = grid(-50_000, 25_000, 5);
    let prices = [0, 1, 2, 3, 4].map(|tick| grid.price(Tick(tick)).expect("on the grid").0);
    assert_eq!(prices, [-50_000, -25_000, 0, 25_000, 50_000]);
    assert_eq!(grid.tick_at_or_below(Price(-1)), Some(Tick(1)));
    assert_eq!(grid.tick_at_or_below(Price(-50_001)), None);
}

#[test]
fn given_two_prices_when_their_middle_is_asked_then_it_is_rounded_down() {
    assert_eq!(Price::middle(Price(3), Price(4)), Price(3));
    assert_eq!(Price::middle(Price(4), Price(4)), Price(4));
    assert_eq!(Price::middle(Price(-3), Price(-4)), Price(-4));
    assert_eq!(Price::middle(Price(-1), Price(0)), Price(-1));
    assert_eq!(
        Price::middle(Price(i32::MAX), Price(i32::MAX)),
        Price(i32::MAX)
    );
    assert_eq!(Price::middle(Price(i32::MIN), Price(i32::MAX)), Price(-1));
}

proptest! {
    #[test]
    fn given_any_parameters_when_made_then_it_is_refused_exactly_when_a_price_would_not_fit(
        floor in any::<i32>(), tick_size in prop_oneof![0..100_000u32, any::<u32>()], ticks in any::<u16>()
    ) {
        let made = PriceGrid::new(Price(floor), tick_size, ticks);
        if ticks == 0 || tick_size == 0 {
            prop_assert_eq!(made, Err(GridError::Empty));
            return Ok(());
        }
        let price = |tick: u16| i128::from(floor) + i128::from(tick) * i128::from(tick_size);
        let Ok(grid) = made else {
            prop_assert_eq!(made, Err(GridError::TooHigh));
            prop_assert!(price(ticks - 1) > i128::from(i32::MAX));
            return Ok(());
        };
        for tick in [0, ticks / 2, ticks - 1] {
            let found = grid.price(Tick(tick)).expect("on the grid");
            prop_assert_eq!(i128::from(found.0), price(tick));
            prop_assert_eq!(grid.tick_at_or_below(found), Some(Tick(tick)));
        }
        prop_assert_eq!(grid.price(Tick(ticks - 1)), Some(grid.top()));
        prop_assert_eq!(grid.price(Tick(ticks)), None);
    }

    #[test]
    fn given_any_price_when_its_tick_is_asked_then_it_is_the_highest_not_above(
        (floor, tick_size, ticks) in (-1_000_000..1_000_000i32, 1..50_000u32, 1..500u16), price in -2_000_000..30_000_000i32
    ) {
        let grid = grid(floor, tick_size, ticks);
        let below = |tick: &u16| grid.price(Tick(*tick)).is_some_and(|found| found <= Price(price));
        let expected = (0..ticks).rev().find(below).map(Tick);
        prop_assert_eq!(grid.tick_at_or_below(Price(price)), expected);
    }

    #[test]
    fn given_any_two_prices_when_their_middle_is_asked_then_it_lies_between(
        one in any::<i32>(), other in any::<i32>()
    ) {
        let (low, high) = (Price(one.min(other)), Price(one.max(other)));
        let middle = Price::middle(low, high);
        prop_assert!(low <= middle && middle <= high);
        prop_assert!(high.0.abs_diff(middle.0) - middle.0.abs_diff(low.0) <= 1);
        prop_assert_eq!(Price::middle(high, low), middle);
    }
}
