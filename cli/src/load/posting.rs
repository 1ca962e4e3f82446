use std::{
    collections::HashMap,
    sync::{
        atomic::{AtomicBool, Ordering},
        Mutex, PoisonError,
    },
    time::{Duration, Instant},
};

use anyhow::{bail, Context, Result};
use futures_util::{stream, StreamExt};
use joulebook_cluster::{Cluster, Outgoing, SendError};
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_signature::Signature;

/// Transactions that are on their way to the node at the same time.
const AT_ONCE: usize = 32;
/// Signed with the same blockhash; the last of them is sent long before that is too old.
const PER_BLOCKHASH: usize = 256;
/// How often it is asked what is confirmed: so exact are the times of confirmation.
const POLL: Duration = Duration::from_millis(50);
/// How long a transaction may take: longer than its blockhash lives.
const PATIENCE: Duration = Duration::from_secs(120);

/// A transaction that can be sent at any time, whatever becomes of the others.
pub struct Parcel<'a> {
    pub instructions: Vec<Instruction>,
    pub payer: &'a Keypair,
    /// Whoever has to sign beside who pays.
    pub signers: Vec<&'a Keypair>,
    /// Compute units that it asks for.
    pub units: u32,
}

/// What became of many transactions.
#[derive(Debug, Default)]
pub struct Posted {
    /// From the first that was sent to the last that was confirmed.
    pub elapsed: Duration,
    /// How long each took from being sent to being seen confirmed, shortest first.
    pub confirmations: Vec<Duration>,
    /// Those that were confirmed and did nothing: their place, and why.
    pub failed: Vec<(usize, SendError)>,
}

impl Posted {
    /// All of them, or why one failed.
    ///
    /// # Errors
    /// If one failed.
    pub fn all(self, what: &str) -> Result<Posted> {
        match self.failed.first() {
            None => Ok(self),
            Some((place, error)) => bail!(
                "{what}: {} of {} failed, the first being number {place}: {error}",
                self.failed.len(),
                self.confirmations.len()
            ),
        }
    }
}

/// Sends all of them, many at once, and waits until each is confirmed.
///
/// # Errors
/// If the node does not take one, or one is not confirmed.
pub async fn post_all(cluster: &Cluster, parcels: &[Parcel<'_>]) -> Result<Posted> {
    let begun = Instant::now();
    let open: Mutex<HashMap<Signature, (usize, Instant)>> = Mutex::default();
    let is_sent = AtomicBool::new(false);
    let send = async {
        let sent = send_all(cluster, parcels, &open).await;
        is_sent.store(true, Ordering::SeqCst);
        sent
    };
    let (sent, watched) = tokio::join!(send, watch(cluster, &open, &is_sent));
    sent?;
    let mut posted = watched?;
    posted.elapsed = begun.elapsed();
    posted.confirmations.sort_unstable();
    posted.failed.sort_by_key(|(place, _)| *place);
    Ok(posted)
}

type Open = Mutex<HashMap<Signature, (usize, Instant)>>;

async fn send_all(cluster: &Cluster, parcels: &[Parcel<'_>], open: &Open) -> Result<()> {
    for (batch, parcels) in parcels.chunks(PER_BLOCKHASH).enumerate() {
        let blockhash = cluster.recent_blockhash().await?;
        let first = batch * PER_BLOCKHASH;
        let posts = parcels
            .iter()
            .enumerate()
            .map(|(place, parcel)| async move {
                let outgoing = Outgoing {
                    instructions: &parcel.instructions,
                    payer: parcel.payer,
                    signers: &parcel.signers,
                };
                let at = Instant::now();
                let signature = cluster.post(outgoing, parcel.units, blockhash).await?;
                let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
                open.insert(signature, (first + place, at));
                Ok::<(), SendError>(())
            });
        let mut posts = stream::iter(posts).buffer_unordered(AT_ONCE);
        while let Some(posted) = posts.next().await {
            posted.context("the node does not take a transaction")?;
        }
    }
    Ok(())
}

/// Asks for what is open until nothing is, and nothing comes any more.
async fn watch(cluster: &Cluster, open: &Open, is_sent: &AtomicBool) -> Result<Posted> {
    let mut posted = Posted::default();
    loop {
        // In this sequence: what is sent in between is open by the next look.
        let was_sent = is_sent.load(Ordering::SeqCst);
        let waiting: Vec<Signature> = {
            let open = open.lock().unwrap_or_else(PoisonError::into_inner);
            open.keys().copied().collect()
        };
        if waiting.is_empty() && was_sent {
            return Ok(posted);
        }
        let outcomes = cluster.outcomes(&waiting).await?;
        note(&waiting, outcomes, open, &mut posted)?;
        tokio::time::sleep(POLL).await;
    }
}

/// Takes note of those that are confirmed.
fn note(
    waiting: &[Signature],
    outcomes: Vec<Option<Result<u64, SendError>>>,
    open: &Open,
    posted: &mut Posted,
) -> Result<()> {
    let now = Instant::now();
    let mut open = open.lock().unwrap_or_else(PoisonError::into_inner);
    for (signature, outcome) in waiting.iter().zip(outcomes) {
        let Some((place, at)) = open.get(signature).copied() else {
            continue;
        };
        let took = now.saturating_duration_since(at);
        match outcome {
            None if took > PATIENCE => bail!("transaction {signature} was not confirmed"),
            None => continue,
            Some(Ok(_)) => {}
            Some(Err(error)) => posted.failed.push((place, error)),
        }
        posted.confirmations.push(took);
        open.remove(signature);
    }
    Ok(())
}
