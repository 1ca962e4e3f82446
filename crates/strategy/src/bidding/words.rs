use joulebook_auction::{Side, TickOrder};
use joulebook_units::Price;

use crate::{Distribution, MarketRules};

/// Wh of a kWh.
const WH: f64 = 1_000.0;
/// Of what may flow, what is said: three values in five lie between them.
const SAID: [f64; 2] = [0.2, 0.8];

/// What prices are told in.
#[derive(Clone, Debug, PartialEq)]
pub struct MoneyUnit {
    /// Such as "ct".
    pub name: String,
    /// Atoms of the token that it stands for.
    pub atoms: f64,
}

/// An order in one sentence, with what it follows from.
pub fn explain(
    order: &TickOrder,
    expected: &Distribution,
    rules: &MarketRules,
    unit: &MoneyUnit,
) -> String {
    let energy = kwh(f64::from(order.quantity.0));
    let limit = rules.grid.price(order.tick).unwrap_or(Price::ZERO);
    let [limit, short, long] =
        [limit, rules.terms.tariff.short, rules.terms.tariff.long].map(|price| told(price, unit));
    match order.side {
        Side::Buy => format!(
            "buys {energy} kWh at {limit} or less: expects to draw {} kWh, the supplier charges {short}",
            span(SAID.map(|at| expected.quantile(at)))
        ),
        Side::Sell => format!(
            "sells {energy} kWh at {limit} or more: expects a surplus of {} kWh, the supplier pays {long}",
            span(SAID.map(|at| -expected.quantile(1.0 - at)))
        ),
    }
}

/// None below zero: that is the other side's.
fn span(energies: [f64; 2]) -> String {
    let [low, high] = energies.map(|energy| kwh(energy.max(0.0)));
    match low == high {
        true => low,
        false => format!("{low} to {high}"),
    }
}

fn kwh(energy: f64) -> String {
    format!("{:.3}", energy / WH)
}

fn told(price: Price, unit: &MoneyUnit) -> String {
    let value = f64::from(price.0) / unit.atoms.max(1.0);
    let digits = match unit.atoms < 100_000.0 {
        true => 1,
        false => 3,
    };
    format!("{value:.digits$} {}", unit.name)
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::{Tariff, Terms};
    use joulebook_units::{PriceGrid, Tick, Wh};

    use super::*;
    use crate::Weighted;

    fn told_of(side: Side, nets: impl Iterator<Item = f64>) -> String {
        let sample = nets.enumerate().map(|(day, net)| Weighted {
            net,
            weight: 1.0,
            day,
        });
        let expected = Distribution::of(sample.collect()).expect("a sample");
        let rules = MarketRules {
            terms: Terms {
                tariff: Tariff {
                    short: Price(300_000),
                    long: Price(80_000),
                },
                ..Terms::default()
            },
            grid: PriceGrid::new(Price(80_000), 1_000, 198).expect("a grid"),
            min_quantity: Wh(1),
            max_orders: 6,
            may_buy: Wh(1),
            may_sell: Wh(1),
        };
        let order = TickOrder {
            side,
            tick: Tick(63),
            quantity: Wh(420),
        };
        let unit = MoneyUnit {
            name: "ct".into(),
            atoms: 10_000.0,
        };
        explain(&order, &expected, &rules, &unit)
    }

    #[test]
    fn given_a_sell_when_explained_then_it_says_what_is_left_over_and_what_that_brings_elsewhere() {
        let nets = (0..=1_000).map(|step| -380.0 - 0.13 * f64::from(step));
        assert_eq!(
            told_of(Side::Sell, nets),
            "sells 0.420 kWh at 14.3 ct or more: expects a surplus of 0.406 to 0.484 kWh, the supplier pays 8.0 ct"
        );
    }

    #[test]
    fn given_a_buy_when_explained_then_it_says_what_is_drawn_and_what_that_costs_elsewhere() {
        let nets = std::iter::repeat_n(500.0, 100);
        assert_eq!(
            told_of(Side::Buy, nets),
            "buys 0.420 kWh at 14.3 ct or less: expects to draw 0.500 kWh, the supplier charges 30.0 ct"
        );
    }
}
