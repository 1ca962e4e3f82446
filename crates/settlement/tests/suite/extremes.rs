//! Settlement at the ends of its numbers: it answers, it does not panic.

use joulebook_settlement::{difference, ordinary_payment, Difference, Metered, Tariff, Terms};
use joulebook_units::{MilliAtoms, NetMilliAtoms, NetWh, Price, Wh};
use proptest::prelude::*;

use crate::support::{contract, net};

const HIGHEST: Tariff = Tariff {
    short: Price(i32::MAX),
    long: Price(i32::MAX),
};

fn with(imbalance: i64, true_up: i64) -> Difference {
    Difference {
        imbalance: net(imbalance),
        true_up: net(true_up),
        estimated: net(0),
    }
}

fn any_net() -> impl Strategy<Value = NetWh> {
    prop_oneof![
        any::<i64>(),
        Just(i64::MIN),
        Just(i64::MAX),
        -10..10i64,
        -i64::from(u32::MAX)..=i64::from(u32::MAX),
    ]
    .prop_map(NetWh)
}

#[test]
fn given_the_highest_of_everything_when_priced_then_it_says_none() {
    let terms = Terms {
        tariff: HIGHEST,
        grid_fee: Price(i32::MAX),
        fee_bps: 10_000,
        min_lock: Price(1),
    };
    assert_eq!(terms.all_in(Price(i32::MAX)), None);
    assert_eq!(terms.buy_lock(Wh(u32::MAX), Price(i32::MAX)), None);
    assert_eq!(terms.all_in(Price(0)), Some(Price(i32::MAX)));
    assert_eq!(terms.all_in(Price(1)), None);
    let most = u64::from(u32::MAX) * u64::from(i32::MAX.unsigned_abs());
    assert_eq!(
        terms.sell_lock(Wh(u32::MAX), Price(0)),
        Some(MilliAtoms(most))
    );
    assert_eq!(terms.sell_lock(Wh(u32::MAX), Price(-1)), None);
    assert_eq!(
        terms.sell_lock(Wh(u32::MAX), Price(i32::MAX)),
        Some(MilliAtoms(u64::from(u32::MAX)))
    );
}

#[test]
fn given_the_highest_price_without_fees_when_locked_then_it_fits() {
    let most = u64::from(u32::MAX) * u64::from(i32::MAX.unsigned_abs());
    let lock = Terms::default().buy_lock(Wh(u32::MAX), Price(i32::MAX));
    assert_eq!(lock, Some(MilliAtoms(most)));
}

#[test]
fn given_more_than_money_can_be_when_paid_then_it_says_none() {
    let most = i64::from(u32::MAX);
    let square = most * i64::from(i32::MAX);
    let payment = |imbalance, true_up| with(imbalance, true_up).payment(HIGHEST);
    assert_eq!(payment(most, 0), Some(NetMilliAtoms(square)));
    assert_eq!(payment(-most, most), Some(NetMilliAtoms::ZERO));
    assert_eq!(payment(2 * most, 0), None);
    assert_eq!(payment(most, most), None);
    assert_eq!(payment(i64::MIN, 0), None);
}

#[test]
fn given_estimates_at_the_end_of_their_range_when_more_is_estimated_then_it_says_none() {
    let missing = Metered::Missing(net(0));
    assert_eq!(difference(contract(1, 0), missing, net(i64::MAX)), None);
    assert_eq!(difference(contract(0, 1), missing, net(i64::MIN)), None);
    assert_eq!(
        difference(contract(0, 0), Metered::CaughtUp(net(0)), net(i64::MIN)),
        None
    );
    assert_eq!(
        difference(contract(0, 0), Metered::Measured(net(0)), net(i64::MIN)),
        None
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_numbers_when_settled_then_the_amount_is_exact_or_none(
        (bought, sold) in any::<(u32, u32)>(), (energy, estimated, kind) in (any_net(), any_net(), 0..3u8),
        (short, long) in (-i32::MAX..=i32::MAX, -i32::MAX..=i32::MAX)
    ) {
        let metered = match kind {
            0 => Metered::Measured(energy),
            1 => Metered::CaughtUp(energy),
            _ => Metered::Missing(energy),
        };
        let contract = contract(bought, sold);
        let Some(found) = difference(contract, metered, estimated) else { return Ok(()) };
        let tariff = Tariff { short: Price(short), long: Price(long) };
        let cost = |energy: i64| {
            i128::from(energy) * i128::from(if energy > 0 { short } else { long })
        };
        let parts = [cost(found.imbalance.0), cost(found.true_up.0)];
        match found.payment(tariff) {
            Some(payment) => prop_assert_eq!(i128::from(payment.0), parts.iter().sum()),
            None => {
                let most = i128::from(i64::MAX);
                let sum = parts.iter().sum::<i128>().abs();
                let sizes = [found.imbalance, found.true_up].map(|energy| i128::from(energy.magnitude().0));
                prop_assert!(sum > most || parts.iter().chain(&sizes).any(|part| part.abs() > most));
            }
        }
    }

    #[test]
    fn given_any_terms_when_priced_then_it_answers(
        (short, long, price) in any::<(i32, i32, i32)>(), grid_fee in 0..=i32::MAX,
        (fee_bps, quantity) in any::<(u16, u32)>()
    ) {
        let terms = Terms {
            tariff: Tariff { short: Price(short), long: Price(long) },
            grid_fee: Price(grid_fee),
            fee_bps,
            min_lock: Price(1),
        };
        let _ = (terms.buy_lock(Wh(quantity), Price(price)), terms.sell_lock(Wh(quantity), Price(price)));
        let _ = (terms.surplus(Price(price)), terms.shortfall(Price(price)), terms.market_fee(Price(price)));
    }
}

proptest! {
    /// The short way of an ordinary window leads to the same place.
    #[test]
    fn given_an_ordinary_window_when_settled_the_short_way_then_it_is_the_difference_and_its_payment(
        (bought, sold) in any::<(u32, u32)>(), (import, export) in any::<(u32, u32)>(),
        (short, long) in (-i32::MAX..=i32::MAX, -i32::MAX..=i32::MAX),
    ) {
        let tariff = Tariff { short: Price(short), long: Price(long) };
        let (import, export) = (Wh(import), Wh(export));
        let contract = contract(bought, sold);
        let metered = Metered::Measured(NetWh::between(import, export));
        let difference = difference(contract, metered, net(0)).expect("it fits");
        let fits = difference.imbalance.magnitude().0 <= u64::from(u32::MAX);
        let payment = ordinary_payment(contract, import, export, tariff);
        prop_assert_eq!(payment.is_some(), fits);
        if fits {
            prop_assert_eq!(payment, difference.payment(tariff));
        }
    }
}

#[test]
fn given_the_most_a_window_can_deviate_when_settled_the_short_way_then_it_is_left_to_the_long_way()
{
    let most = u32::MAX;
    let settle = |bought, sold, import, export| {
        ordinary_payment(contract(bought, sold), Wh(import), Wh(export), HIGHEST)
    };
    assert!(settle(0, 0, most, 0).is_some());
    assert!(settle(0, 0, 0, most).is_some());
    assert_eq!(settle(0, 1, most, 0), None);
    assert_eq!(settle(1, 0, 0, most), None);
    assert_eq!(settle(0, most, most, 0), None);
}
