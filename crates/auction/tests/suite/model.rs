//! Two models of the clearing that are slow and obvious, and share nothing with the engine.

use joulebook_auction::{Level, Side};

use crate::support::Order;

/// Every order taken apart into bids and asks of 1 Wh, matched pair by pair from the best. Returns the
/// volume and the price interval; `None` if nothing trades.
pub fn unit_by_unit(orders: &[Order]) -> Option<(u64, u16, u16)> {
    let units = |side: Side| {
        let of_side = orders.iter().filter(move |order| order.side == side);
        of_side.flat_map(|order| (0..order.quantity).map(|_| order.tick))
    };
    let mut buys: Vec<u16> = units(Side::Buy).collect();
    let mut sells: Vec<u16> = units(Side::Sell).collect();
    buys.sort_by(|a, b| b.cmp(a));
    sells.sort();
    let pairs = buys.iter().zip(&sells);
    let volume = pairs.take_while(|(buy, sell)| buy >= sell).count();
    let last = volume.checked_sub(1)?;
    // An order filled in part has units on both sides of the cut, so it counts as both by itself.
    let low = buys
        .get(volume)
        .map_or(sells[last], |unfilled| sells[last].max(*unfilled));
    let high = sells
        .get(volume)
        .map_or(buys[last], |unfilled| buys[last].min(*unfilled));
    Some((volume as u64, low, high))
}

/// The same for quantities of any size: the volume is the most that demand and supply share at any
/// price, and the price of the k-th unit of a side is found by adding its levels up.
pub fn by_level(levels: &[Level]) -> Option<(u128, u16, u16)> {
    let mut demand: u128 = levels.iter().map(|level| u128::from(level.buy)).sum();
    let mut supply = 0u128;
    let mut volume = 0u128;
    for level in levels {
        supply += u128::from(level.sell);
        volume = volume.max(demand.min(supply));
        demand -= u128::from(level.buy);
    }
    if volume == 0 {
        return None;
    }
    let best_buy = |unit| {
        kth(
            levels.iter().enumerate().rev().map(|(t, l)| (t, l.buy)),
            unit,
        )
    };
    let best_sell = |unit| kth(levels.iter().enumerate().map(|(t, l)| (t, l.sell)), unit);
    let low = best_sell(volume).max(best_buy(volume + 1));
    let high = match best_sell(volume + 1) {
        Some(unfilled) => best_buy(volume).min(Some(unfilled)),
        None => best_buy(volume),
    };
    Some((volume, low? as u16, high? as u16))
}

/// Where the `unit`-th Wh lies, the first being 1.
fn kth(levels: impl Iterator<Item = (usize, u64)>, unit: u128) -> Option<usize> {
    let mut sum = 0u128;
    for (tick, energy) in levels {
        sum += u128::from(energy);
        if sum >= unit {
            return Some(tick);
        }
    }
    None
}
