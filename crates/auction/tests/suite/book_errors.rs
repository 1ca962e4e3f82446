//! What a book refuses, and that it is as before then.

use joulebook_auction::{Depth, DepthError, Level, Side};
use joulebook_units::{Tick, Wh};
use proptest::prelude::*;

use crate::support::{buy, market, order, sell, Pages};

fn shape(levels: usize, blocks: usize) -> Result<(), DepthError> {
    let mut levels = vec![Level::default(); levels];
    let mut blocks = vec![Level::default(); blocks];
    Depth::new(&mut levels, &mut blocks).map(|_| ())
}

#[test]
fn given_slices_that_do_not_belong_together_when_made_into_a_book_then_it_says_shape() {
    for (levels, blocks) in [
        (0, 0),
        (0, 1),
        (1, 0),
        (1, 2),
        (64, 2),
        (65, 1),
        (128, 3),
        (8192, 127),
    ] {
        assert_eq!(
            shape(levels, blocks),
            Err(DepthError::Shape),
            "{levels} and {blocks}"
        );
    }
    for (levels, blocks) in [(1, 1), (64, 1), (65, 2), (128, 2), (8192, 128)] {
        assert_eq!(shape(levels, blocks), Ok(()), "{levels} and {blocks}");
    }
}

#[test]
fn given_more_levels_than_a_grid_has_ticks_when_made_into_a_book_then_it_says_shape() {
    assert_eq!(shape(65_535, 1024), Ok(()));
    assert_eq!(shape(65_536, 1024), Err(DepthError::Shape));
    assert_eq!(shape(65_600, 1025), Err(DepthError::Shape));
}

#[test]
fn given_the_largest_grid_when_its_last_tick_is_used_then_it_clears_there() {
    let mut pages = Pages::of(u16::MAX, &[buy(65_534, 3), sell(65_534, 2)]);
    let clearing = pages
        .book()
        .clear()
        .expect("the sums fit")
        .expect("they trade");
    assert_eq!((clearing.volume, clearing.low), (2, Tick(65_534)));
}

#[test]
fn given_a_tick_in_the_last_block_but_off_the_grid_when_used_then_it_says_off_grid() {
    let mut pages = Pages::empty(65);
    assert_eq!(
        pages.book().add(Side::Buy, Tick(65), Wh(1)),
        Err(DepthError::NoSuchTick)
    );
    assert_eq!(
        pages.book().remove(Side::Buy, Tick(65), Wh(0)),
        Err(DepthError::NoSuchTick)
    );
    assert_eq!(pages.book().add(Side::Buy, Tick(64), Wh(1)), Ok(()));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn given_a_tick_off_the_grid_when_used_then_the_book_is_as_before(
        (ticks, orders) in market(1000), beyond in any::<u16>(), quantity in any::<u32>()
    ) {
        let tick = Tick(ticks.saturating_add(beyond));
        let mut pages = Pages::of(ticks, &orders);
        let before = pages.clone();
        for side in [Side::Buy, Side::Sell] {
            prop_assert_eq!(pages.book().add(side, tick, Wh(quantity)), Err(DepthError::NoSuchTick));
            prop_assert_eq!(pages.book().remove(side, tick, Wh(quantity)), Err(DepthError::NoSuchTick));
        }
        prop_assert_eq!(pages, before);
    }

    #[test]
    fn given_more_than_a_tick_holds_when_removed_then_the_book_is_as_before(
        (orders, wanted) in (
            prop::collection::vec(order(130, 0..1000u32), 0..48),
            order(130, 0..=u32::MAX),
        )
    ) {
        let mut pages = Pages::of(130, &orders);
        let before = pages.clone();
        let held: u64 = orders
            .iter()
            .filter(|order| order.side == wanted.side && order.tick == wanted.tick)
            .map(|order| u64::from(order.quantity))
            .sum();
        let result = pages.book().remove(wanted.side, Tick(wanted.tick), Wh(wanted.quantity));
        if u64::from(wanted.quantity) > held {
            prop_assert_eq!(result, Err(DepthError::Underflow));
            prop_assert_eq!(pages, before);
        } else {
            prop_assert_eq!(result, Ok(()));
        }
    }

    /// Only a broken account can be like that; what is refused must not make it worse.
    #[test]
    fn given_a_block_that_holds_less_than_its_tick_when_removed_from_then_the_book_is_as_before(
        level in 1..100u64, block in 0..100u64, quantity in 0..120u32
    ) {
        let mut pages = Pages::empty(1);
        pages.levels[0].buy = level;
        pages.blocks[0].buy = block;
        let before = pages.clone();
        let result = pages.book().remove(Side::Buy, Tick(0), Wh(quantity));
        if u64::from(quantity) > level.min(block) {
            prop_assert_eq!(result, Err(DepthError::Underflow));
            prop_assert_eq!(pages, before);
        } else {
            prop_assert_eq!(result, Ok(()));
        }
    }
}
