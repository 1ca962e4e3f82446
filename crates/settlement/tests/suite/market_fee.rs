//! The market fee, a whole number of atoms per kWh, rounded up.

use joulebook_settlement::Terms;
use joulebook_units::Price;
use proptest::prelude::*;

fn fee(fee_bps: u16, price: i32) -> i32 {
    let terms = Terms {
        fee_bps,
        ..Terms::default()
    };
    terms.market_fee(Price(price)).0
}

#[test]
fn given_no_fee_or_no_price_when_asked_then_it_is_nothing() {
    assert_eq!(fee(0, i32::MAX), 0);
    assert_eq!(fee(10_000, 0), 0);
}

#[test]
fn given_a_price_below_zero_when_asked_then_there_is_no_fee() {
    assert_eq!(fee(10_000, -1), 0);
    assert_eq!(fee(10_000, i32::MIN), 0);
}

#[test]
fn given_a_part_of_an_atom_when_asked_then_it_is_rounded_up() {
    assert_eq!(fee(1, 1), 1);
    assert_eq!(fee(1, 10_000), 1);
    assert_eq!(fee(1, 10_001), 2);
    assert_eq!(fee(50, 250_000), 1_250);
    assert_eq!(fee(50, 250_001), 1_251);
    assert_eq!(fee(9_999, 1), 1);
}

#[test]
fn given_all_of_the_price_when_asked_then_it_is_the_price() {
    assert_eq!(fee(10_000, i32::MAX), i32::MAX);
    assert_eq!(fee(10_000, 7), 7);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1024))]

    #[test]
    fn given_any_price_and_fee_when_asked_then_it_is_less_than_an_atom_above_the_exact_fee(
        price in 0..=i32::MAX, fee_bps in 0..=10_000u16
    ) {
        let exact = i64::from(price) * i64::from(fee_bps);
        let charged = i64::from(fee(fee_bps, price)) * 10_000;
        prop_assert!(exact <= charged && charged < exact + 10_000);
    }

    #[test]
    fn given_two_prices_when_asked_then_the_higher_never_costs_less(
        (one, other) in any::<(i32, i32)>(), fee_bps in 0..=10_000u16
    ) {
        prop_assert!(fee(fee_bps, one.min(other)) <= fee(fee_bps, one.max(other)));
    }
}
