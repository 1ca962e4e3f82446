mod delegate;
mod keeping;
mod parameters;
mod standing;

use anyhow::{bail, ensure, Context, Error, Result};
use joulebook_client::{
    events::Event,
    layout::market::{Phase, Position, PositionStatus},
    oracle::{events::OracleEvent, types::ReadingResult},
    order_packing::OrderBytes,
};
use joulebook_metering::register::Registers;
use joulebook_strategy::{StandingOrder, ENTERED};
use joulebook_units::{Atoms, MilliAtoms, Price, UnixTime};

use delegate::Delegate;
pub(super) use standing::entries;

use super::{
    totals::Flow, Allocation, Cost, Costs, GridConnection, LedgerTotals, Party, Payouts, Scenario,
    SeatBalance, Settlement, Venue,
};
use crate::{
    auction::{new_order, result_of, TickOrder},
    checks, AccountRent, Chain, LocalCommunity, Receipt, Token,
};

/// A community on the real programs, and what running its market has cost.
pub struct ChainVenue {
    community: LocalCommunity,
    /// Of all households, once they have named one.
    delegate: Option<Delegate>,
    /// Of the scenario.
    start: UnixTime,
    end: UnixTime,
    costs: Costs,
}

impl ChainVenue {
    /// Starts a market. `seed` decides everybody's keys; `announce` learns which tables it needs, and what rent they lock,
    /// before any of them is created.
    ///
    /// # Errors
    /// If a program is missing, the community too large for one market, or what the chain refused.
    pub fn start(
        scenario: &Scenario,
        seed: u64,
        announce: impl FnOnce(&[AccountRent]),
    ) -> Result<ChainVenue> {
        let parameters = parameters::parameters(scenario)?;
        let chain = Chain::new(&Chain::programs_dir(), seed).map_err(Error::msg)?;
        announce(&parameters.account_rents(&chain));
        let community = LocalCommunity::on(chain, parameters, 0).context("creating the market")?;
        let mut venue = ChainVenue {
            community,
            delegate: None,
            start: scenario.start,
            end: scenario.end,
            costs: Costs::default(),
        };
        for household in &scenario.households {
            venue
                .admit(household)
                .with_context(|| format!("admitting {}", household.name))?;
        }
        venue.advance_to(scenario.start)?;
        Ok(venue)
    }

