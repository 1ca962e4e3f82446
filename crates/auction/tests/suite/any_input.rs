//! No input makes the engine panic, not even memory that no sequence of orders leaves behind.

use joulebook_auction::{block_count, ration, Clearing, Depth, Level, Ration, Side};
use joulebook_units::{Tick, Wh};
use proptest::{collection::vec, prelude::*};

fn energy() -> impl Strategy<Value = u64> {
    prop_oneof![3 => Just(0), 2 => 0..10u64, 1 => any::<u64>(), 1 => u64::MAX - 3..=u64::MAX]
}

fn level() -> impl Strategy<Value = Level> {
    (energy(), energy()).prop_map(|(buy, sell)| Level { buy, sell })
}

fn memory() -> impl Strategy<Value = (Vec<Level>, Vec<Level>)> {
    (1..200u16).prop_flat_map(|ticks| {
        (
            vec(level(), usize::from(ticks)),
            vec(level(), block_count(ticks)),
        )
    })
}

fn ration() -> impl Strategy<Value = Ration> {
    (energy(), energy(), energy(), energy()).prop_map(|(given, total, asked, served)| Ration {
        given,
        total,
        asked,
        served,
    })
}

fn side() -> impl Strategy<Value = Side> {
    any::<bool>().prop_map(|buys| if buys { Side::Buy } else { Side::Sell })
}

#[test]
fn given_a_ration_of_nothing_asked_when_filled_then_it_gives_nothing() {
    let mut ration = Ration {
        given: 1,
        total: 0,
        asked: 0,
        served: 0,
    };
    assert_eq!(ration::fill(&mut ration, Wh(5)), Wh(0));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_memory_when_used_as_a_book_then_it_answers(
        (levels, blocks) in memory(),
        (side, tick, quantity) in (side(), 0..256u16, any::<u32>())
    ) {
        let (mut levels, mut blocks) = (levels, blocks);
        let mut book = Depth::new(&mut levels, &mut blocks).expect("the slices belong together");
        let _ = book.clear();
        let _ = book.add(side, Tick(tick), Wh(quantity));
        let _ = book.remove(side, Tick(tick), Wh(quantity));
        if let Ok(Some(mut clearing)) = book.clear() {
            let fill = clearing.fill(side, Tick(tick), Wh(quantity));
            prop_assert!(fill.0 <= quantity);
        }
    }

    #[test]
    fn given_any_ration_when_filled_then_it_answers(
        (buys, sells) in (ration(), ration()),
        orders in vec((side(), 9..12u16, any::<u32>()), 1..8)
    ) {
        let mut clearing = Clearing {
            volume: 1,
            low: Tick(10),
            high: Tick(10),
            buys,
            sells,
        };
        for (side, tick, quantity) in orders {
            let _ = clearing.fill(side, Tick(tick), Wh(quantity));
        }
    }

    #[test]
    fn given_a_ration_that_gives_more_than_asked_when_filled_then_fills_stay_within_quantities(
        total in energy(), more in 1..1000u64, quantities in vec(any::<u32>(), 1..8)
    ) {
        let mut ration = Ration {
            given: total.saturating_add(more),
            total,
            asked: 0,
            served: 0,
        };
        for quantity in quantities {
            prop_assert!(ration::fill(&mut ration, Wh(quantity)).0 <= quantity);
        }
    }
}
