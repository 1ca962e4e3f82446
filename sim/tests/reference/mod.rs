//! The reference: the rules of the programs over plain numbers, for runs without a chain. It can be
//! told to break one, so that a run's checks have something to find.

use std::collections::BTreeMap;

use anyhow::{ensure, Context, Result};
use joulebook_auction::Side;
use joulebook_client::{
    addresses::Rings,
    order_packing::{order_bytes, table_addresses, OrderBytes},
    Addresses,
};
use joulebook_metering::register::Registers;
use joulebook_settlement::{position, Contract};
use joulebook_sim::{
    auction::{self, TickOrder},
    simulation::{
        Allocation, Cost, Costs, Flow, LedgerTotals, Party, Payouts, Scenario, SeatBalance,
        Settlement, Venue,
    },
    AccountRent,
};
use joulebook_strategy::{orders_in, StandingOrder, ENTERED};
use joulebook_units::{Atoms, MilliAtoms, NetWh, Price, UnixTime, Wh, WhSum};
use solana_address::Address;
use solana_message::AddressLookupTableAccount;

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
    windows: BTreeMap<i64, Window>,
    registers: Vec<Registers>,
    escrow: u64,
    fees: u64,
    vault: u64,
    costs: Costs,
    standing: Vec<[Option<StandingOrder>; ENTERED]>,
}

/// A window, from its opening until it is settled and nobody asks for it any more.
#[derive(Default)]
struct Window {
    orders: Vec<(usize, TickOrder)>,
    /// Once it is cleared.
    allocation: Option<Allocation>,
    contracts: Vec<Contract>,
    /// Once its meters were read.
    flows: Vec<NetWh>,
    settlement: Settlement,
    is_settled: bool,
}

