//! Power over time is energy.

use joulebook_units::{Seconds, Watts, WhSum};
use proptest::prelude::*;

#[test]
fn given_a_kilowatt_when_it_flows_five_minutes_then_it_moves_83_watt_hours_and_no_part() {
    assert_eq!(Watts(1000).over(Seconds(300)), WhSum(83));
    assert_eq!(Watts(1000).over(Seconds(3600)), WhSum(1000));
    assert_eq!(Watts(1).over(Seconds(3599)), WhSum(0));
}

#[test]
fn given_no_time_or_time_gone_backwards_when_asked_then_nothing_moves() {
    for seconds in [0, -1, i64::MIN] {
        assert_eq!(Watts(u32::MAX).over(Seconds(seconds)), WhSum(0));
    }
}

#[test]
fn given_a_time_whose_watt_seconds_pass_64_bits_when_asked_then_the_energy_is_still_exact() {
    // 200 years at 2³² − 1 W.
    let seconds = 200 * 365 * 86_400;
    assert_eq!(
        Watts(u32::MAX).over(Seconds(seconds)),
        WhSum(u64::from(u32::MAX) * 200 * 365 * 24)
    );
}

#[test]
fn given_more_energy_than_64_bits_hold_when_asked_then_it_is_the_most_there_is() {
    assert_eq!(Watts(u32::MAX).over(Seconds(i64::MAX)), WhSum(u64::MAX));
}

proptest! {
    #[test]
    fn given_any_power_and_time_when_asked_then_the_energy_is_exact_and_rounded_down(
        watts in any::<u32>(), seconds in prop_oneof![any::<i64>(), 0..100_000i64]
    ) {
        let exact = u128::from(watts) * u128::try_from(seconds).unwrap_or(0) / 3600;
        let expected = u64::try_from(exact).unwrap_or(u64::MAX);
        prop_assert_eq!(Watts(watts).over(Seconds(seconds)), WhSum(expected));
    }
}
