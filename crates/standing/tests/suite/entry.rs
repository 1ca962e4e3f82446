use joulebook_layout::market::{LimitKind, QuantityKind, StandingRule};
use joulebook_standing::{check_entry, Fault};
use proptest::prelude::*;

use crate::support::{rule, NOW};

type Change = fn(&mut StandingRule);

#[test]
fn given_rules_that_can_order_something_when_entered_then_they_are_taken() {
    let changes: [Change; 7] = [
        |_| (),
        |rule| rule.side = 1,
        |rule| rule.limit_kind = LimitKind::Short as u8,
        |rule| (rule.quantity_kind, rule.quantity) = (QuantityKind::DayBefore as u8, 10_000),
        |rule| (rule.quantity_kind, rule.quantity) = (QuantityKind::WeekBefore as u8, 1),
        |rule| {
            (rule.quantity_kind, rule.quantity) = (QuantityKind::Profile as u8, 1);
            rule.profile[47] = 1;
        },
        |rule| (rule.weekdays, rule.half_hours, rule.limit) = (1, 1 << 47, i32::MIN),
    ];
    for change in changes {
        let mut rule = rule();
        change(&mut rule);
        assert_eq!(check_entry(&rule, NOW), Ok(()), "{rule:?}");
    }
}

#[test]
fn given_codes_and_bits_that_mean_nothing_when_entered_then_the_rule_is_malformed() {
    let changes: [Change; 9] = [
        |rule| rule.side = 2,
        |rule| rule.node = 1,
        |rule| rule.limit_kind = 3,
        |rule| rule.quantity_kind = 4,
        |rule| rule.half_hours |= 1 << 48,
        |rule| rule.weekdays |= 1 << 7,
        |rule| rule.reserved[4] = 1,
        // More than all that was moved.
        |rule| (rule.quantity_kind, rule.quantity) = (QuantityKind::DayBefore as u8, 10_001),
        // A profile of a rule that has none.
        |rule| rule.profile[0] = 1,
    ];
    for change in changes {
        let mut rule = rule();
        change(&mut rule);
        assert_eq!(check_entry(&rule, NOW), Err(Fault::Malformed), "{rule:?}");
    }
}

#[test]
fn given_rules_that_order_nothing_when_entered_then_they_are_never_due() {
    let changes: [Change; 11] = [
        |rule| rule.half_hours = 0,
        |rule| rule.weekdays = 0,
        |rule| rule.valid_until = NOW.0,
        |rule| rule.valid_until = i64::MIN,
        |rule| rule.lock_cap = 0,
        |rule| rule.unit_lock_cap = 0,
        |rule| rule.unit_lock_cap = -1,
        |rule| rule.energy_cap = 0,
        |rule| rule.quantity = 0,
        // Of a half hour that it does not name, and so many times nothing.
        |rule| {
            rule.quantity_kind = QuantityKind::Profile as u8;
            (rule.half_hours, rule.profile[3]) = (1 << 2, 500);
        },
        |rule| {
            (rule.quantity_kind, rule.quantity) = (QuantityKind::Profile as u8, 0);
            rule.profile[3] = 500;
        },
    ];
    for change in changes {
        let mut rule = rule();
        change(&mut rule);
        assert_eq!(check_entry(&rule, NOW), Err(Fault::NeverDue), "{rule:?}");
    }
}

proptest! {
    #[test]
    fn given_any_bytes_when_entered_then_it_answers(bytes in any::<[[u8; 8]; 19]>()) {
        let rule: StandingRule = bytemuck::cast(bytes);
        let _ = check_entry(&rule, NOW);
    }
}
