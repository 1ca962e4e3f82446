mod agent;
mod closing;
mod window;

use std::collections::VecDeque;

use anyhow::{Context, Result};
use joulebook_profiles::LoadProfiles;
use joulebook_settlement::Contract;
use joulebook_strategy::{Past, StandingOrder, ENTERED};
use joulebook_units::{NetWh, Price};
use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

use super::{
    funding::Funding,
    settled::Settled,
    simulated_meter::SimulatedMeter,
    totals::{Flow, Totals},
    trade::{WindowOrders, WindowTrades},
    Checks, OrderWay, Party, ReadingWay, Report, Scenario, Venue,
};

/// Streams of the seed below this one make up communities.
const FIRST_STREAM: u64 = 1 << 32;

/// Runs a community's market in `venue`, one window for each interval of the profiles, and takes
/// everything out again. `seed` decides the households' prices; `window_done` learns of each window that is
/// settled.
///
/// # Errors
/// If the venue refuses a step. What is wrong but does not stop the run is in the report's checks.
pub fn run<W: Venue>(
    venue: &mut W,
    profiles: &LoadProfiles,
    scenario: &Scenario,
    seed: u64,
    mut window_done: impl FnMut(),
) -> Result<Report> {
    let mut run = Run::new(venue, profiles, scenario, seed)?;
    let before = run.venue.costs();
    for boundary in 0..=profiles.intervals {
        run.boundary(boundary)
            .with_context(|| format!("at the start of window {boundary}"))?;
        if boundary > 0 {
            window_done();
        }
    }
    run.venue.finish().context("making the pages final")?;
    run.check_state("the last page")?;
    let costs = run.venue.costs().since(before);
    run.close(costs)
}

struct Run<'a, W> {
    venue: &'a mut W,
    profiles: &'a LoadProfiles,
    scenario: &'a Scenario,
    households: Vec<SimulatedHousehold>,
    /// Of each window that was allocated, what was paid in it.
    prices: Vec<Option<Price>>,
    supplier: Funding,
    /// The orders of the window that was bid for last, until it is allocated.
    placed: WindowOrders,
    /// Intervals that have ended and were not settled yet, with what flowed in them, oldest first.
    delivered: VecDeque<(usize, Vec<Flow>)>,
    /// Intervals whose values the market has.
    told: usize,
    /// Windows that were allocated and not yet settled, oldest first.
    traded: VecDeque<WindowTrades>,
    totals: Totals,
    settled: Settled,
    checks: Checks,
}

struct SimulatedHousehold {
    meter: SimulatedMeter,
    /// What its meter showed, interval by interval.
    measured: Vec<NetWh>,
    funding: Funding,
    standing: [Option<StandingOrder>; ENTERED],
    rng: ChaCha8Rng,
}

impl SimulatedHousehold {
    fn has_standing_orders(&self) -> bool {
        self.standing.iter().any(Option::is_some)
    }

    fn past(&self, profiles: &LoadProfiles) -> Past<'_> {
        Past {
            measured: &self.measured,
            start: profiles.start,
            length: profiles.length,
        }
    }
}

impl<'a, W: Venue> Run<'a, W> {
    fn new(
        venue: &'a mut W,
        profiles: &'a LoadProfiles,
        scenario: &'a Scenario,
        seed: u64,
    ) -> Result<Run<'a, W>> {
        let household = |index: usize| {
            let mut rng = ChaCha8Rng::seed_from_u64(seed);
            rng.set_stream(FIRST_STREAM + index as u64);
            anyhow::Ok(SimulatedHousehold {
                meter: SimulatedMeter::default(),
                measured: Vec::with_capacity(profiles.intervals),
                funding: Funding::new(Party::Household(index), scenario.household_reserve(index)?),
                standing: [None; ENTERED],
                rng,
            })
        };
        let count = profiles.households.len();
        let names = profiles.households.iter().map(|one| one.name.clone());
        Ok(Run {
            venue,
            profiles,
            scenario,
            households: (0..count).map(household).collect::<Result<_>>()?,
            prices: vec![None],
            supplier: Funding::new(Party::Supplier, scenario.supplier_reserve()?),
            placed: WindowOrders::default(),
            delivered: VecDeque::new(),
            told: 0,
            traded: VecDeque::new(),
            totals: Totals::default(),
            settled: Settled::new(profiles.length, scenario.terms, names.collect()),
            checks: Checks::default(),
        })
    }

    /// What happens when one interval ends and the next begins: meters are read; the window that ended is settled, the
    /// one that begins is cleared, and the one after it opens for orders, all at once.
    fn boundary(&mut self, boundary: usize) -> Result<()> {
        let now = self.profiles.boundary(boundary);
        self.venue.advance_to(now)?;
        match boundary {
            0 => self.begin()?,
            _ => self.turn(boundary)?,
        }
        if boundary + 1 < self.profiles.intervals {
            self.bid(boundary + 1)?;
        }
        Ok(())
    }

    /// The start of the first window. Nobody has measured anything yet, so nobody has bid for it.
    fn begin(&mut self) -> Result<()> {
        self.venue.keep()?;
        if self.scenario.ways.readings == ReadingWay::Register {
            self.read_meters(self.profiles.boundary(0))?;
        }
        for household in &mut self.households {
            household.funding.top_up(self.venue)?;
        }
        if self.scenario.ways.orders == OrderWay::Agent {
            self.venue.name_delegate()?;
        }
        self.traded.push_back(WindowTrades {
            contracts: vec![Contract::default(); self.households.len()],
            ..WindowTrades::default()
        });
        Ok(())
    }

    /// The start of a later window, or the end of the last.
    fn turn(&mut self, boundary: usize) -> Result<()> {
        let flows = self.deliver(boundary - 1)?;
        self.delivered.push_back((boundary - 1, flows));
        self.tell(boundary)?;
        self.supplier.top_up(self.venue)?;
        match self.scenario.ways.orders {
            OrderWay::Standing => self.review_standing_orders(boundary)?,
            OrderWay::Agent => self.review_ways(boundary)?,
            OrderWay::Own => {}
        }
        self.venue.keep()?;
        self.check_state("what was due")?;
        if boundary < self.profiles.intervals {
            self.check_auction(boundary)?;
        }
        self.check_settlements()
    }

    /// Brings to the oracle what meters show at the end of an interval, if that is the time for it.
    fn tell(&mut self, boundary: usize) -> Result<()> {
        let now = self.profiles.boundary(boundary);
        match self.scenario.ways.readings {
            ReadingWay::Register => self.read_meters(now)?,
            ReadingWay::Profile => {
                let is_page_over = self.scenario.page_start(now) == now;
                if !is_page_over && boundary < self.profiles.intervals {
                    return Ok(());
                }
                self.send_profiles(now)?;
            }
        }
        self.told = boundary;
        Ok(())
    }

    /// What must hold after every step.
    fn check_state(&mut self, step: &str) -> Result<()> {
        let state = self.venue.ledger()?;
        let conserved = state.vault.to_milli() == Some(state.owed);
        let window = self.totals.windows;
        self.checks.ledger.that(conserved, || {
            format!("after {step}, with {window} windows settled: {state:?}")
        });
        let found = self.venue.audit();
        self.checks.state.that(found.is_ok(), || {
            let fault = found.err().unwrap_or_default();
            format!("after {step}, with {window} windows settled: {fault}")
        });
        Ok(())
    }
}
