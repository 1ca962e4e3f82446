use joulebook_layout::market::{QuantityKind, Side};
use joulebook_standing::{days_back, wanted};
use joulebook_units::{NetWh, Wh};
use proptest::prelude::*;

use crate::support::rule;

fn asked(kind: QuantityKind, quantity: u32, side: Side, moved: Option<i64>) -> Option<u32> {
    let mut rule = rule();
    (rule.quantity_kind, rule.quantity) = (kind as u8, quantity);
    rule.profile[5] = 321;
    wanted(&rule, side, 5, moved.map(NetWh)).map(|Wh(energy)| energy)
}

#[test]
fn given_each_kind_of_quantity_when_asked_then_it_is_that() {
    use QuantityKind::{DayBefore, Fixed, Profile, WeekBefore};
    for (kind, quantity, side, moved, expected) in [
        (Fixed, 100, Side::Buy, 7, 100),
        (Profile, 1, Side::Sell, 7, 321),
        (Profile, 1_000, Side::Buy, 7, 321_000),
        // As much as an order holds.
        (Profile, u32::MAX, Side::Buy, 7, u32::MAX),
        (DayBefore, 10_000, Side::Buy, 1_001, 1_001),
        // Half of it, rounded down.
        (DayBefore, 5_000, Side::Buy, 1_001, 500),
        // It fed nothing in.
        (DayBefore, 10_000, Side::Sell, 1_001, 0),
        (WeekBefore, 10_000, Side::Sell, -500, 500),
        (WeekBefore, 10_000, Side::Buy, -500, 0),
    ] {
        let found = asked(kind, quantity, side, Some(moved));
        assert_eq!(found, Some(expected), "{kind:?}");
    }
}

#[test]
fn given_values_that_are_missing_when_a_share_of_them_is_asked_for_then_it_is_not_known() {
    use QuantityKind::{DayBefore, Fixed, Profile, WeekBefore};
    for (kind, expected) in [
        (DayBefore, None),
        (WeekBefore, None),
        (Fixed, Some(9)),
        (Profile, Some(9 * 321)),
    ] {
        assert_eq!(asked(kind, 9, Side::Buy, None), expected, "{kind:?}");
    }
}

#[test]
fn given_a_share_when_it_is_looked_up_then_it_is_of_a_day_or_a_week_before() {
    use QuantityKind::{DayBefore, Fixed, Profile, WeekBefore};
    for (kind, expected) in [
        (DayBefore, Some(1)),
        (WeekBefore, Some(7)),
        (Fixed, None),
        (Profile, None),
    ] {
        let mut rule = rule();
        rule.quantity_kind = kind as u8;
        assert_eq!(days_back(&rule), expected, "{kind:?}");
    }
}

proptest! {
    #[test]
    fn given_any_energy_when_a_share_is_asked_for_then_it_is_that_rounded_down(
        net in any::<i64>(), share in 0..=10_000u32
    ) {
        for (side, drawn) in [(Side::Buy, i128::from(net)), (Side::Sell, -i128::from(net))] {
            let drawn = drawn.clamp(0, u32::MAX.into());
            let expected = drawn * i128::from(share) / 10_000;
            let found = asked(QuantityKind::DayBefore, share, side, Some(net));
            prop_assert_eq!(found.map(i128::from), Some(expected));
        }
    }
}
