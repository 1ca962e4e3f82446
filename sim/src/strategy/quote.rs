use joulebook_auction::Side;
use joulebook_units::{NetWh, Tick, Wh};
use rand::{Rng, RngExt};

use crate::auction::TickOrder;

/// Orders one household places for a window, at most.
pub const MAX_ORDERS: u16 = 3;

/// Orders for what a household expects: it buys what it will be short of and sells what it will have
/// left, in one to three parts of about the same size.
///
/// Each part has a price of its own, drawn evenly from the grid, which ends where the supplier is as
/// good. These are the traders "with zero intelligence" of D. K. Gode and S. Sunder, "Allocative
/// Efficiency of Markets with Zero-Intelligence Traders", Journal of Political Economy 101 (1), 1993:
/// constrained never to trade at a loss, and otherwise random. What the market achieves with them is
/// its own merit.
pub fn quote(expected: NetWh, ticks: u16, rng: &mut impl Rng) -> Vec<TickOrder> {
    let side = if expected.0 > 0 {
        Side::Buy
    } else {
        Side::Sell
    };
    let quantity = u32::try_from(expected.magnitude().0).unwrap_or(u32::MAX);
    if quantity == 0 || ticks == 0 {
        return Vec::new();
    }
    let parts = u32::from(rng.random_range(1..=MAX_ORDERS)).min(quantity);
    (0..parts)
        .map(|part| TickOrder {
            side,
            tick: Tick(rng.random_range(0..ticks)),
            quantity: Wh(quantity / parts + u32::from(part < quantity % parts)),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

    use super::*;

    #[test]
    fn orders_add_up_to_what_is_expected() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        for expected in [-100_000, -7, -2, -1, 1, 2, 7, 100_000] {
            for _ in 0..50 {
                let orders = quote(NetWh(expected), 200, &mut rng);
                assert!((1..=usize::from(MAX_ORDERS)).contains(&orders.len()));
                let sum: i64 = orders.iter().map(|order| i64::from(order.quantity.0)).sum();
                assert_eq!(sum, expected.abs());
                let side = if expected > 0 { Side::Buy } else { Side::Sell };
                assert!(orders.iter().all(|order| {
                    order.side == side && order.quantity.0 > 0 && order.tick.0 < 200
                }));
            }
        }
    }

    #[test]
    fn nothing_expected_nothing_bid() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        assert!(quote(NetWh(0), 200, &mut rng).is_empty());
        assert!(quote(NetWh(5), 0, &mut rng).is_empty());
    }

    #[test]
    fn prices_reach_both_ends_of_the_grid() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let ticks: Vec<u16> = (0..200)
            .flat_map(|_| quote(NetWh(9), 3, &mut rng))
            .map(|order| order.tick.0)
            .collect();
        assert!((0..3).all(|tick| ticks.contains(&tick)));
    }
}
