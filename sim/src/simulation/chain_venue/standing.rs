//! Standing orders as the market takes them.

use joulebook_auction::Side;
use joulebook_client::{
    layout::market::{self, LimitKind, QuantityKind, StandingRule},
    market::types::StandingEntry,
};

use joulebook_strategy::{Limit, StandingOrder, ENTERED, HALF_HOURS};
use joulebook_units::Wh;

const ALL_HALF_HOURS: u64 = (1 << HALF_HOURS) - 1;
const ALL_WEEKDAYS: u8 = 0b0111_1111;

/// In the places in which a household has them; nothing where it has none.
pub fn entries(orders: &[Option<StandingOrder>; ENTERED]) -> Vec<StandingEntry> {
    let places = (0u8..).zip(orders);
    places
        .map(|(place, order)| StandingEntry {
            place,
            rule: order.as_ref().map(rule),
        })
        .collect()
}

/// For all windows, without caps.
fn rule(order: &StandingOrder) -> StandingRule {
    let (limit_kind, limit) = match order.limit {
        Limit::AboveLong(more) => (LimitKind::Long, more),
        Limit::BelowShort(less) => (LimitKind::Short, -less),
    };
    let side = match order.side {
        Side::Buy => market::Side::Buy,
        Side::Sell => market::Side::Sell,
    };
    let unit = order.unit();
    StandingRule {
        valid_until: i64::MAX,
        half_hours: ALL_HALF_HOURS,
        lock_cap: u64::MAX,
        unit_lock_cap: i32::MAX,
        energy_cap: u64::MAX,
        limit,
        side: side as u8,
        limit_kind: limit_kind as u8,
        quantity_kind: QuantityKind::Profile as u8,
        weekdays: ALL_WEEKDAYS,
        profile: order.profile.map(|energy| steps(energy, unit)),
        quantity: unit.0,
        ..StandingRule::default()
    }
}

/// How many units an energy is.
fn steps(energy: Wh, unit: Wh) -> u16 {
    let steps = energy.0.checked_div(unit.0);
    steps.and_then(|steps| steps.try_into().ok()).unwrap_or(0)
}
