//! Brings what waits to the oracle, and finds out what became of it.

mod rest;
mod send;

use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use futures_util::{stream, StreamExt};
use joulebook_client::Addresses;
use joulebook_cluster::{Cluster, Fate as Landing};
use joulebook_daemon::observe::Health;
use solana_keypair::Keypair;
use tokio::{
    sync::{broadcast, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    batch::Batch,
    decision::{decide, pages_of, Decision, Policy},
    figures,
    intake::Told,
    message::Key,
    rest::{Rests, Violations},
    seen::{has_same_meters, remembered, Seen},
    store::Store,
    view::{Pages, View},
};

/// Transactions that are under way at once.
const AT_ONCE: usize = 4;
/// Messages that are looked at before it looks again: the meters that they are of take turns, so that a day of a thousand meters
/// that comes at once keeps nobody waiting. Far more than is sent meanwhile.
const LOOKED_AT: usize = 8_192;
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
    /// The market's account, to be remembered.
    pub market: Vec<u8>,
    pub policy: Policy,
    pub poll: Duration,
    /// Whether it sends transactions: not if another gateway alone does.
    pub sends: bool,
    /// Told what the chain says.
    pub seen: watch::Sender<Option<Seen>>,
    /// Told what became of messages.
    pub fates: broadcast::Sender<Told>,
    pub health: Health,
    pub stop: CancellationToken,
    pub rests: Mutex<Rests>,
    pub violations: Mutex<Violations>,
}

impl Delivery {
    /// Until it is stopped: a transaction that is under way is waited for.
    pub async fn deliver(self) {
        let mut forgot: Option<Instant> = None;
        let mut next = 0;
        while !self.stop.is_cancelled() {
            match self.turn(&mut next).await {
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

    /// `next` is the meter that is looked at first.
    async fn turn(&self, next: &mut u32) -> Result<()> {
        // Before anything is read: what has landed by then is in what is read.
        let in_doubt = self.in_doubt().await?;
        let view = Arc::new(View::read(&self.cluster, &self.addresses).await?);
        anyhow::ensure!(
            view.table.header.binding == self.binding,
            "the meter table is of another cluster than the store; check cluster.urls"
        );
        let seen = self.see(&view);
        figures::looked(&self.store, in_doubt.len(), view.now.0);
        let (mut waiting, then) = self.store.waiting_from(*next, LOOKED_AT);
        *next = then;
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
                ahead: self.policy.ahead.filter(|_| seen.is_fresh()),
                ..self.policy
            },
        );
        figures::decided(&decision);
        self.end(&decision, &view)?;
        let Decision { mut batches, .. } = decision;
        if !self.sends {
            batches.clear();
        }
        let send = |batch: Batch| self.send(batch, &view);
        let sent = stream::iter(batches).map(send).buffer_unordered(AT_ONCE);
        let results: Vec<Result<()>> = sent.collect().await;
        results.into_iter().collect()
    }

    /// Tells what the chain says, and remembers which meters there are.
    fn see(&self, view: &Arc<View>) -> Seen {
        let before = self.seen.borrow().clone();
        let seen = Seen::then(before.as_ref(), Arc::clone(view));
        let is_known =
            before.is_some_and(|before| has_same_meters(&before.view.table, &view.table));
        if !is_known {
            if let Err(error) = self.store.remember(&remembered(view, &self.market)) {
                warn!(%error, "a start without the chain will know less of its meters");
            }
        }
        self.seen.send_replace(Some(seen.clone()));
        seen
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

    fn forget(&self) {
        let seen = self.seen.borrow().clone();
        if let Some(seen) = seen {
            if let Err(error) = self.store.forget(seen.view.now.0) {
                warn!(%error, "old fates were not forgotten");
            }
        }
    }
}
