//! What must outlive a process, in one file: messages until the oracle has them, what became of them for a while, what was sent
//! and may yet land, and what adapters have signed. Each change is on the disk before anybody is told of it.

mod adapters;
mod error;
mod file;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use joulebook_metering::register::Registers;
use serde::{Deserialize, Serialize};
use solana_address::Address;
use solana_signature::Signature;

pub use adapters::LastSigned;
pub use error::StoreError;

use crate::{
    fate::Fate,
    message::{Key, Message, Signed},
};
use file::File;

/// Whose store it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owner {
    pub market: Address,
    /// Genesis hash of the cluster.
    pub cluster: [u8; 32],
    /// Of the meter table.
    pub binding: [u8; 32],
}

/// A message that the oracle does not have yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub message: Message,
    /// By the chain's clock, unix seconds.
    pub received: i64,
    /// The transaction that it was in last.
    pub sent: Option<Signature>,
    /// Transactions with it that have landed.
    pub landed: u8,
}

/// What is kept of it on the disk.
#[derive(Serialize, Deserialize)]
struct WaitingRow {
    signed: Signed,
    received: i64,
    sent: Option<String>,
    landed: u8,
}

/// What became of a message, and when, unix seconds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    pub fate: Fate,
    pub at: i64,
    /// Of its registers, unix seconds.
    pub boundary: i64,
}

/// A transaction that was signed, and of which nobody has told yet what became.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intent {
    /// The last block that can take it.
    pub last_valid: u64,
    /// Ids of its messages.
    pub messages: Vec<String>,
}

/// What came of handing in a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Put {
    New,
    /// It was handed in before; this became of it until now.
    Known(Fate),
    /// As many messages of its meter wait as are kept; this one is not.
    TooMany,
}

/// How much is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Messages that wait at most: those that the oracle does not have, and those that the next gateway does not.
    pub messages: usize,
    /// Messages of one meter that wait at most: one device must not take the others' room.
    pub of_meter: usize,
    /// How long it is known what became of a message, seconds of the chain's clock.
    pub fate_seconds: i64,
}

/// The file, and what waits of it in memory.
pub struct Store {
    file: File,
    limits: Limits,
    waiting: Mutex<BTreeMap<Key, Waiting>>,
    /// What the next gateway does not have yet.
    forward: Mutex<BTreeSet<Key>>,
    /// Of how many messages of each meter it is noted what became of them. Locked after the others.
    ended: Mutex<BTreeMap<u32, usize>>,
}

/// Of how many messages of a meter it is noted what became of them, for each one that may wait: a month's, if all goes well.
const NOTED: usize = 64;

