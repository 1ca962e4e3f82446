use anyhow::{Context, Result};
use joulebook_auction::Side;
use joulebook_settlement::Contract;
use joulebook_units::{Price, PriceGrid, Wh, WhSum};

use super::{settled::SideOrders, Allocation, Checks};
use crate::auction::{self, TickOrder};

/// A window's orders, with the household that placed each.
#[derive(Clone, Debug, Default)]
pub struct WindowOrders {
    pub orders: Vec<TickOrder>,
    pub households: Vec<usize>,
}

/// What a window's auction gave the households.
#[derive(Clone, Debug, Default)]
pub struct WindowTrades {
    pub price: Option<Price>,
    /// Wh.
    pub volume: u64,
    pub buys: SideOrders,
    pub sells: SideOrders,
    pub contracts: Vec<Contract>,
}

impl WindowOrders {
    pub fn add(&mut self, household: usize, orders: &[TickOrder]) {
        self.orders.extend_from_slice(orders);
        self.households.extend(orders.iter().map(|_| household));
    }

    /// Holds the same auction off chain, compares, and gives each household its contract.
    ///
    /// # Errors
    /// If the off-chain auction can't be held, or a contract exceeds 32 bits.
    pub fn compare(
        &self,
        allocation: &Allocation,
        grid: &PriceGrid,
        households: usize,
        checks: &mut Checks,
    ) -> Result<WindowTrades> {
        let expected = auction::clear(grid.ticks(), &self.orders)?;
        let traded = expected.traded;
        let price = traded.and_then(|traded| {
            Some(Price::middle(
                grid.price(traded.low)?,
                grid.price(traded.high)?,
            ))
        });
        let same = expected == allocation.result && price == allocation.price;
        checks.clearing.that(same, || {
            format!(
                "off chain {price:?} {traded:?}, on chain {:?}",
                allocation.price
            )
        });
        self.check_fills(allocation, grid, checks);

        let mut contracts = vec![Contract::default(); households];
        let fills = &allocation.result.fills;
        for ((order, household), fill) in self.orders.iter().zip(&self.households).zip(fills) {
            let contract = contracts
                .get_mut(*household)
                .context("an unknown household")?;
            let sum = match order.side {
                Side::Buy => &mut contract.bought,
                Side::Sell => &mut contract.sold,
            };
            *sum = Wh(sum
                .0
                .checked_add(fill.0)
                .context("a contract beyond 32 bits")?);
        }
        Ok(WindowTrades {
            price: allocation.price,
            volume: allocation.result.traded.map_or(0, |traded| traded.volume),
            buys: self.side(Side::Buy),
            sells: self.side(Side::Sell),
            contracts,
        })
    }

    fn side(&self, side: Side) -> SideOrders {
        let ours = self.orders.iter().filter(|order| order.side == side);
        ours.fold(SideOrders::default(), |sum, order| SideOrders {
            orders: sum.orders.saturating_add(1),
            quantity: WhSum(sum.quantity.0.saturating_add(order.quantity.0.into())),
        })
    }

    fn check_fills(&self, allocation: &Allocation, grid: &PriceGrid, checks: &mut Checks) {
        let fills = &allocation.result.fills;
        let both = || self.orders.iter().zip(fills);
        let sum = |side: Side| -> u64 {
            let ours = both().filter(|(order, _)| order.side == side);
            ours.map(|(_, fill)| u64::from(fill.0)).sum()
        };
        let (bought, sold) = (sum(Side::Buy), sum(Side::Sell));
        let fair = |order: &TickOrder, fill: Wh| {
            let limit = grid.price(order.tick);
            let within = match order.side {
                Side::Buy => allocation.price <= limit,
                Side::Sell => allocation.price >= limit,
            };
            fill == Wh(0) || (fill <= order.quantity && allocation.price.is_some() && within)
        };
        let fine = fills.len() == self.orders.len()
            && bought == sold
            && both().all(|(order, fill)| fair(order, *fill));
        checks.fills.that(fine, || {
            format!("bought {bought} Wh, sold {sold} Wh: {fills:?}")
        });
    }
}

#[cfg(test)]
mod tests {
    use joulebook_units::Tick;

    use super::*;
    use crate::auction::AuctionResult;

    fn placed() -> WindowOrders {
        let order = |side, tick, quantity| TickOrder {
            side,
            tick: Tick(tick),
            quantity: Wh(quantity),
        };
        let mut placed = WindowOrders::default();
        placed.add(0, &[order(Side::Buy, 8, 10), order(Side::Buy, 2, 10)]);
        placed.add(1, &[order(Side::Sell, 4, 6)]);
        placed
    }

    fn compared(price: i32, result: AuctionResult) -> (WindowTrades, Checks) {
        let grid = PriceGrid::new(Price(100), 10, 10).expect("a grid");
        let mut checks = Checks::default();
        let allocation = Allocation {
            price: Some(Price(price)),
            result,
        };
        let traded = placed().compare(&allocation, &grid, 2, &mut checks);
        (traded.expect("compared"), checks)
    }

    #[test]
    fn the_same_auction_passes_and_makes_contracts() {
        let result = auction::clear(10, &placed().orders).expect("clears");
        let (traded, checks) = compared(180, result);
        assert!(checks.clearing.holds() && checks.fills.holds());
        assert_eq!(traded.volume, 6);
        let (buys, sells) = (traded.buys, traded.sells);
        assert_eq!((buys.orders, buys.quantity), (2, WhSum(20)));
        assert_eq!((sells.orders, sells.quantity), (1, WhSum(6)));
        let net: Vec<i64> = traded.contracts.iter().map(|one| one.net().0).collect();
        assert_eq!(net, [6, -6]);
    }

    #[test]
    fn another_price_or_fill_is_noticed() {
        let right = auction::clear(10, &placed().orders).expect("clears");
        assert!(!compared(170, right.clone()).1.clearing.holds());
        // Against the limit of the sell, at 140.
        assert!(!compared(130, right.clone()).1.fills.holds());
        for fills in [[7, 0, 6], [11, 0, 11], [3, 3, 6]] {
            let wrong = AuctionResult {
                fills: fills.map(Wh).to_vec(),
                ..right.clone()
            };
            let (_, checks) = compared(180, wrong);
            assert!(
                !checks.clearing.holds() && !checks.fills.holds(),
                "{fills:?}"
            );
        }
    }
}
