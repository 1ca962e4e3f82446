//! What the oracle is said to have: it is sent no more, and ends once that was said for a while, and by each endpoint that answers. A
//! page that is wrong once, or a block that is given up, costs no message.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use anyhow::Result;
use joulebook_client::oracle::types::ReadingResult;
use joulebook_cluster::Cluster;
use tokio::time::{timeout, Instant};
use tracing::debug;

use super::Delivery;
use crate::{
    decision::{decide, pages_of, Policy},
    fate::Fate,
    message::Key,
    store::Waiting,
    view::{Pages, View},
};

/// How long it must be said: by then, what is confirmed is final.
const SETTLED: Duration = Duration::from_secs(30);
/// How long an endpoint may take to say the same.
const ANSWER: Duration = Duration::from_secs(5);

/// Messages that the oracle is said to have, since when, and what is told of them then.
#[derive(Debug, Default)]
pub(super) struct Confirming(BTreeMap<Key, (Instant, Fate)>);

impl Confirming {
    /// Notes which of those that were looked at are `known`. What is over by now ends as what was known of it. Those that have been
    /// known for long enough.
    pub fn note(
        &mut self,
        looked_at: &BTreeMap<Key, Waiting>,
        ends: &mut [(Key, Fate)],
        known: Vec<(Key, Fate)>,
        now: Instant,
    ) -> BTreeMap<Key, Waiting> {
        for (key, fate) in ends {
            if let Some((_, known)) = self.0.get(key).filter(|_| is_of_time(fate)) {
                *fate = known.clone();
            }
        }
        let mut before = std::mem::take(&mut self.0);
        let mut settled = BTreeMap::new();
        for (key, fate) in known {
            let since = before.remove(&key).map_or(now, |(since, _)| since);
            self.0.insert(key, (since, fate));
            if now.saturating_duration_since(since) >= SETTLED {
                let one = looked_at.get(&key).cloned();
                settled.extend(one.map(|one| (key, one)));
            }
        }
        // What was not looked at is known as it was.
        before.retain(|key, _| !looked_at.contains_key(key));
        self.0.append(&mut before);
        settled
    }

    /// Forgets what does not wait any more.
    pub fn keep_only(&mut self, is_waiting: impl Fn(&Key) -> bool) {
        self.0.retain(|key, _| is_waiting(key));
    }
}

/// Whether the oracle takes it no more because its time is over, whatever it has of it.
fn is_of_time(fate: &Fate) -> bool {
    let result = ReadingResult::ReadingsClosed;
    *fate == Fate::Refused { result } || *fate == Fate::Ineffective
}

impl Delivery {
    /// Those that each endpoint that answers knows.
    pub(super) async fn confirm(&self, mut left: BTreeMap<Key, Waiting>) -> Vec<(Key, Fate)> {
        let mut known = vec![];
        for endpoint in &self.endpoints {
            if left.is_empty() {
                return vec![];
            }
            match timeout(ANSWER, self.known_to(endpoint, &left)).await {
                Ok(Ok(said)) => known = said,
                Ok(Err(error)) => {
                    debug!(error = format!("{error:#}"), "an endpoint does not confirm");
                    continue;
                }
                Err(_) => {
                    debug!("an endpoint takes too long to confirm");
                    continue;
                }
            }
            let keys: BTreeSet<Key> = known.iter().map(|(key, _)| *key).collect();
            left.retain(|key, _| keys.contains(key));
        }
        known.retain(|(key, _)| left.contains_key(key));
        known
    }

    async fn known_to(
        &self,
        endpoint: &Cluster,
        asked: &BTreeMap<Key, Waiting>,
    ) -> Result<Vec<(Key, Fate)>> {
        let view = View::read(endpoint, &self.addresses).await?;
        let messages = asked.values().map(|one| &one.message);
        let starts = pages_of(&self.addresses, &view, messages);
        let pages = Pages::read(endpoint, &self.addresses, starts).await?;
        let policy = Policy {
            ahead: None,
            ..self.policy
        };
        let none = BTreeSet::new();
        Ok(decide(asked, &none, &view, &pages, &self.addresses, &policy).known)
    }
}
