use joulebook_layout::market::{QuantityKind, Side};
use joulebook_standing::{wanted, Moved};
use joulebook_units::{NetWh, Wh};
use proptest::prelude::*;

use crate::support::rule;

fn asked(kind: QuantityKind, quantity: u32, side: Side, moved: &Moved) -> Option<u32> {
    let mut rule = rule();
    (rule.quantity_kind, rule.quantity) = (kind as u8, quantity);
    rule.profile[5] = 321;
    wanted(&rule, side, 5, moved).map(|Wh(energy)| energy)
}

#[test]
fn given_each_kind_of_quantity_when_asked_then_it_is_that() {
    let moved = Moved {
        day_before: Some(NetWh(1_001)),
        week_before: Some(NetWh(-500)),
    };
    use QuantityKind::{DayBefore, Fixed, Profile, WeekBefore};
    for (kind, quantity, side, expected) in [
        (Fixed, 100, Side::Buy, 100),
        (Profile, 0, Side::Sell, 321),
        (DayBefore, 10_000, Side::Buy, 1_001),
        // Half of it, rounded down.
        (DayBefore, 5_000, Side::Buy, 500),
        // It fed nothing in.
        (DayBefore, 10_000, Side::Sell, 0),
        (WeekBefore, 10_000, Side::Sell, 500),
        (WeekBefore, 10_000, Side::Buy, 0),
    ] {
        assert_eq!(
            asked(kind, quantity, side, &moved),
            Some(expected),
            "{kind:?}"
        );
    }
}

#[test]
fn given_values_that_are_missing_when_a_share_of_them_is_asked_for_then_it_is_not_known() {
    let known = Some(NetWh(1));
    for (day_before, week_before) in [(None, known), (known, None), (None, None)] {
        let moved = Moved {
            day_before,
            week_before,
        };
        let day = asked(QuantityKind::DayBefore, 10_000, Side::Buy, &moved);
        assert_eq!(day, day_before.map(|_| 1));
        let week = asked(QuantityKind::WeekBefore, 10_000, Side::Buy, &moved);
        assert_eq!(week, week_before.map(|_| 1));
        assert_eq!(asked(QuantityKind::Fixed, 9, Side::Buy, &moved), Some(9));
    }
}

proptest! {
    #[test]
    fn given_any_energy_when_a_share_is_asked_for_then_it_is_that_rounded_down(
        net in any::<i64>(), share in 0..=10_000u32
    ) {
        let moved = Moved { day_before: Some(NetWh(net)), week_before: None };
        for (side, drawn) in [(Side::Buy, i128::from(net)), (Side::Sell, -i128::from(net))] {
            let drawn = drawn.clamp(0, u32::MAX.into());
            let expected = drawn * i128::from(share) / 10_000;
            let found = asked(QuantityKind::DayBefore, share, side, &moved);
            prop_assert_eq!(found.map(i128::from), Some(expected));
        }
    }
}
