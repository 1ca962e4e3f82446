//! Adding and removing keep the sums of ticks and blocks right.

use joulebook_auction::{TickOrder, TICKS_PER_BLOCK};
use joulebook_units::{Tick, Wh};
use proptest::{collection::vec, prelude::*, sample::Index};

use crate::support::{order, ticks, Order, Pages};

#[derive(Clone, Debug)]
enum Step {
    Add(Order),
    /// Takes one of the live orders out, if there is one.
    Remove(Index),
}

fn steps() -> impl Strategy<Value = (u16, Vec<Step>)> {
    ticks().prop_flat_map(|ticks| {
        let step = prop_oneof![
            3 => order(ticks, any::<u32>()).prop_map(Step::Add),
            2 => any::<Index>().prop_map(Step::Remove),
        ];
        (Just(ticks), vec(step, 0..200))
    })
}

fn run(ticks: u16, steps: &[Step]) -> (Pages, Vec<Order>) {
    let mut pages = Pages::empty(ticks);
    let mut live: Vec<Order> = Vec::new();
    for step in steps {
        match step {
            Step::Add(order) => {
                let added = pages
                    .book()
                    .add(order.side, Tick(order.tick), Wh(order.quantity));
                added.expect("it fits");
                live.push(*order);
            }
            Step::Remove(index) if !live.is_empty() => {
                let order = live.swap_remove(index.index(live.len()));
                let removed = pages
                    .book()
                    .remove(order.side, Tick(order.tick), Wh(order.quantity));
                removed.expect("it is there");
            }
            Step::Remove(_) => {}
        }
    }
    (pages, live)
}

#[test]
fn given_a_grid_when_its_blocks_are_counted_then_a_begun_block_counts() {
    let counts = [
        (0, 0),
        (1, 1),
        (64, 1),
        (65, 2),
        (128, 2),
        (8192, 128),
        (u16::MAX, 1024),
    ];
    for (ticks, blocks) in counts {
        assert_eq!(joulebook_auction::block_count(ticks), blocks);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn given_any_steps_when_done_then_the_book_is_the_one_made_from_the_live_orders(
        (ticks, steps) in steps()
    ) {
        let (pages, live) = run(ticks, &steps);
        prop_assert_eq!(pages, Pages::of(ticks, &live));
    }

    #[test]
    fn given_any_steps_when_done_then_every_block_is_the_sum_of_its_ticks((ticks, steps) in steps()) {
        let (pages, _) = run(ticks, &steps);
        prop_assert_eq!(pages.blocks.len(), pages.levels.chunks(TICKS_PER_BLOCK).len());
        for (block, levels) in pages.blocks.iter().zip(pages.levels.chunks(TICKS_PER_BLOCK)) {
            prop_assert_eq!(block.buy, levels.iter().map(|level| level.buy).sum::<u64>());
            prop_assert_eq!(block.sell, levels.iter().map(|level| level.sell).sum::<u64>());
        }
    }

    #[test]
    fn given_orders_when_added_at_once_then_the_book_is_as_if_one_by_one_up_to_the_first_off_the_grid(
        (ticks, orders) in ticks().prop_flat_map(|ticks| {
            (Just(ticks), vec(order(ticks + ticks / 8 + 1, any::<u32>()), 0..64))
        })
    ) {
        let mut one_by_one = Pages::empty(ticks);
        let mut added = Ok(());
        for order in &orders {
            added = one_by_one.book().add(order.side, Tick(order.tick), Wh(order.quantity));
            if added.is_err() {
                break;
            }
        }
        let mut at_once = Pages::empty(ticks);
        let all = orders.iter().map(|order| TickOrder {
            side: order.side,
            tick: Tick(order.tick),
            quantity: Wh(order.quantity),
        });
        prop_assert_eq!(at_once.book().add_all(all), added);
        prop_assert_eq!(at_once, one_by_one);
    }

    #[test]
    fn given_every_order_removed_again_when_done_then_the_book_is_empty((ticks, steps) in steps()) {
        let (mut pages, live) = run(ticks, &steps);
        for order in live {
            let removed = pages.book().remove(order.side, Tick(order.tick), Wh(order.quantity));
            prop_assert_eq!(removed, Ok(()));
        }
        prop_assert_eq!(pages, Pages::empty(ticks));
    }
}
