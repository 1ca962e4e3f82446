//! Clearing against the models, over random books.

use proptest::{collection::vec, prelude::*};

use crate::{
    model::{by_level, unit_by_unit},
    support::{clear, market, order, outcome, Order, Pages},
};

fn shuffled() -> impl Strategy<Value = (u16, Vec<Order>, Vec<Order>)> {
    market(40).prop_flat_map(|(ticks, orders)| {
        let other = Just(orders.clone()).prop_shuffle();
        (Just(ticks), Just(orders), other)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_book_when_cleared_then_volume_and_interval_are_those_matched_unit_by_unit(
        (ticks, orders) in market(12)
    ) {
        prop_assert_eq!(outcome(ticks, &orders), unit_by_unit(&orders));
    }

    #[test]
    fn given_few_ticks_when_cleared_then_volume_and_interval_are_those_matched_unit_by_unit(
        orders in vec(order(5, 0..=4u32), 0..16)
    ) {
        prop_assert_eq!(outcome(5, &orders), unit_by_unit(&orders));
    }

    #[test]
    fn given_any_book_when_matched_by_level_then_both_models_agree((ticks, orders) in market(12)) {
        let found = by_level(&Pages::of(ticks, &orders).levels);
        let expected = unit_by_unit(&orders).map(|(volume, low, high)| (u128::from(volume), low, high));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn given_the_same_orders_in_another_sequence_when_cleared_then_the_outcome_is_the_same(
        (ticks, orders, others) in shuffled()
    ) {
        prop_assert_eq!(Pages::of(ticks, &orders), Pages::of(ticks, &others));
        prop_assert_eq!(clear(ticks, &orders), clear(ticks, &others));
    }

    /// The identity the engine rests on: a tick π clears the book exactly when cum(π − 1) ≤ D ≤ cum(π).
    #[test]
    fn given_any_book_when_cleared_then_its_interval_is_where_cum_meets_the_demand(
        (ticks, orders) in market(1000)
    ) {
        let Some(clearing) = clear(ticks, &orders) else { return Ok(()) };
        let levels = Pages::of(ticks, &orders).levels;
        let demand: u64 = levels.iter().map(|level| level.buy).sum();
        let mut below = 0;
        for (tick, level) in levels.iter().enumerate() {
            let cum = below + level.buy + level.sell;
            let clears = below <= demand && demand <= cum;
            let inside = (usize::from(clearing.low.0)..=usize::from(clearing.high.0)).contains(&tick);
            prop_assert_eq!(clears, inside, "tick {}", tick);
            below = cum;
        }
    }

    #[test]
    fn given_any_book_when_cleared_then_the_book_is_as_before((ticks, orders) in market(1000)) {
        let mut pages = Pages::of(ticks, &orders);
        let before = pages.clone();
        let first = pages.book().clear();
        prop_assert_eq!(pages.book().clear(), first);
        prop_assert_eq!(pages, before);
    }
}
