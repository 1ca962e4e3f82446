//! Tells another gateway everything that is kept here.

use std::{sync::Arc, time::Duration};

use backon::{BackoffBuilder, ExponentialBuilder};
use joulebook_daemon::observe::Health;
use reqwest::{Client, StatusCode};
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};
use url::Url;

use crate::{
    message::{Key, Signed},
    store::Store,
};

/// Messages of one request.
const AT_ONCE: usize = 100;
/// How often it is looked whether there is something to tell.
const POLL: Duration = Duration::from_millis(500);
/// For one answer.
const TIMEOUT: Duration = Duration::from_secs(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
const WORD_HOLDS: Duration = Duration::from_secs(120);

/// Who tells it.
pub struct Forward {
    pub store: Arc<Store>,
    pub url: Url,
    pub health: Health,
    pub stop: CancellationToken,
}

#[derive(Serialize)]
struct Messages<'a> {
    messages: Vec<&'a Signed>,
}

impl Forward {
    /// Until it is stopped; what is not told by then is told the next time.
    pub async fn forward(self) {
        let Ok(client) = Client::builder().timeout(TIMEOUT).build() else {
            self.health.fails("forward", "HTTP can't be spoken");
            return;
        };
        let mut pauses = pauses();
        while !self.stop.is_cancelled() {
            let pause = match self.turn(&client).await {
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
    async fn turn(&self, client: &Client) -> Result<(), String> {
        loop {
            let batch = self.store.to_forward(AT_ONCE);
            let batch = batch.map_err(|error| error.to_string())?;
            if batch.is_empty() || self.stop.is_cancelled() {
                return Ok(());
            }
            let url = self
                .url
                .join("v1/messages")
                .map_err(|error| error.to_string())?;
            let messages = batch.iter().map(|(_, signed)| signed).collect();
            let request = client.post(url).json(&Messages { messages });
            let answer = request.send().await;
            // Without its address, which may hold a secret.
            let answer = answer.map_err(|error| error.without_url().to_string())?;
            let status = answer.status();
            // What it refuses, it will always refuse.
            if !status.is_success() && status != StatusCode::UNPROCESSABLE_ENTITY {
                return Err(format!("it answers {status}"));
            }
            let keys: Vec<Key> = batch.iter().map(|(key, _)| *key).collect();
            debug!(messages = keys.len(), "told the next gateway");
            let noted = self.store.have_forwarded(&keys);
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
