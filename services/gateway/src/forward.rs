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

#[cfg(test)]
mod tests {
    use std::sync::{Mutex, PoisonError};

    use axum::{routing::post, Json, Router};
    use joulebook_metering::{message::Reading, register::Registers};
    use joulebook_units::{UnixTime, WhSum};
    use serde_json::{json, Value};
    use tokio::net::TcpListener;

    use super::*;
    use crate::{
        fate::Fate,
        message::Message,
        store::{Limits, Owner},
    };

    const OWNER: Owner = Owner {
        market: solana_address::Address::new_from_array([1; 32]),
        cluster: [2; 32],
        binding: [7; 32],
    };

    fn message(sequence: u64) -> Message {
        let reading = Reading {
            meter: 1,
            boundary: UnixTime(300),
            sequence,
            registers: Registers {
                import: WhSum(sequence),
                export: WhSum(0),
            },
            flags: 0,
        };
        let signed = Signed {
            message: reading.message(&OWNER.binding).to_vec(),
            signature: [3; 64],
        };
        signed.read(&OWNER.binding).expect("a message")
    }

    /// A gateway that says the same of all, and how many it was asked of.
    async fn next(says: Arc<Mutex<(&'static str, usize)>>) -> Url {
        let answer = move |Json(asked): Json<Value>| async move {
            let count = asked["messages"].as_array().map_or(0, Vec::len);
            let mut says = says.lock().unwrap_or_else(PoisonError::into_inner);
            says.1 += count;
            let told = json!({ "state": says.0, "says": "" });
            Json(json!({ "messages": vec![told; count] }))
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("its number");
        let router = Router::new().route("/v1/messages", post(answer));
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}").parse().expect("a URL")
    }

    #[tokio::test]
    async fn given_a_next_gateway_that_refuses_when_told_then_what_waits_here_is_told_again_later()
    {
        let folder = tempfile::tempdir().expect("a folder");
        let limits = Limits {
            messages: 10,
            of_meter: 10,
            fate_seconds: 1,
        };
        let store = Store::open(&folder.path().join("g.redb"), &OWNER, limits);
        let store = Arc::new(store.expect("made"));
        let says = Arc::new(Mutex::new(("refused", 0)));
        let url = next(Arc::clone(&says)).await;
        let client = GatewayClient::new(url.clone()).expect("a client");
        let forward = Forward {
            store: Arc::clone(&store),
            url,
            health: Health::default(),
            stop: CancellationToken::new(),
        };
        let (first, second) = (message(1), message(2));
        store
            .put(&[first.clone(), second.clone()], 0, true)
            .expect("kept");
        let mut rests = Rests::default();
        let asked = || says.lock().expect("its words").1;
        forward.turn(&client, &mut rests).await.expect("told");
        assert_eq!((store.counts().1, asked()), (2, 2));
        // They rest.
        forward.turn(&client, &mut rests).await.expect("told");
        assert_eq!(asked(), 2);
        // What waits no more here is not told for ever.
        store
            .end(&[(first.key(), Fate::Superseded)], 0)
            .expect("noted");
        let mut rests = Rests::default();
        forward.turn(&client, &mut rests).await.expect("told");
        let left = store.to_forward(10, |_| false).expect("read");
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].0, second.key());
        says.lock().expect("its words").0 = "received";
        forward
            .turn(&client, &mut Rests::default())
            .await
            .expect("told");
        assert_eq!(store.counts().1, 0);
    }
}
