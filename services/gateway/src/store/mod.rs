//! What must outlive a process, in one file: messages until the oracle has them, what became of them for a while, what was sent
//! and may yet land, and what adapters have signed. Each change is on the disk before anybody is told of it.

mod adapters;
mod error;
mod file;
mod forwarding;
mod keep;
mod remembered;
mod rows;
mod transactions;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use solana_address::Address;

use crate::{fate::Fate, message::Key};
use file::File;
use rows::WaitingRow;

pub use adapters::LastSigned;
pub use error::StoreError;
pub use remembered::Remembered;
pub use rows::{Ended, Intent, Known, Limits, Owner, Put, Waiting};

/// A store of a market's gateway, of which it may not be known yet whose meters it is for.
pub struct StoreFile(File);

impl StoreFile {
    /// Opens the file, or makes it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path, market: &Address) -> Result<StoreFile, StoreError> {
        File::open(path, market).map(StoreFile)
    }
}

/// The file, and what waits of it in memory.
pub struct Store {
    file: File,
    limits: Limits,
    waiting: Mutex<BTreeMap<Key, Waiting>>,
    /// Those of them that the next gateway does not have yet.
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
        Store::of(StoreFile::open(path, &owner.market)?, owner, limits)
    }

    /// With what waits in the file.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn of(file: StoreFile, owner: &Owner, limits: Limits) -> Result<Store, StoreError> {
        let StoreFile(file) = file;
        file.own(&owner.cluster)?;
        let waiting = file.waiting(&owner.binding)?;
        let mut forward = file.forward_keys()?;
        forward.retain(|key| waiting.contains_key(key));
        let ended = file.ended_of_meters()?;
        Ok(Store {
            file,
            limits,
            waiting: Mutex::new(waiting),
            forward: Mutex::new(forward),
            ended: Mutex::new(ended),
        })
    }

    /// What became of a message; `None` if it was never handed in, or long ago.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn fate(&self, key: &Key) -> Result<Option<Known>, StoreError> {
        let waiting = self.waiting();
        if let Some(one) = waiting.get(key).or_else(|| unjudged(&waiting, key)) {
            return Ok(Some(Known {
                key: one.message.key(),
                fate: one.fate(),
                boundary: one.message.stamp().boundary.0,
            }));
        }
        drop(waiting);
        let ended = self.file.ended(key)?;
        Ok(ended.map(|ended| Known {
            key: *key,
            fate: ended.fate,
            boundary: ended.boundary,
        }))
    }

    /// All that the oracle does not have yet.
    pub fn all_waiting(&self) -> BTreeMap<Key, Waiting> {
        self.waiting().clone()
    }

    /// What waits of meters from this number on, of each all or nothing, until they are as many as asked for; and the meter to
    /// go on with, 0 after the last one.
    pub fn waiting_from(&self, meter: u32, count: usize) -> (BTreeMap<Key, Waiting>, u32) {
        let all = self.waiting();
        let mut found: BTreeMap<Key, Waiting> = BTreeMap::new();
        let mut last = meter;
        for (key, one) in all.range(first_of(meter)..) {
            if found.len() >= count && key.meter != last {
                return (found, key.meter);
            }
            last = key.meter;
            found.insert(*key, one.clone());
        }
        (found, 0)
    }

    /// Those of these that wait.
    pub fn waiting_of_keys(&self, keys: impl IntoIterator<Item = Key>) -> BTreeMap<Key, Waiting> {
        let all = self.waiting();
        let found = keys.into_iter();
        found
            .filter_map(|key| Some((key, all.get(&key)?.clone())))
            .collect()
    }

    /// Whether the oracle does not have it yet.
    pub fn waits(&self, key: &Key) -> bool {
        self.waiting().contains_key(key)
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
        let waiting = self.waiting();
        of_meter(&waiting, meter).count()
    }

    /// Notes what became of messages; they are kept no longer, and the next gateway need not know of them.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn end(&self, ends: &[(Key, Fate)], at: i64) -> Result<(), StoreError> {
        if ends.is_empty() {
            return Ok(());
        }
        let mut waiting = self.waiting();
        let mut forward = self.forward();
        // One device must not fill the disk with its messages' fates.
        let most = self.limits.of_meter.saturating_mul(NOTED);
        let mut counts = self.ended();
        let mut after = counts.clone();
        let mut noted: BTreeSet<Key> = BTreeSet::new();
        let mut rows = vec![];
        for (kept_by, fate) in ends {
            let Some(one) = waiting.get(kept_by) else {
                continue;
            };
            let key = one.message.key();
            // Nor must whoever makes messages up, and what he has made of the meter's own bytes is not told as theirs.
            let is_made_up = !one.is_judged
                && (matches!(fate, Fate::Refused { .. })
                    || waiting.contains_key(&key)
                    || noted.contains(&key)
                    || self.file.ended(&key)?.is_some());
            let count = after.entry(key.meter).or_default();
            let is_noted = !is_made_up && *count < most;
            if is_noted {
                *count = count.saturating_add(1);
                noted.insert(key);
            }
            let ended = Ended {
                fate: fate.clone(),
                at,
                boundary: one.message.stamp().boundary.0,
            };
            rows.push((*kept_by, is_noted.then_some((key, ended))));
        }
        self.file.end(&rows)?;
        *counts = after;
        for (kept_by, _) in &rows {
            waiting.remove(kept_by);
            forward.remove(kept_by);
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

fn of_meter(all: &BTreeMap<Key, Waiting>, meter: u32) -> impl Iterator<Item = &Waiting> {
    let from = all.range(first_of(meter)..);
    let of_meter = from.take_while(move |(key, _)| key.meter == meter);
    of_meter.map(|(_, one)| one)
}

/// One with this key that nobody has judged.
fn unjudged<'a>(all: &'a BTreeMap<Key, Waiting>, key: &Key) -> Option<&'a Waiting> {
    let [first, last] = [u8::MIN, u8::MAX].map(|byte| Key {
        hash: [byte; 8],
        ..*key
    });
    let mut same = all.range(first..=last).map(|(_, one)| one);
    same.find(|one| !one.is_judged && one.message.key() == *key)
}

fn first_of(meter: u32) -> Key {
    Key {
        meter,
        sequence: 0,
        hash: [0; 8],
    }
}
