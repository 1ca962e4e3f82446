//! Settlement at the ends of its numbers: it answers, it does not panic.

use joulebook_settlement::{difference, ordinary_payment, Difference, Metered, Tariff, Terms};
use joulebook_units::{MilliAtoms, NetWh, Price, Wh};
use proptest::prelude::*;

use crate::support::{contract, net};

const HIGHEST: Tariff = Tariff {
    short: Price(u32::MAX),
    long: Price(u32::MAX),
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
        grid_fee: Price(u32::MAX),
        fee_bps: u16::MAX,
    };
    assert_eq!(terms.all_in(Price(u32::MAX)), None);
    assert_eq!(terms.buy_lock(Wh(u32::MAX), Price(u32::MAX)), None);
    assert_eq!(terms.all_in(Price(0)), Some(Price(u32::MAX)));
    assert_eq!(terms.all_in(Price(1)), None);
    let most = u64::from(u32::MAX);
    assert_eq!(
        terms.sell_lock(Wh(u32::MAX), Price(0)),
        MilliAtoms(most * most)
    );
    assert_eq!(
        terms.sell_lock(Wh(u32::MAX), Price(u32::MAX)),
        MilliAtoms::ZERO
    );
}

#[test]
fn given_the_highest_price_without_fees_when_locked_then_it_fits() {
    let most = u64::from(u32::MAX);
    let lock = Terms::default().buy_lock(Wh(u32::MAX), Price(u32::MAX));
    assert_eq!(lock, Some(MilliAtoms(most * most)));
}

#[test]
fn given_more_than_money_can_be_when_paid_then_it_is_the_most_it_can_be() {
    let most = i64::from(u32::MAX);
    let all = MilliAtoms(u64::MAX);
    let square = MilliAtoms(u64::from(u32::MAX) * u64::from(u32::MAX));
    let pays = |imbalance, true_up| with(imbalance, true_up).payment(HIGHEST).seat_pays;
    let receives = |imbalance, true_up| with(imbalance, true_up).payment(HIGHEST).seat_receives;
    assert_eq!(
        (pays(most, 0), receives(most, 0)),
        (square, MilliAtoms::ZERO)
    );
    assert_eq!((pays(-most, most), receives(-most, most)), (square, square));
    assert_eq!(
        (pays(2 * most, 0), receives(2 * most, 0)),
        (all, MilliAtoms::ZERO)
    );
    assert_eq!((pays(most, most), receives(-most, -most)), (all, all));
}

#[test]
fn given_the_lowest_net_when_paid_then_its_size_is_taken_without_a_panic() {
    let one = Tariff {
        short: Price(1),
        long: Price(1),
    };
    let payment = with(i64::MIN, 0).payment(one);
    assert_eq!(payment.seat_receives, MilliAtoms(1 << 63));
    let payment = with(i64::MIN, i64::MIN).payment(one);
    assert_eq!(payment.seat_receives, MilliAtoms(u64::MAX));
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
    fn given_any_numbers_when_settled_then_the_amounts_are_exact_or_the_most_there_is(
        (bought, sold) in any::<(u32, u32)>(), (energy, estimated, kind) in (any_net(), any_net(), 0..3u8),
        (short, long) in any::<(u32, u32)>()
    ) {
        let metered = match kind {
            0 => Metered::Measured(energy),
            1 => Metered::CaughtUp(energy),
            _ => Metered::Missing(energy),
        };
        let contract = contract(bought, sold);
        let Some(found) = difference(contract, metered, estimated) else { return Ok(()) };
        let tariff = Tariff { short: Price(short), long: Price(long) };
        let amounts = |energy: i64, short: u32, long: u32| {
            let size = u128::from(energy.unsigned_abs());
            match energy > 0 {
                true => (size * u128::from(short), 0),
                false => (0, size * u128::from(long)),
            }
        };
        let first = amounts(found.imbalance.0, short, long);
        let second = amounts(found.true_up.0, short, long);
        let most = u128::from(u64::MAX);
        let exact = (first.0 + second.0, first.1 + second.1);
        let payment = found.payment(tariff);
        let found = (u128::from(payment.seat_pays.0), u128::from(payment.seat_receives.0));
        prop_assert_eq!(found, (exact.0.min(most), exact.1.min(most)));
    }

    #[test]
    fn given_any_terms_when_priced_then_it_answers(
        (short, grid_fee, price, quantity) in any::<(u32, u32, u32, u32)>(), fee_bps in any::<u16>()
    ) {
        let terms = Terms {
            tariff: Tariff { short: Price(short), long: Price(0) },
            grid_fee: Price(grid_fee),
            fee_bps,
        };
        let lock = terms.buy_lock(Wh(quantity), Price(price));
        prop_assert_eq!(lock.is_some(), terms.all_in(Price(price)).is_some());
        let _ = terms.sell_lock(Wh(quantity), Price(price));
    }
}

proptest! {
    /// The short way of an ordinary window leads to the same place.
    #[test]
    fn given_an_ordinary_window_when_settled_the_short_way_then_it_is_the_difference_and_its_payment(
        (bought, sold) in any::<(u32, u32)>(), (import, export) in any::<(u32, u32)>(),
        (short, long) in any::<(u32, u32)>(),
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
            prop_assert_eq!(payment, Some(difference.payment(tariff)));
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
