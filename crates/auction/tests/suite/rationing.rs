//! Pro rata by cumulative rounding.

use joulebook_auction::{ration, Ration};
use joulebook_units::Wh;
use proptest::{collection::vec, prelude::*};

fn shares(given: u64, quantities: &[u32]) -> Vec<u32> {
    let total = quantities.iter().map(|quantity| u64::from(*quantity)).sum();
    let mut ration = ration::new(given, total);
    quantities
        .iter()
        .map(|quantity| ration::fill(&mut ration, Wh(*quantity)).0)
        .collect()
}

/// Quantities and how much of their sum is there.
fn shortage(quantity: u32) -> impl Strategy<Value = (u64, Vec<u32>)> {
    vec(0..=quantity, 1..64).prop_flat_map(|quantities| {
        let total: u64 = quantities.iter().map(|quantity| u64::from(*quantity)).sum();
        (0..=total, Just(quantities))
    })
}

fn check(given: u64, quantities: &[u32]) -> Result<(), TestCaseError> {
    let total: u128 = quantities
        .iter()
        .map(|quantity| u128::from(*quantity))
        .sum();
    let given = u128::from(given);
    let mut cum = 0u128;
    for (quantity, fill) in quantities.iter().zip(shares(given as u64, quantities)) {
        let (quantity, fill) = (u128::from(*quantity), u128::from(fill));
        let rounded = |cum: u128| cum * given / total.max(1);
        prop_assert_eq!(fill, rounded(cum + quantity) - rounded(cum));
        // Within 1 Wh of quantity · given / total, compared without dividing.
        prop_assert!((fill * total).abs_diff(quantity * given) < total.max(1));
        prop_assert!(fill <= quantity);
        cum += quantity;
    }
    let sum: u128 = shares(given as u64, quantities)
        .iter()
        .map(|fill| u128::from(*fill))
        .sum();
    prop_assert_eq!(sum, given);
    Ok(())
}

#[test]
fn given_half_of_what_three_ask_when_rationed_then_the_odd_watt_hour_goes_to_the_last() {
    assert_eq!(shares(1, &[1, 1]), [0, 1]);
    assert_eq!(shares(50, &[33, 33, 34]), [16, 17, 17]);
}

#[test]
fn given_all_that_is_asked_when_rationed_then_everyone_is_filled() {
    assert_eq!(shares(10, &[3, 7, 0]), [3, 7, 0]);
}

#[test]
fn given_nothing_when_rationed_then_nobody_is_filled() {
    assert_eq!(shares(0, &[3, 7]), [0, 0]);
    assert_eq!(shares(0, &[]), Vec::<u32>::new());
}

#[test]
fn given_more_than_is_asked_when_made_then_no_more_than_asked_is_given() {
    let mut ration = ration::new(100, 10);
    assert_eq!(ration.given, 10);
    assert_eq!(ration::fill(&mut ration, Wh(10)), Wh(10));
}

#[test]
fn given_an_order_beyond_the_total_when_filled_then_it_gets_what_is_left() {
    for given in [4, 10] {
        let mut ration = ration::new(given, 10);
        let before_last = ration::fill(&mut ration, Wh(10));
        assert_eq!(u64::from(before_last.0), given);
        assert_eq!(ration::fill(&mut ration, Wh(u32::MAX)), Wh(0));
        assert_eq!(ration.served, given);
    }
}

#[test]
fn given_sums_over_64_bits_when_rationed_then_the_shares_are_exact() {
    // Four orders of 2³² − 1 Wh for half of their sum: the products need 66 bits.
    let all = [u32::MAX; 4];
    let half = 2 * u64::from(u32::MAX);
    assert_eq!(
        shares(half, &all),
        [
            u32::MAX / 2,
            u32::MAX / 2 + 1,
            u32::MAX / 2,
            u32::MAX / 2 + 1
        ]
    );
}

#[test]
fn given_a_ration_kept_between_two_calls_when_resumed_then_the_fills_go_on() {
    let quantities = [7, 11, 13, 17, 19];
    let total = quantities.iter().map(|quantity| u64::from(*quantity)).sum();
    let mut first = ration::new(31, total);
    let mut fills: Vec<u32> = quantities[..2]
        .iter()
        .map(|q| ration::fill(&mut first, Wh(*q)).0)
        .collect();
    let mut second = Ration {
        given: first.given,
        total: first.total,
        asked: first.asked,
        served: first.served,
    };
    fills.extend(
        quantities[2..]
            .iter()
            .map(|q| ration::fill(&mut second, Wh(*q)).0),
    );
    assert_eq!(fills, shares(31, &quantities));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn given_any_shortage_when_rationed_then_shares_are_exact_and_within_one(
        (given, quantities) in shortage(50_000)
    ) {
        check(given, &quantities)?;
    }

    #[test]
    fn given_a_shortage_of_gigawatt_hours_when_rationed_then_shares_are_exact_and_within_one(
        (given, quantities) in shortage(u32::MAX)
    ) {
        check(given, &quantities)?;
    }

    #[test]
    fn given_equal_orders_when_rationed_then_they_differ_by_at_most_one(
        quantity in 1..10_000u32, count in 1..200usize, tenths in 0..=10u64
    ) {
        let given = u64::from(quantity) * count as u64 * tenths / 10;
        let shares = shares(given, &vec![quantity; count]);
        let (least, most) = (shares.iter().min(), shares.iter().max());
        prop_assert!(most.unwrap_or(&0) - least.unwrap_or(&0) <= 1);
    }
}
