//! The reference: the rules of the programs over plain numbers, for runs without a chain. It can be
//! told to break one, so that a run's checks have something to find.

use std::collections::HashMap;

use anyhow::{ensure, Context, Result};
use joulebook_auction::Side;
use joulebook_metering::register::Registers;
use joulebook_settlement::imbalance::{difference, Contract, Metered};
use joulebook_sim::{
    auction::{self, TickOrder},
    simulation::{
        Allocation, Cost, LedgerTotals, Party, Payouts, Scenario, SeatBalance, Settlement, Venue,
    },
    AccountRent,
};
use joulebook_units::{Atoms, MilliAtoms, NetWh, Price, UnixTime, Wh, WhSum};

/// A rule that the market breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// A milli-atom goes missing in each settlement.
    Leak,
    /// The first fill of a window is one Wh too large.
    Overfill,
    /// The first household's readings are lost.
    DeafMeter,
    /// The first household is charged an atom too much in each settlement, to the supplier's gain.
    Overcharge,
    /// An atom is kept when the market closes.
    Keep,
}

pub struct ReferenceVenue {
    scenario: Scenario,
    fault: Fault,
    now: UnixTime,
    seats: Vec<SeatBalance>,
    windows: HashMap<i64, Window>,
    registers: Vec<Registers>,
    escrow: u64,
    fees: u64,
    vault: u64,
    cost: Cost,
}

#[derive(Default)]
struct Window {
    orders: Vec<(usize, TickOrder)>,
    price: Option<Price>,
    volume: u64,
    contracts: Vec<Contract>,
    flows: Vec<NetWh>,
    settlement: Settlement,
}

impl ReferenceVenue {
    pub fn new(scenario: &Scenario, fault: Fault) -> ReferenceVenue {
        let households = scenario.households.len();
        ReferenceVenue {
            scenario: scenario.clone(),
            fault,
            now: scenario.start,
            seats: vec![SeatBalance::default(); households + 2],
            windows: HashMap::new(),
            registers: vec![Registers::default(); households],
            escrow: 0,
            fees: 0,
            vault: 0,
            cost: Cost::default(),
        }
    }

    fn households(&self) -> usize {
        self.scenario.households.len()
    }

    fn seat(&mut self, who: Party) -> &mut SeatBalance {
        let households = self.households();
        let index = match who {
            Party::Household(index) => index,
            Party::Supplier => households,
            Party::GridOperator => households + 1,
        };
        &mut self.seats[index]
    }

    fn window(&mut self, start: UnixTime) -> Result<&mut Window> {
        self.windows.get_mut(&start.0).context("no such window")
    }

    /// Takes the whole atoms out of a seat; the rest becomes a fee.
    fn pay_out(&mut self, who: Party) -> Atoms {
        let seat = std::mem::take(self.seat(who));
        self.fees += seat.free.0 % 1000;
        self.vault -= seat.free.0 / 1000;
        Atoms(seat.free.0 / 1000)
    }

    fn lock(&self, order: &TickOrder) -> Result<u64> {
        let price = self.scenario.grid.price(order.tick).context("off grid")?;
        let terms = &self.scenario.terms;
        let lock = match order.side {
            Side::Buy => terms.buy_lock(order.quantity, price),
            Side::Sell => terms.sell_lock(order.quantity, price),
        };
        Ok(lock.context("overflow")?.0)
    }

    /// Moves money between a household and the supplier: positive is paid by the household.
    fn settle_difference(&mut self, household: usize, amount: i128) -> Result<()> {
        let payer = match amount > 0 {
            true => Party::Household(household),
            false => Party::Supplier,
        };
        let payee = match amount > 0 {
            true => Party::Supplier,
            false => Party::Household(household),
        };
        let amount = u64::try_from(amount.unsigned_abs())?;
        let rest = self.seat(payer).free.0.checked_sub(amount);
        self.seat(payer).free.0 = rest.context("not enough free money to settle")?;
        self.seat(payee).free.0 += amount;
        Ok(())
    }
}

