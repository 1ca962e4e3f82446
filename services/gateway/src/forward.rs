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
    message::{Key, Signed},
    rest::Rests,
    store::Store,
};

/// Messages of one request.
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
        while !self.stop.is_cancelled() {
            let pause = match self.turn(&client, &mut rests).await {
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

    /// Tells all that it does not have.
    async fn turn(&self, client: &GatewayClient, rests: &mut Rests) -> Result<(), String> {
        loop {
            let now = Instant::now();
            let batch = self.store.to_forward(AT_ONCE, |key| rests.rests(key, now));
            let batch = batch.map_err(|error| error.to_string())?;
            if batch.is_empty() || self.stop.is_cancelled() {
                return Ok(());
            }
            let (keys, messages): (Vec<Key>, Vec<Signed>) = batch.into_iter().unzip();
            let told = client.send(&messages).await;
            let told = told.map_err(|error| error.to_string())?;
            if told.len() != keys.len() {
                return Err("the next gateway answers of other messages".to_owned());
            }
            let (done, refused): (Vec<_>, Vec<_>) = keys
                .into_iter()
                .zip(&told)
                .partition(|(key, told)| told.is_kept() || !self.store.waits(key));
            debug!(
                done = done.len(),
                refused = refused.len(),
                "told the next gateway"
            );
            // It may have no room for them now, or know less of the chain: as long as they wait here, it is told again.
            for (key, told) in refused {
                let rests = rests.refused(key, now);
                debug!(id = %key, result = told.result, ?rests, "the next gateway refuses it");
            }
            let done: Vec<Key> = done.into_iter().map(|(key, _)| key).collect();
            rests.keep_only(|key| !done.contains(key));
            let noted = self.store.have_forwarded(&done);
            noted.map_err(|error| error.to_string())?;
        }
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
