use joulebook_auction::{Side, TickOrder};
use joulebook_units::{NetWh, Tick, Wh};
use rand::{Rng, RngExt};

/// Orders that one household places at random prices for a window, at most.
pub const MAX_PARTS: u16 = 3;

/// What a meter will show for the interval `target`, counted from the first one measured.
///
/// Persistence: as in the last measured interval. Where the same time yesterday was measured, half of
/// that: the last interval knows today's clouds and who is at home, yesterday's knows that the sun is
/// about to set. `None` before anything was measured.
pub fn persistence(measured: &[NetWh], target: usize, per_day: usize) -> Option<NetWh> {
    let last = measured.last()?;
    let yesterday = target
        .checked_sub(per_day)
        .and_then(|interval| measured.get(interval));
    Some(match yesterday {
        Some(yesterday) => NetWh(last.0.saturating_add(yesterday.0) / 2),
        None => *last,
    })
}

/// Orders for what a household expects: it buys what it will be short of and sells what it will have
/// left, in one to three parts of about the same size.
///
/// Each part has a price of its own, drawn evenly from the grid, which ends where the supplier is as
/// good. These are the traders "with zero intelligence" of D. K. Gode and S. Sunder, "Allocative
/// Efficiency of Markets with Zero-Intelligence Traders", Journal of Political Economy 101 (1), 1993:
/// constrained never to trade at a loss, and otherwise random. What the market achieves with them is
/// its own merit.
#[expect(clippy::arithmetic_side_effects, reason = "by a positive number")]
pub fn random_orders(expected: NetWh, ticks: u16, rng: &mut impl Rng) -> Vec<TickOrder> {
    let side = if expected.0 > 0 {
        Side::Buy
    } else {
        Side::Sell
    };
    let quantity = u32::try_from(expected.magnitude().0).unwrap_or(u32::MAX);
    if quantity == 0 || ticks == 0 {
        return Vec::new();
    }
    let parts = u32::from(rng.random_range(1..=MAX_PARTS)).min(quantity);
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
                let orders = random_orders(NetWh(expected), 200, &mut rng);
                assert!((1..=usize::from(MAX_PARTS)).contains(&orders.len()));
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
        assert!(random_orders(NetWh(0), 200, &mut rng).is_empty());
        assert!(random_orders(NetWh(5), 0, &mut rng).is_empty());
    }

    #[test]
    fn prices_reach_both_ends_of_the_grid() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let ticks: Vec<u16> = (0..200)
            .flat_map(|_| random_orders(NetWh(9), 3, &mut rng))
            .map(|order| order.tick.0)
            .collect();
        assert!((0..3).all(|tick| ticks.contains(&tick)));
    }

    fn measured(values: &[i64]) -> Vec<NetWh> {
        values.iter().map(|value| NetWh(*value)).collect()
    }

    #[test]
    fn nothing_measured_nothing_expected() {
        assert_eq!(persistence(&[], 1, 96), None);
    }

    #[test]
    fn the_first_day_goes_on_as_it_was() {
        assert_eq!(persistence(&measured(&[5, -7]), 3, 96), Some(NetWh(-7)));
    }

    #[test]
    fn later_days_take_half_of_yesterday() {
        let values = measured(&[100, 200, 300, 400, 500]);
        assert_eq!(persistence(&values, 6, 4), Some(NetWh((500 + 300) / 2)));
    }

    #[test]
    fn days_of_one_interval_have_no_yesterday_yet_to_see() {
        // With a window a day, the same time yesterday is still being measured.
        assert_eq!(persistence(&measured(&[100]), 2, 1), Some(NetWh(100)));
    }
}
