//! Messages from a broker of MQTT 3.1.1, and fates to it. A message is acknowledged once it is on the disk: what is not, the broker
//! brings again.

use std::{
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use anyhow::{Context, Result};
use joulebook_daemon::{key::KeySource, observe::Health, tls};
use rumqttc::{
    AsyncClient, Event, Incoming, MqttOptions, Publish, QoS, SubscribeReasonCode, TlsConfiguration,
    Transport,
};
use serde::Deserialize;
use solana_address::Address;
use tokio::{
    sync::{broadcast, mpsc},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};
use url::Url;

use crate::{
    api::Messages,
    figures,
    intake::{Intake, IntakeError, Told, MOST},
    message::Signed,
    store::StoreError,
};

/// Messages that are stored at once.
const BATCH: usize = 256;
/// Messages that came and are not stored yet; further ones stay in the connection.
const HELD: usize = 2_048;
/// Acknowledgements and fates that wait for the connection: more than all that can be under way, so that storing never waits for
/// the connection while that waits for storing.
const REQUESTS: usize = 16_384;
/// Bytes of a message's payload at most; a longer one is acknowledged and not looked at.
const PAYLOAD: usize = 256 * 1024;
/// Bytes of a packet that the connection bears: far more than a broker should let through, as one that is longer breaks it off,
/// and comes again on the next one.
const PACKET: usize = 16 * 1024 * 1024;
const KEEP_ALIVE: Duration = Duration::from_secs(15);
const PAUSE: Duration = Duration::from_secs(1);
const WORD_HOLDS: Duration = Duration::from_secs(60);
const PART: &str = "broker";

/// The table `[mqtt]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct BrokerOptions {
    /// `mqtt://host:port`, or `mqtts://host:port` with TLS.
    pub url: Url,
    /// The session's name: the broker keeps for it what comes while the gateway is down.
    /// Without one it is `joulebook-gateway-` and the payer's first characters: two sessions of one name put each other out.
    pub client_id: Option<String>,
    #[serde(default = "messages_topic")]
    pub topic: String,
    /// Fates go to this topic, with the meter's number behind it.
    #[serde(default = "fates_topic")]
    pub fates: String,
    pub user: Option<String>,
    pub password: Option<KeySource>,
    /// Certificates that the broker's is held against, PEM.
    pub ca: Option<PathBuf>,
}

/// Why a broker can't be asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BrokerError {
    #[error("mqtt.url: {0} is no mqtt:// or mqtts:// address with a host")]
    Url(Url),
    #[error("mqtt.ca: an mqtts:// address needs the certificates that the broker's is held against; name their file")]
    NoCa,
    #[error("mqtt.{0}: a topic to listen to or publish in is expected")]
    Topic(&'static str),
}

impl BrokerOptions {
    /// # Errors
    /// [`BrokerError`].
    pub fn check(&self) -> Result<(), BrokerError> {
        let is_known = matches!(self.url.scheme(), "mqtt" | "mqtts");
        if !is_known || self.url.host_str().is_none() {
            return Err(BrokerError::Url(self.url.clone()));
        }
        if self.is_secure() && self.ca.is_none() {
            return Err(BrokerError::NoCa);
        }
        if !rumqttc::valid_filter(&self.topic) {
            return Err(BrokerError::Topic("topic"));
        }
        match rumqttc::valid_topic(&self.fates) {
            true => Ok(()),
            false => Err(BrokerError::Topic("fates")),
        }
    }

    fn client_id(&self, payer: &Address) -> String {
        let of_payer = || {
            let first: String = payer.to_string().chars().take(8).collect();
            format!("joulebook-gateway-{first}")
        };
        self.client_id.clone().unwrap_or_else(of_payer)
    }

    fn is_secure(&self) -> bool {
        self.url.scheme() == "mqtts"
    }

    fn connection(&self, payer: &Address) -> Result<MqttOptions> {
        let host = self.url.host_str().unwrap_or_default();
        let port = self.url.port();
        let port = port.unwrap_or(if self.is_secure() { 8_883 } else { 1_883 });
        let mut options = MqttOptions::new(self.client_id(payer), host, port);
        options
            .set_keep_alive(KEEP_ALIVE)
            .set_clean_session(false)
            .set_manual_acks(true)
            .set_max_packet_size(PACKET, PAYLOAD);
        if let Some(user) = &self.user {
            let password = self.password.as_ref().map(KeySource::read_secret);
            let password = password.transpose()?.unwrap_or_default();
            options.set_credentials(user, password.trim());
        }
        if let Some(ca) = self.ca.as_deref().filter(|_| self.is_secure()) {
            let tls = TlsConfiguration::Rustls(Arc::new(tls::trusting(ca).context("mqtt.ca")?));
            options.set_transport(Transport::tls_with_config(tls));
        }
        Ok(options)
    }
}

/// A message, and the connection that it came by: an acknowledgement on another one would be of another message.
struct Came {
    publish: Publish,
    client: AsyncClient,
}

/// Who listens to a broker.
pub struct Broker {
    options: BrokerOptions,
    connection: MqttOptions,
    intake: Intake,
    health: Health,
    stop: CancellationToken,
}

impl Broker {
    /// # Errors
    /// If a file that is named can't be used.
    pub fn new(
        options: BrokerOptions,
        payer: &Address,
        intake: Intake,
        health: Health,
        stop: CancellationToken,
    ) -> Result<Broker> {
        Ok(Broker {
            connection: options.connection(payer)?,
            options,
            intake,
            health,
            stop,
        })
    }

