//! Takes messages in, wherever they come from: what can never be accepted is refused at once, and all else is kept before anybody
//! is told so.

use std::sync::Arc;

use joulebook_client::{layout::oracle::KeyKind, oracle::types::ReadingResult, Addresses};
use joulebook_metering::register::{LastReading, Offsets};
use joulebook_units::UnixTime;
use serde::{Deserialize, Serialize};
use tokio::{
    sync::{broadcast, watch},
    task::spawn_blocking,
    time::Instant,
};

use crate::{
    batch::fits_alone,
    decision::places,
    fate::{self, may_change, Fate},
    figures,
    message::{Content, Key, Message, NoMessage, Signed},
    rules::{judge_by_row, result_of},
    store::{Put, Store, StoreError},
    view::View,
};

/// Messages that are taken in at once, at most.
pub const MOST: usize = 1_000;
/// How long the chain's clock may have stood still for what is known of the chain to be believed: in an outage, nothing is refused
/// by what may be otherwise by now.
pub const FRESH: std::time::Duration = std::time::Duration::from_secs(30);

/// Why a message is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    NoMessage(NoMessage),
    /// What the oracle would say, now and for ever.
    Oracle(ReadingResult),
    /// A key of P-256 signs load profiles alone.
    ReadingOfP256,
    /// There is no transaction that takes it.
    TooLong,
    /// As many messages of the meter wait as are kept.
    TooManyOfMeter,
}

impl Refusal {
    pub fn words(&self) -> String {
        match self {
            Refusal::NoMessage(no_message) => no_message.to_string(),
            Refusal::Oracle(result) => fate::words(*result).to_owned(),
            Refusal::ReadingOfP256 => {
                "a key of P-256 signs load profiles alone; sign one without intervals".to_owned()
            }
            Refusal::TooLong => {
                "it fits into no transaction; sign several profiles of fewer intervals".to_owned()
            }
            Refusal::TooManyOfMeter => {
                "more messages of this meter wait than it can need; send it again when the oracle has these"
                    .to_owned()
            }
        }
    }

    /// Whether it follows from the message alone, or from a time that has passed: not from rows that may have changed.
    fn is_certain(&self) -> bool {
        match self {
            Refusal::NoMessage(_) | Refusal::TooManyOfMeter => true,
            Refusal::Oracle(result) => matches!(
                result,
                ReadingResult::OffBoundary
                    | ReadingResult::UnknownFlags
                    | ReadingResult::OutsidePage
                    | ReadingResult::ReadingsClosed
                    | ReadingResult::Malformed
            ),
            Refusal::ReadingOfP256 | Refusal::TooLong => false,
        }
    }

    /// One word, for metrics and programs.
    pub fn name(&self) -> String {
        match self {
            Refusal::NoMessage(no_message) => format!("{no_message:?}")
                .chars()
                .take_while(|letter| letter.is_alphanumeric())
                .collect(),
            Refusal::Oracle(result) => fate::name(*result),
            Refusal::ReadingOfP256 => "ReadingOfP256".to_owned(),
            Refusal::TooLong => "TooLong".to_owned(),
            Refusal::TooManyOfMeter => "TooManyOfMeter".to_owned(),
        }
    }
}

/// Reads a message, and refuses what the oracle can never take, by clock and meter table. `ahead` is how far in the future a
/// boundary may be, seconds; `None` where the clock is not known.
///
/// # Errors
/// [`Refusal`].
pub fn check(
    signed: Signed,
    view: &View,
    addresses: &Addresses,
    ahead: Option<i64>,
) -> Result<Message, Refusal> {
    let message = signed.read(&view.table.header.binding);
    let message = message.map_err(Refusal::NoMessage)?;
    judge(&message, view, addresses, ahead).map(|()| message)
}

