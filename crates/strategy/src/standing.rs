use joulebook_auction::{Side, TickOrder};
use joulebook_units::{Price, PriceGrid, Tick, UnixTime, Wh, SECONDS_PER_DAY};

use crate::{
    kernel::{biweight, fading, DAYS, TIME_OF_DAY},
    newsvendor::along,
    Distribution, MarketRules, Past, Weighted,
};

/// Prices of a household's standing orders: at each of them but the highest it buys, at each but the lowest it sells.
pub const LIMITS: u16 = 4;
/// Orders that one household has entered, at most: all buys, then all sells.
pub const ENTERED: usize = 2 * (LIMITS as usize - 1);

/// Half hours of a day.
pub const HALF_HOURS: usize = 48;
const SECONDS_PER_HALF_HOUR: i64 = 1_800;

/// Days behind which a household looks at what it has measured and enters its orders anew; from the last of them on once a
/// week.
const REVIEWS: [usize; 3] = [1, 3, 7];
const DAYS_PER_WEEK: usize = 7;
/// Days after which a time counts half.
const HALF_DAYS: f64 = 7.0;

/// What a household has ordered in every window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StandingOrder {
    pub side: Side,
    pub limit: Limit,
    /// Wh of a window that starts in each half hour of the day.
    pub profile: [Wh; HALF_HOURS],
}

/// A limit price by the supplier's, atoms per kWh.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The feed-in tariff and so much more.
    AboveLong(i32),
    /// The retail price less so much.
    BelowShort(i32),
}

/// Whether a household enters its orders anew, so many intervals after the first, of which a day has `per_day`.
#[expect(clippy::arithmetic_side_effects, reason = "by a positive number")]
pub fn is_review(intervals: usize, per_day: usize) -> bool {
    let days = intervals / per_day.max(1);
    let is_midnight = intervals.is_multiple_of(per_day.max(1));
    is_midnight && (REVIEWS.contains(&days) || (days > 0 && days.is_multiple_of(DAYS_PER_WEEK)))
}

/// What a household orders in every window: the orders of [`crate::newsvendor_orders`] for each half hour of the day, of which
/// is known what flowed at that time on the last days. `None` where it would order nothing.
///
/// Nobody knows at midnight what the sky will be at noon: who bids window by window does better.
pub fn standing_orders(past: &Past, rules: &MarketRules) -> [Option<StandingOrder>; ENTERED] {
    let ticks = rules.ticks(LIMITS);
    let mut orders = [None; ENTERED];
    for half_hour in 0..HALF_HOURS {
        let Some(expected) = usual(past, half_hour) else {
            continue;
        };
        // Nobody is so sure of a load that it pays at the highest price, nor of feed-in at the lowest.
        let sells = along(Side::Sell, ticks.iter().skip(1), &expected, rules);
        let buys = along(Side::Buy, ticks.iter().rev().skip(1), &expected, rules);
        for order in sells.iter().chain(&buys) {
            let place = place(order, &ticks).and_then(|place| orders.get_mut(place));
            let Some(entered) = place else { continue };
            let entered = entered.get_or_insert_with(|| StandingOrder {
                side: order.side,
                limit: limit(order, rules),
                profile: [Wh(0); HALF_HOURS],
            });
            if let Some(energy) = entered.profile.get_mut(half_hour) {
                *energy = order.quantity;
            }
        }
    }
    orders.map(|order| Some(order?.in_units()))
}

impl StandingOrder {
    /// The Wh that one of 65,536 steps stands for which the market keeps of a profile.
    pub fn unit(&self) -> Wh {
        let most = self.profile.iter().map(|energy| energy.0).max();
        let steps = u32::from(u16::MAX);
        Wh(most.unwrap_or(0).div_ceil(steps).max(1))
    }

    /// Rounded down to whole units.
    fn in_units(mut self) -> StandingOrder {
        let unit = self.unit().0;
        for energy in &mut self.profile {
            energy.0 = energy
                .0
                .saturating_sub(energy.0.checked_rem(unit).unwrap_or(0));
        }
        self
    }
}

/// Where an order at one of the ticks is entered: buys, from the lowest tick on, then sells, from the second on.
#[expect(clippy::arithmetic_side_effects, reason = "a place among a few ticks")]
fn place(order: &TickOrder, ticks: &[Tick]) -> Option<usize> {
    let at = ticks.iter().position(|tick| *tick == order.tick)?;
    match order.side {
        Side::Buy => Some(at),
        Side::Sell => (ENTERED / 2 + at).checked_sub(1),
    }
}

