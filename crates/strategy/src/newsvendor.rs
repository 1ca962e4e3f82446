use joulebook_auction::{Side, TickOrder};
use joulebook_units::{Price, Tick, Wh};

use crate::{Distribution, MarketRules};

/// Net Wh to have contracts for where a kWh costs, or earns, `price`: what is expected to cost least.
///
/// The newsvendor rule (K. J. Arrow, T. Harris, J. Marschak, "Optimal Inventory Policy", Econometrica 19, 1951; for energy
/// P. Pinson, C. Chevallier, G. Kariniotakis, "Trading Wind Generation From Short-Term Probabilistic Forecasts of Wind
/// Power", IEEE Transactions on Power Systems 22, 2007). One kWh more under contract costs the price; it saves the short
/// price where more is drawn than that, and brings the long price where not. It pays as long as the probability of drawing
/// more is above (price − long) / (short − long): for a buy at price p the critical ratio is
/// (short − p − fees) / (short − long), and its mirror for a sell.
pub fn net_at(expected: &Distribution, price: Price, rules: &MarketRules) -> f64 {
    let tariff = &rules.terms.tariff;
    let range = f64::from(tariff.short.0) - f64::from(tariff.long.0);
    if range <= 0.0 {
        return 0.0;
    }
    let drawn_more = (f64::from(price.0) - f64::from(tariff.long.0)) / range;
    expected.quantile((1.0 - drawn_more).clamp(0.0, 1.0))
}

/// Orders along the curve of what to have contracts for at each price, for a window of which `expected` is known.
///
/// One for each of a few prices over the whole grid: a buy of what is wanted at that price and not at the next higher one, a
/// sell of what is offered at that price and not at the next lower one. Between them the curve is followed on the side that
/// trades less.
pub fn newsvendor_orders(expected: &Distribution, rules: &MarketRules) -> Vec<TickOrder> {
    let ticks = rules.ticks(rules.max_orders);
    // At most one at each tick: what a buy costs is never below the price, so no tick has both.
    let mut orders = along(Side::Sell, ticks.iter(), expected, rules);
    orders.extend(along(Side::Buy, ticks.iter().rev(), expected, rules));
    orders
}

/// Orders of one side, from the price at which least is traded on.
pub(crate) fn along<'a>(
    side: Side,
    ticks: impl Iterator<Item = &'a Tick>,
    expected: &Distribution,
    rules: &MarketRules,
) -> Vec<TickOrder> {
    let mut ordered = 0;
    let order = |tick: &Tick| {
        let wanted = wanted(side, *tick, expected, rules)?;
        let quantity = wanted.checked_sub(ordered)?;
        // What is too little for an order waits for the next price.
        if quantity < rules.min_quantity.0.max(1) {
            return None;
        }
        ordered = wanted;
        Some(TickOrder {
            side,
            tick: *tick,
            quantity: Wh(quantity),
        })
    };
    ticks.filter_map(order).collect()
}

