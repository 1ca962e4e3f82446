//! Sums and differences of energy.

use joulebook_units::{NetWh, Wh, WhSum};
use proptest::prelude::*;

#[test]
fn given_the_ends_of_a_sum_when_passed_then_it_says_none() {
    assert_eq!(WhSum(u64::MAX).checked_add(Wh(0)), Some(WhSum(u64::MAX)));
    assert_eq!(WhSum(u64::MAX).checked_add(Wh(1)), None);
    assert_eq!(WhSum(u64::MAX).checked_add(WhSum(u64::MAX)), None);
    assert_eq!(WhSum(0).checked_sub(Wh(1)), None);
    assert_eq!(WhSum(5).checked_sub(Wh(5)), Some(WhSum(0)));
}

#[test]
fn given_import_and_export_when_netted_then_drawing_is_positive() {
    assert_eq!(NetWh::between(Wh(700), Wh(200)), NetWh(500));
    assert_eq!(NetWh::between(Wh(200), Wh(700)), NetWh(-500));
    assert_eq!(
        NetWh::between(Wh(u32::MAX), Wh(0)),
        NetWh(i64::from(u32::MAX))
    );
    assert_eq!(
        NetWh::between(Wh(0), Wh(u32::MAX)),
        NetWh(-i64::from(u32::MAX))
    );
}

#[test]
fn given_the_ends_of_a_net_when_passed_then_it_says_none() {
    assert_eq!(NetWh(i64::MAX).checked_add(NetWh(1)), None);
    assert_eq!(NetWh(i64::MIN).checked_add(NetWh(-1)), None);
    assert_eq!(NetWh(i64::MIN).checked_sub(NetWh(1)), None);
    assert_eq!(NetWh(0).checked_sub(NetWh(i64::MIN)), None);
    assert_eq!(
        NetWh(-1).checked_sub(NetWh(i64::MIN)),
        Some(NetWh(i64::MAX))
    );
}

#[test]
fn given_the_lowest_net_when_measured_then_its_magnitude_fits() {
    assert_eq!(NetWh(i64::MIN).magnitude(), WhSum(1 << 63));
    assert_eq!(NetWh(-7).magnitude(), WhSum(7));
    assert_eq!(NetWh(7).magnitude(), WhSum(7));
}

proptest! {
    #[test]
    fn given_any_import_and_export_when_netted_then_it_is_their_difference(
        import in any::<u32>(), export in any::<u32>()
    ) {
        let net = NetWh::between(Wh(import), Wh(export));
        prop_assert_eq!(i128::from(net.0), i128::from(import) - i128::from(export));
        prop_assert_eq!(net.magnitude().0, u64::from(import.abs_diff(export)));
    }

    #[test]
    fn given_any_sum_when_added_to_and_taken_from_then_it_is_as_before(
        sum in any::<u64>(), wh in any::<u32>()
    ) {
        if let Some(more) = WhSum(sum).checked_add(Wh(wh)) {
            prop_assert_eq!(more.checked_sub(Wh(wh)), Some(WhSum(sum)));
        }
    }
}