/// By the supplier's price that the side would have to do with.
fn limit(order: &TickOrder, rules: &MarketRules) -> Limit {
    let price = rules.grid.price(order.tick).unwrap_or(rules.grid.top());
    let tariff = &rules.terms.tariff;
    match order.side {
        Side::Buy => Limit::BelowShort(tariff.short.0.saturating_sub(price.0)),
        Side::Sell => Limit::AboveLong(price.0.saturating_sub(tariff.long.0)),
    }
}

/// The orders that come of it in the window that starts at `start`.
pub fn orders_in(
    standing: &[Option<StandingOrder>; ENTERED],
    start: UnixTime,
    rules: &MarketRules,
) -> Vec<TickOrder> {
    let tariff = &rules.terms.tariff;
    let order = |standing: &StandingOrder| {
        let quantity = *standing.profile.get(half_hour(start))?;
        let limit = match standing.limit {
            Limit::AboveLong(more) => tariff.long.0.saturating_add(more),
            Limit::BelowShort(less) => tariff.short.0.saturating_sub(less),
        };
        (quantity.0 > 0).then_some(TickOrder {
            side: standing.side,
            tick: tick_within(standing.side, Price(limit), &rules.grid)?,
            quantity,
        })
    };
    standing.iter().flatten().filter_map(order).collect()
}

/// The dearest tick to buy at, or the cheapest to sell at, that keeps the limit.
pub(crate) fn tick_within(side: Side, limit: Price, grid: &PriceGrid) -> Option<Tick> {
    match side {
        Side::Buy => grid.tick_at_or_below(limit),
        Side::Sell => (0..grid.ticks())
            .map(Tick)
            .find(|tick| grid.price(*tick) >= Some(limit)),
    }
}

/// What flowed in windows that started in a half hour or about it on the last days, the later ones counting more. `None` if
/// there were none.
#[expect(
    clippy::arithmetic_side_effects,
    reason = "seconds of a day, and intervals of a month"
)]
fn usual(past: &Past, half_hour: usize) -> Option<Distribution> {
    // In the middle of those windows' starts: a half hour has one, or several.
    let starts = SECONDS_PER_HALF_HOUR - past.length.0.clamp(0, SECONDS_PER_HALF_HOUR);
    let middle = half_hour as i64 * SECONDS_PER_HALF_HOUR + starts / 2;
    let count = past.measured.len();
    let first = count.saturating_sub(DAYS * past.per_day());
    let like = |interval: usize| {
        let at = past.start_of(interval).0.rem_euclid(SECONDS_PER_DAY);
        let off = (at - middle).abs();
        let off = off.min(SECONDS_PER_DAY - off) as f64 / TIME_OF_DAY as f64;
        let after = count - 1 - interval;
        let days = after as f64 / past.per_day() as f64;
        Some(Weighted {
            net: past.value(interval)?,
            weight: biweight(off) * fading(days, HALF_DAYS),
            day: after / past.per_day(),
        })
    };
    Distribution::of((first..count).filter_map(like).collect())
}