impl Venue for ReferenceVenue {
    fn account_rents(&self) -> Vec<AccountRent> {
        Vec::new()
    }

    fn advance_to(&mut self, time: UnixTime) -> Result<()> {
        ensure!(time >= self.now, "time runs backwards");
        self.now = time;
        Ok(())
    }

    fn balance(&mut self, who: Party) -> Result<SeatBalance> {
        Ok(*self.seat(who))
    }

    fn deposit(&mut self, who: Party, amount: Atoms) -> Result<()> {
        self.seat(who).free.0 += amount.0 * 1000;
        self.vault += amount.0;
        Ok(())
    }

    fn open(&mut self, window: UnixTime) -> Result<()> {
        ensure!(
            self.now.0 >= window.0 - self.scenario.horizon.0,
            "too early to open"
        );
        let fresh = self.windows.insert(window.0, Window::default()).is_none();
        ensure!(fresh, "opened twice");
        Ok(())
    }

    fn place(&mut self, household: usize, window: UnixTime, orders: &[TickOrder]) -> Result<()> {
        ensure!(
            self.now.0 < window.0 - self.scenario.gate_lead.0,
            "gate closed"
        );
        ensure!(
            orders.len() <= usize::from(self.scenario.max_orders),
            "too many orders"
        );
        for order in orders {
            let lock = self.lock(order)?;
            let seat = &mut self.seats[household];
            ensure!(seat.debt == MilliAtoms::ZERO, "in debt");
            seat.free.0 = seat
                .free
                .0
                .checked_sub(lock)
                .context("not enough free money")?;
            seat.locked.0 += lock;
            self.window(window)?.orders.push((household, *order));
        }
        self.cost.transactions += 1;
        self.cost.compute_units += 2000;
        self.cost.lamports += 5000;
        Ok(())
    }

    fn clear(&mut self, window: UnixTime) -> Result<Allocation> {
        ensure!(
            self.now.0 >= window.0 - self.scenario.gate_lead.0,
            "gate still open"
        );
        let orders = std::mem::take(&mut self.window(window)?.orders);
        let list: Vec<TickOrder> = orders.iter().map(|(_, order)| *order).collect();
        let grid = self.scenario.grid;
        let mut result = auction::clear(grid.ticks(), &list)?;
        let price = result.traded.and_then(|traded| {
            Some(Price::middle(
                grid.price(traded.low)?,
                grid.price(traded.high)?,
            ))
        });
        let mut contracts = vec![Contract::default(); self.households()];
        for ((household, order), fill) in orders.iter().zip(&result.fills) {
            let lock = self.lock(order)?;
            let terms = &self.scenario.terms;
            let at = price.unwrap_or_default();
            let (kept, paid) = match order.side {
                Side::Buy => (terms.surplus(at), terms.all_in(at)),
                Side::Sell => (terms.shortfall(at), Some(Price(-at.0.min(0)))),
            };
            let value = |price: Option<Price>| {
                let value = *fill * price.context("overflow")?;
                anyhow::Ok(value.paid().0)
            };
            let (kept, paid) = (value(kept)?, value(paid)?);
            let seat = &mut self.seats[*household];
            seat.locked.0 -= lock - kept;
            seat.free.0 += lock - kept - paid;
            self.escrow += paid;
            match order.side {
                Side::Buy => contracts[*household].bought.0 += fill.0,
                Side::Sell => contracts[*household].sold.0 += fill.0,
            }
        }
        if self.fault == Fault::Overfill {
            if let Some(fill) = result.fills.first_mut() {
                fill.0 += 1;
            }
        }
        let volume = result.traded.map_or(0, |traded| traded.volume);
        let window = self.window(window)?;
        (window.contracts, window.price, window.volume) = (contracts, price, volume);
        Ok(Allocation { price, result })
    }

    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64> {
        ensure!(boundary <= self.now, "a reading from the future");
        let mut settlement = Settlement::default();
        let mut flows = Vec::new();
        let mut counted = 0;
        for (index, (last, new)) in self.registers.iter_mut().zip(registers).enumerate() {
            if index == 0 && self.fault == Fault::DeafMeter {
                flows.push(NetWh(0));
                continue;
            }
            let import = new
                .import
                .checked_sub(last.import)
                .context("a register fell")?;
            let export = new
                .export
                .checked_sub(last.export)
                .context("a register fell")?;
            flows.push(NetWh(import.0 as i64 - export.0 as i64));
            settlement.imported = WhSum(settlement.imported.0 + import.0);
            settlement.exported = WhSum(settlement.exported.0 + export.0);
            *last = *new;
            counted += 1;
        }
        let start = UnixTime(boundary.0 - self.scenario.length.0);
        let window = self.window(start)?;
        (window.flows, window.settlement) = (flows, settlement);
        Ok(counted)
    }

