//! Standing orders that are applied.

use std::ops::Range;

use joulebook_client::{
    layout::market::{LimitKind, QuantityKind, Side, StandingRule},
    market::types::StandingEntry,
};
use joulebook_units::SECONDS_PER_DAY;

use super::{explain, large_community, open_window, units};
use crate::{LocalCommunity, Parameters};

const SEATS: u16 = 34;

/// Each further standing order of a call, of another seat, by its profile; with the order itself.
pub fn next() -> Result<u64, String> {
    let parameters = Parameters {
        standing_orders: true,
        meters: 64,
        ..large_community()
    };
    let mut community = LocalCommunity::new(parameters)?;
    for number in 0..SEATS {
        let name = format!("household {number}");
        let place = community.join(&name, 1_000_000_000).map_err(explain)?;
        let entry = StandingEntry {
            place: 0,
            rule: Some(rule(number)),
        };
        community
            .enter_standing_orders(place, vec![entry])
            .map_err(explain)?;
    }
    let start = open_window(&mut community)?;
    let first = community.households[0].seat;
    let one = apply(&mut community, start, first..first + 1)?;
    let many = apply(&mut community, start, first + 1..first + SEATS)?;
    let placed = community.book(start).header.live_orders;
    if placed != SEATS {
        return Err(format!("{placed} standing orders were placed, not {SEATS}"));
    }
    Ok(many.saturating_sub(one).div_ceil(u64::from(SEATS) - 2))
}

/// Buys 500 Wh in every window, at prices apart.
fn rule(number: u16) -> StandingRule {
    let mut profile = [0; 48];
    profile.fill(500 + number);
    StandingRule {
        valid_until: i64::MAX,
        half_hours: (1 << 48) - 1,
        lock_cap: u64::MAX,
        unit_lock_cap: i32::MAX,
        energy_cap: u64::MAX,
        limit: -(37 * i32::from(number)),
        side: Side::Buy as u8,
        limit_kind: LimitKind::Short as u8,
        quantity: 1,
        quantity_kind: QuantityKind::Profile as u8,
        weekdays: 0b0111_1111,
        profile,
        ..StandingRule::default()
    }
}

fn apply(community: &mut LocalCommunity, start: i64, seats: Range<u16>) -> Result<u64, String> {
    let earlier = start - SECONDS_PER_DAY;
    let apply = community
        .addresses
        .apply_standing_orders(start, seats, earlier);
    let receipt = community.send_with_full_budget(&[apply]).map_err(explain)?;
    units(&receipt)
}
