use anyhow::{bail, Context, Error, Result};
use joulebook_client::{
    events::Event,
    layout::market::{ImbalancePrices, MarketTerms, Phase},
    oracle::{events::OracleEvent, types::ReadingResult},
};
use joulebook_metering::register::Registers;
use joulebook_units::{Atoms, MilliAtoms, Price, Tick, UnixTime, WhSum};

use super::{
    Allocation, Cost, GridConnection, LedgerTotals, Party, Payouts, Scenario, SeatBalance,
    Settlement, Venue,
};
use crate::{
    auction::{new_order, result_of, TickOrder},
    checks, AccountRent, Chain, LocalCommunity, Parameters, Receipt, Token,
};

/// Past windows the market keeps on chain.
const HISTORY: u16 = 96;
/// Supplier and grid operator.
const OPERATORS: u16 = 2;

/// A community on the real programs, and what running its market has cost.
pub struct ChainVenue {
    community: LocalCommunity,
    cost: Cost,
}

impl ChainVenue {
    /// Starts a market. `announce` learns which tables it needs, and what rent they lock, before any of
    /// them is created.
    ///
    /// # Errors
    /// If a program is missing, the community too large for one market, or what the chain refused.
    pub fn start(scenario: &Scenario, announce: impl FnOnce(&[AccountRent])) -> Result<ChainVenue> {
        let parameters = parameters(scenario)?;
        let chain = Chain::new(&Chain::programs_dir()).map_err(Error::msg)?;
        announce(&parameters.account_rents(&chain));
        let community = LocalCommunity::on(chain, parameters, 0).context("creating the market")?;
        let mut venue = ChainVenue {
            community,
            cost: Cost::default(),
        };
        for household in &scenario.households {
            venue
                .admit(household)
                .with_context(|| format!("admitting {}", household.name))?;
        }
        Ok(venue)
    }

    fn admit(&mut self, household: &GridConnection) -> Result<()> {
        let place = self.community.take_seat(&household.name)?;
        self.community.add_limited_meter(place, household.limits)?;
        Ok(())
    }

    fn seat(&self, who: Party) -> Result<usize> {
        let seat = match who {
            Party::Household(index) => {
                let household = self.community.households.get(index);
                household.context("an unknown household")?.seat
            }
            Party::Supplier => self.community.supplier.seat,
            Party::GridOperator => self.community.grid_operator.seat,
        };
        Ok(seat.into())
    }

    fn count(&mut self, receipts: &[Receipt]) {
        for receipt in receipts {
            self.cost.transactions += 1;
            self.cost.compute_units += receipt.compute_units;
            self.cost.lamports += receipt.fee;
        }
    }
}

impl Venue for ChainVenue {
    fn account_rents(&self) -> Vec<AccountRent> {
        self.community.account_rents()
    }

    fn advance_to(&mut self, time: UnixTime) -> Result<()> {
        self.community.chain.set_time(time.0);
        Ok(())
    }

    fn balance(&mut self, who: Party) -> Result<SeatBalance> {
        let index = self.seat(who)?;
        let ledger = self.community.ledger();
        let seat = ledger.seats.get(index).context("a seat off the ledger")?;
        Ok(SeatBalance {
            free: MilliAtoms(seat.free),
            locked: MilliAtoms(seat.locked),
            debt: MilliAtoms(seat.debt),
        })
    }

    fn deposit(&mut self, who: Party, amount: Atoms) -> Result<()> {
        let receipt = match who {
            Party::Household(index) => self.community.deposit(index, amount.0)?,
            Party::Supplier => self.community.fund_supplier(amount.0)?,
            Party::GridOperator => bail!("the grid operator has nothing to pay"),
        };
        self.count(&[receipt]);
        Ok(())
    }

    fn open(&mut self, window: UnixTime) -> Result<()> {
        let receipt = self.community.open_window(window.0)?;
        self.count(&[receipt]);
        Ok(())
    }

    fn place(&mut self, household: usize, window: UnixTime, orders: &[TickOrder]) -> Result<()> {
        let orders = orders.iter().map(new_order).collect();
        let receipt = self.community.place(household, window.0, orders)?;
        self.count(&[receipt]);
        Ok(())
    }

