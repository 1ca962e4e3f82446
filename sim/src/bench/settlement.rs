//! Readings, and positions that are settled with them.

use joulebook_client::{layout::market::limits::MAX_SETTLED, oracle::ORACLE_ID};

use super::{explain, large_community, open_window, order, units};
use crate::{LocalCommunity, Parameters};

/// Households with a meter each, all of which have a contract: as many positions in one call.
const POSITIONS: u16 = 1024;
const _: () = assert!(POSITIONS <= MAX_SETTLED);

pub struct SettlementUnits {
    /// In a batch.
    pub reading_each: u64,
    pub settle_per_position: u64,
}

pub fn measure() -> Result<SettlementUnits, String> {
    let parameters = Parameters {
        meters: POSITIONS,
        seats: POSITIONS + 2,
        orders: POSITIONS,
        ..large_community()
    };
    let length = i64::from(parameters.window_seconds);
    let mut community = LocalCommunity::new(parameters)?;
    community
        .fund_supplier(1_000_000_000_000)
        .map_err(explain)?;
    for number in 0..POSITIONS {
        let name = format!("household {number}");
        community.join(&name, 1_000_000_000).map_err(explain)?;
    }
    let start = open_window(&mut community)?;
    let page = start - length;
    for place in 0..usize::from(POSITIONS) {
        let orders = vec![order((place % 2) as u8, 1500, 1000)];
        community.place(place, start, orders).map_err(explain)?;
    }
    community.chain.set_time(start);
    community.clear_and_allocate(start).map_err(explain)?;
    let flows: Vec<(u64, u64)> = (0..u64::from(POSITIONS))
        .map(|i| (900 + i, 40 * (i % 3)))
        .collect();
    let mut batch = 0;
    for interval in [page, start] {
        community.chain.set_time(interval + length);
        let readings = community.read_meters(interval, &flows);
        let receipts = community.submit(interval, readings).map_err(explain)?;
        let first = receipts.first().ok_or("no readings were sent")?;
        let [units] = first.units_of(&ORACLE_ID)[..] else {
            return Err("one oracle instruction was expected".to_string());
        };
        batch = units;
    }
    let window = community.addresses.window_number(start);
    let first = community.households.first().ok_or("no households")?.seat;
    let settle = community
        .addresses
        .settle(page, window..window + 1, first..first + POSITIONS);
    let receipt = community
        .send_with_full_budget(&[settle])
        .map_err(explain)?;
    let is_settled = |seat: u16| community.position(start, seat).locked == 0;
    if !(first..first + POSITIONS).step_by(100).all(is_settled) {
        return Err("the positions were not settled".to_string());
    }
    Ok(SettlementUnits {
        reading_each: batch.div_ceil(8),
        settle_per_position: units(&receipt)?.div_ceil(POSITIONS.into()),
    })
}
