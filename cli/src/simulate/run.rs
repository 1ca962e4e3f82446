use std::collections::VecDeque;

use anyhow::{Context, Result};
use joulebook_metering::register::Registers;
use joulebook_units::{NetWh, UnixTime, WhSum};
use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

use super::{
    account::Purse,
    summary,
    tally::{Flow, Tally},
    trade::{Placed, Traded},
    Checks, Cost, Party, Setup, World,
};
use crate::{
    profiles::{Community, Meter},
    progress::Progress,
    report::Report,
    strategy,
};

/// Streams of the seed below this one make up communities.
const FIRST_STREAM: u64 = 1 << 32;

/// Runs a community's market in `world`, one window for each interval of the profiles, and takes
/// everything out again. `seed` decides the households' prices.
///
/// # Errors
/// If the world refuses a step. What is wrong but does not stop the run is in the report's checks.
pub fn run<W: World>(
    world: &mut W,
    community: &Community,
    setup: &Setup,
    seed: u64,
    progress: &mut Progress,
) -> Result<Report> {
    let mut run = Run::new(world, community, setup, seed)?;
    let before = run.world.cost();
    for boundary in 0..=community.intervals {
        run.boundary(boundary)
            .with_context(|| format!("at the start of window {boundary}"))?;
        if boundary > 0 {
            progress.step();
        }
    }
    progress.finish();
    let cost = run.world.cost().since(before);
    run.finish(cost)
}

struct Run<'a, W> {
    world: &'a mut W,
    community: &'a Community,
    setup: &'a Setup,
    members: Vec<Member>,
    supplier: Purse,
    /// Windows that were allocated and not yet settled, oldest first.
    traded: VecDeque<Traded>,
    tally: Tally,
    checks: Checks,
}

struct Member {
    meter: Meter,
    /// What its meter showed, interval by interval.
    measured: Vec<NetWh>,
    purse: Purse,
    rng: ChaCha8Rng,
}

