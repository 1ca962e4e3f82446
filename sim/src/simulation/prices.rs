use joulebook_settlement::{Tariff, Terms};
use joulebook_units::{Price, PriceGrid};

/// What the supplier, the grid and the market take of a simulation that has no other prices, in atoms per kWh and basis points.
pub const DEFAULT_TERMS: Terms = Terms {
    tariff: Tariff {
        short: Price(300_000),
        long: Price(80_000),
    },
    grid_fee: Price(20_000),
    fee_bps: 100,
    min_lock: Price(1),
};

/// Price steps of a market, at most: as fine as a tariff is, and a small window.
const MAX_STEPS: u32 = 200;

/// The tariffs leave no room for a local market.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "nobody gains from local trade: after grid and market fee a buyer can pay at most {highest} atoms \
     for a kWh before the supplier, at {retail}, is cheaper, and a seller gets {feed_in} elsewhere; raise the retail \
     price or lower the feed-in tariff or the fees"
)]
pub struct PriceError {
    pub highest: i32,
    pub retail: i32,
    pub feed_in: i32,
}

/// The highest price at which buying in the market, fees included, costs no more than the supplier. It is below zero if the
/// grid fee alone costs more; `None` if it fits no [`Price`].
pub fn highest_bid(terms: &Terms) -> Option<Price> {
    let retail = terms.tariff.short;
    let fits = |price: i32| {
        terms
            .cost_of_buy(Price(price))
            .is_some_and(|cost| cost <= retail)
    };
    if !fits(0) {
        // Below zero there is no market fee.
        return retail.0.checked_sub(terms.grid_fee.0).map(Price);
    }
    // Fits at `low`, and what a kWh costs all in only grows with the price.
    let (mut low, mut high) = (0, retail.0);
    while low < high {
        let middle = high - (high - low) / 2;
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    Some(Price(low))
}

/// The prices at which both sides gain: from the feed-in tariff to [`highest_bid`].
///
/// # Errors
/// [`PriceError`] if there are none.
pub fn grid(terms: &Terms) -> Result<PriceGrid, PriceError> {
    let floor = terms.tariff.long;
    let highest = highest_bid(terms);
    let error = PriceError {
        highest: highest.map_or(i32::MIN, |price| price.0),
        retail: terms.tariff.short.0,
        feed_in: floor.0,
    };
    let range = highest
        .filter(|highest| *highest >= floor)
        .map(|highest| highest.0.abs_diff(floor.0))
        .ok_or(error)?;
    let step = round_step(range.div_ceil(MAX_STEPS).max(1));
    let ticks = u16::try_from(range / step + 1).map_err(|_| error)?;
    PriceGrid::new(floor, step, ticks).map_err(|_| error)
}

/// The next of 1, 2, 5, 10, 20, 50 …: steps that people count in.
fn round_step(least: u32) -> u32 {
    let mut power = 1_u32;
    loop {
        for digit in [1, 2, 5] {
            let step = power.saturating_mul(digit);
            if step >= least {
                return step;
            }
        }
        power = power.saturating_mul(10);
    }
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;
    use joulebook_units::Tick;

    use super::*;

    fn terms(short: i32, long: i32, grid_fee: i32, fee_bps: u16) -> Terms {
        Terms {
            tariff: Tariff {
                short: Price(short),
                long: Price(long),
            },
            grid_fee: Price(grid_fee),
            fee_bps,
            min_lock: Price(1),
        }
    }

    #[test]
    fn the_highest_bid_costs_as_much_as_the_supplier() {
        let terms = terms(300_000, 80_000, 20_000, 100);
        let highest = highest_bid(&terms).expect("room");
        assert_eq!(highest, Price(277_227));
        assert!(terms.all_in(highest).is_some_and(|cost| cost.0 <= 300_000));
        assert!(terms
            .all_in(Price(277_228))
            .is_some_and(|cost| cost.0 > 300_000));
    }

    #[test]
    fn the_grid_lies_between_the_tariffs() {
        let grid = grid(&terms(300_000, 80_000, 20_000, 100)).expect("a grid");
        assert_eq!(grid.ticks(), 198);
        assert_eq!(grid.top(), Price(277_000));
        let widest = super::grid(&terms(i32::MAX, 0, 0, 0)).expect("a grid");
        assert!(widest.ticks() <= 201);
    }

    #[test]
    fn prices_can_be_below_zero() {
        let below = terms(-20_000, -200_000, 20_000, 100);
        assert_eq!(highest_bid(&below), Some(Price(-40_000)));
        assert_eq!(below.cost_of_buy(Price(-40_000)), Some(Price(-20_000)));
        let below = grid(&below).expect("a grid");
        assert_eq!(below.price(Tick(0)), Some(Price(-200_000)));
        assert_eq!(below.top(), Price(-40_000));
        let around = grid(&terms(10_000, -200_000, 20_000, 100)).expect("a grid");
        assert_eq!(around.top(), Price(-10_000));
    }

    #[test]
    fn the_limit_of_a_refusal_is_the_true_one() {
        let error = grid(&terms(-20_000, -30_000, 20_000, 100)).expect_err("no room");
        assert_eq!(error.highest, -40_000);
        assert_eq!(highest_bid(&terms(i32::MIN, 0, 1, 0)), None);
    }

    #[test]
    fn equal_prices_leave_one_tick() {
        assert_eq!(grid(&terms(100, 100, 0, 0)).map(|grid| grid.ticks()), Ok(1));
    }

    #[test]
    fn no_room_for_trade_is_an_error() {
        assert!(grid(&terms(100_000, 80_000, 20_000, 100)).is_err());
        assert!(grid(&terms(10, 0, 20, 0)).is_err());
        assert!(grid(&terms(0, 1, 0, 0)).is_err());
    }
}