    fn clear(&mut self, window: UnixTime) -> Result<Allocation> {
        let receipts = self.community.clear_and_allocate(window.0)?;
        self.count(&receipts);
        let table = self.community.window(window.0);
        if table.phase() != Some(Phase::Allocated) {
            bail!("the window is not allocated to the end");
        }
        let price = table.nodes.first().map(|node| Price(node.price));
        let result = result_of(&table);
        Ok(Allocation {
            price: price.filter(|_| result.traded.is_some()),
            result,
        })
    }

    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64> {
        let start = boundary.0 - i64::from(self.community.parameters.window_seconds);
        let opened = self.community.open_interval(start)?;
        self.count(&[opened]);
        let community = self.community.addresses.community;
        let mut readings = Vec::with_capacity(registers.len());
        for (household, shown) in self.community.households.iter_mut().zip(registers) {
            for device in &mut household.devices {
                (device.import, device.export) = (shown.import.0, shown.export.0);
                readings.push(device.signed(&community, boundary.0));
            }
        }
        let receipts = self.community.submit(start, readings)?;
        self.count(&receipts);
        Ok(receipts.iter().map(counted).sum())
    }

    fn settle(&mut self, window: UnixTime) -> Result<Settlement> {
        let receipts = self.community.meter_and_settle(window.0)?;
        self.count(&receipts);
        let header = self.community.window(window.0).header;
        Ok(Settlement {
            imported: WhSum(header.imported),
            exported: WhSum(header.exported),
        })
    }

    fn leave(&mut self, household: usize) -> Result<Atoms> {
        Ok(Atoms(self.community.leave(household)?))
    }

    fn close(&mut self) -> Result<Payouts> {
        Ok(self.community.close_everything()?)
    }

    fn ledger(&mut self) -> Result<LedgerTotals> {
        let ledger = self.community.ledger();
        let header = &ledger.header;
        let amounts = ledger
            .seats
            .iter()
            .flat_map(|seat| [seat.free, seat.locked, seat.held]);
        let owed = amounts
            .chain([header.escrow, header.fees])
            .try_fold(0, u64::checked_add)
            .context("the ledger adds up to more than 64 bits hold")?;
        let vault = Token::balance(&self.community.chain, &self.community.addresses.vault);
        Ok(LedgerTotals {
            owed: MilliAtoms(owed),
            vault: Atoms(vault),
        })
    }

    fn audit(&mut self) -> Result<(), String> {
        checks::invariants(&self.community)
    }

    fn cost(&self) -> Cost {
        self.cost
    }
}

/// Readings of a transaction that count in the interval they are for.
fn counted(receipt: &Receipt) -> u64 {
    let results = receipt
        .events()
        .into_iter()
        .filter_map(|event| match event {
            Event::Oracle(OracleEvent::ReadingsProcessed(processed)) => Some(processed.results),
            _ => None,
        });
    results
        .flatten()
        .filter(|outcome| outcome.result == ReadingResult::Counted)
        .count() as u64
}

/// The smallest tables that hold the community.
fn parameters(scenario: &Scenario) -> Result<Parameters> {
    let defaults = Parameters::default();
    let count = u16::try_from(scenario.households.len()).ok();
    let households = count.context("more households than a market has seats")?;
    let orders = households.checked_mul(scenario.max_orders);
    let seconds = |length: joulebook_units::Seconds| {
        u32::try_from(length.0).context("a length of time that no market has")
    };
    let length = seconds(scenario.length)?;
    let (horizon, metering_grace) = (
        seconds(scenario.horizon)?,
        seconds(scenario.metering_grace)?,
    );
    let ring = (horizon + metering_grace).div_ceil(length) + 2;
    let interval_ring = metering_grace.div_ceil(length) + 2;
    let price = |tick| scenario.grid.price(Tick(tick)).map(|price| price.0);
    let floor_price = price(0).context("a price grid without prices")?;
    Ok(Parameters {
        now: scenario.start.0,
        window_seconds: length,
        ring: u16::try_from(ring).context("too many windows at once")?,
        interval_ring: u16::try_from(interval_ring).context("too many intervals at once")?,
        meters: households,
        seats: households + OPERATORS,
        orders: orders.context("more orders than a window has room for")?,
        ticks: scenario.grid.ticks(),
        history: HISTORY,
        max_orders_per_seat: scenario.max_orders,
        tariff: ImbalancePrices {
            short: scenario.terms.tariff.short.0,
            long: scenario.terms.tariff.long.0,
        },
        terms: MarketTerms {
            horizon,
            gate_lead: seconds(scenario.gate_lead)?,
            metering_grace,
            floor_price,
            tick_size: price(1).map_or(1, |next| next.abs_diff(floor_price)),
            min_quantity: 1,
            grid_fee: scenario.terms.grid_fee.0,
            fee_bps: scenario.terms.fee_bps,
            utc_offset: 0,
            ..defaults.terms
        },
        ..defaults
    })
}
