//! What tests reckon with.

use joulebook_settlement::{Tariff, Terms};
use joulebook_units::{Price, PriceGrid, Wh};

use crate::MarketRules;

/// A supplier that sells at 300 and buys at 100 atoms per kWh, no fees, and a grid between in steps of 10.
pub fn rules() -> MarketRules {
    MarketRules {
        terms: Terms {
            tariff: Tariff {
                short: Price(300),
                long: Price(100),
            },
            min_lock: Price(1),
            ..Terms::default()
        },
        grid: PriceGrid::new(Price(100), 10, 21).expect("a grid"),
        min_quantity: Wh(1),
        max_orders: 6,
        may_buy: Wh(10_000),
        may_sell: Wh(10_000),
    }
}
