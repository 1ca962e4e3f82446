use anyhow::{Context, Result};
use joulebook_metering::register::Registers;
use joulebook_units::{UnixTime, WhSum};

use super::Run;
use crate::{
    simulation::{totals::Flow, trade::WindowOrders, Venue},
    strategy,
};

impl<W: Venue> Run<'_, W> {
    /// Lets the households bid for a window.
    pub(super) fn bid(&mut self, window: usize) -> Result<()> {
        let start = self.profiles.boundary(window);
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
        self.placed = placed;
        self.check_state("bidding")
    }

    /// Looks at the auction of a window that was cleared.
    pub(super) fn check_auction(&mut self, window: usize) -> Result<()> {
        let start = self.profiles.boundary(window);
        let allocation = self.venue.allocation(start).context("its auction")?;
        let placed = std::mem::take(&mut self.placed);
        let grid = &self.scenario.grid;
        let traded = placed.compare(&allocation, grid, self.households.len(), &mut self.checks)?;
        self.totals.orders += placed.orders.len() as u64;
        self.totals.add_auction(&traded);
        self.traded.push_back(traded);
        Ok(())
    }

    /// Brings what the meters show at a boundary.
    pub(super) fn read_meters(&mut self, boundary: UnixTime) -> Result<()> {
        let registers: Vec<Registers> = self
            .households
            .iter()
            .map(|household| household.meter.registers())
            .collect();
        let counted = self
            .venue
            .deliver_readings(boundary, &registers)
            .context("delivering the readings")?;
        let all = counted == registers.len() as u64;
        self.checks.readings.that(all, || {
            format!("{counted} of {} readings at {boundary:?}", registers.len())
        });
        self.totals.readings += counted;
        Ok(())
    }

    /// Looks at what a window was settled with, and adds to everybody's bill what it should have cost.
    pub(super) fn check_settlement(&mut self, window: usize, flows: &[Flow]) -> Result<()> {
        let start = self.profiles.boundary(window);
        let settled = self.venue.settlement(start).context("its settlement")?;
        let sum =
            |part: fn(&Flow) -> u32| WhSum(flows.iter().map(|flow| u64::from(part(flow))).sum());
        let (imported, exported) = (sum(|flow| flow.import.0), sum(|flow| flow.export.0));
        self.checks.energy.that(
            (settled.imported, settled.exported) == (imported, exported),
            || format!("signed {imported:?}, {exported:?} in window {window}, counted {settled:?}"),
        );
        self.checks.contracts.that(settled.unconfirmed == 0, || {
            format!(
                "those of {} households in window {window} are not",
                settled.unconfirmed
            )
        });

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
    pub(super) fn deliver(&mut self, window: usize) -> Result<Vec<Flow>> {
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
