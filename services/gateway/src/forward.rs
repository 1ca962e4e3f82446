//! Tells another gateway everything that is kept here.

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use joulebook_daemon::observe::Health;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use url::Url;

use crate::{
    client::GatewayClient,
    intake::Told,
    message::{Key, Signed},
    rest::Rests,
    store::Store,
};

/// Messages of one request at most.
const AT_ONCE: usize = 100;
/// How often it is looked whether there is something to tell.
const POLL: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const WORD_HOLDS: Duration = Duration::from_secs(120);

/// Who tells it.
pub struct Forward {
    pub store: Arc<Store>,
    pub url: Url,
    pub health: Health,
    pub stop: CancellationToken,
}

impl Forward {
    /// Until it is stopped; what is not told by then is told the next time.
    pub async fn forward(self) {
        let client = match GatewayClient::new(self.url.clone()) {
            Ok(client) => client,
            Err(error) => return self.health.fails("forward", error.to_string()),
        };
        let mut pauses = pauses();
        let mut rests = Rests::default();
        let mut count = AT_ONCE;
        while !self.stop.is_cancelled() {
            let pause = match self.turn(&client, &mut rests, &mut count).await {
                Ok(()) => {
                    self.health.works("forward", WORD_HOLDS);
                    pauses = self::pauses();
                    POLL
                }
                Err(error) => {
                    warn!(error, "the next gateway was not told; it is tried again");
                    self.health.fails("forward", error);
                    pauses.next().unwrap_or(LONGEST_PAUSE)
                }
            };
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.stop.cancelled() => {}
            }
        }
    }

    /// Tells all that it does not have, so many at once: fewer where they are too many for it.
    async fn turn(
        &self,
        client: &GatewayClient,
        rests: &mut Rests,
        count: &mut usize,
    ) -> Result<(), String> {
        rests.keep_only(|key| self.store.waits(key));
        loop {
            let now = Instant::now();
            let batch = self.store.to_forward(*count, |key| rests.rests(key, now));
            if batch.is_empty() || self.stop.is_cancelled() {
                return Ok(());
            }
            let (keys, messages): (Vec<Key>, Vec<Signed>) = batch.into_iter().unzip();
            match client.send(&messages).await {
                Ok(told) if told.len() != keys.len() => {
                    return Err("the next gateway answers of other messages".to_owned())
                }
                Ok(told) => {
                    *count = count.saturating_mul(2).min(AT_ONCE);
                    self.note(&keys, &told, rests, now)?;
                }
                Err(error) if error.is_of_size() && keys.len() > 1 => {
                    debug!(%error, messages = keys.len(), "too many at once for the next gateway");
                    *count = keys.len() / 2;
                }
                // Others may be shorter.
                Err(error) if error.is_of_body() => {
                    for key in keys {
                        let rests = rests.refused(key, now);
                        warn!(id = %key, %error, ?rests, "the next gateway was not told of it");
                    }
                }
                Err(error) => return Err(error.to_string()),
            }
        }
    }

    /// What it refuses is told again later as long as it waits here: it may have had no room for it, or know less of the chain.
    fn note(
        &self,
        keys: &[Key],
        told: &[Told],
        rests: &mut Rests,
        now: Instant,
    ) -> Result<(), String> {
        let mut done = vec![];
        for (key, told) in keys.iter().zip(told) {
            if told.is_kept() {
                done.push(*key);
            } else {
                let rests = rests.refused(*key, now);
                debug!(id = %key, result = told.result, ?rests, "the next gateway refuses it");
            }
        }
        debug!(done = done.len(), of = keys.len(), "told the next gateway");
        let noted = self.store.have_forwarded(&done);
        noted.map_err(|error| error.to_string())
    }
}

fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::default()
        .with_min_delay(POLL)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
}
