//! Messages from a broker of MQTT 3.1.1, and fates to it. A message is acknowledged once it is on the disk: what is not, the broker
//! brings again.

mod keep;
mod options;
mod tell;

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use joulebook_daemon::{mqtt, observe::Health};
use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS, SubscribeReasonCode};
use solana_address::Address;
use tokio::{
    sync::{broadcast, mpsc, oneshot, Semaphore},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    figures,
    intake::{Intake, Told},
};
use keep::{store, Came};
use tell::tell;

pub use options::{BrokerError, BrokerOptions};

/// Messages that came and are not stored yet; further ones stay in the connection.
const HELD: usize = 2_048;
/// Likewise, bytes of them.
const HELD_BYTES: usize = 64 * 1024 * 1024;
/// Acknowledgements and fates that wait for the connection: more than all that can be under way, so that storing never waits for
/// the connection while that waits for storing.
const REQUESTS: usize = 16_384;
/// Bytes of a message's payload at most; a longer one is acknowledged and not looked at.
const PAYLOAD: usize = 256 * 1024;
const PAUSE: Duration = Duration::from_secs(1);
const WORD_HOLDS: Duration = Duration::from_secs(60);
const PART: &str = "broker";

/// Who listens to a broker.
pub struct Broker {
    options: BrokerOptions,
    connection: MqttOptions,
    health: Health,
    stop: CancellationToken,
}

impl Broker {
    /// # Errors
    /// If a file that is named can't be used.
    pub fn new(
        options: BrokerOptions,
        payer: &Address,
        health: Health,
        stop: CancellationToken,
    ) -> Result<Broker> {
        Ok(Broker {
            connection: options.connection(payer)?,
            options,
            health,
            stop,
        })
    }

    /// Until it is stopped. It subscribes at once, so that nothing passes by; what comes is kept once `intake` can.
    pub async fn work(self, intake: oneshot::Receiver<Intake>, fates: broadcast::Receiver<Told>) {
        let (came, comes) = mpsc::channel(HELD);
        let room = Arc::new(Semaphore::new(HELD_BYTES));
        let mut connection = 0;
        let current = Arc::new(Mutex::new(None));
        let storing = tokio::spawn(store(intake, comes, self.stop.clone()));
        let telling = tokio::spawn(tell(
            self.options.fates.clone(),
            Arc::clone(&current),
            fates,
            self.stop.clone(),
        ));
        while !self.stop.is_cancelled() {
            connection += 1;
            let error = tokio::select! {
                error = self.listen(connection, &came, &room, &current) => error,
                () = self.stop.cancelled() => break,
            };
            *current.lock().unwrap_or_else(PoisonError::into_inner) = None;
            figures::broker(false);
            warn!(error, "the broker is not connected to; it is tried again");
            self.health.fails(PART, error);
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = self.stop.cancelled() => {}
            }
        }
        drop(came);
        let _ = storing.await;
        telling.abort();
    }

    /// One connection, until it breaks off: each has its own, so that what waits for one is never sent on another.
    async fn listen(
        &self,
        number: u64,
        came: &mpsc::Sender<Came>,
        room: &Arc<Semaphore>,
        current: &Mutex<Option<AsyncClient>>,
    ) -> String {
        let (client, mut connection) = AsyncClient::new(self.connection.clone(), REQUESTS);
        let mut is_subscribed = false;
        loop {
            let event = match connection.poll().await {
                Ok(event) => event,
                Err(error) => return mqtt::trouble(&error),
            };
            if is_subscribed {
                self.health.works(PART, WORD_HOLDS);
            }
            match event {
                Event::Incoming(Incoming::ConnAck(_)) => {
                    info!(broker = self.connection.broker_address().0, "connected");
                    figures::broker(true);
                    *current.lock().unwrap_or_else(PoisonError::into_inner) = Some(client.clone());
                    let asked = client.try_subscribe(&self.options.topic, QoS::AtLeastOnce);
                    if let Err(error) = asked {
                        return error.to_string();
                    }
                }
                Event::Incoming(Incoming::SubAck(answer)) => {
                    if answer.return_codes.contains(&SubscribeReasonCode::Failure) {
                        return format!("the broker does not let it hear {}", self.options.topic);
                    }
                    is_subscribed = true;
                    self.health.works(PART, WORD_HOLDS);
                }
                Event::Incoming(Incoming::Publish(mut publish)) => {
                    let client = client.clone();
                    if publish.payload.len() > PAYLOAD {
                        let bytes = publish.payload.len();
                        warn!(topic = publish.topic, bytes, "longer than a message may be");
                        // Nothing is no message: it is acknowledged as such, in its turn.
                        publish.payload.clear();
                    }
                    // While there is no room, the broker waits.
                    let bytes = u32::try_from(publish.payload.len()).unwrap_or(u32::MAX);
                    let Ok(room) = Arc::clone(room).acquire_many_owned(bytes).await else {
                        return "the gateway is stopping".to_owned();
                    };
                    let one = Came {
                        publish,
                        client,
                        connection: number,
                        _room: room,
                    };
                    if came.send(one).await.is_err() {
                        return "the gateway is stopping".to_owned();
                    }
                }
                _ => {}
            }
        }
    }
}