    fn settle(&mut self, window: UnixTime) -> Result<Settlement> {
        ensure!(
            self.now.0 >= window.0 + self.scenario.length.0,
            "not yet delivered"
        );
        let done = self.windows.remove(&window.0).context("no such window")?;
        let (terms, price) = (self.scenario.terms, done.price.unwrap_or_default());
        for (household, (contract, flow)) in done.contracts.iter().zip(&done.flows).enumerate() {
            let earned = [contract.sold * price, contract.bought * Price(-price.0)];
            let income: u64 = earned.iter().map(|value| value.paid().0).sum();
            let kept = [
                contract.sold * terms.shortfall(price).context("overflow")?,
                contract.bought * terms.surplus(price).context("overflow")?,
            ];
            let unlocked: u64 = kept.iter().map(|value| value.paid().0).sum();
            let seat = &mut self.seats[household];
            seat.locked.0 -= unlocked;
            seat.free.0 += unlocked + income;
            self.escrow -= income;
            let rest = difference(*contract, Metered::Measured(*flow), NetWh(0));
            let payment = rest
                .and_then(|rest| rest.payment(terms.tariff))
                .context("overflow")?;
            self.settle_difference(household, payment.0.into())?;
        }
        let volume = Wh(u32::try_from(done.volume)?);
        let grid_fee = (volume * terms.grid_fee).paid().0;
        let market_fee = (volume * terms.market_fee(price)).paid().0;
        self.escrow -= grid_fee + market_fee;
        self.seat(Party::GridOperator).free.0 += grid_fee;
        self.fees += market_fee;
        match self.fault {
            Fault::Leak => self.seat(Party::Supplier).free.0 -= 1,
            Fault::Overcharge => self.settle_difference(0, 1000)?,
            _ => {}
        }
        Ok(done.settlement)
    }

    fn leave(&mut self, household: usize) -> Result<Atoms> {
        ensure!(
            self.seats[household].locked == MilliAtoms::ZERO,
            "money still locked"
        );
        Ok(self.pay_out(Party::Household(household)))
    }

    fn close(&mut self) -> Result<Payouts> {
        ensure!(
            self.windows.is_empty() && self.escrow == 0,
            "windows not settled"
        );
        let (supplier, grid_operator) = (
            self.pay_out(Party::Supplier),
            self.pay_out(Party::GridOperator),
        );
        let kept = u64::from(self.fault == Fault::Keep);
        Ok(Payouts {
            supplier,
            grid_operator,
            fees: Atoms(self.fees / 1000 - kept),
            rent_lamports: 0,
        })
    }

    fn ledger(&mut self) -> Result<LedgerTotals> {
        let seats: u64 = self
            .seats
            .iter()
            .map(|seat| seat.free.0 + seat.locked.0)
            .sum();
        Ok(LedgerTotals {
            owed: MilliAtoms(seats + self.escrow + self.fees),
            vault: Atoms(self.vault),
        })
    }

    fn audit(&mut self) -> Result<(), String> {
        Ok(())
    }

    fn cost(&self) -> Cost {
        self.cost
    }
}
