//! What a keeper sends for a community, and what it pays: by the keeper's own decision, one transaction after the other.

use std::time::{Duration, Instant};

use anyhow::{bail, Result};
use joulebook_client::{
    steps::{retries, Step, StepBatch},
    Addresses,
};
use joulebook_cluster::{Cluster, Outgoing};
use joulebook_keeper::decision::{decide, Decision, Keeper, Pace};
use solana_keypair::Keypair;
use solana_signer::Signer;

/// Looks until nothing is due any more.
const MOST_LOOKS: usize = 20;

/// Transactions that landed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub transactions: u64,
    /// Compute units that they asked for.
    pub units: u64,
    /// What was paid for them.
    pub lamports: u64,
}

impl Tally {
    pub fn add(&mut self, other: Tally) {
        self.transactions += other.transactions;
        self.units += other.units;
        self.lamports += other.lamports;
    }
}

/// What a keeper sent at one time, by what it was for.
#[derive(Clone, Debug, Default)]
pub struct Kept {
    /// With a step of a window: opening, standing orders, clearing, allocating.
    pub windows: Tally,
    /// Others that settle positions.
    pub settling: Tally,
    /// Others: opening and finishing pages, claims.
    pub pages: Tally,
    /// Windows that were opened.
    pub opened: u64,
    /// How long each transaction took from being measured to being confirmed.
    pub confirmations: Vec<Duration>,
    /// How long reading the market's accounts took in all.
    pub reading: Duration,
    /// How often they were read.
    pub looks: u64,
}

impl Kept {
    pub fn all(&self) -> Tally {
        let mut all = self.windows;
        all.add(self.settling);
        all.add(self.pages);
        all
    }

    pub fn add(&mut self, other: &mut Kept) {
        self.windows.add(other.windows);
        self.settling.add(other.settling);
        self.pages.add(other.pages);
        self.opened += other.opened;
        self.confirmations.append(&mut other.confirmations);
        self.reading += other.reading;
        self.looks += other.looks;
    }
}

/// Does all that a thrifty keeper does now.
///
/// # Errors
/// If a step fails, or the market can't be read.
pub async fn keep(cluster: &Cluster, addresses: &Addresses, key: &Keypair) -> Result<Kept> {
    let mut kept = Kept::default();
    for _ in 0..MOST_LOOKS {
        let begun = Instant::now();
        let read = cluster.market_accounts(addresses).await?;
        let state = read.state(addresses)?;
        kept.reading += begun.elapsed();
        kept.looks += 1;
        let keeper = Keeper {
            payer: key.pubkey(),
            reward_seat: None,
            pace: Pace::Thrifty,
        };
        let now = read.now.unix_timestamp;
        let Decision { batches, .. } = decide(&state, addresses, keeper, now, |_| false);
        if batches.is_empty() {
            return Ok(kept);
        }
        for batch in batches {
            let mut left = vec![batch];
            while let Some(batch) = left.pop() {
                let begun = Instant::now();
                let outgoing = Outgoing {
                    instructions: &batch.instructions,
                    payer: key,
                    signers: &[],
                };
                match cluster.send(outgoing).await {
                    Ok(landed) => {
                        kept.confirmations.push(begun.elapsed());
                        let tally = Tally {
                            transactions: 1,
                            units: landed.units.into(),
                            lamports: landed.fee,
                        };
                        count(&mut kept, &batch, tally);
                    }
                    Err(error) => {
                        let payer = key.pubkey();
                        let too_much = error.computed_too_much();
                        let instead = retries(&batch, &state, addresses, &payer, None, too_much);
                        if instead.is_empty() {
                            bail!("{:?}: {error}", batch.steps);
                        }
                        left.extend(instead.into_iter().rev());
                    }
                }
            }
        }
    }
    bail!("the keeper finds no end: after {MOST_LOOKS} looks something is still due")
}

fn count(kept: &mut Kept, batch: &StepBatch, tally: Tally) {
    let is_of_window = |step: &Step| {
        matches!(
            step,
            Step::OpenWindow { .. }
                | Step::ApplyStandingOrders { .. }
                | Step::Clear { .. }
                | Step::Allocate { .. }
        )
    };
    let has = |wanted: &dyn Fn(&Step) -> bool| batch.steps.iter().any(wanted);
    let part = match () {
        () if has(&is_of_window) => &mut kept.windows,
        () if has(&|step| matches!(step, Step::Settle { .. })) => &mut kept.settling,
        () => &mut kept.pages,
    };
    part.add(tally);
    let opened = batch
        .steps
        .iter()
        .filter(|step| matches!(step, Step::OpenWindow { .. }));
    kept.opened += opened.count() as u64;
}
