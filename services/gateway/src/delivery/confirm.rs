//! What is said to have become of messages: each ends once it was said for a while, and by each endpoint that answers. A page that is wrong
//! once, or a block that is given up, costs no message.

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

/// Messages that are said to be over, since when, and what is told of them then.
#[derive(Debug, Default)]
pub(super) struct Confirming(BTreeMap<Key, (Instant, Fate)>);

impl Confirming {
    /// Notes which of those that were looked at are said to be over; those that have been for long enough.
    pub fn note(
        &mut self,
        is_looked_at: impl Fn(&Key) -> bool,
        ends: Vec<(Key, Fate)>,
        now: Instant,
    ) -> Vec<(Key, Fate)> {
        let mut before = std::mem::take(&mut self.0);
        let mut settled = vec![];
        for (key, fate) in ends {
            let (since, fate) = match before.remove(&key) {
                // Its page has closed meanwhile, and the oracle had it.
                Some((since, known)) if known.is_known() && is_of_time(&fate) => (since, known),
                Some((since, _)) => (since, fate),
                None => (now, fate),
            };
            if now.saturating_duration_since(since) >= SETTLED {
                settled.push((key, fate.clone()));
            }
            self.0.insert(key, (since, fate));
        }
        // Of what was not looked at, nothing else is known.
        before.retain(|key, _| !is_looked_at(key));
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
    /// Those that are over by each endpoint that answers; none if none does.
    pub(super) async fn confirm(
        &self,
        waiting: &BTreeMap<Key, Waiting>,
        mut settled: Vec<(Key, Fate)>,
        policy: &Policy,
    ) -> Vec<(Key, Fate)> {
        let mut is_answered = false;
        for endpoint in &self.endpoints {
            let keys = settled.iter().map(|(key, _)| key);
            let asked = keys.filter_map(|key| Some((*key, waiting.get(key)?.clone())));
            let asked: BTreeMap<Key, Waiting> = asked.collect();
            if asked.is_empty() {
                return vec![];
            }
            match timeout(ANSWER, self.over_by(endpoint, &asked, policy)).await {
                Ok(Ok(over)) => {
                    is_answered = true;
                    settled.retain(|(key, _)| over.contains(key));
                }
                Ok(Err(error)) => {
                    debug!(error = format!("{error:#}"), "an endpoint does not confirm");
                }
                Err(_) => debug!("an endpoint takes too long to confirm"),
            }
        }
        match is_answered {
            true => settled,
            false => vec![],
        }
    }

    async fn over_by(
        &self,
        endpoint: &Cluster,
        asked: &BTreeMap<Key, Waiting>,
        policy: &Policy,
    ) -> Result<BTreeSet<Key>> {
        let view = View::read(endpoint, &self.addresses).await?;
        let messages = asked.values().map(|one| &one.message);
        let starts = pages_of(&self.addresses, &view, messages);
        let pages = Pages::read(endpoint, &self.addresses, starts).await?;
        let none = BTreeSet::new();
        let decision = decide(asked, &none, &view, &pages, &self.addresses, policy);
        Ok(decision.ends.into_iter().map(|(key, _)| key).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: Key = Key {
        meter: 1,
        sequence: 1,
        hash: [0; 8],
    };

    fn closed() -> Fate {
        Fate::Refused {
            result: ReadingResult::ReadingsClosed,
        }
    }

    /// What ends of one message that is said to be over, or not, at these seconds.
    fn ended(said: &[(u64, Option<Fate>)]) -> Vec<Option<Fate>> {
        let mut confirming = Confirming::default();
        let begun = Instant::now();
        let look = |(second, fate): &(u64, Option<Fate>)| {
            let ends = fate.iter().map(|fate| (KEY, fate.clone())).collect();
            let at = begun + Duration::from_secs(*second);
            let mut settled = confirming.note(|_| true, ends, at);
            settled.pop().map(|(_, fate)| fate)
        };
        said.iter().map(look).collect()
    }

    #[test]
    fn what_is_said_for_half_a_minute_ends_and_what_is_said_once_does_not() {
        let known = || Some(Fate::Superseded);
        let said = [
            (0, known()),
            (1, None),
            (29, known()),
            (31, known()),
            (59, known()),
        ];
        assert_eq!(ended(&said), [None, None, None, None, known()]);
    }

    #[test]
    fn given_a_message_that_the_oracle_has_when_its_page_closes_before_it_ends_then_it_is_not_refused(
    ) {
        let known = Some(Fate::Superseded);
        let said = [
            (0, known.clone()),
            (20, Some(closed())),
            (30, Some(closed())),
        ];
        assert_eq!(ended(&said), [None, None, known]);
        assert_eq!(
            ended(&[(0, Some(closed())), (30, Some(closed()))])[1],
            Some(closed())
        );
    }
}