impl ReferenceVenue {
    pub fn new(scenario: &Scenario, fault: Fault) -> ReferenceVenue {
        let households = scenario.households.len();
        ReferenceVenue {
            scenario: scenario.clone(),
            fault,
            now: scenario.start,
            seats: vec![SeatBalance::default(); households + 2],
            windows: BTreeMap::new(),
            registers: vec![Registers::default(); households],
            escrow: 0,
            fees: 0,
            vault: 0,
            costs: Costs::default(),
            standing: vec![[None; ENTERED]; households],
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

    /// The windows that start until then and for which something is due.
    fn windows_until(&self, last: i64, is_due: fn(&Window) -> bool) -> Vec<UnixTime> {
        let windows = self.windows.range(..=last);
        windows
            .filter(|(_, window)| is_due(window))
            .map(|(start, _)| UnixTime(*start))
            .collect()
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

    /// Opens every window of the scenario whose horizon has come.
    fn open_windows(&mut self) -> Result<()> {
        let Scenario {
            start,
            end,
            length,
            horizon,
            ..
        } = self.scenario;
        let mut window = start.0;
        while window < end.0 && window - horizon.0 <= self.now.0 {
            let is_new = !self.windows.contains_key(&window);
            self.windows.entry(window).or_default();
            if is_new && self.now.0 < window - self.scenario.gate_lead.0 {
                self.apply_standing_orders(UnixTime(window))?;
            }
            window += length.0;
        }
        Ok(())
    }

    fn apply_standing_orders(&mut self, start: UnixTime) -> Result<()> {
        for household in 0..self.households() {
            let rules = self.scenario.rules(household);
            let standing = &self.standing[household];
            for order in orders_in(standing, start, &rules) {
                self.enter(household, start, order)?;
            }
        }
        Ok(())
    }

    fn enter(&mut self, household: usize, window: UnixTime, order: TickOrder) -> Result<()> {
        let lock = self.lock(&order)?;
        let seat = &mut self.seats[household];
        ensure!(seat.debt == MilliAtoms::ZERO, "in debt");
        let free = seat.free.0.checked_sub(lock);
        seat.free.0 = free.context("not enough free money")?;
        seat.locked.0 += lock;
        self.window(window)?.orders.push((household, order));
        Ok(())
    }

    /// Clears a window and allocates its orders.
    fn clear(&mut self, window: UnixTime) -> Result<()> {
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
        self.pass_on_fees(&result, price.unwrap_or_default())?;
        if self.fault == Fault::Overfill {
            if let Some(fill) = result.fills.first_mut() {
                fill.0 += 1;
            }
        }
        let window = self.window(window)?;
        window.contracts = contracts;
        window.allocation = Some(Allocation { price, result });
        Ok(())
    }

    /// Gives grid operator and market what buyers paid beside the price.
    fn pass_on_fees(&mut self, result: &auction::AuctionResult, price: Price) -> Result<()> {
        let terms = self.scenario.terms;
        let volume = result.traded.map_or(0, |traded| traded.volume);
        let volume = Wh(u32::try_from(volume)?);
        let grid_fee = (volume * terms.grid_fee).paid().0;
        let market_fee = (volume * terms.market_fee(price)).paid().0;
        self.escrow -= grid_fee + market_fee;
        self.seat(Party::GridOperator).free.0 += grid_fee;
        self.fees += market_fee;
        Ok(())
    }

    /// Settles a window that has ended and whose meters were read.
    fn settle(&mut self, start: UnixTime) -> Result<()> {
        let window = self.window(start)?;
        window.is_settled = true;
        let (contracts, flows) = (window.contracts.clone(), window.flows.clone());
        let allocation = window.allocation.as_ref().context("not cleared")?;
        let price = allocation.price.unwrap_or_default();
        let terms = self.scenario.terms;
        for (household, (contract, flow)) in contracts.iter().zip(&flows).enumerate() {
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
            let deviation = NetWh(flow.0 - contract.net().0);
            let payment = position::cost(deviation, terms.tariff);
            self.settle_difference(household, payment.0.into())?;
        }
        match self.fault {
            Fault::Leak => self.seat(Party::Supplier).free.0 -= 1,
            Fault::Overcharge => self.settle_difference(0, 1000)?,
            _ => {}
        }
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
            self.enter(household, window, *order)?;
        }
        self.costs.orders.add(Cost {
            transactions: 1,
            compute_units: 2000,
            lamports: 5000,
        });
        Ok(())
    }

    fn name_delegate(&mut self) -> Result<()> {
        Ok(())
    }

    fn order_bytes(&self) -> OrderBytes {
        // As on a chain: what decides is how many bytes an address takes, not which it is.
        let of = |byte: u8| Address::new_from_array([byte; 32]);
        let rings = Rings {
            market: 0,
            window_seconds: 900,
            page_windows: 96,
            books: 3,
            pages: 6,
        };
        let addresses = Addresses::new(of(1), of(2), of(3), rings);
        let owners = [of(4), of(5)];
        let table = AddressLookupTableAccount {
            key: of(6),
            addresses: table_addresses(&addresses, &owners),
        };
        order_bytes(&addresses, &of(7), owners.each_ref(), &[table])
    }

    fn place_as_delegate(
        &mut self,
        window: UnixTime,
        orders: &[(usize, Vec<TickOrder>)],
    ) -> Result<()> {
        for (household, orders) in orders {
            self.place(*household, window, orders)?;
        }
        Ok(())
    }

    fn enter_standing_orders(
        &mut self,
        household: usize,
        orders: &[Option<StandingOrder>; ENTERED],
    ) -> Result<()> {
        self.standing[household] = *orders;
        self.costs.orders.add(Cost {
            transactions: 1,
            compute_units: 2000,
            lamports: 5000,
        });
        Ok(())
    }

    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64> {
        ensure!(boundary <= self.now, "a reading from the future");
        if boundary == self.scenario.start {
            return Ok(registers.len() as u64);
        }
        let mut settlement = Settlement::default();
        let mut flows = Vec::new();
        let mut counted = 0;
        for (index, (last, new)) in self.registers.iter_mut().zip(registers).enumerate() {
            if index == 0 && self.fault == Fault::DeafMeter {
                flows.push(NetWh(0));
                settlement.unconfirmed += 1;
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

    fn deliver_profiles(&mut self, boundary: UnixTime, flows: &[Vec<Flow>]) -> Result<u64> {
        ensure!(boundary <= self.now, "a profile from the future");
        let first = boundary.0 - flows.len() as i64 * self.scenario.length.0;
        let is_deaf = self.fault == Fault::DeafMeter;
        for (interval, flows) in (0i64..).zip(flows) {
            let start = UnixTime(first + interval * self.scenario.length.0);
            let heard = || flows.iter().skip(usize::from(is_deaf));
            let sum = |part: fn(&Flow) -> Wh| heard().map(|flow| u64::from(part(flow).0)).sum();
            let settlement = Settlement {
                imported: WhSum(sum(|flow| flow.import)),
                exported: WhSum(sum(|flow| flow.export)),
                unconfirmed: is_deaf.into(),
            };
            let mut net: Vec<NetWh> = flows.iter().map(|flow| flow.net()).collect();
            if is_deaf {
                net[0] = NetWh(0);
            }
            let window = self.window(start)?;
            (window.flows, window.settlement) = (net, settlement);
        }
        Ok((self.households() - usize::from(is_deaf)) as u64)
    }

    fn keep(&mut self) -> Result<()> {
        self.open_windows()?;
        let now = self.now.0;
        let closed = now + self.scenario.gate_lead.0;
        for start in self.windows_until(closed, |window| window.allocation.is_none()) {
            self.clear(start)?;
        }
        let ended = now - self.scenario.length.0;
        let is_due = |window: &Window| !window.is_settled && !window.flows.is_empty();
        for start in self.windows_until(ended, is_due) {
            self.settle(start)?;
        }
        Ok(())
    }

    fn allocation(&mut self, window: UnixTime) -> Result<Allocation> {
        let allocation = self.window(window)?.allocation.clone();
        allocation.context("not cleared")
    }

    fn settlement(&mut self, window: UnixTime) -> Result<Settlement> {
        let window = self.window(window)?;
        ensure!(window.is_settled, "not settled");
        Ok(window.settlement)
    }

    fn finish(&mut self) -> Result<()> {
        let is_open = |window: &Window| !window.is_settled;
        ensure!(!self.windows.values().any(is_open), "windows not settled");
        Ok(())
    }

    fn leave(&mut self, household: usize) -> Result<Atoms> {
        ensure!(
            self.seats[household].locked == MilliAtoms::ZERO,
            "money still locked"
        );
        Ok(self.pay_out(Party::Household(household)))
    }

    fn close(&mut self) -> Result<Payouts> {
        ensure!(self.escrow == 0, "money is left in escrow");
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

    fn costs(&self) -> Costs {
        self.costs
    }
}
