//! In which windows a rule is due.

use joulebook_layout::market::StandingRule;
use joulebook_units::UnixTime;

use crate::entry::names;

/// Whether it orders something for the window that starts at `start`, which is in that half hour of that weekday by the
/// community's clocks.
#[inline(always)]
pub fn is_due(rule: &StandingRule, start: UnixTime, weekday: u8, half_hour: u8) -> bool {
    let weekday = rule.weekdays.checked_shr(weekday.into()).unwrap_or(0);
    start.0 < rule.valid_until && weekday & 1 == 1 && names(rule.half_hours, half_hour)
}
