//! How much a rule asks for.

use joulebook_layout::market::{limits::BASIS_POINTS, QuantityKind, Side, StandingRule};
use joulebook_units::{NetWh, Wh};

/// How many days back the window lies that it takes a share of; `None` if it takes none.
#[inline(always)]
pub fn days_back(rule: &StandingRule) -> Option<i64> {
    const DAY_BEFORE: u8 = QuantityKind::DayBefore as u8;
    const WEEK_BEFORE: u8 = QuantityKind::WeekBefore as u8;
    match rule.quantity_kind {
        DAY_BEFORE => Some(1),
        WEEK_BEFORE => Some(7),
        _ => None,
    }
}

/// What it asks for in a window that starts in this half hour of the local day; what is beyond 32 bits is as much as they hold. `moved`
/// is what the seat's meters drew less what they fed in, [`days_back`]; `None` if it is a share of that and not all is known.
#[inline(always)]
pub fn wanted(rule: &StandingRule, side: Side, half_hour: u8, moved: Option<NetWh>) -> Option<Wh> {
    const FIXED: u8 = QuantityKind::Fixed as u8;
    const PROFILE: u8 = QuantityKind::Profile as u8;
    match rule.quantity_kind {
        FIXED => Some(Wh(rule.quantity)),
        PROFILE => {
            let count = rule.profile.get(usize::from(half_hour));
            let count: u32 = count.copied().unwrap_or(0).into();
            Some(Wh(count.saturating_mul(rule.quantity)))
        }
        _ => Some(share(rule.quantity, side, moved?)),
    }
}

/// `basis_points` of what was drawn, for a buy, or fed in; rounded down.
#[inline(always)]
fn share(basis_points: u32, side: Side, net: NetWh) -> Wh {
    let moved = match side {
        Side::Buy => net.0,
        Side::Sell => net.0.saturating_neg(),
    };
    // A share of 64 bits would need 128; nobody orders more than 32.
    let moved = u32::try_from(moved.max(0)).unwrap_or(u32::MAX);
    let product = u64::from(moved).wrapping_mul(basis_points.into());
    let share = product.checked_div(BASIS_POINTS.into()).unwrap_or(0);
    Wh(u32::try_from(share).unwrap_or(u32::MAX))
}
