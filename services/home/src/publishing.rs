use std::{sync::Arc, time::Duration};

use joulebook_daemon::{mqtt, observe::Health};
use rumqttc::{
    AsyncClient, Event, EventLoop, Incoming, LastWill, MqttOptions, Outgoing, QoS,
    SubscribeReasonCode,
};
use tokio::{
    sync::{mpsc, watch},
    task::JoinSet,
    time::{sleep, timeout, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    discovery::{OFFLINE, ONLINE},
    figures,
    household::Topics,
};

/// Requests that wait for the connection: each publication is three.
const REQUESTS: usize = 64;
/// What the connection has told and nobody has looked at yet.
const EVENTS: usize = 16;
const PAUSE: Duration = Duration::from_secs(1);
const WORD_HOLDS: Duration = Duration::from_secs(60);
/// All is told again once in so long at the most, however often it is asked for: it is retained anyway.
const AGAIN: Duration = Duration::from_secs(1);
/// How long what was said is waited for to arrive, at a stop.
const LAST_WORD: Duration = Duration::from_secs(3);
const PART: &str = "broker";

/// What the sensors show, as it is published; `None` while nothing is known of late.
pub type Told = Option<Arc<[u8]>>;

/// Who tells the broker. Every message is retained: whoever listens later hears it, too.
pub struct Publisher {
    pub topics: Topics,
    /// How Home Assistant hears of the sensors.
    pub discovery: Vec<u8>,
    pub connection: MqttOptions,
    pub health: Health,
    pub stop: CancellationToken,
}

/// Why a connection has ended.
enum End {
    /// It was asked to stop, and has said so.
    Stopped,
    Broken(String),
}

impl Publisher {
    /// Until it is stopped. What is published is always what is true then: nothing waits for a broker that is away.
    pub async fn work(mut self, mut told: watch::Receiver<Told>) {
        let (topic, payload) = (self.topics.availability.clone(), OFFLINE);
        let will = LastWill::new(topic, payload, QoS::AtLeastOnce, true);
        self.connection.set_last_will(will);
        loop {
            let (client, events) = AsyncClient::new(self.connection.clone(), REQUESTS);
            let (to, mut heard) = mpsc::channel(EVENTS);
            // On its own: left half way, it would lose what it was about to send. It ends with this connection.
            let mut polling = JoinSet::new();
            polling.spawn(poll(events, to));
            let end = self.tell(client, &mut heard, &mut told).await;
            drop(polling);
            figures::connected(false);
            match end {
                End::Stopped => return,
                End::Broken(trouble) => {
                    figures::trouble(PART);
                    warn!(trouble, "not connected; it is tried again");
                    self.health.fails(PART, trouble);
                }
            }
            tokio::select! {
                () = sleep(PAUSE) => {}
                () = self.stop.cancelled() => return,
            }
        }
    }

    /// One connection, until it ends.
    async fn tell(
        &self,
        client: AsyncClient,
        heard: &mut mpsc::Receiver<Heard>,
        told: &mut watch::Receiver<Told>,
    ) -> End {
        let mut voice = Voice::new(client);
        // When all was told last.
        let mut all_told: Option<Instant> = None;
        loop {
            let done = tokio::select! {
                event = heard.recv() => match event {
                    Some(Ok(event)) => {
                        self.health.works(PART, WORD_HOLDS);
                        self.hear(event, &mut voice, told, &mut all_told)
                    }
                    Some(Err(trouble)) => Err(trouble),
                    None => Err("the connection has ended".to_owned()),
                },
                Ok(()) = told.changed(), if all_told.is_some() => self.tell_state(&mut voice, told),
                () = self.stop.cancelled() => {
                    if all_told.is_some() {
                        self.take_leave(voice, heard).await;
                    }
                    return End::Stopped;
                }
            };
            if let Err(trouble) = done {
                return End::Broken(trouble);
            }
        }
    }

    fn hear(
        &self,
        event: Event,
        voice: &mut Voice,
        told: &mut watch::Receiver<Told>,
        all_told: &mut Option<Instant>,
    ) -> Result<(), String> {
        match event {
            Event::Incoming(Incoming::ConnAck(_)) => {
                info!(broker = self.connection.broker_address().0, "connected");
                figures::connected(true);
                voice.listen(&self.topics.birth)?;
                *all_told = Some(Instant::now());
                self.tell_all(voice, told)
            }
            Event::Incoming(Incoming::SubAck(answer)) => {
                match answer.return_codes.contains(&SubscribeReasonCode::Failure) {
                    true => Err(format!(
                        "the broker does not let this user hear {}; allow it, or name another mqtt.birth",
                        self.topics.birth
                    )),
                    false => Ok(()),
                }
            }
            Event::Incoming(Incoming::Publish(publish)) => {
                let is_birth = publish.topic == self.topics.birth && publish.payload == ONLINE;
                let is_due = all_told.is_none_or(|last| last.elapsed() >= AGAIN);
                match is_birth && is_due {
                    true => {
                        info!("Home Assistant has started");
                        *all_told = Some(Instant::now());
                        self.tell_all(voice, told)
                    }
                    false => Ok(()),
                }
            }
            Event::Incoming(Incoming::PubAck(_)) => {
                voice.heard_of();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn tell_all(&self, voice: &mut Voice, told: &mut watch::Receiver<Told>) -> Result<(), String> {
        voice.say(&self.topics.discovery, &self.discovery)?;
        self.tell_state(voice, told)
    }

    /// What is old is not told again, and is no longer available.
    fn tell_state(
        &self,
        voice: &mut Voice,
        told: &mut watch::Receiver<Told>,
    ) -> Result<(), String> {
        let state = told.borrow_and_update().clone();
        if let Some(state) = &state {
            voice.say(&self.topics.state, state)?;
        }
        let availability = if state.is_some() { ONLINE } else { OFFLINE };
        voice.say(&self.topics.availability, availability.as_bytes())
    }

    /// Says that nothing more comes, and waits for that to arrive: what does not, the last will says.
    async fn take_leave(&self, mut voice: Voice, heard: &mut mpsc::Receiver<Heard>) {
        if voice
            .say(&self.topics.availability, OFFLINE.as_bytes())
            .is_ok()
        {
            let _ = timeout(LAST_WORD, voice.hang_up(heard)).await;
        }
    }
}

/// What a connection has told, or why it has ended.
pub(crate) type Heard = Result<Event, String>;

/// Tells what happens on a connection until it ends.
pub(crate) async fn poll(mut connection: EventLoop, to: mpsc::Sender<Heard>) {
    loop {
        let event = connection.poll().await;
        let event = event.map_err(|error| mqtt::trouble(&error));
        let is_over = event.is_err();
        if to.send(event).await.is_err() || is_over {
            return;
        }
    }
}

/// What is said on one connection, and whether it has arrived.
pub(crate) struct Voice {
    client: AsyncClient,
    /// Messages that the broker has not acknowledged yet.
    pending: usize,
}

impl Voice {
    pub(crate) fn new(client: AsyncClient) -> Voice {
        Voice { client, pending: 0 }
    }

    /// Retained; nothing in a payload takes back what was retained.
    pub(crate) fn say(&mut self, topic: &str, payload: &[u8]) -> Result<(), String> {
        let said = self
            .client
            .try_publish(topic, QoS::AtLeastOnce, true, payload);
        said.map_err(|_| "the broker takes nothing any more; is it overloaded?".to_owned())?;
        self.pending = self.pending.saturating_add(1);
        figures::published();
        Ok(())
    }

    fn listen(&self, topic: &str) -> Result<(), String> {
        let asked = self.client.try_subscribe(topic, QoS::AtLeastOnce);
        asked.map_err(|error| error.to_string())
    }

    /// The broker has acknowledged a message.
    pub(crate) fn heard_of(&mut self) {
        self.pending = self.pending.saturating_sub(1);
    }

    /// Waits for what was said to arrive, and ends the connection without a last will.
    pub(crate) async fn hang_up(mut self, heard: &mut mpsc::Receiver<Heard>) -> Result<(), String> {
        while self.pending > 0 {
            match heard.recv().await {
                Some(Ok(Event::Incoming(Incoming::PubAck(_)))) => self.heard_of(),
                Some(Ok(_)) => {}
                Some(Err(trouble)) => return Err(trouble),
                None => return Err("the connection has ended".to_owned()),
            }
        }
        // It has arrived. What becomes of the rest is nobody's loss.
        let _ = self.client.try_disconnect();
        while let Some(Ok(event)) = heard.recv().await {
            if matches!(event, Event::Outgoing(Outgoing::Disconnect)) {
                break;
            }
        }
        Ok(())
    }
}