impl Store {
    /// Opens the file of a market's gateway, or makes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path, owner: &Owner, limits: Limits) -> Result<Store, StoreError> {
        let file = File::open(path, owner)?;
        let waiting = file.waiting(&owner.binding)?;
        let forward = file.forward_keys()?;
        let ended = file.ended_of_meters()?;
        Ok(Store {
            file,
            limits,
            waiting: Mutex::new(waiting),
            forward: Mutex::new(forward),
            ended: Mutex::new(ended),
        })
    }

    /// Keeps messages: all of them but those that are too many of their meter, or none. `forwards` says whether another gateway is
    /// to have them, too. What was refused, or without effect, is kept anew.
    ///
    /// # Errors
    /// [`StoreError::Full`], and those of the file.
    pub fn put(
        &self,
        messages: &[Message],
        received: i64,
        forwards: bool,
    ) -> Result<Vec<Put>, StoreError> {
        // Held until it is on the disk: what is known is known to all.
        let mut waiting = self.waiting();
        let mut forward = self.forward();
        let mut puts = vec![];
        let mut new: BTreeMap<Key, Waiting> = BTreeMap::new();
        let mut of_meters: BTreeMap<u32, usize> = BTreeMap::new();
        for message in messages {
            let key = message.key();
            let known = match waiting.get(&key).or(new.get(&key)) {
                Some(waiting) => Some(waiting.fate()),
                None => self.file.ended(&key)?.map(|ended| ended.fate),
            };
            if let Some(fate) = known.filter(|fate| !fate.may_be_tried_again()) {
                puts.push(Put::Known(fate));
                continue;
            }
            let count = of_meters
                .entry(key.meter)
                .or_insert_with(|| count_of(&waiting, key.meter));
            if *count >= self.limits.of_meter {
                puts.push(Put::TooMany);
            } else {
                *count = count.saturating_add(1);
                puts.push(Put::New);
                let one = Waiting {
                    message: message.clone(),
                    received,
                    sent: None,
                    landed: 0,
                };
                new.insert(key, one);
            }
        }
        let held = waiting.len().max(forward.len());
        let has_room = held.saturating_add(new.len()) <= self.limits.messages;
        if !new.is_empty() && !has_room {
            return Err(StoreError::Full {
                limit: self.limits.messages,
            });
        }
        if !new.is_empty() {
            let anew = self.file.put(&new, forwards)?;
            self.are_noted_no_more(&anew);
        }
        if forwards {
            forward.extend(new.keys());
        }
        waiting.append(&mut new);
        Ok(puts)
    }

    /// What became of a message; `None` if it was never handed in, or long ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fate(&self, key: &Key) -> Result<Option<Known>, StoreError> {
        if let Some(waiting) = self.waiting().get(key) {
            let boundary = waiting.message.stamp().boundary.0;
            return Ok(Some(Known {
                fate: waiting.fate(),
                boundary,
            }));
        }
        let ended = self.file.ended(key)?;
        Ok(ended.map(|ended| Known {
            fate: ended.fate,
            boundary: ended.boundary,
        }))
    }

    /// All that the oracle does not have yet.
    pub fn all_waiting(&self) -> BTreeMap<Key, Waiting> {
        self.waiting().clone()
    }

    /// Transactions with a message that have landed; 0 if it does not wait.
    pub fn landed(&self, key: &Key) -> u8 {
        self.waiting().get(key).map_or(0, |one| one.landed)
    }

    /// How many these are; and how many the next gateway does not have.
    pub fn counts(&self) -> (usize, usize) {
        (self.waiting().len(), self.forward().len())
    }

    /// Those of one meter.
    pub fn waiting_of(&self, meter: u32) -> usize {
        count_of(&self.waiting(), meter)
    }

    /// Notes what became of messages; they are kept no longer.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end(&self, ends: &[(Key, Fate)], at: i64) -> Result<(), StoreError> {
        if ends.is_empty() {
            return Ok(());
        }
        let mut waiting = self.waiting();
        let ended = |(key, fate): &(Key, Fate)| {
            let message = &waiting.get(key)?.message;
            let boundary = message.stamp().boundary.0;
            let fate = fate.clone();
            Some((*key, Ended { fate, at, boundary }))
        };
        let ended: Vec<(Key, Ended)> = ends.iter().filter_map(ended).collect();
        // One device must not fill the disk with its messages' fates.
        let most = self.limits.of_meter.saturating_mul(NOTED);
        let mut counts = self.ended();
        let mut after = counts.clone();
        let is_noted = |key: &Key| {
            let count = after.entry(key.meter).or_default();
            let has_room = *count < most;
            *count = count.saturating_add(usize::from(has_room));
            has_room
        };
        self.file.end(&ended, is_noted)?;
        *counts = after;
        for (key, _) in &ended {
            waiting.remove(key);
        }
        Ok(())
    }

    fn are_noted_no_more(&self, of_meters: &[u32]) {
        let mut counts = self.ended();
        for meter in of_meters {
            if let Some(count) = counts.get_mut(meter) {
                *count = count.saturating_sub(1);
            }
        }
    }

    /// Forgets what became of messages a while ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget(&self, now: i64) -> Result<usize, StoreError> {
        let before = now.saturating_sub(self.limits.fate_seconds);
        let forgotten = self.file.forget(before)?;
        self.are_noted_no_more(&forgotten);
        Ok(forgotten.len())
    }

    /// Notes a transaction before it is sent.
    ///
    /// # Errors
    /// [`StoreError`]: then it must not be sent.
    pub fn intend(
        &self,
        signature: &Signature,
        last_valid: u64,
        keys: &[Key],
    ) -> Result<(), StoreError> {
        let intent = Intent {
            last_valid,
            messages: keys.iter().map(Key::to_string).collect(),
        };
        self.file.intend(signature, &intent)
    }

    /// What may yet land, or has and nobody noted it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn intents(&self) -> Result<Vec<(Signature, u64, Vec<Key>)>, StoreError> {
        let read = |(signature, intent): (Signature, Intent)| {
            let keys = intent.messages.iter().filter_map(|key| key.parse().ok());
            (signature, intent.last_valid, keys.collect())
        };
        Ok(self.file.intents()?.into_iter().map(read).collect())
    }

    /// Notes that it is known what became of a transaction: whether it is in a block.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn settle(
        &self,
        signature: &Signature,
        keys: &[Key],
        has_landed: bool,
    ) -> Result<(), StoreError> {
        let mut waiting = self.waiting();
        let mut changed = BTreeMap::new();
        for key in keys.iter().filter(|_| has_landed) {
            if let Some(one) = waiting.get(key) {
                let mut one = one.clone();
                one.sent = Some(*signature);
                one.landed = one.landed.saturating_add(1);
                changed.insert(*key, one);
            }
        }
        self.file.settle(signature, &changed)?;
        waiting.append(&mut changed);
        Ok(())
    }

    /// Messages that the next gateway does not have yet, and that do not rest, at most so many.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn to_forward(
        &self,
        most: usize,
        rests: impl Fn(&Key) -> bool,
    ) -> Result<Vec<(Key, Signed)>, StoreError> {
        let keys: Vec<Key> = {
            let forward = self.forward();
            let keys = forward.iter().filter(|key| !rests(key));
            keys.take(most).copied().collect()
        };
        self.file.forwarded(&keys)
    }

    /// Whether the oracle does not have it yet.
    pub fn waits(&self, key: &Key) -> bool {
        self.waiting().contains_key(key)
    }

    /// The next gateway has these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn have_forwarded(&self, keys: &[Key]) -> Result<(), StoreError> {
        let mut forward = self.forward();
        self.file.have_forwarded(keys)?;
        for key in keys {
            forward.remove(key);
        }
        Ok(())
    }

    /// What an adapter has signed last for a meter.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn last_signed(&self, meter: u32) -> Result<Option<LastSigned>, StoreError> {
        self.file.last_signed(meter)
    }

    /// Notes it before the message is told to anybody: no sequence is ever used twice.
    ///
    /// # Errors
    /// [`StoreError`]: then nothing must be signed.
    pub fn note_signed(&self, meter: u32, signed: &LastSigned) -> Result<(), StoreError> {
        self.file.note_signed(meter, signed)
    }

    /// Notes a meter's registers at a boundary, unix seconds, until they are signed.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn know(&self, meter: u32, boundary: i64, registers: Registers) -> Result<(), StoreError> {
        self.file.know(meter, boundary, &registers)
    }

    /// What is known and not signed yet.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn known(&self, meter: u32) -> Result<BTreeMap<i64, Registers>, StoreError> {
        self.file.known(meter)
    }

    /// Forgets what is known of boundaries before then.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forget_known(&self, meter: u32, before: i64) -> Result<(), StoreError> {
        self.file.forget_known(meter, before)
    }

    fn waiting(&self) -> MutexGuard<'_, BTreeMap<Key, Waiting>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn ended(&self) -> MutexGuard<'_, BTreeMap<u32, usize>> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forward(&self) -> MutexGuard<'_, BTreeSet<Key>> {
        self.forward.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn count_of(all: &BTreeMap<Key, Waiting>, meter: u32) -> usize {
    let from = Key {
        meter,
        sequence: 0,
        hash: [0; 8],
    };
    let of_meter = all.range(from..).take_while(|(key, _)| key.meter == meter);
    of_meter.count()
}

/// What is known of a message that was handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    pub fate: Fate,
    pub boundary: i64,
}

impl Waiting {
    pub fn fate(&self) -> Fate {
        match self.sent {
            Some(signature) => Fate::Sent {
                transaction: signature.to_string(),
            },
            None => Fate::Received,
        }
    }
}
