//! In which windows a rule is due.

use joulebook_layout::market::StandingRule;
use joulebook_units::{LocalTime, UnixTime};

use crate::entry::names;

/// Whether it orders something for the window that starts at `start`, which is `local` by the community's clocks.
#[inline(always)]
pub fn is_due(rule: &StandingRule, start: UnixTime, local: LocalTime) -> bool {
    let weekday = rule.weekdays.checked_shr(local.weekday.into()).unwrap_or(0);
    start.0 < rule.valid_until && weekday & 1 == 1 && names(rule.half_hours, local.half_hour)
}
