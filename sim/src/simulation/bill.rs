use std::ops::AddAssign;

use joulebook_settlement::{position, Contract, Terms};
use joulebook_units::{NetMilliAtoms, NetWh, Price};
use schemars::JsonSchema;
use serde::Serialize;

use super::Flow;

/// What a household pays in the market, by what it is for; negative is what it earns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BillLines {
    /// Energy bought, at the market's price, thousandths of an atom.
    pub bought: i128,
    /// Energy sold, at the market's price, thousandths of an atom.
    pub sold: i128,
    /// Grid fee on what was bought, thousandths of an atom.
    pub grid_fee: i128,
    /// Market fee on what was bought, thousandths of an atom.
    pub market_fee: i128,
    /// Deviations drawn beyond contracts, at the retail price, thousandths of an atom.
    pub from_supplier: i128,
    /// Deviations left over of contracts, at the feed-in tariff, thousandths of an atom.
    pub to_supplier: i128,
}

impl BillLines {
    /// Of one window; without a price, nothing was traded in it.
    pub fn of(price: Option<Price>, contract: Contract, flow: Flow, terms: &Terms) -> BillLines {
        let price = price.unwrap_or_default();
        let money = |amount: NetMilliAtoms| i128::from(amount.0);
        let deviation = deviation(contract, flow);
        let cost = money(position::cost(deviation, terms.tariff));
        let is_drawn = deviation.0 > 0;
        BillLines {
            bought: money(contract.bought * price),
            sold: -money(contract.sold * price),
            grid_fee: money(contract.bought * terms.grid_fee),
            market_fee: money(contract.bought * terms.market_fee(price)),
            from_supplier: if is_drawn { cost } else { 0 },
            to_supplier: if is_drawn { 0 } else { cost },
        }
    }

    pub fn total(&self) -> i128 {
        self.bought
            + self.sold
            + self.grid_fee
            + self.market_fee
            + self.from_supplier
            + self.to_supplier
    }
}

impl AddAssign for BillLines {
    fn add_assign(&mut self, other: BillLines) {
        self.bought += other.bought;
        self.sold += other.sold;
        self.grid_fee += other.grid_fee;
        self.market_fee += other.market_fee;
        self.from_supplier += other.from_supplier;
        self.to_supplier += other.to_supplier;
    }
}

/// What flowed beyond the contracts: positive is drawn.
pub fn deviation(contract: Contract, flow: Flow) -> NetWh {
    // Of two numbers of 33 bits.
    NetWh(flow.net().0 - contract.net().0)
}

/// What the same energy costs if all of it comes from and goes to the supplier, in milli-atoms.
pub fn supplier_alone(flow: Flow, terms: &Terms) -> i128 {
    position::cost(flow.net(), terms.tariff).0.into()
}

#[cfg(test)]
mod tests {
    use joulebook_settlement::Tariff;
    use proptest::prelude::*;

    use super::*;
    use crate::simulation::examples::{contract, flow, TERMS};

    fn lines(bought: u32, sold: u32, import: u32, export: u32) -> BillLines {
        let contract = contract(bought, sold);
        BillLines::of(Some(Price(100)), contract, flow(import, export), &TERMS)
    }

    #[test]
    fn buyers_pay_price_and_fees_and_the_supplier_for_the_rest() {
        let expected = BillLines {
            bought: 10 * 100,
            grid_fee: 10 * 20,
            market_fee: 10,
            from_supplier: 5 * 300,
            ..BillLines::default()
        };
        assert_eq!(lines(10, 0, 15, 0), expected);
        // Less than bought: the rest goes back at the feed-in tariff.
        assert_eq!(lines(10, 0, 4, 0).to_supplier, -6 * 80);
        assert_eq!(supplier_alone(flow(15, 0), &TERMS), 15 * 300);
    }

    #[test]
    fn sellers_earn_the_price_and_pay_for_what_they_fail_to_deliver() {
        let more = lines(0, 10, 0, 12);
        assert_eq!(
            (more.sold, more.to_supplier, more.total()),
            (-1000, -160, -1160)
        );
        let less = lines(0, 10, 1, 0);
        assert_eq!((less.sold, less.from_supplier), (-1000, 11 * 300));
        assert_eq!(supplier_alone(flow(0, 12), &TERMS), -12 * 80);
    }

    #[test]
    fn below_zero_buyers_receive_the_price_and_pay_no_market_fee() {
        let bill = BillLines::of(Some(Price(-50)), contract(10, 0), flow(10, 0), &TERMS);
        let found = (bill.bought, bill.grid_fee, bill.market_fee, bill.total());
        assert_eq!(found, (-500, 200, 0, -300));
    }

    proptest! {
        /// As the market program takes money: what a buyer pays all in less what it receives, then the deviation.
        #[test]
        fn lines_add_up_to_what_the_market_takes(
            price in -1_000_000_000..=1_000_000_000_i32,
            short in -1_000_000_000..=1_000_000_000_i32,
            long in -1_000_000_000..=1_000_000_000_i32,
            grid_fee in 0..=1_000_000_000_i32,
            fee_bps in 0..=1_000_u16,
            energy in any::<[u32; 4]>(),
        ) {
            let terms = Terms {
                tariff: Tariff { short: Price(short), long: Price(long) },
                grid_fee: Price(grid_fee),
                fee_bps,
                min_lock: Price(1),
            };
            let [bought, sold, import, export] = energy.map(|energy| energy >> 1);
            let (contract, flow) = (contract(bought, sold), flow(import, export));
            let all_in = terms.all_in(Price(price)).expect("within 32 bits");
            let received = i128::from(price.min(0));
            let paid = i128::from(bought) * (i128::from(all_in.0) + received);
            let earned = i128::from(sold) * i128::from(price);
            let drawn = i128::from(import) - i128::from(export);
            let beyond = drawn - i128::from(bought) + i128::from(sold);
            let imbalance = beyond.max(0) * i128::from(short) + beyond.min(0) * i128::from(long);
            let lines = BillLines::of(Some(Price(price)), contract, flow, &terms);
            prop_assert_eq!(lines.total(), paid - earned + imbalance);
        }
    }
}
