//! Any numbers, against the model.

use joulebook_settlement::{
    position::{self, Due, Flow},
    Contract, PageSilence, Silence, Tariff, Terms,
};
use joulebook_units::{MilliAtoms, NetMilliAtoms, NetWh, Price, Wh, WhSum};
use proptest::{collection::vec, prelude::*};

use crate::{
    model,
    support::{any_terms, contract},
};

/// Of any length, and the ends.
fn any_i64() -> impl Strategy<Value = i64> {
    prop_oneof![
        any::<i64>(),
        (any::<i64>(), 0..64u32).prop_map(|(number, shift)| number >> shift),
        Just(i64::MIN),
        Just(i64::MAX),
        -10..10i64,
        -i64::from(u32::MAX) - 2..=i64::from(u32::MAX) + 2,
    ]
}

fn any_u64() -> impl Strategy<Value = u64> {
    prop_oneof![
        any::<u64>(),
        (any::<u64>(), 0..64u32).prop_map(|(number, shift)| number >> shift),
        Just(u64::MAX),
        u64::from(u32::MAX) - 2..=u64::from(u32::MAX) + 2,
        i64::MAX as u64 - 2..=i64::MAX as u64 + 2,
        0..10u64,
    ]
}

fn any_u32() -> impl Strategy<Value = u32> {
    prop_oneof![any::<u32>(), Just(u32::MAX), 0..10u32]
}

fn any_price() -> impl Strategy<Value = Price> {
    let number = prop_oneof![
        any::<i32>(),
        Just(i32::MIN),
        Just(i32::MAX),
        -10..10i32,
        -1_000_000..1_000_000i32,
    ];
    number.prop_map(Price)
}

/// Prices in order or not: the amount is exact all the same.
fn any_tariff() -> impl Strategy<Value = Tariff> {
    (any_price(), any_price()).prop_map(|(short, long)| Tariff { short, long })
}

fn any_contract() -> impl Strategy<Value = Contract> {
    (any_u32(), any_u32()).prop_map(|(bought, sold)| contract(bought, sold))
}

fn any_flow() -> impl Strategy<Value = Flow> {
    (any::<bool>(), any_i64()).prop_map(|(is_whole, net)| {
        if is_whole {
            Flow::Whole(NetWh(net))
        } else {
            Flow::Partial(NetWh(net))
        }
    })
}

/// Terms of a market, and those at the ends of their numbers.
fn widest_terms() -> impl Strategy<Value = Terms> {
    let ends = (
        any_tariff(),
        prop_oneof![Just(0), Just(i32::MAX), 0..=i32::MAX],
        prop_oneof![Just(0), Just(10_000u16), 0..=10_000u16],
        prop_oneof![Just(0), Just(1), Just(i32::MAX), 0..=i32::MAX],
    );
    let ends = ends.prop_map(|(tariff, grid_fee, fee_bps, min_lock)| Terms {
        tariff,
        grid_fee: Price(grid_fee),
        fee_bps,
        min_lock: Price(min_lock),
    });
    prop_oneof![any_terms(), ends]
}

/// What a window keeps back is not below zero.
fn any_owed() -> impl Strategy<Value = i64> {
    any_i64().prop_map(|owed| owed.checked_abs().unwrap_or(i64::MAX))
}

fn any_windows() -> impl Strategy<Value = Vec<(Tariff, i64)>> {
    vec((any_tariff(), any_owed()), 0..8)
}

fn silence_of(windows: &[(Tariff, i64)]) -> Silence {
    let mut silence = Silence::default();
    for (tariff, owed) in windows {
        silence.extend(*tariff, NetMilliAtoms(*owed));
    }
    silence
}

fn numbers(due: Due) -> model::Due {
    (due.pays.0.into(), due.is_confirmed, due.owed.0.into())
}

