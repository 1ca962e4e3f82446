use joulebook_auction::{Side, TickOrder};
use joulebook_units::{NetWh, Tick, Wh};

use crate::MarketRules;

/// The order of who knows what will flow: all of it, at whatever price the grid has. If all know, all that can be traded is.
pub fn foresight_orders(flow: NetWh, rules: &MarketRules) -> Vec<TickOrder> {
    let (side, tick) = match flow.0 {
        0.. => (Side::Buy, Tick(rules.grid.ticks().saturating_sub(1))),
        _ => (Side::Sell, Tick(0)),
    };
    let energy = Wh(u32::try_from(flow.magnitude().0).unwrap_or(u32::MAX));
    let quantity = energy.min(rules.most(side));
    if quantity < rules.min_quantity || quantity == Wh(0) {
        return Vec::new();
    }
    vec![TickOrder {
        side,
        tick,
        quantity,
    }]
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Terms;
    use joulebook_units::{Price, PriceGrid};

    use super::*;

    #[test]
    fn given_what_will_flow_when_ordered_then_it_is_all_of_that_at_any_price() {
        let rules = MarketRules {
            terms: Terms::default(),
            grid: PriceGrid::new(Price(0), 1, 10).expect("a grid"),
            min_quantity: Wh(5),
            max_orders: 1,
            may_buy: Wh(100),
            may_sell: Wh(100),
        };
        let order = |side, tick, quantity| {
            vec![TickOrder {
                side,
                tick: Tick(tick),
                quantity: Wh(quantity),
            }]
        };
        assert_eq!(foresight_orders(NetWh(7), &rules), order(Side::Buy, 9, 7));
        assert_eq!(foresight_orders(NetWh(-7), &rules), order(Side::Sell, 0, 7));
        assert_eq!(
            foresight_orders(NetWh(900), &rules),
            order(Side::Buy, 9, 100)
        );
        assert_eq!(foresight_orders(NetWh(4), &rules), []);
        assert_eq!(foresight_orders(NetWh(0), &rules), []);
    }
}