fn judge(
    message: &Message,
    view: &View,
    addresses: &Addresses,
    ahead: Option<i64>,
) -> Result<(), Refusal> {
    let header = &view.table.header;
    let refused = |result| Err(Refusal::Oracle(result));
    let profile = message.profile();
    let Some(meter) = view.meter(profile.meter) else {
        return refused(ReadingResult::UnknownMeter);
    };
    if !message.is_signed_by(meter) {
        return refused(ReadingResult::BadSignature);
    }
    let is_reading = matches!(message.content, Content::Reading(_));
    if is_reading && meter.key_kind != KeyKind::Ed25519 as u8 {
        return Err(Refusal::ReadingOfP256);
    }
    // By a clock that is a bit ahead.
    let now = match ahead {
        Some(ahead) => UnixTime(view.now.0.saturating_add(ahead)),
        None => UnixTime(i64::MAX),
    };
    match judge_by_row(&view.table, message, now) {
        Ok(_) => {}
        Err(ReadingResult::FutureBoundary) => return refused(ReadingResult::FutureBoundary),
        Err(result) if may_change(result) => {}
        Err(result) => return refused(result),
    }
    if profile.intervals > header.page_intervals {
        return refused(ReadingResult::OutsidePage);
    }
    let mut places = places(addresses, message).into_iter().flatten();
    if places.all(|start| view.is_gone(addresses, start)) {
        return refused(ReadingResult::ReadingsClosed);
    }
    if message.values().is_none() {
        return refused(ReadingResult::Malformed);
    }
    if !fits_alone(addresses, &view.table, message) {
        return Err(Refusal::TooLong);
    }
    let last = LastReading::from(meter);
    let counted = Offsets::from(meter).count(&profile.registers);
    let counted = counted.map_err(|rejection| Refusal::Oracle(result_of(rejection)))?;
    match last.is_moved_by(profile.boundary, profile.sequence) {
        Err(rejection) => refused(result_of(rejection)),
        Ok(true)
            if counted.import < last.registers.import || counted.export < last.registers.export =>
        {
            refused(ReadingResult::RegisterFell)
        }
        Ok(_) => Ok(()),
    }
}

/// What is answered of a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// To ask for it, if it is kept; none of one that could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter: Option<u32>,
    /// Unix seconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary: Option<i64>,
    /// `received`, `sent`, `accepted`, `superseded`, `refused`, `ineffective` or `unknown`.
    pub state: String,
    /// Of a refused one, why: the oracle's own result, or what is wrong with the bytes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub result: Option<String>,
    /// Signature of the transaction that has it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction: Option<String>,
    pub says: String,
}

impl Told {
    pub fn of(key: &Key, boundary: i64, fate: &Fate) -> Told {
        let (result, transaction) = match fate {
            Fate::Refused { result } => (Some(fate::name(*result)), None),
            Fate::Sent { transaction } => (None, Some(transaction.clone())),
            Fate::Accepted { transaction } => (None, transaction.clone()),
            _ => (None, None),
        };
        Told {
            id: Some(key.to_string()),
            meter: Some(key.meter),
            boundary: Some(boundary),
            state: fate.name().to_owned(),
            result,
            transaction,
            says: fate.words().to_owned(),
        }
    }

    /// Of one that could be read, with its meter.
    fn refused(refusal: Refusal, message: Option<&Message>) -> Told {
        let stamp = message.map(Message::stamp);
        Told {
            id: message.map(|message| message.key().to_string()),
            meter: stamp.map(|stamp| stamp.meter),
            boundary: stamp.map(|stamp| stamp.boundary.0),
            state: "refused".to_owned(),
            result: Some(refusal.name()),
            transaction: None,
            says: refusal.words(),
        }
    }

    /// Of one that can't be judged while what is known of the chain is old.
    fn unknown(message: &Message) -> Told {
        let stamp = message.stamp();
        Told {
            id: Some(message.key().to_string()),
            meter: Some(stamp.meter),
            boundary: Some(stamp.boundary.0),
            state: "unknown".to_owned(),
            result: None,
            transaction: None,
            says: "not kept: what is known of the chain is old, and by that it would be refused; send it again in a while"
                .to_owned(),
        }
    }

