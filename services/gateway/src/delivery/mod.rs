//! Brings what waits to the oracle, and finds out what became of it.

mod confirm;
mod rest;
mod send;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::Result;
use futures_util::{stream, StreamExt};
use joulebook_client::Addresses;
use joulebook_cluster::{Cluster, Fate as Landing};
use joulebook_daemon::{
    clock::{machine_clock, ClockWatch},
    fees::DailyFees,
    observe::Health,
};
use solana_keypair::Keypair;
use tokio::{
    sync::{broadcast, watch},
    time::Instant,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use crate::{
    batch::Batch,
    chain_clock::ChainClock,
    decision::{decide, pages_of, Decision, Policy},
    fate::Fate,
    figures,
    intake::Told,
    message::Key,
    rest::{Rests, Violations},
    seen::{has_same_meters, remembered, Seen},
    store::{Store, Waiting},
    view::{Pages, Slot, View},
};
use confirm::Confirming;

/// Transactions that are under way at once.
const AT_ONCE: usize = 4;
/// Messages that are looked at before it looks again: the meters that they are of take turns, so that a day of a thousand meters
/// that comes at once keeps nobody waiting. Far more than is sent meanwhile.
const LOOKED_AT: usize = 8_192;
/// How long everything is said to work if nothing is heard.
const WORD_HOLDS: Duration = Duration::from_secs(120);
/// How often what became of messages is forgotten that is old.
const FORGET: Duration = Duration::from_secs(600);
/// How often the chain's clock is remembered: no process after this one believes an earlier one.
const REMEMBER: Duration = Duration::from_secs(60);

/// Who delivers.
pub struct Delivery {
    pub cluster: Arc<Cluster>,
    /// Its endpoints, each by itself.
    pub endpoints: Vec<Cluster>,
    /// Which clock is believed.
    pub clock: ChainClock,
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
    pub fees: Mutex<DailyFees>,
}

/// What is known from look to look.
struct Looking {
    /// The meter that is looked at first.
    next: u32,
    clock: ChainClock,
    watch: ClockWatch,
    /// When the chain's clock was remembered last.
    remembered: Option<Instant>,
    confirming: Confirming,
}

impl Delivery {
    /// Until it is stopped: a transaction that is under way is waited for.
    pub async fn deliver(self) {
        let mut forgot: Option<Instant> = None;
        let mut looking = Looking {
            next: 0,
            clock: self.clock.clone(),
            watch: ClockWatch::default(),
            remembered: None,
            confirming: Confirming::default(),
        };
        while !self.stop.is_cancelled() {
            match self.turn(&mut looking).await {
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

    async fn turn(&self, looking: &mut Looking) -> Result<()> {
        // Before anything is read: what has landed by then is in what is read.
        let in_doubt = self.in_doubt().await?;
        let view = Arc::new(View::read(&self.cluster, &self.addresses).await?);
        anyhow::ensure!(
            view.table.header.binding == self.binding,
            "the meter table is of another cluster than the store; check cluster.urls"
        );
        let (now, machine) = (Instant::now(), machine_clock());
        let believed = looking.clock.see(view.now.0, machine, now);
        let goes_on = looking.watch.see(view.now.0, now);
        if goes_on.is_err() {
            self.cluster.await_newest().await;
        }
        let is_fresh = match believed {
            Ok(()) => Some(self.see(&view, &mut looking.remembered).is_fresh()),
            Err(_) => None,
        };
        figures::looked(&self.store, in_doubt.len(), view.now.0);
        let (mut waiting, then) = self.store.waiting_from(looking.next, LOOKED_AT);
        looking.next = then;
        self.leave_resting(&mut waiting);
        if !waiting.is_empty() {
            let confirming = &mut looking.confirming;
            self.look_at(&waiting, &in_doubt, &view, is_fresh, confirming)
                .await?;
        }
        believed?;
        Ok(goes_on?)
    }

    /// Ends what is over, and sends what is due. `is_fresh` says whether what is known of the chain is new; `None` if its clock is not
    /// believed: by such a one nothing ends, and what is sent costs a fee at worst.
    async fn look_at(
        &self,
        waiting: &BTreeMap<Key, Waiting>,
        in_doubt: &BTreeSet<Key>,
        view: &View,
        is_fresh: Option<bool>,
        confirming: &mut Confirming,
    ) -> Result<()> {
        let messages = waiting.values().map(|one| &one.message);
        let starts = pages_of(&self.addresses, view, messages);
        let pages = Pages::read(&self.cluster, &self.addresses, starts).await?;
        let policy = Policy {
            ahead: self.policy.ahead.filter(|_| is_fresh == Some(true)),
            ..self.policy
        };
        let decision = decide(waiting, in_doubt, view, &pages, &self.addresses, &policy);
        let Decision {
            ends, mut batches, ..
        } = decision;
        if is_fresh.is_some() {
            let is_looked_at = |key: &Key| waiting.contains_key(key);
            let settled = confirming.note(is_looked_at, ends, Instant::now());
            let ends = self.confirm(waiting, settled, &policy).await;
            figures::ended(&ends);
            self.end(&ends, view)?;
            confirming.keep_only(|key| self.store.waits(key));
        }
        if !self.sends {
            self.forward_again(&batches, view, &pages)?;
            batches.clear();
        }
        let send = |batch: Batch| self.send(batch, view);
        let sent = stream::iter(batches).map(send).buffer_unordered(AT_ONCE);
        let results: Vec<Result<()>> = sent.collect().await;
        results.into_iter().collect()
    }

    /// The next gateway alone sends: what waits still when its page is about to close, it may have lost.
    fn forward_again(&self, batches: &[Batch], view: &View, pages: &Pages) -> Result<()> {
        let is_late = |start: i64| match pages.slot(start) {
            Slot::Page(page) => {
                let last = page
                    .header
                    .readings_until
                    .saturating_sub(self.policy.margin);
                view.now.0 >= last
            }
            _ => false,
        };
        let items = batches.iter().flat_map(|batch| &batch.items);
        let late = items.filter(|item| is_late(item.start));
        let keys: Vec<Key> = late.map(|item| item.key).collect();
        self.store.forward_again(&keys)?;
        let now = Instant::now();
        for key in keys {
            let rests = self.rests().refused(key, now);
            warn!(id = %key, ?rests, "the next gateway has not sent it; it is told of it again");
        }
        Ok(())
    }

    /// Tells what the chain says, and remembers which meters there are, and every now and then its clock.
    fn see(&self, view: &Arc<View>, noted: &mut Option<Instant>) -> Seen {
        let before = self.seen.borrow().clone();
        let seen = Seen::then(before.as_ref(), Arc::clone(view));
        let is_known =
            before.is_some_and(|before| has_same_meters(&before.view.table, &view.table));
        if !is_known || noted.is_none_or(|at| at.elapsed() >= REMEMBER) {
            match self.store.remember(&remembered(view, &self.market)) {
                Ok(()) => *noted = Some(Instant::now()),
                Err(error) => {
                    warn!(%error, "a start without the chain will know less of its meters");
                }
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

    fn end(&self, ends: &[(Key, Fate)], view: &View) -> Result<()> {
        let told: Vec<(Key, Told)> = ends
            .iter()
            .filter_map(|(key, fate)| {
                let known = self.store.fate(key).ok()??;
                let told = Told::of(&known.key, known.boundary, fate);
                Some((known.key, told))
            })
            .collect();
        self.store.end(ends, view.now.0)?;
        for (key, one) in told {
            match one.is_refused() {
                // It was a copy, with another signature.
                true if self.store.waits(&key) => continue,
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
