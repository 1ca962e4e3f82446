//! Pages that become final.

use super::{explain, large_community, next_page, order, page_length, units};
use crate::{LocalCommunity, Parameters};

/// As many seats as one instruction takes.
const SEATS: u16 = 64;
const WINDOWS: u16 = 16;

/// Making a position final that nobody has settled before, the dearest kind.
pub fn finish_per_position() -> Result<u64, String> {
    let parameters = Parameters {
        page_windows: WINDOWS,
        meters: SEATS,
        seats: SEATS,
        orders: 256,
        ..large_community()
    };
    let length = i64::from(parameters.window_seconds);
    let whole = page_length(&parameters);
    let mut community = LocalCommunity::new(parameters)?;
    community
        .fund_supplier(1_000_000_000_000)
        .map_err(explain)?;
    // Supplier and grid operator have the first two seats.
    for number in 2..SEATS {
        let name = format!("household {number}");
        community.join(&name, 1_000_000_000).map_err(explain)?;
    }
    let page = next_page(&community);
    community.chain.set_time(page);
    community.open_pages(page).map_err(explain)?;
    community.read_start(page).map_err(explain)?;
    for window in 0..i64::from(WINDOWS) {
        trade(&mut community, page + window * length, page + whole)?;
    }
    let until = community.interval_page(page).header.corrections_until;
    community.chain.set_time(until);
    let finish = community.addresses.finish_interval_page(page, u16::MAX);
    community
        .send_with_full_budget(&[finish])
        .map_err(explain)?;
    let finish = community.addresses.finish_page(page, SEATS);
    let receipt = community
        .send_with_full_budget(&[finish])
        .map_err(explain)?;
    if !community.page(page).header.is_final() {
        return Err("the page did not become final in one instruction".to_string());
    }
    let positions = u64::from(SEATS) * u64::from(WINDOWS);
    Ok(units(&receipt)?.div_ceil(positions))
}

/// Lets everybody trade for the window behind that at `start`, as long as it starts before `end`, and the meters be read at
/// the end of that at `start`.
fn trade(community: &mut LocalCommunity, start: i64, end: i64) -> Result<(), String> {
    let length = i64::from(community.parameters.window_seconds);
    let (households, next) = (community.households.len(), start + length);
    if next < end {
        community.open_window(next).map_err(explain)?;
        for place in 0..households {
            let orders = vec![order((place % 2) as u8, 1500, 1000)];
            community.place(place, next, orders).map_err(explain)?;
        }
    }
    community.chain.set_time(next);
    if next < end {
        community.clear_and_allocate(next).map_err(explain)?;
    }
    let flows: Vec<(u64, u64)> = (0..households as u64)
        .map(|i| (900 + i, 40 * (i % 3)))
        .collect();
    let readings = community.read_meters(start, &flows);
    community.submit(start, readings).map_err(explain)?;
    Ok(())
}
