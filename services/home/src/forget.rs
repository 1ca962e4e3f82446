use std::time::Duration;

use anyhow::{bail, Context, Result};
use rumqttc::{AsyncClient, Event, Incoming};
use tokio::{sync::mpsc, time::timeout};
use tracing::info;

use crate::{
    publishing::{poll, Heard, Voice},
    Configuration,
};

const REQUESTS: usize = 8;
const EVENTS: usize = 16;
const PATIENCE: Duration = Duration::from_secs(15);

/// Has the broker retain nothing more of a household, so that Home Assistant takes its device away. It needs no chain.
///
/// # Errors
/// If the configuration can't be used, or the broker can't be told.
pub async fn forget(configuration: Configuration) -> Result<()> {
    configuration.check()?;
    let household = configuration.household()?;
    let topics = household.topics(&configuration.mqtt);
    let connection = configuration.mqtt.connection(&household)?;
    let (client, events) = AsyncClient::new(connection, REQUESTS);
    let (to, mut heard) = mpsc::channel(EVENTS);
    let polling = tokio::spawn(poll(events, to));
    let retained = [topics.discovery, topics.state, topics.availability];
    let told = timeout(PATIENCE, take_back(client, &retained, &mut heard)).await;
    polling.abort();
    match told.context("the broker does not answer; check mqtt.url and the network")? {
        Ok(()) => {
            info!(device = household.id(), "forgotten");
            Ok(())
        }
        Err(trouble) => bail!(trouble),
    }
}

async fn take_back(
    client: AsyncClient,
    topics: &[String],
    heard: &mut mpsc::Receiver<Heard>,
) -> Result<(), String> {
    let mut voice = Voice::new(client);
    while let Some(event) = heard.recv().await {
        if matches!(event?, Event::Incoming(Incoming::ConnAck(_))) {
            for topic in topics {
                voice.say(topic, &[])?;
            }
            return voice.hang_up(heard).await;
        }
    }
    Err("the connection has ended".to_owned())
}