    /// The community, for whoever looks on.
    pub fn community(&self) -> &LocalCommunity {
        &self.community
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
            debt: MilliAtoms(seat.debt()),
        })
    }

    fn deposit(&mut self, who: Party, amount: Atoms) -> Result<()> {
        let receipt = match who {
            Party::Household(index) => self.community.deposit(index, amount.0)?,
            Party::Supplier => self.community.fund_supplier(amount.0)?,
            Party::GridOperator => bail!("the grid operator has nothing to pay"),
        };
        self.costs.deposits.add(receipt.cost());
        Ok(())
    }

    fn place(&mut self, household: usize, window: UnixTime, orders: &[TickOrder]) -> Result<()> {
        let orders = orders.iter().map(new_order).collect();
        let receipt = self.community.place(household, window.0, orders)?;
        self.costs.orders.add(receipt.cost());
        Ok(())
    }

    fn enter_standing_orders(
        &mut self,
        household: usize,
        orders: &[Option<StandingOrder>; ENTERED],
    ) -> Result<()> {
        let entries = entries(orders);
        let community = &mut self.community;
        let receipts = match &self.delegate {
            Some(delegate) => {
                community.enter_standing_orders_by(delegate.key(), household, entries)?
            }
            None => community.enter_standing_orders(household, entries)?,
        };
        for receipt in receipts {
            self.costs.orders.add(receipt.cost());
        }
        Ok(())
    }

    fn name_delegate(&mut self) -> Result<()> {
        let (delegate, receipts) = Delegate::named(&mut self.community)?;
        self.delegate = Some(delegate);
        for receipt in receipts {
            self.costs.orders.add(receipt.cost());
        }
        Ok(())
    }

    fn order_bytes(&self) -> OrderBytes {
        let delegate = self.delegate.as_ref();
        delegate.map_or_else(OrderBytes::default, |delegate| {
            delegate.order_bytes(&self.community)
        })
    }

    fn place_as_delegate(
        &mut self,
        window: UnixTime,
        orders: &[(usize, Vec<TickOrder>)],
    ) -> Result<()> {
        let delegate = self.delegate.as_ref().context("nobody named a delegate")?;
        for receipt in delegate.place(&mut self.community, window.0, orders)? {
            self.costs.orders.add(receipt.cost());
        }
        Ok(())
    }

    fn deliver_readings(&mut self, boundary: UnixTime, registers: &[Registers]) -> Result<u64> {
        let binding = self.community.binding();
        let mut readings = Vec::with_capacity(registers.len());
        for (household, shown) in self.community.households.iter_mut().zip(registers) {
            for device in &mut household.devices {
                (device.import, device.export) = (shown.import.0, shown.export.0);
                readings.push(device.signed(&binding, boundary.0));
            }
        }
        // A reading belongs to the page of the interval that it ends; the first ends none.
        let length = i64::from(self.community.parameters.window_seconds);
        let interval = (boundary.0 - length).max(self.start.0);
        let receipts = self.community.submit(interval, readings)?;
        for receipt in &receipts {
            self.costs.readings.add(receipt.cost());
        }
        Ok(receipts.iter().map(counted).sum())
    }

    fn deliver_profiles(&mut self, boundary: UnixTime, flows: &[Vec<Flow>]) -> Result<u64> {
        let binding = self.community.binding();
        let households = self.community.households.iter_mut().enumerate();
        let mut profiles = vec![];
        for (index, household) in households {
            let flows = flows.iter().filter_map(|all| all.get(index));
            let values: Vec<_> = flows.map(|one| (one.import.0, one.export.0)).collect();
            for device in &mut household.devices {
                profiles.push(device.signed_profile(&binding, boundary.0, &values));
            }
        }
        let last = boundary.0 - i64::from(self.community.parameters.window_seconds);
        let receipts = self.community.submit_profiles(last, profiles)?;
        for receipt in &receipts {
            self.costs.readings.add(receipt.cost());
        }
        Ok(receipts.iter().map(counted).sum())
    }

    fn keep(&mut self) -> Result<()> {
        self.take_what_is_due()
    }

    fn allocation(&mut self, window: UnixTime) -> Result<Allocation> {
        let book = self.community.book(window.0);
        ensure!(
            book.header.start == window.0 && book.phase() == Some(Phase::Allocated),
            "the window is not allocated to the end"
        );
        let price = book.nodes.first().map(|node| Price(node.price));
        let result = result_of(&book);
        Ok(Allocation {
            price: price.filter(|_| result.traded.is_some()),
            result,
        })
    }

    fn settlement(&mut self, window: UnixTime) -> Result<Settlement> {
        let number = self.community.addresses.window_number(window.0);
        let page = self.community.interval_page(window.0);
        let positions = self.community.positions(window.0);
        let mut settlement = Settlement::default();
        for household in &self.community.households {
            for device in &household.devices {
                let entry = page.entry(device.number, number);
                let entry = entry.context("a meter or an interval off the page")?;
                settlement.imported.0 += u64::from(entry.import().0);
                settlement.exported.0 += u64::from(entry.export().0);
            }
            let position = positions.get(usize::from(household.seat));
            let position = position.context("a seat off the page")?;
            settlement.unconfirmed += u64::from(is_unconfirmed(position));
        }
        Ok(settlement)
    }

    fn finish(&mut self) -> Result<()> {
        self.finish_pages()
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

    fn costs(&self) -> Costs {
        self.costs
    }
}

impl Receipt {
    fn cost(&self) -> Cost {
        Cost {
            transactions: 1,
            compute_units: self.compute_units,
            lamports: self.fee,
        }
    }
}

/// Whether there are contracts, and their meters have not confirmed them.
fn is_unconfirmed(position: &Position) -> bool {
    position.bought | position.sold != 0 && !position.is(PositionStatus::Confirmed)
}

/// Readings of a transaction that were counted.
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
