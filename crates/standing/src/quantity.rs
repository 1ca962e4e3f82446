//! How much a rule asks for.

use joulebook_layout::market::{limits::BASIS_POINTS, QuantityKind, Side, StandingRule};
use joulebook_units::{NetWh, Wh};

/// What the seat's meters drew less what they fed in, in the same window of an earlier day; `None` where not all of it is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    pub day_before: Option<NetWh>,
    pub week_before: Option<NetWh>,
}

/// What it asks for in a window that starts in this half hour of the local day; what is beyond 32 bits is as much as they hold. `None` if
/// that is a share of what is not known.
#[inline(always)]
pub fn wanted(rule: &StandingRule, side: Side, half_hour: u8, moved: &Moved) -> Option<Wh> {
    const PROFILE: u8 = QuantityKind::Profile as u8;
    const DAY_BEFORE: u8 = QuantityKind::DayBefore as u8;
    const WEEK_BEFORE: u8 = QuantityKind::WeekBefore as u8;
    match rule.quantity_kind {
        PROFILE => {
            let energy = rule.profile.get(usize::from(half_hour));
            Some(Wh(energy.copied().unwrap_or(0).into()))
        }
        DAY_BEFORE => Some(share(rule.quantity, side, moved.day_before?)),
        WEEK_BEFORE => Some(share(rule.quantity, side, moved.week_before?)),
        _ => Some(Wh(rule.quantity)),
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