    /// Until it is stopped.
    pub async fn work(self, fates: broadcast::Receiver<Told>) {
        let (came, comes) = mpsc::channel(HELD);
        let current = Arc::new(Mutex::new(None));
        let storing = tokio::spawn(store(self.intake.clone(), comes, self.stop.clone()));
        let telling = tokio::spawn(tell(
            self.options.fates.clone(),
            Arc::clone(&current),
            fates,
            self.stop.clone(),
        ));
        while !self.stop.is_cancelled() {
            let error = tokio::select! {
                error = self.listen(&came, &current) => error,
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
        came: &mpsc::Sender<Came>,
        current: &Mutex<Option<AsyncClient>>,
    ) -> String {
        let (client, mut connection) = AsyncClient::new(self.connection.clone(), REQUESTS);
        let mut is_subscribed = false;
        loop {
            let event = match connection.poll().await {
                Ok(event) => event,
                Err(error) => return error.to_string(),
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
                    if came.send(Came { publish, client }).await.is_err() {
                        return "the gateway is stopping".to_owned();
                    }
                }
                _ => {}
            }
        }
    }
}

/// Stores what came, many messages at once, and acknowledges each.
async fn store(intake: Intake, mut comes: mpsc::Receiver<Came>, stop: CancellationToken) {
    let mut batch: Vec<Came> = vec![];
    loop {
        if comes.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        let mut messages: Vec<Signed> = vec![];
        for came in &batch {
            match Messages::parse(&came.publish.payload) {
                Ok(some) => messages.extend(some),
                // It will never be one: acknowledged, so that it does not come again for ever.
                Err(error) => {
                    figures::taken("mqtt", "unreadable", None);
                    warn!(topic = came.publish.topic, error, "no message");
                }
            }
        }
        if !keep(&intake, messages, &stop).await {
            return;
        }
        for came in batch.drain(..) {
            if let Err(error) = came.client.ack(&came.publish).await {
                debug!(%error, "not acknowledged; it comes again");
            }
        }
    }
}

/// Tries until they are kept, or refused for good; whether they are.
async fn keep(intake: &Intake, mut messages: Vec<Signed>, stop: &CancellationToken) -> bool {
    loop {
        let Some(unknown) = keep_known(intake, &messages, stop).await else {
            return false;
        };
        if unknown.is_empty() {
            return true;
        }
        warn!(
            messages = unknown.len(),
            "what is known of the chain is old; messages of the broker wait there"
        );
        messages = unknown;
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = stop.cancelled() => return false,
        }
    }
}

/// Tries until they are kept; those that can't be judged now. Where there is no room for all of them, as many are as fit. `None`
/// if it is stopped.
async fn keep_known(
    intake: &Intake,
    messages: &[Signed],
    stop: &CancellationToken,
) -> Option<Vec<Signed>> {
    let mut rest = messages;
    let mut unknown = vec![];
    let mut count = MOST;
    while !rest.is_empty() {
        let part = rest.get(..count).unwrap_or(rest);
        let kept = part.len();
        match intake.take(part.to_vec(), "mqtt").await {
            Ok(told) => {
                for one in told.iter().filter(|one| one.is_refused()) {
                    debug!(result = one.result, says = one.says, "refused");
                    intake.tell(one);
                }
                let with_told = part.iter().zip(&told);
                let of_unknown = with_told.filter(|(_, told)| told.is_unknown());
                unknown.extend(of_unknown.map(|(signed, _)| signed.clone()));
                rest = rest.get(kept..).unwrap_or_default();
                count = count.saturating_mul(2).min(MOST);
                continue;
            }
            Err(IntakeError::Stopping) => return None,
            Err(IntakeError::Store(StoreError::Full { .. })) if kept > 1 => {
                count = kept / 2;
                continue;
            }
            Err(error) => warn!(%error, "messages of the broker wait there"),
        }
        tokio::select! {
            () = sleep(PAUSE) => {}
            () = stop.cancelled() => return None,
        }
    }
    Some(unknown)
}

/// Publishes what became of messages; what does not get through can be asked for over HTTP.
async fn tell(
    topic: String,
    current: Arc<Mutex<Option<AsyncClient>>>,
    mut fates: broadcast::Receiver<Told>,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        let told = match fates.recv().await {
            Ok(told) => told,
            Err(broadcast::error::RecvError::Lagged(_)) => continue,
            Err(broadcast::error::RecvError::Closed) => return,
        };
        let client = current
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let meter = told.meter.map(|meter| meter.to_string());
        let topic = format!("{topic}/{}", meter.as_deref().unwrap_or("unknown"));
        let body = serde_json::to_vec(&told);
        if let (Some(client), Ok(body)) = (client, body) {
            if let Err(error) = client.try_publish(topic, QoS::AtLeastOnce, false, body) {
                debug!(%error, "a fate was not told");
            }
        }
    }
}

fn messages_topic() -> String {
    "joulebook/v1/messages".to_owned()
}

fn fates_topic() -> String {
    "joulebook/v1/fates".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_no_client_id_when_two_gateways_connect_then_they_have_sessions_of_their_own() {
        let mut options = BrokerOptions {
            url: "mqtt://127.0.0.1".parse().expect("a URL"),
            client_id: None,
            topic: messages_topic(),
            fates: fates_topic(),
            user: None,
            password: None,
            ca: None,
        };
        let id = |options: &BrokerOptions, payer: u8| {
            options.client_id(&Address::new_from_array([payer; 32]))
        };
        assert_ne!(id(&options, 1), id(&options, 2));
        assert!(id(&options, 1).starts_with("joulebook-gateway-"));
        options.client_id = Some("own".to_owned());
        assert_eq!(id(&options, 1), "own");
    }
}