/// Whole Wh to have contracts for on a side at a tick.
fn wanted(side: Side, tick: Tick, expected: &Distribution, rules: &MarketRules) -> Option<u32> {
    let price = rules.grid.price(tick)?;
    let energy = match side {
        Side::Buy => net_at(expected, rules.terms.cost_of_buy(price)?, rules),
        Side::Sell => -net_at(expected, price, rules),
    };
    // A cast from a float saturates.
    let energy = energy.max(0.0) as u32;
    Some(energy.min(rules.most(side).0))
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::{Tariff, Terms};
    use joulebook_units::PriceGrid;
    use proptest::prelude::*;

    use super::*;
    use crate::Weighted;

    fn rules(max_orders: u16) -> MarketRules {
        MarketRules {
            terms: Terms {
                tariff: Tariff {
                    short: Price(300),
                    long: Price(100),
                },
                grid_fee: Price(20),
                fee_bps: 100,
                min_lock: Price(1),
            },
            grid: PriceGrid::new(Price(100), 2, 90).expect("a grid"),
            min_quantity: Wh(1),
            max_orders,
            may_buy: Wh(u32::MAX),
            may_sell: Wh(u32::MAX),
        }
    }

    fn distribution(values: impl IntoIterator<Item = i32>) -> Distribution {
        let sample = values.into_iter().enumerate().map(|(day, net)| Weighted {
            net: net.into(),
            weight: 1.0,
            day,
        });
        Distribution::of(sample.collect()).expect("a sample")
    }

    /// Milli-atoms that a contract for `net` Wh costs on average.
    fn mean_cost(net: f64, price: Price, values: &[i32], rules: &MarketRules) -> f64 {
        let Tariff { short, long } = rules.terms.tariff;
        let cost = values.iter().map(|drawn| {
            let deviation = f64::from(*drawn) - net;
            let at = if deviation > 0.0 { short } else { long };
            deviation * f64::from(at.0)
        });
        net * f64::from(price.0) + cost.sum::<f64>() / values.len() as f64
    }

    #[test]
    fn given_a_price_when_the_quantile_is_taken_then_no_other_contract_costs_less() {
        let values: Vec<i32> = (1..=4_000).map(|number| number * 7 % 4_001).collect();
        let (expected, rules) = (distribution(values.clone()), rules(6));
        for price in (100..=300).step_by(20).map(Price) {
            let chosen = mean_cost(net_at(&expected, price, &rules), price, &values, &rules);
            for other in (0..=4_000).step_by(50) {
                let cost = mean_cost(other.into(), price, &values, &rules);
                assert!(
                    chosen <= cost + 1.0,
                    "{price:?}: {chosen}, {cost} at {other}"
                );
            }
        }
    }

    #[test]
    fn given_prices_at_both_ends_when_asked_then_all_or_nothing_is_wanted() {
        let (expected, rules) = (distribution(1..=100), rules(6));
        assert_eq!(net_at(&expected, Price(100), &rules), 100.0);
        assert_eq!(net_at(&expected, Price(300), &rules), 0.0);
        assert_eq!(net_at(&expected, Price(-5_000), &rules), 100.0);
        assert_eq!(net_at(&expected, Price(5_000), &rules), 0.0);
    }

    #[test]
    fn given_a_tariff_without_a_range_when_asked_then_nothing_is_wanted() {
        let mut rules = rules(6);
        rules.terms.tariff.long = Price(300);
        assert_eq!(net_at(&distribution(1..=100), Price(200), &rules), 0.0);
    }

    #[test]
    fn given_a_sure_load_when_ordered_then_it_is_bought_at_any_price_that_pays() {
        let orders = newsvendor_orders(&distribution(std::iter::repeat_n(500, 200)), &rules(6));
        let bought: u32 = orders.iter().map(|order| order.quantity.0).sum();
        assert!(orders.iter().all(|order| order.side == Side::Buy));
        assert_eq!(bought, 500);
        assert!(orders
            .iter()
            .any(|order| order.tick.0 > 70 && order.quantity.0 > 400));
    }

    #[test]
    fn given_fees_when_a_load_is_ordered_then_they_are_counted() {
        let (expected, mut rules) = (distribution(1..=1_000), rules(2));
        rules.grid = PriceGrid::new(Price(180), 20, 2).expect("a grid");
        let bought = |rules: &MarketRules| newsvendor_orders(&expected, rules)[0];
        // 200 and fees of 22 atoms: (300 − 222) / 200 of what may be drawn.
        let order = bought(&rules);
        assert_eq!((order.side, order.tick), (Side::Buy, Tick(1)));
        assert!(order.quantity.0.abs_diff(390) <= 1, "{order:?}");
        (rules.terms.grid_fee, rules.terms.fee_bps) = (Price(0), 0);
        assert!(bought(&rules).quantity.0.abs_diff(500) <= 1);
    }

    #[test]
    fn given_the_mirror_of_a_load_when_ordered_then_orders_are_the_mirror_but_for_the_fees() {
        let mut rules = rules(6);
        rules.terms.grid_fee = Price(0);
        rules.terms.fee_bps = 0;
        rules.grid = PriceGrid::new(Price(100), 2, 101).expect("a grid");
        let loads = newsvendor_orders(&distribution(1..=999), &rules);
        let feed_in = newsvendor_orders(&distribution((1..=999).map(|value| -value)), &rules);
        assert_eq!(loads.len(), feed_in.len());
        for (buy, sell) in loads.iter().zip(&feed_in) {
            assert_eq!((buy.side, sell.side), (Side::Buy, Side::Sell));
            assert_eq!(buy.tick.0, 100 - sell.tick.0);
            assert!(buy.quantity.0.abs_diff(sell.quantity.0) <= 1);
        }
    }

    #[test]
    fn given_a_least_quantity_when_ordered_then_what_is_less_waits_for_the_next_price() {
        let fine = newsvendor_orders(&distribution(1..=100), &rules(6));
        let mut rules = rules(6);
        rules.min_quantity = Wh(30);
        let coarse = newsvendor_orders(&distribution(1..=100), &rules);
        assert!(fine.iter().any(|order| order.quantity.0 < 30));
        assert!(coarse.iter().all(|order| order.quantity.0 >= 30));
        assert!(!coarse.is_empty() && coarse.len() < fine.len());
    }

    #[test]
    fn given_a_connection_when_ordered_then_no_more_is_than_it_carries() {
        let mut rules = rules(6);
        (rules.may_buy, rules.may_sell) = (Wh(70), Wh(0));
        let bought = newsvendor_orders(&distribution(1..=100), &rules);
        let sum: u32 = bought.iter().map(|order| order.quantity.0).sum();
        assert_eq!(sum, 70);
        let sold = newsvendor_orders(&distribution((1..=100).map(|value| -value)), &rules);
        assert_eq!(sold, []);
    }

    proptest! {
        #[test]
        fn orders_keep_to_the_rules(
            values in prop::collection::vec(-1_000_000_i32..1_000_000, 1..60),
            max_orders in 0_u16..10,
            min_quantity in 0_u32..1_000,
        ) {
            let mut rules = rules(max_orders);
            rules.min_quantity = Wh(min_quantity);
            let orders = newsvendor_orders(&distribution(values.clone()), &rules);
            prop_assert!(orders.len() <= usize::from(max_orders));
            prop_assert!(orders.iter().all(|order| order.quantity.0 >= min_quantity.max(1)));
            prop_assert!(orders.iter().all(|order| rules.grid.price(order.tick).is_some()));
            // Nobody trades with himself.
            let ticks = |side| orders.iter().filter(move |order| order.side == side).map(|order| order.tick);
            if let (Some(highest), Some(lowest)) = (ticks(Side::Buy).max(), ticks(Side::Sell).min()) {
                prop_assert!(highest < lowest);
            }
            let most = |side| -> i64 {
                orders.iter().filter(|order| order.side == side).map(|order| i64::from(order.quantity.0)).sum()
            };
            prop_assert!(most(Side::Buy) <= values.iter().copied().max().unwrap_or(0).max(0).into());
            prop_assert!(-most(Side::Sell) >= values.iter().copied().min().unwrap_or(0).min(0).into());
        }
    }
}
