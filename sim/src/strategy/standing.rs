use joulebook_auction::Side;
use joulebook_settlement::Terms;
use joulebook_units::{NetWh, Price, PriceGrid, Seconds, Tick, UnixTime, Wh, SECONDS_PER_DAY};

use crate::auction::TickOrder;

/// Orders that one household has entered, at most.
pub const ENTERED: usize = 4;
/// Orders of one household that are due in a window and ask for something, at most.
pub const MAX_STANDING: u16 = 2;

/// Half hours of a day.
pub const HALF_HOURS: usize = 48;
const SECONDS_PER_HALF_HOUR: i64 = 1_800;

/// Days behind which a household looks at what it has measured and enters its orders anew; from the last of them on once a
/// week.
const REVIEWS: [usize; 3] = [1, 3, 7];
const DAYS_PER_WEEK: usize = 7;
/// Days that make up the usual one.
const USUAL_DAYS: i64 = 14;
/// What of the usual day is ordered: of the rest the day before knows more, which a meter that was bought too much for gets the
/// feed-in tariff for, and one that sold too much pays the retail price for.
const USUAL_PERCENT: BySide<i64> = BySide { buy: 80, sell: 70 };
/// What of the day before is ordered, basis points.
const DAY_BEFORE: BySide<u32> = BySide {
    buy: 3_000,
    sell: 4_000,
};

/// Where in the room between the feed-in tariff and the highest bid that makes sense everybody sells, and buys most.
const FAIR_PERCENT: u32 = 38;
/// Where each buys the rest, so that what is scarce has a price.
const URGENT_PERCENT: u32 = 92;

/// One for buys and one for sells.
struct BySide<T> {
    buy: T,
    sell: T,
}

impl<T: Copy> BySide<T> {
    fn of(&self, side: Side) -> T {
        match side {
            Side::Buy => self.buy,
            Side::Sell => self.sell,
        }
    }
}

/// What a household has ordered in every window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingOrder {
    pub side: Side,
    pub limit: Limit,
    pub quantity: Quantity,
}

/// A limit price by the supplier's, atoms per kWh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The feed-in tariff and so much more.
    AboveLong(i32),
    /// The retail price less so much.
    BelowShort(i32),
}

/// How much is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Wh of a window that starts in each half hour of the day.
    Profile([u16; HALF_HOURS]),
    /// Of what the meter drew, or fed in, in the same window of the day before.
    DayBefore { basis_points: u32 },
}

/// Whether a household enters its orders anew, so many intervals after the first, of which a day has `per_day`.
pub fn is_review(intervals: usize, per_day: usize) -> bool {
    let days = intervals / per_day.max(1);
    let is_midnight = intervals.is_multiple_of(per_day.max(1));
    is_midnight && (REVIEWS.contains(&days) || (days > 0 && days.is_multiple_of(DAYS_PER_WEEK)))
}

/// What a household orders that has measured so much, interval by interval from `start` on: on both sides part of its usual day,
/// and part of the day before. `None` where it would order nothing.
pub fn standing_orders(
    measured: &[NetWh],
    start: UnixTime,
    length: Seconds,
    terms: &Terms,
    grid: &PriceGrid,
) -> [Option<StandingOrder>; ENTERED] {
    let usual = usual_day(measured, start, length);
    let [fair, urgent] = [FAIR_PERCENT, URGENT_PERCENT].map(|percent| price_at(grid, percent));
    let fair = Limit::AboveLong(fair.0 - terms.tariff.long.0);
    let urgent = Limit::BelowShort(terms.tariff.short.0 - urgent.0);
    let profile = |side: Side, limit| {
        let profile = usual.map(|net| expected(side, net));
        let asks = profile.iter().any(|energy| *energy > 0);
        asks.then_some(StandingOrder {
            side,
            limit,
            quantity: Quantity::Profile(profile),
        })
    };
    let share = |side: Side, limit| {
        Some(StandingOrder {
            side,
            limit,
            quantity: Quantity::DayBefore {
                basis_points: DAY_BEFORE.of(side),
            },
        })
    };
    [
        profile(Side::Buy, fair),
        share(Side::Buy, urgent),
        profile(Side::Sell, fair),
        share(Side::Sell, fair),
    ]
}

/// The orders that come of it in the window that starts at `start`; `day_before` is what the market knows that the household's
/// meter moved a day before.
pub fn orders_in(
    standing: &[Option<StandingOrder>; ENTERED],
    start: UnixTime,
    day_before: Option<NetWh>,
    terms: &Terms,
    grid: &PriceGrid,
) -> Vec<TickOrder> {
    let order = |standing: &StandingOrder| {
        let quantity = match standing.quantity {
            Quantity::Profile(profile) => profile[half_hour(start)].into(),
            Quantity::DayBefore { basis_points } => {
                let moved = match standing.side {
                    Side::Buy => day_before?.0.max(0),
                    Side::Sell => (-day_before?.0).max(0),
                };
                moved * i64::from(basis_points) / 10_000
            }
        };
        let limit = match standing.limit {
            Limit::AboveLong(more) => terms.tariff.long.0 + more,
            Limit::BelowShort(less) => terms.tariff.short.0 - less,
        };
        let order = TickOrder {
            side: standing.side,
            tick: tick_within(standing.side, Price(limit), grid)?,
            quantity: Wh(u32::try_from(quantity).ok()?),
        };
        (quantity > 0).then_some(order)
    };
    standing.iter().flatten().filter_map(order).collect()
}

