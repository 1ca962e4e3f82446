use std::ops::AddAssign;

use joulebook_settlement::{Contract, Terms};
use joulebook_units::Price;
use schemars::JsonSchema;
use serde::Serialize;

use super::Flow;

/// What trade changed of a household's bill, by cause: all of them together are what it saved against the supplier alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct TradeEffects {
    /// Bought and used: for the market's price and fees, not for the retail price.
    pub used: Effect,
    /// Sold and delivered: for the market's price, not for the feed-in tariff.
    pub delivered: Effect,
    /// Bought and not used: left to the supplier, for the feed-in tariff.
    pub unused: Effect,
    /// Sold and not delivered: made up for by the supplier, for the retail price.
    pub undelivered: Effect,
    /// Bought and sold in the same window: for the fees.
    pub both_ways: Effect,
}

/// One cause: how much energy it was about, and what it saved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Effect {
    /// Energy, Wh.
    pub energy_wh: u64,
    /// Money saved, thousandths of an atom; negative is lost.
    pub saved_milli_atoms: i128,
}

impl Effect {
    fn of(energy: i64, saved_per_kwh: i128) -> Effect {
        Effect {
            energy_wh: energy.unsigned_abs(),
            saved_milli_atoms: i128::from(energy) * saved_per_kwh,
        }
    }
}

impl TradeEffects {
    /// Of one window; without a price, nothing was traded in it.
    pub fn of(price: Option<Price>, contract: Contract, flow: Flow, terms: &Terms) -> TradeEffects {
        let Some(price) = price else {
            return TradeEffects::default();
        };
        let [fees, retail, feed_in] = [
            i128::from(terms.grid_fee.0) + i128::from(terms.market_fee(price).0),
            terms.tariff.short.0.into(),
            terms.tariff.long.0.into(),
        ];
        let price = i128::from(price.0);
        let [bought, sold] = [contract.bought, contract.sold].map(|energy| i64::from(energy.0));
        let both = bought.min(sold);
        let (bought, sold) = (bought - both, sold - both);
        let net = flow.net().0;
        let used = bought.min(net.max(0));
        let delivered = sold.min((-net).max(0));
        TradeEffects {
            used: Effect::of(used, retail - price - fees),
            delivered: Effect::of(delivered, price - feed_in),
            unused: Effect::of(bought - used, feed_in - price - fees),
            undelivered: Effect::of(sold - delivered, price - retail),
            both_ways: Effect::of(both, -fees),
        }
    }

    pub fn causes(&self) -> [Effect; 5] {
        [
            self.used,
            self.delivered,
            self.unused,
            self.undelivered,
            self.both_ways,
        ]
    }

    /// Together, in milli-atoms.
    pub fn saved(&self) -> i128 {
        let causes = self.causes();
        causes.iter().map(|cause| cause.saved_milli_atoms).sum()
    }
}

impl AddAssign for Effect {
    fn add_assign(&mut self, other: Effect) {
        self.energy_wh = self.energy_wh.saturating_add(other.energy_wh);
        self.saved_milli_atoms += other.saved_milli_atoms;
    }
}

impl AddAssign for TradeEffects {
    fn add_assign(&mut self, other: TradeEffects) {
        self.used += other.used;
        self.delivered += other.delivered;
        self.unused += other.unused;
        self.undelivered += other.undelivered;
        self.both_ways += other.both_ways;
    }
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;
    use proptest::prelude::*;

    use super::*;
    use crate::simulation::bill::{supplier_alone, BillLines};
    use crate::simulation::examples::{contract, flow, TERMS};

    fn effects(bought: u32, sold: u32, import: u32, export: u32) -> TradeEffects {
        let contract = contract(bought, sold);
        TradeEffects::of(Some(Price(100)), contract, flow(import, export), &TERMS)
    }

    fn effect(energy_wh: u64, saved_milli_atoms: i128) -> Effect {
        Effect {
            energy_wh,
            saved_milli_atoms,
        }
    }

    #[test]
    fn bought_energy_is_used_or_left_to_the_supplier() {
        let found = effects(10, 0, 6, 0);
        assert_eq!(found.used, effect(6, 6 * (300 - 121)));
        assert_eq!(found.unused, effect(4, 4 * (80 - 121)));
        assert_eq!(effects(10, 0, 0, 5).unused, effect(10, 10 * (80 - 121)));
    }

    #[test]
    fn sold_energy_is_delivered_or_bought_back() {
        let found = effects(0, 10, 0, 6);
        assert_eq!(found.delivered, effect(6, 6 * 20));
        assert_eq!(found.undelivered, effect(4, 4 * (100 - 300)));
        assert_eq!(effects(0, 10, 5, 0).undelivered, effect(10, -2000));
    }

    #[test]
    fn energy_bought_and_sold_at_once_costs_the_fees() {
        let found = effects(10, 4, 6, 0);
        assert_eq!(found.both_ways, effect(4, -4 * 21));
        assert_eq!(found.used, effect(6, 6 * (300 - 121)));
        let untraded = TradeEffects::of(None, contract(0, 0), flow(9, 0), &TERMS);
        assert_eq!(untraded, TradeEffects::default());
    }

    proptest! {
        #[test]
        fn causes_add_up_to_the_difference_of_the_bills(
            price in -1_000..=1_000_i32,
            [short, long] in proptest::array::uniform2(-1_000..=1_000_i32),
            grid_fee in 0..=1_000_i32,
            fee_bps in 0..=1_000_u16,
            [bought, sold, import, export] in proptest::array::uniform4(0..=1_000_u32),
        ) {
            let terms = Terms {
                tariff: Tariff { short: Price(short), long: Price(long) },
                grid_fee: Price(grid_fee),
                fee_bps,
                min_lock: Price(1),
            };
            let (contract, flow, price) = (contract(bought, sold), flow(import, export), Some(Price(price)));
            let market = BillLines::of(price, contract, flow, &terms).total();
            let saved = supplier_alone(flow, &terms) - market;
            let effects = TradeEffects::of(price, contract, flow, &terms);
            prop_assert_eq!(effects.saved(), saved);
        }
    }
}
