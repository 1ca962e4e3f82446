use rumqttc::{AsyncClient, Publish};
use tokio::{
    sync::{mpsc, oneshot},
    time::sleep,
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::PAUSE;
use crate::{
    api::Messages,
    figures,
    intake::{Intake, IntakeError, MOST},
    message::Signed,
    store::StoreError,
};

/// Messages that are stored at once.
const BATCH: usize = 256;

/// A message, and the connection that it came by: an acknowledgement on another one would be of another message.
pub(super) struct Came {
    pub publish: Publish,
    pub client: AsyncClient,
}

/// Stores what came, many messages at once, and acknowledges each.
pub(super) async fn store(
    intake: oneshot::Receiver<Intake>,
    mut comes: mpsc::Receiver<Came>,
    stop: CancellationToken,
) {
    // Until then the broker keeps what comes.
    let Ok(intake) = intake.await else {
        return;
    };
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