/// The dearest tick to buy at, or the cheapest to sell at, that keeps the limit.
fn tick_within(side: Side, limit: Price, grid: &PriceGrid) -> Option<Tick> {
    let mut ticks = (0..grid.ticks()).map(Tick);
    let price = |tick: &Tick| grid.price(*tick);
    match side {
        Side::Buy => ticks.rfind(|tick| price(tick) <= Some(limit)),
        Side::Sell => ticks.find(|tick| price(tick) >= Some(limit)),
    }
}

fn price_at(grid: &PriceGrid, percent: u32) -> Price {
    let last = u32::from(grid.ticks() - 1);
    let tick = Tick((last * percent / 100) as u16);
    grid.price(tick).unwrap_or(grid.top())
}

/// Wh of a window on one side that a usual day says.
fn expected(side: Side, net: i64) -> u16 {
    let on_side = match side {
        Side::Buy => net,
        Side::Sell => -net,
    };
    let energy = on_side.max(0) * USUAL_PERCENT.of(side) / 100;
    u16::try_from(energy).unwrap_or(u16::MAX)
}

/// Net Wh of a window that starts in each half hour, on average over the last days.
fn usual_day(measured: &[NetWh], start: UnixTime, length: Seconds) -> [i64; HALF_HOURS] {
    let days = (USUAL_DAYS * SECONDS_PER_DAY / length.0.max(1)) as usize;
    let first = measured.len().saturating_sub(days);
    let mut sums = [(0, 0); HALF_HOURS];
    for (interval, net) in measured.iter().enumerate().skip(first) {
        let at = UnixTime(start.0 + interval as i64 * length.0);
        let (sum, count) = &mut sums[half_hour(at)];
        *sum += net.0;
        *count += 1;
    }
    sums.map(|(sum, count)| if count == 0 { 0 } else { sum / count })
}

fn half_hour(time: UnixTime) -> usize {
    (time.0.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_HALF_HOUR) as usize
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;

    use super::*;

    const HOUR: Seconds = Seconds(3_600);
    const TERMS: Terms = Terms {
        tariff: Tariff {
            short: Price(300),
            long: Price(100),
        },
        grid_fee: Price(0),
        fee_bps: 0,
        min_lock: Price(1),
    };

    fn grid() -> PriceGrid {
        PriceGrid::new(Price(100), 2, 101).expect("a grid")
    }

    /// Sells at noon, buys in the evening.
    fn day(noon: i64, evening: i64) -> Vec<NetWh> {
        (0..24)
            .map(|hour| match hour {
                12 => NetWh(-noon),
                20 => NetWh(evening),
                _ => NetWh(0),
            })
            .collect()
    }

    fn orders(measured: &[NetWh], hour: i64, before: Option<i64>) -> Vec<TickOrder> {
        let standing = standing_orders(measured, UnixTime(0), HOUR, &TERMS, &grid());
        let start = UnixTime(10 * SECONDS_PER_DAY + hour * 3_600);
        orders_in(&standing, start, before.map(NetWh), &TERMS, &grid())
    }

    fn order(side: Side, tick: u16, quantity: u32) -> TickOrder {
        TickOrder {
            side,
            tick: Tick(tick),
            quantity: Wh(quantity),
        }
    }

    #[test]
    fn both_days_say_how_much() {
        let measured = [day(1_000, 500), day(3_000, 700)].concat();
        let noon = orders(&measured, 12, Some(-3_000));
        assert_eq!(
            noon,
            [order(Side::Sell, 38, 1_400), order(Side::Sell, 38, 1_200)]
        );
        let evening = orders(&measured, 20, Some(700));
        assert_eq!(
            evening,
            [order(Side::Buy, 38, 480), order(Side::Buy, 92, 210)]
        );
        assert_eq!(orders(&measured, 3, Some(0)), []);
    }

    #[test]
    fn what_the_market_does_not_know_nobody_orders_a_share_of() {
        let measured = day(1_000, 500);
        assert_eq!(orders(&measured, 12, None), [order(Side::Sell, 38, 700)]);
    }

    #[test]
    fn the_usual_day_is_that_of_the_last_two_weeks() {
        let mut measured = day(90_000, 0);
        for _ in 0..14 {
            measured.extend(day(1_000, 0));
        }
        assert_eq!(orders(&measured, 12, None), [order(Side::Sell, 38, 700)]);
    }

    #[test]
    fn who_never_feeds_in_has_no_profile_of_sells() {
        let standing = standing_orders(&day(0, 500), UnixTime(0), HOUR, &TERMS, &grid());
        assert!(standing[0].is_some() && standing[2].is_none());
    }

    #[test]
    fn orders_are_entered_anew_after_a_day_three_and_each_week() {
        let reviews: Vec<usize> = (0..=96 * 22).filter(|at| is_review(*at, 96)).collect();
        assert_eq!(reviews, [1, 3, 7, 14, 21].map(|day| day * 96));
    }
}
