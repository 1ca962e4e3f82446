//! Takes messages in, wherever they come from: what can never be accepted is refused at once, and all else is kept before anybody
//! is told so.

mod refusal;
mod told;

use std::{sync::Arc, time::Duration};

use joulebook_client::Addresses;
use tokio::{
    sync::{broadcast, watch, OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

use crate::{
    figures,
    message::{Message, Signed},
    seen::Seen,
    store::{Put, Store, StoreError},
    view::View,
};
use refusal::judge;

pub use refusal::{check, Refusal};
pub use told::Told;

/// Messages that are taken in at once, at most.
pub const MOST: usize = 1_000;
/// Requests of strangers that are worked on at once: each may be a thousand signatures, and goes on when nobody waits for it.
pub const AT_ONCE: usize = 4;
/// How long one waits for the others.
const PATIENCE: Duration = Duration::from_secs(2);

/// Why messages could not be taken in now.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("nothing is known of the chain yet; send it again in a while")]
    NoChain,
    #[error("{0} messages at once are more than {MOST}; send fewer")]
    TooMany(usize),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("as many requests as can be are worked on already; send it again in a while")]
    Busy,
    #[error("the gateway is stopping; send it again in a while")]
    Stopping,
}

/// What all that take messages in share.
#[derive(Clone)]
pub struct Intake {
    pub store: Arc<Store>,
    /// Nothing, as long as the chain was never seen.
    pub seen: watch::Receiver<Option<Seen>>,
    pub addresses: Addresses,
    /// How far in the future a boundary may be, seconds.
    pub ahead: i64,
    /// Whether another gateway is told, too.
    pub forwards: bool,
    /// Told what became of messages.
    pub fates: broadcast::Sender<Told>,
    /// Room for requests of strangers.
    pub room: Arc<Semaphore>,
}

impl Intake {
    pub fn view(&self) -> Option<Arc<View>> {
        let seen = self.seen.borrow();
        seen.as_ref().map(|seen| Arc::clone(&seen.view))
    }

    /// Tells whoever listens what became of a message.
    pub fn tell(&self, told: &Told) {
        // Nobody may be listening.
        let _ = self.fates.send(told.clone());
    }

    /// Keeps what may be accepted; on the disk before this returns. `by` says where it came from, for metrics.
    ///
    /// # Errors
    /// [`IntakeError`]: then nothing was kept.
    pub async fn take(
        &self,
        messages: Vec<Signed>,
        by: &'static str,
    ) -> Result<Vec<Told>, IntakeError> {
        self.take_with(messages, by, None).await
    }

    /// Likewise for strangers, if there is room for them.
    ///
    /// # Errors
    /// [`IntakeError`]: then nothing was kept.
    pub async fn take_of_strangers(
        &self,
        messages: Vec<Signed>,
        by: &'static str,
    ) -> Result<Vec<Told>, IntakeError> {
        let place = timeout(PATIENCE, Arc::clone(&self.room).acquire_owned()).await;
        let place = place.map_err(|_| IntakeError::Busy)?;
        let place = place.map_err(|_| IntakeError::Stopping)?;
        self.take_with(messages, by, Some(place)).await
    }

    /// `place` is free again once the work is done, whoever waits for it.
    async fn take_with(
        &self,
        messages: Vec<Signed>,
        by: &'static str,
        place: Option<OwnedSemaphorePermit>,
    ) -> Result<Vec<Told>, IntakeError> {
        if messages.len() > MOST {
            return Err(IntakeError::TooMany(messages.len()));
        }
        let seen = self.seen.borrow().clone();
        let seen = seen.ok_or(IntakeError::NoChain)?;
        let ahead = seen.is_fresh().then_some(self.ahead);
        let (store, forwards) = (Arc::clone(&self.store), self.forwards);
        // Signatures and the disk take their time.
        let addresses = self.addresses.clone();
        let taken = spawn_blocking(move || {
            let _place = place;
            take(&store, &seen.view, &addresses, messages, ahead, forwards)
        });
        let told = taken.await.map_err(|_| IntakeError::Stopping)??;
        for one in &told {
            figures::taken(by, &one.state, one.result.as_deref());
        }
        Ok(told)
    }
}

fn take(
    store: &Store,
    view: &View,
    addresses: &Addresses,
    messages: Vec<Signed>,
    ahead: Option<i64>,
    forwards: bool,
) -> Result<Vec<Told>, StoreError> {
    let binding = &view.table.header.binding;
    let mut checked = vec![];
    let (mut good, mut unjudged) = (vec![], vec![]);
    for signed in messages {
        let judged = match signed.read(binding) {
            Err(error) => Judged::Refused(Refusal::NoMessage(error), None),
            Ok(mut message) => match judge(&mut message, view, addresses, ahead) {
                Ok(()) => {
                    good.push(message.clone());
                    Judged::Good(message)
                }
                Err(refusal) if ahead.is_some() || refusal.is_certain() => {
                    Judged::Refused(refusal, Some(message))
                }
                Err(_) => {
                    unjudged.push(message.clone());
                    Judged::Unknown(message)
                }
            },
        };
        checked.push(judged);
    }
    let mut good = store.put(&good, view.now.0, forwards)?.into_iter();
    let unjudged = store.put_unjudged(&unjudged, view.now.0, forwards)?;
    let mut unjudged = unjudged.into_iter();
    let tell = |judged| match judged {
        Judged::Refused(refusal, message) => Told::refused(refusal, message.as_ref()),
        Judged::Good(message) => match good.next().and_then(Put::fate) {
            Some(fate) => Told::of(&message.key(), message.stamp().boundary.0, &fate),
            None => Told::refused(Refusal::TooManyOfMeter, Some(&message)),
        },
        Judged::Unknown(message) => match unjudged.next().and_then(Put::fate) {
            Some(fate) => Told::of(&message.key(), message.stamp().boundary.0, &fate),
            None => Told::unknown(&message),
        },
    };
    Ok(checked.into_iter().map(tell).collect())
}

/// By what is known of the chain.
enum Judged {
    Good(Message),
    Refused(Refusal, Option<Message>),
    /// It would be refused, but may be right by now.
    Unknown(Message),
}
