//! Quantities far beyond a village's, where sums pass 32 and products 64 bits.

use joulebook_auction::{DepthError, Level, Side, TICKS_PER_BLOCK};
use joulebook_units::{Tick, Wh};
use proptest::{collection::vec, prelude::*};

use crate::{
    model::by_level,
    support::{clear, fills, order, outcome, total, Order, Pages},
};

const MOST: u32 = u32::MAX;

fn side(of: Side, tick: u16, count: usize) -> Vec<Order> {
    let order = Order {
        side: of,
        tick,
        quantity: MOST,
    };
    vec![order; count]
}

fn filled(pages: &mut Pages) {
    for (block, levels) in pages
        .blocks
        .iter_mut()
        .zip(pages.levels.chunks(TICKS_PER_BLOCK))
    {
        block.buy = levels.iter().map(|level| level.buy).sum();
        block.sell = levels.iter().map(|level| level.sell).sum();
    }
}

#[test]
fn given_thousands_of_the_largest_orders_when_cleared_then_volume_and_fills_are_exact() {
    let mut orders = side(Side::Buy, 100, 4096);
    orders.extend(side(Side::Sell, 50, 3000));
    let volume = 3000 * u64::from(MOST);
    assert_eq!(outcome(128, &orders), Some((volume, 100, 100)));
    let fills = fills(clear(128, &orders), &orders);
    assert_eq!(total(Side::Buy, &orders, &fills), volume);
    assert_eq!(total(Side::Sell, &orders, &fills), volume);
    let share = (u128::from(MOST) * 3000 / 4096) as u32;
    for (order, fill) in orders.iter().zip(fills) {
        if order.side == Side::Buy {
            assert!(fill == share || fill == share + 1);
        }
    }
}

#[test]
fn given_a_book_full_to_64_bits_when_cleared_then_it_still_clears() {
    let mut pages = Pages::empty(130);
    pages.levels[129].buy = u64::MAX / 2;
    pages.levels[0].sell = u64::MAX / 2;
    filled(&mut pages);
    let clearing = pages
        .book()
        .clear()
        .expect("the sums fit")
        .expect("they trade");
    assert_eq!(
        (clearing.volume, clearing.low, clearing.high),
        (u64::MAX / 2, Tick(0), Tick(129))
    );
}

#[test]
fn given_sums_beyond_64_bits_over_several_blocks_when_cleared_then_it_says_overflow() {
    // Demand alone, then demand and supply together.
    let mut demand = Pages::empty(129);
    demand.levels[0].buy = u64::MAX;
    demand.levels[128].buy = 1;
    filled(&mut demand);
    assert_eq!(demand.book().clear(), Err(DepthError::Overflow));
    let mut both = Pages::empty(129);
    both.levels[128].buy = u64::MAX;
    both.levels[128].sell = u64::MAX;
    filled(&mut both);
    assert_eq!(both.book().clear(), Err(DepthError::Overflow));
}

#[test]
fn given_supply_beyond_64_bits_when_cleared_then_it_says_overflow_even_if_no_buy_reaches_it() {
    let mut pages = Pages::empty(256);
    for tick in [100, 150, 200] {
        pages.levels[tick].sell = u64::MAX;
    }
    pages.levels[70].buy = 9;
    pages.levels[10].sell = 9;
    filled(&mut pages);
    assert_eq!(pages.book().clear(), Err(DepthError::Overflow));
}

/// Of the energy at a tick or in a block, Wh.
const LARGEST_SUM: u64 = i64::MAX as u64;

fn levels() -> impl Strategy<Value = Vec<Level>> {
    let energy = || prop_oneof![4 => Just(0), 2 => 1..1000u64, 2 => 0..=1u64 << 50];
    let level = (energy(), energy()).prop_map(|(buy, sell)| Level { buy, sell });
    vec(level, 1..300)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn given_levels_of_any_size_when_cleared_then_volume_and_interval_are_the_models(levels in levels()) {
        let mut pages = Pages::empty(levels.len() as u16);
        pages.levels = levels;
        filled(&mut pages);
        let found = pages.book().clear().expect("the sums fit");
        let found = found.map(|found| (u128::from(found.volume), found.low.0, found.high.0));
        prop_assert_eq!(found, by_level(&pages.levels));
    }

    #[test]
    fn given_orders_of_any_size_when_filled_then_both_sides_add_up_to_the_volume(
        orders in vec(order(3, prop_oneof![Just(MOST), any::<u32>()]), 1..64)
    ) {
        let clearing = clear(3, &orders);
        let volume = clearing.map_or(0, |clearing| clearing.volume);
        let fills = fills(clearing, &orders);
        prop_assert_eq!(total(Side::Buy, &orders, &fills), volume);
        prop_assert_eq!(total(Side::Sell, &orders, &fills), volume);
        prop_assert!(orders.iter().zip(fills).all(|(order, fill)| fill <= order.quantity));
    }

    #[test]
    fn given_a_level_near_63_bits_when_added_to_then_it_fits_exactly_or_says_overflow(
        held in LARGEST_SUM - 10..=LARGEST_SUM, quantity in 0..20u32, in_block in any::<bool>()
    ) {
        // The block may hold much more than the level; either may be what does not fit.
        let mut pages = Pages::empty(65);
        pages.blocks[0].sell = held;
        if !in_block {
            pages.levels[5].sell = held;
        }
        let before = pages.clone();
        let result = pages.book().add(Side::Sell, Tick(5), Wh(quantity));
        if held + u64::from(quantity) <= LARGEST_SUM {
            prop_assert_eq!(result, Ok(()));
            prop_assert_eq!(pages.blocks[0].sell, held + u64::from(quantity));
        } else {
            prop_assert_eq!(result, Err(DepthError::Overflow));
            prop_assert_eq!(pages, before);
        }
    }
}
