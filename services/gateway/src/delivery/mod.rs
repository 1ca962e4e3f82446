//! Brings what waits to the oracle, and finds out what became of it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use futures_util::{stream, StreamExt};
use joulebook_client::Addresses;
use joulebook_cluster::{Cluster, Fate as Landing, Outgoing, SendError};
use joulebook_daemon::observe::Health;
use solana_instruction::error::InstructionError;
use solana_keypair::Keypair;
use solana_transaction_error::TransactionError;
use tokio::{
    sync::{broadcast, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    batch::{pack, Batch, Item},
    decision::{decide, pages_of, Decision, Policy, PATIENCE},
    fate::Fate,
    figures,
    intake::{Seen, Told, FRESH},
    message::{Key, Message},
    rest::Rests,
    store::{Store, Waiting},
    view::{Pages, View},
};

/// Transactions that are under way at once.
const AT_ONCE: usize = 4;
/// Transactions that are sent before it looks again.
const MOST: usize = 16;
/// How long everything is said to work if nothing is heard.
const WORD_HOLDS: Duration = Duration::from_secs(120);
/// How often what became of messages is forgotten that is old.
const FORGET: Duration = Duration::from_secs(600);

/// Who delivers.
pub struct Delivery {
    pub cluster: Arc<Cluster>,
    pub key: Arc<Keypair>,
    pub store: Arc<Store>,
    pub addresses: Addresses,
    /// Of the meter table.
    pub binding: [u8; 32],
    pub policy: Policy,
    pub poll: Duration,
    /// Whether it sends transactions: not if another gateway alone does.
    pub sends: bool,
    /// Told what the chain says.
    pub seen: watch::Sender<Seen>,
    /// Told what became of messages.
    pub fates: broadcast::Sender<Told>,
    pub health: Health,
    pub stop: CancellationToken,
    pub rests: Mutex<Rests>,
}

impl Delivery {
    /// Until it is stopped: a transaction that is under way is waited for.
    pub async fn deliver(self) {
        let mut forgot: Option<Instant> = None;
        while !self.stop.is_cancelled() {
            match self.turn().await {
                Ok(()) => self.health.works("delivery", WORD_HOLDS),
                Err(error) => {
                    let error = format!("{error:#}");
                    warn!(error, "this look came to nothing; the next one tries again");
                    self.health.fails("delivery", error);
                }
            }
            if forgot.is_none_or(|at| at.elapsed() > FORGET) {
                forgot = Some(Instant::now());
                self.forget();
            }
            tokio::select! {
                () = tokio::time::sleep(self.poll) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    async fn turn(&self) -> Result<()> {
        // Before anything is read: what has landed by then is in what is read.
        let in_doubt = self.in_doubt().await?;
        let view = Arc::new(View::read(&self.cluster, &self.addresses).await?);
        anyhow::ensure!(
            view.table.header.binding == self.binding,
            "the meter table is of another cluster than the store; check cluster.urls"
        );
        let since = self.see(&view);
        figures::looked(&self.store, in_doubt.len(), view.now.0);
        let mut waiting = self.store.all_waiting();
        self.leave_resting(&mut waiting);
        if waiting.is_empty() {
            return Ok(());
        }
        let messages = waiting.values().map(|one| &one.message);
        let starts = pages_of(&self.addresses, &view, messages);
        let pages = Pages::read(&self.cluster, &self.addresses, starts).await?;
        let decision = decide(
            &waiting,
            &in_doubt,
            &view,
            &pages,
            &self.addresses,
            &Policy {
                ahead: self.policy.ahead.filter(|_| since.elapsed() < FRESH),
                ..self.policy
            },
        );
        figures::decided(&decision);
        self.end(&decision, &view)?;
        let Decision { mut batches, .. } = decision;
        if !self.sends {
            batches.clear();
        }
        // Then it looks again: by the time that many have landed, the rest may be otherwise.
        batches.truncate(MOST);
        let send = |batch: Batch| self.send(batch, &view);
        let sent = stream::iter(batches).map(send).buffer_unordered(AT_ONCE);
        let results: Vec<Result<()>> = sent.collect().await;
        results.into_iter().collect()
    }

    /// Tells what the chain says; since when its clock says so.
    fn see(&self, view: &Arc<View>) -> Instant {
        let before = self.seen.borrow().clone();
        let same = before.filter(|(before, _)| before.now == view.now);
        let since = same.map_or_else(Instant::now, |(_, since)| since);
        self.seen.send_replace(Some((Arc::clone(view), since)));
        since
    }

    /// Finds out what became of all that was sent; what may yet land.
    async fn in_doubt(&self) -> Result<BTreeSet<Key>> {
        let mut in_doubt = BTreeSet::new();
        for (signature, last_valid, keys) in self.store.intents()? {
            let fate = self.cluster.fate(signature, last_valid).await?;
            let outcome = match fate {
                Landing::Landed { is_done: true } => "landed",
                Landing::Landed { is_done: false } => "failed",
                Landing::Lost => "lost",
                Landing::Open => {
                    in_doubt.extend(keys);
                    continue;
                }
            };
            info!(%signature, outcome, "what became of a transaction is known");
            self.store.settle(&signature, &keys, outcome == "landed")?;
            self.rest_after(&keys, outcome);
            figures::sent(outcome, 0);
        }
        Ok(in_doubt)
    }

    fn end(&self, decision: &Decision, view: &View) -> Result<()> {
        let told: Vec<Told> = decision
            .ends
            .iter()
            .filter_map(|(key, fate)| {
                let known = self.store.fate(key).ok()??;
                Some(Told::of(key, known.boundary, fate))
            })
            .collect();
        self.store.end(&decision.ends, view.now.0)?;
        for one in told {
            match one.is_refused() {
                true => warn!(id = one.id, result = one.result, says = one.says, "refused"),
                false => debug!(id = one.id, state = one.state, "ended"),
            }
            // Nobody may be listening.
            let _ = self.fates.send(one);
        }
        Ok(())
    }

    /// Halves what is refused until it is known whose message it is.
    async fn send(&self, batch: Batch, view: &View) -> Result<()> {
        let mut rest = vec![batch];
        while let Some(batch) = rest.pop() {
            if self.stop.is_cancelled() {
                return Ok(());
            }
            match self.send_one(&batch).await {
                Ok(()) => {}
                Err(error) if is_of_wallet(&error) => {
                    return Err(error).context(format!(
                        "the wallet {} can't pay; send it lamports",
                        self.policy.payer
                    ))
                }
                Err(SendError::Refused { error, .. }) if batch.items.len() > 1 => {
                    debug!(%error, messages = batch.items.len(), "refused together; tried apart");
                    let (first, second) = batch.items.split_at(batch.items.len() / 2);
                    rest.extend(self.again(second, view));
                    rest.extend(self.again(first, view));
                }
                Err(error @ SendError::Refused { .. }) => {
                    let now = Instant::now();
                    for key in batch.keys() {
                        let rests = self.rests().refused(key, now);
                        warn!(id = %key, %error, ?rests, "refused; tried again");
                    }
                }
                Err(error) => {
                    let ids: Vec<String> = batch.keys().iter().map(Key::to_string).collect();
                    warn!(?ids, %error, "not confirmed; looked up, and tried again");
                }
            }
        }
        Ok(())
    }

    /// What failed, or has landed often and is still not known to the oracle, costs a fee each time: it is tried less and less
    /// often, until its page closes.
    fn rest_after(&self, keys: &[Key], outcome: &str) {
        let now = Instant::now();
        let is_in_vain = |key: &&Key| match outcome {
            "failed" => true,
            "landed" => self.store.landed(key) >= PATIENCE,
            _ => false,
        };
        for key in keys.iter().filter(is_in_vain) {
            let rests = self.rests().refused(*key, now);
            debug!(id = %key, ?rests, "sent in vain; tried again");
        }
    }

    fn leave_resting(&self, waiting: &mut BTreeMap<Key, Waiting>) {
        let now = Instant::now();
        let mut rests = self.rests();
        rests.keep_only(|key| waiting.contains_key(key));
        waiting.retain(|key, _| !rests.rests(key, now));
    }

    fn rests(&self) -> MutexGuard<'_, Rests> {
        self.rests.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn again(&self, items: &[Item], view: &View) -> Vec<Batch> {
        let waiting = self.store.all_waiting();
        let items = items.iter().filter_map(|item| {
            let message = &waiting.get(&item.key)?.message;
            Some((*item, message))
        });
        let items: Vec<(Item, &Message)> = items.collect();
        pack(&self.addresses, &self.policy.payer, &view.table, &items)
    }

    async fn send_one(&self, batch: &Batch) -> Result<(), SendError> {
        let outgoing = Outgoing {
            instructions: &batch.instructions,
            payer: &self.key,
            signers: &[],
        };
        let signed = self.cluster.sign(outgoing, &[]).await?;
        let keys = batch.keys();
        let noted = self
            .store
            .intend(&signed.signature, signed.last_valid, &keys);
        noted.map_err(|error| SendError::Unsigned(error.to_string()))?;
        for key in &keys {
            self.tell_sent(key, &signed.signature.to_string());
        }
        let sent = self.cluster.send_signed(&signed).await;
        let (outcome, fee) = match &sent {
            Ok(landed) => ("landed", landed.fee),
            Err(SendError::Failed { .. }) => ("failed", signed.fee),
            Err(SendError::Expired { .. }) => ("lost", 0),
            // It may have been sent: the next look finds out.
            Err(_) => return sent.map(|_| ()),
        };
        figures::sent(outcome, fee);
        let settled = self
            .store
            .settle(&signed.signature, &keys, outcome == "landed");
        if let Err(error) = settled {
            warn!(%error, "what became of a transaction was not noted; it is looked up again");
        }
        self.rest_after(&keys, outcome);
        if let Ok(landed) = &sent {
            info!(messages = keys.len(), fee, signature = %landed.signature, "landed");
        }
        sent.map(|_| ())
    }

    fn tell_sent(&self, key: &Key, transaction: &str) {
        if let Ok(Some(known)) = self.store.fate(key) {
            let transaction = transaction.to_owned();
            let _ = self
                .fates
                .send(Told::of(key, known.boundary, &Fate::Sent { transaction }));
        }
    }

    fn forget(&self) {
        let seen = self.seen.borrow().clone();
        if let Some((view, _)) = seen {
            if let Err(error) = self.store.forget(view.now.0) {
                warn!(%error, "old fates were not forgotten");
            }
        }
    }
}

/// Whether it is the wallet that keeps a transaction from being sent.
fn is_of_wallet(error: &SendError) -> bool {
    matches!(
        error.error(),
        Some(
            TransactionError::InsufficientFundsForFee
                | TransactionError::AccountNotFound
                | TransactionError::InsufficientFundsForRent { .. }
                | TransactionError::InstructionError(_, InstructionError::InsufficientFunds)
        )
    )
}
