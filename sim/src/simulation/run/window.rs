use anyhow::{Context, Result};
use joulebook_metering::register::Registers;
use joulebook_units::{UnixTime, WhSum};

use super::Run;
use crate::{
    simulation::{totals::Flow, trade::WindowOrders, Venue},
    strategy,
};

impl<W: Venue> Run<'_, W> {
    /// Opens a window, lets the households bid, and closes its gate.
    pub(super) fn trade(&mut self, window: usize, gate: UnixTime) -> Result<()> {
        let start = self.profiles.boundary(window);
        self.venue.open(start).context("opening the window")?;
        let mut placed = WindowOrders::default();
        for (index, household) in self.households.iter_mut().enumerate() {
            // Those who don't bid need money too: what they draw is settled all the same.
            household.funding.top_up(self.venue)?;
            let per_day = self.profiles.per_day();
            let Some(expected) = strategy::forecast(&household.measured, window, per_day) else {
                continue;
            };
            let orders = strategy::quote(expected, self.scenario.grid.ticks(), &mut household.rng);
            if orders.is_empty() {
                continue;
            }
            self.venue
                .place(index, start, &orders)
                .with_context(|| format!("placing orders of household {index}"))?;
            placed.add(index, &orders);
        }
        self.check_state("bidding")?;
        self.venue.advance_to(gate)?;
        let allocation = self.venue.clear(start).context("clearing the window")?;
        self.check_state("allocation")?;
        let grid = &self.scenario.grid;
        let traded = placed.compare(&allocation, grid, self.households.len(), &mut self.checks)?;
        self.totals.orders += placed.orders.len() as u64;
        self.totals.add_auction(&traded);
        self.traded.push_back(traded);
        Ok(())
    }

    /// Reads the meters at the end of a window and settles it.
    pub(super) fn settle(&mut self, window: usize, end: UnixTime) -> Result<()> {
        let flows = self.deliver(window)?;
        let registers: Vec<Registers> = self
            .households
            .iter()
            .map(|household| household.meter.registers())
            .collect();
        let counted = self
            .venue
            .deliver_readings(end, &registers)
            .context("delivering the readings")?;
        let all = counted == registers.len() as u64;
        self.checks.readings.that(all, || {
            format!(
                "{counted} of {} readings of window {window}",
                registers.len()
            )
        });
        self.totals.readings += counted;

        self.supplier.top_up(self.venue)?;
        let start = self.profiles.boundary(window);
        let settled = self.venue.settle(start).context("settling the window")?;
        self.check_state("settlement")?;
        let sum =
            |part: fn(&Flow) -> u32| WhSum(flows.iter().map(|flow| u64::from(part(flow))).sum());
        let (imported, exported) = (sum(|flow| flow.import.0), sum(|flow| flow.export.0));
        self.checks.energy.that(
            (settled.imported, settled.exported) == (imported, exported),
            || format!("signed {imported:?}, {exported:?} in window {window}, counted {settled:?}"),
        );

        let traded = self
            .traded
            .pop_front()
            .context("a window that was never traded")?;
        let terms = &self.scenario.terms;
        for (index, (flow, contract)) in flows.iter().zip(traded.contracts).enumerate() {
            self.totals
                .add_settlement(index, traded.price, contract, *flow, terms)?;
        }
        self.totals.windows += 1;
        Ok(())
    }

    /// Lets an interval's energy flow through the meters.
    fn deliver(&mut self, window: usize) -> Result<Vec<Flow>> {
        let length = self.profiles.length;
        let both = self.households.iter_mut().zip(&self.profiles.households);
        both.map(|(household, profile)| {
            let before = household.meter.registers();
            household.meter.flow(profile.net(window), length);
            let flow = Flow::between(before, household.meter.registers())?;
            household.measured.push(flow.net());
            Ok(flow)
        })
        .collect()
    }
}
