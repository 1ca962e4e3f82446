use joulebook_auction::{Side, TickOrder};
use joulebook_units::{Price, Wh};

use crate::{Distribution, MarketRules};

/// What a seat has under contract in a window.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Contracted {
    pub bought: Wh,
    pub sold: Wh,
}

impl Contracted {
    /// Of orders that all fill wholly whose limits a price keeps.
    pub fn at(price: Price, orders: &[TickOrder], rules: &MarketRules) -> Contracted {
        let mut contracted = Contracted::default();
        for order in orders {
            let limit = rules.grid.price(order.tick);
            let fills = match order.side {
                Side::Buy => limit >= Some(price),
                Side::Sell => limit.is_some_and(|limit| limit <= price),
            };
            if fills {
                contracted.add(order.side, order.quantity);
            }
        }
        contracted
    }

    pub fn add(&mut self, side: Side, energy: Wh) {
        let sum = match side {
            Side::Buy => &mut self.bought,
            Side::Sell => &mut self.sold,
        };
        sum.0 = sum.0.saturating_add(energy.0);
    }
}

/// What a contract at `price` saves on average against none, milli-atoms: what it costs or earns, and what the supplier charges
/// and pays for the rest, fees included.
pub fn expected_gain(
    expected: &Distribution,
    contracted: Contracted,
    price: Price,
    rules: &MarketRules,
) -> f64 {
    expected.mean(|net| gain(net, contracted, price, rules))
}

/// The same, where the meter shows `net` Wh, positive drawn from the grid.
pub fn gain(net: f64, contracted: Contracted, price: Price, rules: &MarketRules) -> f64 {
    let [bought, sold] = [contracted.bought, contracted.sold].map(|energy| f64::from(energy.0));
    let of_buy = rules.terms.cost_of_buy(price).unwrap_or(price);
    let paid = bought * f64::from(of_buy.0) - sold * f64::from(price.0);
    supplier_cost(net, rules) - supplier_cost(net - bought + sold, rules) - paid
}

fn supplier_cost(net: f64, rules: &MarketRules) -> f64 {
    let tariff = &rules.terms.tariff;
    let price = if net > 0.0 { tariff.short } else { tariff.long };
    net * f64::from(price.0)
}

#[cfg(test)]
mod tests {
    use joulebook_units::{PriceGrid, Tick};

    use super::*;
    use crate::{examples, newsvendor_orders, Weighted};

    fn rules() -> MarketRules {
        let mut rules = examples::rules();
        rules.terms.grid_fee = Price(20);
        MarketRules {
            grid: PriceGrid::new(Price(100), 10, 19).expect("a grid"),
            may_buy: Wh(u32::MAX),
            may_sell: Wh(u32::MAX),
            ..rules
        }
    }

    fn of(bought: u32, sold: u32) -> Contracted {
        Contracted {
            bought: Wh(bought),
            sold: Wh(sold),
        }
    }

    #[test]
    fn given_a_flow_when_it_is_contracted_then_it_saves_what_the_supplier_would_have_taken() {
        // 300 less 200 and the grid's 20.
        assert_eq!(gain(10.0, of(10, 0), Price(200), &rules()), 800.0);
        // What is not drawn brings 100: half of it costs 120 a Wh.
        assert_eq!(gain(5.0, of(10, 0), Price(200), &rules()), 400.0 - 600.0);
        // 200 in place of 100; what is not there is bought at 300.
        assert_eq!(gain(-10.0, of(0, 10), Price(200), &rules()), 1_000.0);
        assert_eq!(gain(-5.0, of(0, 10), Price(200), &rules()), 500.0 - 500.0);
        assert_eq!(gain(7.0, of(0, 0), Price(200), &rules()), 0.0);
    }

    #[test]
    fn given_orders_when_a_price_is_paid_then_those_whose_limits_it_keeps_are_contracts() {
        let order = |side, tick, quantity| TickOrder {
            side,
            tick: Tick(tick),
            quantity: Wh(quantity),
        };
        let orders = [
            order(Side::Buy, 5, 1),
            order(Side::Buy, 9, 2),
            order(Side::Sell, 9, 4),
            order(Side::Sell, 10, 8),
        ];
        assert_eq!(Contracted::at(Price(190), &orders, &rules()), of(2, 4));
        assert_eq!(Contracted::at(Price(150), &orders, &rules()), of(3, 0));
    }

    #[test]
    fn given_a_curve_when_any_price_is_paid_then_nobody_expects_to_lose() {
        let sample = (1..=100).map(|day| Weighted {
            net: f64::from(day * 37 % 101) * 10.0 - 300.0,
            weight: 1.0,
            day: day as usize,
        });
        let expected = Distribution::of(sample.collect()).expect("a sample");
        let orders = newsvendor_orders(&expected, &rules());
        assert!(orders.len() > 4);
        for tick in 0..19 {
            let price = rules().grid.price(Tick(tick)).expect("on the grid");
            let contracted = Contracted::at(price, &orders, &rules());
            let gain = expected_gain(&expected, contracted, price, &rules());
            assert!(gain > -50.0, "{price:?}: {contracted:?} gains {gain}");
        }
    }
}
