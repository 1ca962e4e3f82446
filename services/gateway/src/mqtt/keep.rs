use std::collections::VecDeque;

use rumqttc::{AsyncClient, Publish};
use tokio::{
    sync::{mpsc, oneshot, OwnedSemaphorePermit},
    time::{sleep, sleep_until, Instant},
};
use tokio_util::sync::CancellationToken;
use tracing::{debug, warn};

use super::{HELD, PAUSE};
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
    /// Number of that connection: each has a higher one than that before.
    pub connection: u64,
    /// For its bytes.
    pub _room: OwnedSemaphorePermit,
}

/// Stores what came, many messages at once, and acknowledges each. Those that nobody can judge now, and that there is no room for, are
/// tried again, and hold up none behind them.
pub(super) async fn store(
    intake: oneshot::Receiver<Intake>,
    mut comes: mpsc::Receiver<Came>,
    stop: CancellationToken,
) {
    // Until then the broker keeps what comes.
    let Ok(intake) = intake.await else {
        return;
    };
    let mut unknown: VecDeque<Came> = VecDeque::new();
    let mut again = Instant::now();
    loop {
        let mut batch: Vec<Came> = vec![];
        tokio::select! {
            count = comes.recv_many(&mut batch, BATCH), if unknown.len() < HELD => {
                if count == 0 {
                    return;
                }
            }
            () = sleep_until(again), if !unknown.is_empty() => {}
            () = stop.cancelled(), if unknown.len() >= HELD => return,
        }
        // What is not acknowledged on one connection comes again on the next.
        if let Some(newest) = batch.iter().map(|came| came.connection).max() {
            unknown.retain(|came| came.connection == newest);
        }
        if Instant::now() >= again {
            let count = unknown.len().min(BATCH);
            batch.extend(unknown.drain(..count));
            again = Instant::now() + PAUSE;
        }
        match keep(&intake, batch, &stop).await {
            Some(left) => unknown.extend(left),
            None => return,
        }
    }
}

/// Keeps what can be kept, and acknowledges it; the others. `None` if it is stopped.
async fn keep(intake: &Intake, batch: Vec<Came>, stop: &CancellationToken) -> Option<Vec<Came>> {
    let mut messages: Vec<Signed> = vec![];
    // Where those of each end.
    let mut ends: Vec<usize> = vec![];
    for came in &batch {
        match Messages::parse(&came.publish.payload) {
            Ok(some) => messages.extend(some),
            // It will never be one: acknowledged, so that it does not come again for ever.
            Err(error) => {
                figures::taken("mqtt", "unreadable", None);
                warn!(topic = came.publish.topic, error, "no message");
            }
        }
        ends.push(messages.len());
    }
    let unknown = unknown_of(intake, &messages, stop).await?;
    if !unknown.is_empty() {
        warn!(
            messages = unknown.len(),
            "what is known of the chain is old; messages of the broker wait there"
        );
    }
    let mut first = 0;
    let mut left = vec![];
    for (came, end) in batch.into_iter().zip(ends) {
        let is_unknown = unknown.iter().any(|place| (first..end).contains(place));
        first = end;
        if is_unknown {
            left.push(came);
        } else if let Err(error) = came.client.ack(&came.publish).await {
            debug!(%error, "not acknowledged; it comes again");
        }
    }
    Some(left)
}

/// Tries until they are kept; the places of those that can't be judged now. Where there is no room for all of them, as many are as
/// fit. `None` if it is stopped.
async fn unknown_of(
    intake: &Intake,
    messages: &[Signed],
    stop: &CancellationToken,
) -> Option<Vec<usize>> {
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
                let first = messages.len().saturating_sub(rest.len());
                let places = told.iter().zip(first..);
                unknown.extend(places.filter(|(one, _)| one.is_unknown()).map(|(_, at)| at));
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
