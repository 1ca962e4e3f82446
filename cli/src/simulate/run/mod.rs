mod leave;
mod window;

use std::collections::VecDeque;

use anyhow::{Context, Result};
use joulebook_units::{NetWh, UnixTime};
use rand_chacha::{rand_core::SeedableRng, ChaCha8Rng};

use super::{account::Purse, tally::Tally, trade::Traded, Checks, Party, Setup, World};
use crate::{
    profiles::{Community, Meter},
    progress::Progress,
    report::Report,
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

    /// What must hold after every step.
    fn check_state(&mut self, step: &str) -> Result<()> {
        let state = self.world.ledger()?;
        let conserved = state.vault.to_milli() == Some(state.owed);
        let window = self.tally.windows;
        self.checks.ledger.that(conserved, || {
            format!("after {step}, with {window} windows settled: {state:?}")
        });
        let found = self.world.audit();
        self.checks.state.that(found.is_ok(), || {
            let fault = found.err().unwrap_or_default();
            format!("after {step}, with {window} windows settled: {fault}")
        });
        Ok(())
    }
}
