use joulebook_auction::{Side, TickOrder};
use joulebook_settlement::Locks;
use joulebook_units::{MilliAtoms, Price, PriceGrid, Tick, Wh};

use crate::{standing::tick_within, MarketRules};

/// How far a household lets somebody bid for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnerLimits {
    /// The most to pay for a kWh, fees not included; `None` for any price.
    pub highest_buy: Option<Price>,
    /// The least to take for a kWh; `None` for any price.
    pub lowest_sell: Option<Price>,
    /// What orders may lock together.
    pub may_lock: MilliAtoms,
}

impl Default for OwnerLimits {
    fn default() -> OwnerLimits {
        OwnerLimits {
            highest_buy: None,
            lowest_sell: None,
            may_lock: MilliAtoms(u64::MAX),
        }
    }
}

impl OwnerLimits {
    /// Orders as the limits allow them: at other prices, where theirs are beyond them; less, where they would lock too much.
    /// Those that are filled first are kept first.
    pub fn keep(&self, orders: &[TickOrder], rules: &MarketRules) -> Vec<TickOrder> {
        let mut kept: Vec<TickOrder> = Vec::new();
        for order in orders {
            let Some(tick) = self.tick(order, &rules.grid) else {
                continue;
            };
            let same = |other: &&mut TickOrder| (other.side, other.tick) == (order.side, tick);
            match kept.iter_mut().find(same) {
                Some(other) => other.quantity.0 = other.quantity.0.saturating_add(order.quantity.0),
                None => kept.push(TickOrder { tick, ..*order }),
            }
        }
        self.lock(kept, rules)
    }

    fn tick(&self, order: &TickOrder, grid: &PriceGrid) -> Option<Tick> {
        let price = grid.price(order.tick)?;
        let limit = match order.side {
            Side::Buy => self.highest_buy.filter(|most| *most < price),
            Side::Sell => self.lowest_sell.filter(|least| *least > price),
        };
        match limit {
            Some(limit) => tick_within(order.side, limit, grid),
            None => Some(order.tick),
        }
    }

    fn lock(&self, mut orders: Vec<TickOrder>, rules: &MarketRules) -> Vec<TickOrder> {
        let locks = rules.terms.locks();
        let lock =
            |order: &TickOrder| lock_of(&locks, order, rules).map_or(u64::MAX, |lock| lock.0);
        let all = orders.iter().map(lock).fold(0, u64::saturating_add);
        if all <= self.may_lock.0 {
            return orders;
        }
        // Those that fill first.
        orders.sort_by_key(|order| match order.side {
            Side::Buy => u16::MAX.saturating_sub(order.tick.0),
            Side::Sell => order.tick.0,
        });
        let mut left = self.may_lock.0;
        let fitting = orders.into_iter().filter_map(|mut order| {
            let one = TickOrder {
                quantity: Wh(1),
                ..order
            };
            let most = left.checked_div(lock(&one).max(1)).unwrap_or(0);
            let most = u32::try_from(most).unwrap_or(u32::MAX);
            order.quantity = Wh(order.quantity.0.min(most));
            left = left.saturating_sub(lock(&order));
            (order.quantity.0 >= rules.min_quantity.0.max(1)).then_some(order)
        });
        fitting.collect()
    }
}

/// What an order locks; `None` if the market would not take it.
pub fn lock_of(locks: &Locks, order: &TickOrder, rules: &MarketRules) -> Option<MilliAtoms> {
    let price = rules.grid.price(order.tick)?;
    match order.side {
        Side::Buy => locks.buy(order.quantity, price),
        Side::Sell => locks.sell(order.quantity, price),
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::examples;

    fn rules() -> MarketRules {
        MarketRules {
            min_quantity: Wh(5),
            may_buy: Wh(1_000),
            may_sell: Wh(1_000),
            ..examples::rules()
        }
    }

    fn order(side: Side, tick: u16, quantity: u32) -> TickOrder {
        TickOrder {
            side,
            tick: Tick(tick),
            quantity: Wh(quantity),
        }
    }

    fn curve() -> [TickOrder; 4] {
        [
            order(Side::Buy, 8, 10),
            order(Side::Buy, 4, 20),
            order(Side::Sell, 12, 30),
            order(Side::Sell, 16, 40),
        ]
    }

    #[test]
    fn given_no_limits_when_kept_then_orders_are_as_they_were() {
        assert_eq!(OwnerLimits::default().keep(&curve(), &rules()), curve());
    }

    #[test]
    fn given_price_limits_when_kept_then_orders_beyond_them_are_at_the_last_tick_within() {
        let limits = OwnerLimits {
            highest_buy: Some(Price(145)),
            lowest_sell: Some(Price(255)),
            ..OwnerLimits::default()
        };
        let kept = limits.keep(&curve(), &rules());
        assert_eq!(kept, [order(Side::Buy, 4, 30), order(Side::Sell, 16, 70)]);
        let off_the_grid = OwnerLimits {
            highest_buy: Some(Price(99)),
            lowest_sell: Some(Price(301)),
            ..OwnerLimits::default()
        };
        assert_eq!(off_the_grid.keep(&curve(), &rules()), []);
    }

    #[test]
    fn given_little_to_lock_when_kept_then_what_fills_first_is_kept_first_and_the_last_is_smaller()
    {
        // The first locks 10 · 180, the second 140 a Wh.
        let keep = |may_lock: u64, orders: &[TickOrder]| {
            let limits = OwnerLimits {
                may_lock: MilliAtoms(may_lock),
                ..OwnerLimits::default()
            };
            limits.keep(orders, &rules())
        };
        let buys = [curve()[1], curve()[0]];
        let [first, second] = [order(Side::Buy, 8, 10), order(Side::Buy, 4, 7)];
        assert_eq!(keep(1_800 + 7 * 140, &buys), [first, second]);
        assert_eq!(keep(1_800 + 4 * 140, &buys), [first], "less than the least");
        assert_eq!(keep(0, &buys), []);
    }
}
