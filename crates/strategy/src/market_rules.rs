use joulebook_auction::Side;
use joulebook_settlement::Terms;
use joulebook_units::{PriceGrid, Tick, Wh};

/// What a household's orders for a window have to keep to, and what they cost.
#[derive(Clone, Copy, Debug)]
pub struct MarketRules {
    pub terms: Terms,
    pub grid: PriceGrid,
    /// Of an order, at least.
    pub min_quantity: Wh,
    /// At most.
    pub max_orders: u16,
    /// What the household's connections to the grid carry in a window: it may order so much on each side.
    pub may_buy: Wh,
    pub may_sell: Wh,
}

impl MarketRules {
    /// What may be ordered on a side.
    pub fn most(&self, side: Side) -> Wh {
        match side {
            Side::Buy => self.may_buy,
            Side::Sell => self.may_sell,
        }
    }

    /// So many ticks, as far from each other as the grid allows, from its lowest to its highest.
    #[expect(
        clippy::arithmetic_side_effects,
        reason = "two numbers of 16 bits, by one that is not zero"
    )]
    pub fn ticks(&self, count: u16) -> Vec<Tick> {
        let last = u32::from(self.grid.ticks().saturating_sub(1));
        let steps = u32::from(count.saturating_sub(1)).max(1);
        let mut ticks: Vec<Tick> = (0..u32::from(count))
            .map(|step| Tick(u16::try_from(last * step / steps).unwrap_or(u16::MAX)))
            .collect();
        ticks.dedup();
        ticks
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::Price;

    use super::*;

    fn ticks(of: u16, count: u16) -> Vec<u16> {
        let rules = MarketRules {
            terms: Terms::default(),
            grid: PriceGrid::new(Price(0), 1, of).expect("a grid"),
            min_quantity: Wh(1),
            max_orders: 6,
            may_buy: Wh(1),
            may_sell: Wh(1),
        };
        rules.ticks(count).iter().map(|tick| tick.0).collect()
    }

    #[test]
    fn given_a_grid_when_ticks_are_spread_then_both_ends_are_among_them() {
        assert_eq!(ticks(198, 4), [0, 65, 131, 197]);
        assert_eq!(ticks(198, 1), [0]);
        assert_eq!(ticks(198, 0), [0; 0]);
        assert_eq!(ticks(65_535, 3), [0, 32_767, 65_534]);
    }

    #[test]
    fn given_fewer_ticks_than_wanted_when_spread_then_each_is_there_once() {
        assert_eq!(ticks(1, 6), [0]);
        assert_eq!(ticks(2, 6), [0, 1]);
        assert_eq!(ticks(3, 6), [0, 1, 2]);
    }
}
