//! Whether a rule can ever order anything.

use joulebook_layout::market::{
    limits::{BASIS_POINTS, HALF_HOURS_PER_DAY, NODES},
    LimitKind, QuantityKind, Side, StandingRule,
};
use joulebook_units::UnixTime;

const ALL_HALF_HOURS: u64 = (1 << HALF_HOURS_PER_DAY) - 1;
const ALL_WEEKDAYS: u8 = 0b0111_1111;

/// What is wrong with a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// A code, a bit or a share that means nothing, or a profile with a rule of another kind.
    Malformed,
    /// It names no window, or orders nothing in those that it names.
    NeverDue,
}

/// Looks whether a rule that is entered `now` says something, and can order something in some window. Whether prices, connections
/// and money will do is seen then.
///
/// # Errors
/// The first [`Fault`] that it has.
pub fn check_entry(rule: &StandingRule, now: UnixTime) -> Result<(), Fault> {
    let is_known = Side::from_byte(rule.side).is_some()
        && rule.node < NODES
        && LimitKind::from_byte(rule.limit_kind).is_some()
        && rule.half_hours & !ALL_HALF_HOURS == 0
        && rule.weekdays & !ALL_WEEKDAYS == 0
        && rule.reserved == [0; 5];
    let Some(kind) = QuantityKind::from_byte(rule.quantity_kind).filter(|_| is_known) else {
        return Err(Fault::Malformed);
    };
    let is_profile = kind == QuantityKind::Profile;
    let is_share = matches!(kind, QuantityKind::DayBefore | QuantityKind::WeekBefore);
    if (!is_profile && rule.profile != [0; HALF_HOURS_PER_DAY as usize])
        || (is_share && rule.quantity > BASIS_POINTS)
    {
        return Err(Fault::Malformed);
    }
    let mut half_hours = (0u8..).zip(rule.profile);
    let orders_something = rule.quantity > 0
        && (!is_profile
            || half_hours.any(|(half_hour, count)| count > 0 && names(rule.half_hours, half_hour)));
    let is_due = rule.half_hours != 0
        && rule.weekdays != 0
        && rule.valid_until > now.0
        && rule.lock_cap > 0
        && rule.unit_lock_cap > 0
        && rule.energy_cap > 0;
    if orders_something && is_due {
        Ok(())
    } else {
        Err(Fault::NeverDue)
    }
}

/// Whether the bit of a half hour is set.
#[inline(always)]
pub(crate) fn names(half_hours: u64, half_hour: u8) -> bool {
    half_hours.checked_shr(half_hour.into()).unwrap_or(0) & 1 == 1
}