    pub fn is_refused(&self) -> bool {
        self.state == "refused"
    }

    /// Whether it was not kept, and is to be sent again.
    pub fn is_unknown(&self) -> bool {
        self.state == "unknown"
    }

    /// Whether the gateway that says so has it, or the oracle.
    pub fn is_kept(&self) -> bool {
        matches!(
            self.state.as_str(),
            "received" | "sent" | "accepted" | "superseded"
        )
    }
}

/// Why messages could not be taken in now.
#[derive(Debug, thiserror::Error)]
pub enum IntakeError {
    #[error("nothing is known of the chain yet; send it again in a while")]
    NoChain,
    #[error("{0} messages at once are more than {MOST}; send fewer")]
    TooMany(usize),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the gateway is stopping; send it again in a while")]
    Stopping,
}

/// What is known of the chain, and when its clock moved last.
pub type Seen = Option<(Arc<View>, Instant)>;

/// What all that take messages in share.
#[derive(Clone)]
pub struct Intake {
    pub store: Arc<Store>,
    pub seen: watch::Receiver<Seen>,
    pub addresses: Addresses,
    /// How far in the future a boundary may be, seconds.
    pub ahead: i64,
    /// Whether another gateway is told, too.
    pub forwards: bool,
    /// Told what became of messages.
    pub fates: broadcast::Sender<Told>,
}

impl Intake {
    pub fn view(&self) -> Option<Arc<View>> {
        self.seen
            .borrow()
            .as_ref()
            .map(|(view, _)| Arc::clone(view))
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
        if messages.len() > MOST {
            return Err(IntakeError::TooMany(messages.len()));
        }
        let seen = self.seen.borrow().clone();
        let (view, since) = seen.ok_or(IntakeError::NoChain)?;
        let ahead = (since.elapsed() < FRESH).then_some(self.ahead);
        let (store, forwards) = (Arc::clone(&self.store), self.forwards);
        // Signatures and the disk take their time.
        let addresses = self.addresses.clone();
        let taken =
            spawn_blocking(move || take(&store, &view, &addresses, messages, ahead, forwards));
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
    let check = |signed: Signed| match signed.read(binding) {
        Ok(message) => {
            let refusal = judge(&message, view, addresses, ahead).err();
            (Some(message), refusal)
        }
        Err(error) => (None, Some(Refusal::NoMessage(error))),
    };
    let checked: Vec<(Option<Message>, Option<Refusal>)> =
        messages.into_iter().map(check).collect();
    let is_good = |one: &&(Option<Message>, Option<Refusal>)| one.1.is_none();
    let good: Vec<Message> = checked
        .iter()
        .filter(is_good)
        .filter_map(|(message, _)| message.clone())
        .collect();
    let mut puts = store.put(&good, view.now.0, forwards)?.into_iter();
    let mut told = vec![];
    for (message, refusal) in &checked {
        told.push(match (message, refusal) {
            (Some(message), Some(refusal)) if ahead.is_none() && !refusal.is_certain() => {
                Told::unknown(message)
            }
            (Some(message), None) => {
                let fate = match puts.next() {
                    Some(Put::Known(fate)) => Some(fate),
                    Some(Put::TooMany) => None,
                    _ => Some(Fate::Received),
                };
                match fate {
                    Some(fate) => Told::of(&message.key(), message.stamp().boundary.0, &fate),
                    None => Told::refused(Refusal::TooManyOfMeter, Some(message)),
                }
            }
            (message, refusal) => {
                let refusal = refusal.unwrap_or(Refusal::NoMessage(NoMessage::Kind));
                Told::refused(refusal, message.as_ref())
            }
        });
    }
    Ok(told)
}