impl<'a, W: World> Run<'a, W> {
    fn new(
        world: &'a mut W,
        community: &'a Community,
        setup: &'a Setup,
        seed: u64,
    ) -> Result<Run<'a, W>> {
        let member = |index: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(FIRST_STREAM + index as u64);
            anyhow::Ok(Member {
                meter: Meter::default(),
                measured: Vec::with_capacity(community.intervals),
                purse: Purse::new(Party::Household(index), setup.household_reserve(index)?),
                rng,
            })
        };
        let count = community.households.len();
        Ok(Run {
            world,
            community,
            setup,
            members: (0..count).map(member).collect::<Result<_>>()?,
            supplier: Purse::new(Party::Supplier, setup.supplier_reserve()?),
            traded: VecDeque::new(),
            tally: Tally::new(count),
            checks: Checks::default(),
        })
    }

    /// What happens when one interval ends and the next begins: meters are read and the past window is
    /// settled; the next window but the one now beginning is traded.
    fn boundary(&mut self, boundary: usize) -> Result<()> {
        let now = self.community.boundary(boundary);
        self.world.advance_to(now)?;
        if boundary == 0 {
            // The first window: nobody has measured anything yet, so nobody bids.
            self.trade(0, now)?;
        } else {
            self.settle(boundary - 1, now)?;
        }
        if boundary + 1 < self.community.intervals {
            let gate = self.community.boundary(boundary + 1).0 - self.setup.gate_lead.0;
            self.trade(boundary + 1, UnixTime(gate))?;
        }
        Ok(())
    }

    /// Opens a window, lets the households bid, and closes its gate.
    fn trade(&mut self, window: usize, gate: UnixTime) -> Result<()> {
        let start = self.community.boundary(window);
        self.world.open(start).context("opening the window")?;
        let mut placed = Placed::default();
        for (index, member) in self.members.iter_mut().enumerate() {
            // Those who don't bid need money too: what they draw is settled all the same.
            member.purse.top_up(self.world)?;
            let per_day = self.community.per_day();
            let Some(expected) = strategy::forecast(&member.measured, window, per_day) else {
                continue;
            };
            let orders = strategy::quote(expected, self.setup.grid.ticks(), &mut member.rng);
            if orders.is_empty() {
                continue;
            }
            self.world
                .place(index, start, &orders)
                .with_context(|| format!("placing orders of household {index}"))?;
            placed.add(index, &orders);
        }
        self.check_ledger("bidding")?;
        self.world.advance_to(gate)?;
        let allocation = self.world.clear(start).context("clearing the window")?;
        self.check_ledger("allocation")?;
        let grid = &self.setup.grid;
        let traded = placed.judge(&allocation, grid, self.members.len(), &mut self.checks)?;
        self.tally.orders += placed.orders.len() as u64;
        self.tally.add_auction(&traded);
        self.traded.push_back(traded);
        Ok(())
    }

    /// Reads the meters at the end of a window and settles it.
    fn settle(&mut self, window: usize, end: UnixTime) -> Result<()> {
        let flows = self.deliver(window)?;
        let registers: Vec<Registers> = self
            .members
            .iter()
            .map(|member| member.meter.registers())
            .collect();
        let counted = self
            .world
            .relay(end, &registers)
            .context("relaying the readings")?;
        let all = counted == registers.len() as u64;
        self.checks.readings.that(all, || {
            format!(
                "{counted} of {} readings of window {window}",
                registers.len()
            )
        });
        self.tally.readings += counted;

        self.supplier.top_up(self.world)?;
        let start = self.community.boundary(window);
        let settled = self.world.settle(start).context("settling the window")?;
        self.check_ledger("settlement")?;
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
        let terms = &self.setup.terms;
        for (index, (flow, contract)) in flows.iter().zip(traded.contracts).enumerate() {
            self.tally
                .add_settlement(index, traded.price, contract, *flow, terms)?;
        }
        self.tally.windows += 1;
        Ok(())
    }

    /// Lets an interval's energy flow through the meters.
    fn deliver(&mut self, window: usize) -> Result<Vec<Flow>> {
        let length = self.community.length;
        let both = self.members.iter_mut().zip(&self.community.households);
        both.map(|(member, profile)| {
            let before = member.meter.registers();
            member.meter.flow(profile.net(window), length);
            let flow = Flow::between(before, member.meter.registers())?;
            member.measured.push(flow.net());
            Ok(flow)
        })
        .collect()
    }

    fn check_ledger(&mut self, step: &str) -> Result<()> {
        let state = self.world.ledger()?;
        let conserved = state.vault.to_milli() == Some(state.owed);
        let window = self.tally.windows;
        self.checks.ledger.that(conserved, || {
            format!("after {step}, with {window} windows settled: {state:?}")
        });
        Ok(())
    }

    /// Everybody leaves, and the market closes.
    fn finish(mut self, cost: Cost) -> Result<Report> {
        let mut bills = Vec::with_capacity(self.members.len());
        let mut deposited = u128::from(self.supplier.deposited.0);
        let mut withdrawn = 0;
        let households = self.members.iter().zip(&self.setup.households);
        let everybody: Vec<_> = households
            .map(|(member, connection)| (member.purse.deposited, &connection.name))
            .zip(self.tally.bills.clone())
            .collect();
        for (index, ((paid_in, name), due)) in everybody.into_iter().enumerate() {
            let account = self.world.account(Party::Household(index))?;
            let paid_out = self
                .world
                .leave(index)
                .with_context(|| format!("household {index} leaving the market"))?;
            self.check_ledger("leaving")?;
            let balance = i128::from(paid_in.0) * 1000 - i128::from(account.free.0)
                + i128::from(account.debt.0);
            self.checks.bills.that(balance == due.with_market, || {
                format!("{name}: {balance} milli-atoms, not {}", due.with_market)
            });
            deposited += u128::from(paid_in.0);
            withdrawn += u128::from(paid_out.0);
            bills.push(summary::bill(name, paid_in, paid_out, account.debt, due)?);
        }
        let closing = self.world.close().context("closing the market")?;
        withdrawn += [closing.supplier, closing.grid_operator, closing.fees]
            .map(|amount| u128::from(amount.0))
            .iter()
            .sum::<u128>();
        self.checks.returned.that(deposited == withdrawn, || {
            format!("{deposited} atoms deposited, {withdrawn} withdrawn")
        });
        let money = summary::Money {
            deposited,
            withdrawn,
            supplier_deposited: self.supplier.deposited,
            closing,
        };
        summary::report(
            self.community,
            &self.setup.terms,
            &self.tally,
            &self.checks,
            bills,
            money,
            cost,
        )
    }
}
