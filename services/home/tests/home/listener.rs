//! Whoever listens at a broker, as Home Assistant does.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use rumqttc::{AsyncClient, Event, Incoming, MqttOptions, QoS};
use tokio::{task::JoinSet, time::sleep};

use crate::mosquitto::Mosquitto;

const PATIENCE: Duration = Duration::from_secs(30);

/// Whoever hears all that is published, from now on and what is retained.
pub struct Listener {
    heard: Arc<Mutex<BTreeMap<String, Vec<String>>>>,
    client: AsyncClient,
    _polling: JoinSet<()>,
}

impl Listener {
    pub async fn at(broker: &Mosquitto, name: &str) -> Listener {
        let mut options = MqttOptions::new(name, "127.0.0.1", broker.port);
        options.set_max_packet_size(1024 * 1024, 1024 * 1024);
        let (client, mut connection) = AsyncClient::new(options, 10);
        client.try_subscribe("#", QoS::AtLeastOnce).expect("room");
        let heard = Arc::<Mutex<BTreeMap<String, Vec<String>>>>::default();
        while !matches!(
            connection.poll().await.expect("connected"),
            Event::Incoming(Incoming::SubAck(_))
        ) {}
        let listened = Arc::clone(&heard);
        let mut polling = JoinSet::new();
        polling.spawn(async move {
            while let Ok(event) = connection.poll().await {
                if let Event::Incoming(Incoming::Publish(publish)) = event {
                    let text = String::from_utf8(publish.payload.to_vec()).expect("text");
                    let mut heard = listened.lock().expect("unbroken");
                    heard.entry(publish.topic).or_default().push(text);
                }
            }
        });
        Listener {
            heard,
            client,
            _polling: polling,
        }
    }

    pub fn say(&self, topic: &str, text: &str) {
        let said = self
            .client
            .try_publish(topic, QoS::AtLeastOnce, false, text);
        said.expect("room");
    }

    pub fn last(&self, topic: &str) -> Option<String> {
        let heard = self.heard.lock().expect("unbroken");
        heard.get(topic)?.last().cloned()
    }

    pub fn count(&self, topic: &str) -> usize {
        let heard = self.heard.lock().expect("unbroken");
        heard.get(topic).map_or(0, Vec::len)
    }

    pub async fn wait_for(&self, topic: &str, text: &str) {
        let says = || self.last(topic).as_deref() == Some(text);
        wait_until(&format!("{topic} says {text}"), says).await;
    }
}

pub async fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < PATIENCE, "never: {what}");
        sleep(Duration::from_millis(20)).await;
    }
}