fn amount(amount: NetMilliAtoms) -> i128 {
    amount.0.into()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn given_any_deviation_when_priced_then_the_amount_is_exact_up_to_32_bits(
        deviation in any_i64(), tariff in any_tariff()
    ) {
        let found = position::cost(NetWh(deviation), tariff);
        prop_assert_eq!(amount(found), model::cost(deviation.into(), tariff));
    }

    #[test]
    fn given_any_position_when_due_then_the_amounts_are_exact(
        contract in any_contract(), flow in any_flow(), tariff in any_tariff(), draw in any_u32()
    ) {
        let draw = Wh(draw);
        let found = position::due(contract, flow, tariff, draw);
        prop_assert_eq!(numbers(found), model::due(contract, flow, tariff, draw));
        let found = position::final_due(contract, flow, tariff, draw);
        prop_assert_eq!(numbers(found), model::final_due(contract, flow, tariff, draw));
    }

    #[test]
    fn given_any_windows_when_silent_then_it_knows_their_prices_and_what_is_owed(
        windows in any_windows(), (import, export) in (any_u64(), any_u64())
    ) {
        let silence = silence_of(&windows);
        let model = model::Silence(windows);
        let expected = Silence {
            windows: u32::try_from(model.0.len()).expect("a few"),
            dearest: Price(model.dearest()),
            lowest: Price(model.lowest()),
            owed: NetMilliAtoms(i64::try_from(model.owed()).expect("the most at most")),
        };
        prop_assert_eq!(silence, expected);
        let cost = silence.cost(WhSum(import), WhSum(export));
        prop_assert_eq!(amount(cost), model.cost(import, export));
    }

    #[test]
    fn given_any_page_when_finished_then_what_is_paid_and_what_goes_on_is_what_the_model_says(
        before in any_windows(), windows in vec((0..8u16, any_tariff(), any_owed()), 0..8),
        heard_windows in prop::option::of(0..9u16), (import, export) in (any_u64(), any_u64()), page in any_tariff()
    ) {
        let mut silence = PageSilence::new(silence_of(&before), heard_windows);
        for (number, tariff, owed) in &windows {
            silence.extend(*number, *tariff, NetMilliAtoms(*owed));
        }
        let model = model::PageSilence { silence: model::Silence(before), heard_windows, windows };
        let (pays, goes_on) = silence.finish(WhSum(import), WhSum(export), page);
        let (expected, model) = model.finish(import, export, page);
        prop_assert_eq!(amount(pays), expected);
        prop_assert_eq!(goes_on, silence_of(&model.0));
    }

    #[test]
    fn given_any_terms_when_priced_then_the_amounts_are_exact_or_none(
        terms in widest_terms(), price in any_price(), quantity in any_u32()
    ) {
        let number = |price: Price| i128::from(price.0);
        prop_assert_eq!(number(terms.market_fee(price)), model::market_fee(&terms, price));
        prop_assert_eq!(terms.all_in(price).map(number), model::all_in(&terms, price));
        prop_assert_eq!(terms.shortfall(price).map(number), model::shortfall(&terms, price));
        prop_assert_eq!(terms.surplus(price).map(number), model::surplus(&terms, price));
        let quantity = Wh(quantity);
        let number = |lock: MilliAtoms| i128::from(lock.0);
        let (buy, sell) = (terms.buy_lock(quantity, price), terms.sell_lock(quantity, price));
        prop_assert_eq!(buy.map(number), model::buy_lock(&terms, quantity, price));
        prop_assert_eq!(sell.map(number), model::sell_lock(&terms, quantity, price));
        let locks = terms.locks();
        prop_assert_eq!(locks.buy(quantity, price), buy);
        prop_assert_eq!(locks.sell(quantity, price), sell);
    }

    /// A fee that no market has.
    #[test]
    fn given_a_fee_above_all_of_the_price_when_priced_then_it_answers(
        terms in any_terms(), fee_bps in 10_001..=u16::MAX, (price, quantity) in (any_price(), any_u32())
    ) {
        let terms = Terms { fee_bps, ..terms };
        let lock = terms.buy_lock(Wh(quantity), price);
        let without = Terms { fee_bps: 0, ..terms }.buy_lock(Wh(quantity), price);
        // A higher fee never locks less; none is beyond a price where that with the fee is not.
        prop_assert!(lock.is_none_or(|lock| without.is_some_and(|without| without <= lock)));
        prop_assert!(terms.all_in(price).is_none_or(|all_in| all_in >= terms.grid_fee));
    }
}
