use anyhow::{Context, Result};
use joulebook_metering::register::Registers;
use joulebook_settlement::{position, Contract, Terms};
use joulebook_units::{NetMilliAtoms, NetWh, Price, Wh, WhSum};

use super::{trade::WindowTrades, PriceRange};

/// Sums over the windows of a run.
#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub windows: u64,
    pub windows_traded: u64,
    pub orders: u64,
    pub readings: u64,
    /// Wh.
    pub traded: u64,
    /// Wh × atoms per kWh.
    value: i128,
    lowest: Option<i32>,
    highest: Option<i32>,
    pub bills: Vec<ExpectedBill>,
}

/// What a household owes by the rules, in milli-atoms; negative is what it earned.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExpectedBill {
    pub with_market: i128,
    pub supplier_alone: i128,
}

/// Energy of one household's meter in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flow {
    pub import: Wh,
    pub export: Wh,
}

impl Flow {
    /// # Errors
    /// If a register fell, or moved by more than 32 bits hold.
    pub fn between(before: Registers, after: Registers) -> Result<Flow> {
        let advance = |before: WhSum, after: WhSum| {
            let energy = after.checked_sub(before)?;
            u32::try_from(energy.0).ok().map(Wh)
        };
        advance(before.import, after.import)
            .zip(advance(before.export, after.export))
            .map(|(import, export)| Flow { import, export })
            .context("more energy in one interval than 32 bits hold in Wh; shorten the intervals")
    }

    pub fn net(self) -> NetWh {
        NetWh::between(self.import, self.export)
    }
}

impl Totals {
    pub fn new(households: usize) -> Totals {
        Totals {
            bills: vec![ExpectedBill::default(); households],
            ..Totals::default()
        }
    }

    pub fn add_auction(&mut self, traded: &WindowTrades) {
        let Some(price) = traded.price else { return };
        self.windows_traded += 1;
        self.traded += traded.volume;
        self.value += i128::from(traded.volume) * i128::from(price.0);
        self.lowest = Some(self.lowest.map_or(price.0, |lowest| lowest.min(price.0)));
        self.highest = Some(self.highest.map_or(price.0, |highest| highest.max(price.0)));
    }

    /// `None` if nothing traded.
    pub fn prices(&self) -> Option<PriceRange> {
        Some(PriceRange {
            // Between the lowest and the highest.
            average: i32::try_from(self.value.checked_div_euclid(i128::from(self.traded))?).ok()?,
            lowest: self.lowest?,
            highest: self.highest?,
        })
    }

    /// Adds to a household's bills what a window costs it, in the market and with the supplier alone.
    ///
    /// # Errors
    /// If an amount exceeds 64 bits.
    pub fn add_settlement(
        &mut self,
        household: usize,
        price: Option<Price>,
        contract: Contract,
        flow: Flow,
        terms: &Terms,
    ) -> Result<()> {
        let with_market = cost(price, contract, flow, terms).context("a bill beyond 64 bits")?;
        let alone =
            cost(None, Contract::default(), flow, terms).context("a bill beyond 64 bits")?;
        let due = self
            .bills
            .get_mut(household)
            .context("an unknown household")?;
        due.with_market += with_market;
        due.supplier_alone += alone;
        Ok(())
    }
}

/// Contracts at the market's price, the rest at the supplier's.
fn cost(price: Option<Price>, contract: Contract, flow: Flow, terms: &Terms) -> Option<i128> {
    let price = price.unwrap_or_default();
    let signed = |amount: NetMilliAtoms| i128::from(amount.0);
    let contracts = if contract == Contract::default() {
        0
    } else {
        signed(contract.bought * terms.cost_of_buy(price)?) - signed(contract.sold * price)
    };
    let deviation = NetWh(flow.net().0.checked_sub(contract.net().0)?);
    Some(contracts + signed(position::cost(deviation, terms.tariff)))
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;

    use super::*;

    const TERMS: Terms = Terms {
        tariff: Tariff {
            short: Price(300),
            long: Price(80),
        },
        grid_fee: Price(20),
        fee_bps: 100,
        min_lock: Price(1),
    };

    fn bill(price: i32, bought: u32, sold: u32, import: u32, export: u32) -> (i128, i128) {
        let mut totals = Totals::new(1);
        let contract = Contract {
            bought: Wh(bought),
            sold: Wh(sold),
        };
        let flow = Flow {
            import: Wh(import),
            export: Wh(export),
        };
        let added = totals.add_settlement(0, Some(Price(price)), contract, flow, &TERMS);
        added.expect("fits");
        (totals.bills[0].with_market, totals.bills[0].supplier_alone)
    }

    #[test]
    fn buyers_pay_price_and_fees_and_the_supplier_for_the_rest() {
        assert_eq!(
            bill(100, 10, 0, 15, 0),
            (10 * (100 + 20 + 1) + 5 * 300, 15 * 300)
        );
        // Less than bought: the rest goes back at the feed-in tariff.
        assert_eq!(bill(100, 10, 0, 4, 0), (10 * 121 - 6 * 80, 4 * 300));
    }

    #[test]
    fn sellers_earn_the_price_and_pay_for_what_they_fail_to_deliver() {
        assert_eq!(bill(100, 0, 10, 0, 12), (-10 * 100 - 2 * 80, -12 * 80));
        assert_eq!(bill(100, 0, 10, 1, 0), (-10 * 100 + 11 * 300, 300));
    }

    #[test]
    fn average_prices_weigh_by_volume() {
        let mut totals = Totals::default();
        assert_eq!(totals.prices(), None);
        for (price, volume) in [(Some(100), 1), (None, 0), (Some(200), 3)] {
            totals.add_auction(&WindowTrades {
                price: price.map(Price),
                volume,
                contracts: Vec::new(),
            });
        }
        let prices = totals.prices().expect("traded");
        assert_eq!(
            (prices.average, prices.lowest, prices.highest),
            (175, 100, 200)
        );
        assert_eq!((totals.windows_traded, totals.traded), (2, 4));
    }

    #[test]
    fn flows_are_differences_of_registers() {
        let show = |import, export| Registers {
            import: WhSum(import),
            export: WhSum(export),
        };
        let flow = Flow::between(show(5, 5), show(8, 5)).expect("fits");
        assert_eq!(flow.net(), NetWh(3));
        assert!(Flow::between(show(5, 5), show(4, 5)).is_err());
        assert!(Flow::between(show(0, 0), show(1 << 32, 0)).is_err());
    }
}
