use anyhow::{Context, Result};
use joulebook_metering::register::Registers;
use joulebook_strategy::{
    forecast, foresight_orders, is_review, newsvendor_orders, orders_in, persistence,
    random_orders, standing_orders,
};
use joulebook_units::{NetWh, UnixTime, WhSum};

use super::Run;
use crate::{
    auction::TickOrder,
    simulation::{
        settled::{SettledPosition, SettledWindow},
        totals::Flow,
        trade::WindowOrders,
        CommunityEnergy, OrderWay, Traders, Venue,
    },
};

impl<W: Venue> Run<'_, W> {
    /// Lets the households bid for a window.
    pub(super) fn bid(&mut self, window: usize) -> Result<()> {
        match self.scenario.ways.orders {
            OrderWay::Own => self.bid_by_hand(window),
            OrderWay::Agent => self.bid_as_agent(window),
            OrderWay::Standing => {
                self.placed = self.standing_orders_of(window);
                Ok(())
            }
        }
    }

    /// Has households bring money in, and enter their standing orders anew if it is the time for that.
    pub(super) fn review_standing_orders(&mut self, boundary: usize) -> Result<()> {
        let is_review = is_review(boundary, self.profiles.per_day());
        for (index, household) in self.households.iter_mut().enumerate() {
            household.funding.top_up(self.venue)?;
            if is_review {
                let rules = self.scenario.rules(index);
                let orders = standing_orders(&household.past(self.profiles), &rules);
                self.venue
                    .enter_standing_orders(index, &orders)
                    .with_context(|| format!("entering orders of household {index}"))?;
                household.standing = orders;
            }
        }
        self.check_state("entering standing orders")
    }

    /// What was placed of them in a window that was just opened.
    pub(super) fn standing_orders_of(&self, window: usize) -> WindowOrders {
        let start = self.profiles.boundary(window);
        let mut placed = WindowOrders::default();
        for (index, household) in self.households.iter().enumerate() {
            let rules = self.scenario.rules(index);
            placed.add(index, &orders_in(&household.standing, start, &rules));
        }
        placed
    }

    fn bid_by_hand(&mut self, window: usize) -> Result<()> {
        let start = self.profiles.boundary(window);
        let mut placed = WindowOrders::default();
        for index in 0..self.households.len() {
            let orders = self.orders_by_hand(index, window);
            let Some(household) = self.households.get_mut(index) else {
                continue;
            };
            // Those who don't bid need money too: what they draw is settled all the same.
            household.funding.top_up(self.venue)?;
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

    fn orders_by_hand(&mut self, household: usize, window: usize) -> Vec<TickOrder> {
        let rules = self.scenario.rules(household);
        let Some(one) = self.households.get_mut(household) else {
            return Vec::new();
        };
        match self.scenario.ways.traders {
            Traders::Newsvendor => forecast(&one.past(self.profiles), window)
                .map(|expected| newsvendor_orders(&expected, &rules)),
            Traders::ZeroIntelligence => {
                let expected = persistence(&one.measured, window, self.profiles.per_day());
                let ticks = rules.grid.ticks();
                expected.map(|expected| random_orders(expected, ticks, &mut one.rng))
            }
            Traders::Foresight => {
                let profile = self.profiles.households.get(household);
                let energy = profile.map(|profile| profile.net(window).whole_wh());
                // To the Wh that the meter carries over.
                let flow = energy.and_then(|energy| i64::try_from(energy).ok());
                flow.map(|flow| foresight_orders(NetWh(flow), &rules))
            }
        }
        .unwrap_or_default()
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
        self.prices.push(traded.price);
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

    /// Sends what flowed in the intervals that were not told yet.
    pub(super) fn send_profiles(&mut self, boundary: UnixTime) -> Result<()> {
        let told = self.told;
        let untold = self.delivered.iter().filter(|(window, _)| *window >= told);
        let flows: Vec<Vec<Flow>> = untold.map(|(_, flows)| flows.clone()).collect();
        let counted = self
            .venue
            .deliver_profiles(boundary, &flows)
            .context("delivering the profiles")?;
        let households = self.households.len() as u64;
        self.checks.readings.that(counted == households, || {
            format!("profiles of {counted} of {households} households at {boundary:?}")
        });
        self.totals.readings += counted;
        Ok(())
    }

    /// Looks at every window that the market has all values of.
    pub(super) fn check_settlements(&mut self) -> Result<()> {
        while let Some((window, _)) = self.delivered.front() {
            if *window >= self.told {
                break;
            }
            if let Some((window, flows)) = self.delivered.pop_front() {
                self.check_settlement(window, &flows)?;
            }
        }
        Ok(())
    }

    /// Looks at what a window was settled with, and keeps what everybody's bill follows from.
    fn check_settlement(&mut self, window: usize, flows: &[Flow]) -> Result<()> {
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
        let settled = SettledWindow {
            start,
            price: traded.price,
            traded: WhSum(traded.volume),
            buys: traded.buys,
            sells: traded.sells,
            energy: CommunityEnergy::in_interval(self.profiles, window),
            imported,
            exported,
            netted: sum(|flow| flow.import.0.min(flow.export.0)),
        };
        let positions =
            flows
                .iter()
                .zip(traded.contracts)
                .map(|(flow, contract)| SettledPosition {
                    contract,
                    flow: *flow,
                });
        self.settled.push(settled, positions);
        self.totals.windows += 1;
        Ok(())
    }

    /// Lets an interval's energy flow through the meters.
    pub(super) fn deliver(&mut self, window: usize) -> Result<Vec<Flow>> {
        let both = self.households.iter_mut().zip(&self.profiles.households);
        both.map(|(household, profile)| {
            let before = household.meter.registers();
            household
                .meter
                .flow(profile.drawn(window), profile.fed_in(window));
            let flow = Flow::between(before, household.meter.registers())?;
            household.measured.push(flow.net());
            Ok(flow)
        })
        .collect()
    }
}
