use std::sync::{Arc, Mutex, PoisonError};

use rumqttc::{AsyncClient, QoS};
use tokio::sync::broadcast;
use tokio_util::sync::CancellationToken;
use tracing::debug;

use crate::intake::Told;

/// Publishes what became of messages; what does not get through can be asked for over HTTP.
pub(super) async fn tell(
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