fn half_hour(time: UnixTime) -> usize {
    (time.0.rem_euclid(SECONDS_PER_DAY) / SECONDS_PER_HALF_HOUR) as usize
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;
    use joulebook_units::{NetWh, Seconds};

    use super::*;
    use crate::examples;

    const HOUR: Seconds = Seconds(3_600);

    fn rules() -> MarketRules {
        MarketRules {
            grid: PriceGrid::new(Price(100), 2, 101).expect("a grid"),
            max_orders: LIMITS,
            may_buy: Wh(u32::MAX),
            may_sell: Wh(u32::MAX),
            ..examples::rules()
        }
    }

    /// Feeds in at noon, draws in the evening.
    fn day(noon: i64, evening: i64) -> Vec<NetWh> {
        (0..24)
            .map(|hour| match hour {
                9..=15 => NetWh(-noon),
                17..=23 => NetWh(evening),
                _ => NetWh(0),
            })
            .collect()
    }

    fn entered(measured: &[NetWh]) -> [Option<StandingOrder>; ENTERED] {
        let past = Past {
            measured,
            start: UnixTime(0),
            length: HOUR,
        };
        standing_orders(&past, &rules())
    }

    fn orders(measured: &[NetWh], hour: i64) -> Vec<TickOrder> {
        let start = UnixTime(10 * SECONDS_PER_DAY + hour * 3_600);
        orders_in(&entered(measured), start, &rules())
    }

    fn order(side: Side, tick: u16, quantity: u32) -> TickOrder {
        TickOrder {
            side,
            tick: Tick(tick),
            quantity: Wh(quantity),
        }
    }

    #[test]
    fn given_days_that_are_alike_when_ordered_then_that_is_what_is_ordered_at_a_fair_price() {
        let measured: Vec<NetWh> = (0..20).flat_map(|_| day(1_000, 500)).collect();
        assert_eq!(orders(&measured, 12), [order(Side::Sell, 33, 1_000)]);
        assert_eq!(orders(&measured, 20), [order(Side::Buy, 66, 500)]);
        assert_eq!(orders(&measured, 3), []);
    }

    #[test]
    fn given_days_that_differ_when_ordered_then_more_is_ordered_at_a_better_price() {
        let measured: Vec<NetWh> = (1..=20)
            .flat_map(|number| day(100 * number, 50 * number))
            .collect();
        let noon = orders(&measured, 12);
        assert!(noon.iter().all(|order| order.side == Side::Sell));
        assert_eq!(
            noon.iter().map(|order| order.tick.0).collect::<Vec<_>>(),
            [33, 66, 100]
        );
        let evening = orders(&measured, 20);
        assert!(evening.iter().all(|order| order.side == Side::Buy));
        assert_eq!(
            evening.iter().map(|order| order.tick.0).collect::<Vec<_>>(),
            [0, 33, 66]
        );
        let sum = |orders: &[TickOrder]| orders.iter().map(|order| order.quantity.0).sum::<u32>();
        assert!((1_900..=2_000).contains(&sum(&noon)), "{noon:?}");
        assert!((900..=1_000).contains(&sum(&evening)), "{evening:?}");
    }

    #[test]
    fn given_a_change_when_ordered_then_the_last_four_weeks_count() {
        let mut measured = day(60_000, 0);
        for _ in 0..DAYS {
            measured.extend(day(1_000, 0));
        }
        assert_eq!(orders(&measured, 12), [order(Side::Sell, 33, 1_000)]);
    }

    #[test]
    fn given_a_household_that_never_feeds_in_when_ordered_then_it_has_no_sells() {
        let entered = entered(&day(0, 500).repeat(3));
        let (buys, sells) = entered.split_at(ENTERED / 2);
        assert!(buys.iter().any(Option::is_some));
        assert!(sells.iter().all(Option::is_none));
    }

    #[test]
    fn given_other_prices_of_the_supplier_when_placed_then_limits_keep_their_distance() {
        let entered = entered(&day(1_000, 500).repeat(20));
        let mut rules = rules();
        rules.terms.tariff = Tariff {
            short: Price(340),
            long: Price(120),
        };
        rules.grid = PriceGrid::new(Price(120), 2, 111).expect("a grid");
        let noon = UnixTime(12 * 3_600);
        assert_eq!(
            orders_in(&entered, noon, &rules),
            [order(Side::Sell, 33, 1_000)]
        );
        let evening = UnixTime(20 * 3_600);
        assert_eq!(
            orders_in(&entered, evening, &rules),
            [order(Side::Buy, 76, 500)]
        );
    }

    #[test]
    fn given_a_plant_when_ordered_then_it_sells_all_of_it_to_a_unit() {
        let measured: Vec<NetWh> = (0..20).flat_map(|_| day(2_000_001, 500)).collect();
        let [order] = orders(&measured, 12)[..] else {
            panic!("more than one order");
        };
        // 2,000,001 Wh in steps of 31.
        assert_eq!(order.quantity, Wh(2_000_001 / 31 * 31));
        let entered = entered(&measured);
        let sell = entered
            .iter()
            .flatten()
            .find(|order| order.side == Side::Sell);
        assert_eq!(sell.map(StandingOrder::unit), Some(Wh(31)));
    }

    #[test]
    fn given_nothing_measured_when_ordered_then_nothing_is() {
        assert_eq!(entered(&[]), [None; ENTERED]);
    }

    #[test]
    fn orders_are_entered_anew_after_a_few_days_and_each_week() {
        let reviews: Vec<usize> = (0..=96 * 22).filter(|at| is_review(*at, 96)).collect();
        assert_eq!(reviews, [1, 3, 7, 14, 21].map(|day| day * 96));
    }
}
