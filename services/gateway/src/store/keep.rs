use std::collections::BTreeMap;

use super::{of_meter, Put, Store, StoreError, Waiting};
use crate::message::{Key, Message};

/// Messages that nobody could judge, in all and of one meter.
const UNJUDGED: usize = 4_096;
const UNJUDGED_OF_METER: usize = 64;

impl Store {
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
        self.keep(messages, received, forwards, true)
    }

    /// Keeps messages that what is known of the chain speaks against, but is old: until more is known. Anybody may have made them
    /// up, so they have little room, and take none of their meter's others, nor the place of one with the same bytes.
    ///
    /// # Errors
    /// Those of the file.
    pub fn put_unjudged(
        &self,
        messages: &[Message],
        received: i64,
        forwards: bool,
    ) -> Result<Vec<Put>, StoreError> {
        match self.keep(messages, received, forwards, false) {
            Err(StoreError::Full { .. }) => Ok(vec![Put::TooMany; messages.len()]),
            kept => kept,
        }
    }

    fn keep(
        &self,
        messages: &[Message],
        received: i64,
        forwards: bool,
        is_judged: bool,
    ) -> Result<Vec<Put>, StoreError> {
        // Held until it is on the disk: what is known is known to all.
        let mut waiting = self.waiting();
        let mut forward = self.forward();
        let mut puts = vec![];
        let mut new: BTreeMap<Key, Waiting> = BTreeMap::new();
        let mut of_meters: BTreeMap<u32, usize> = BTreeMap::new();
        let (most, of_meter) = match is_judged {
            true => (usize::MAX, self.limits.of_meter),
            false => {
                let unjudged = waiting.values().filter(|one| !one.is_judged).count();
                let most = UNJUDGED.saturating_sub(unjudged);
                (most, UNJUDGED_OF_METER.min(self.limits.of_meter))
            }
        };
        for message in messages {
            let one = Waiting {
                message: message.clone(),
                received,
                sent: None,
                landed: 0,
                is_judged,
            };
            let (key, asked) = (one.key(), message.key());
            let kept = waiting.get(&key).or(new.get(&key));
            let known = match kept.or(waiting.get(&asked)) {
                Some(waiting) => Some(waiting.fate()),
                None => self.file.ended(&asked)?.map(|ended| ended.fate),
            };
            if let Some(fate) = known.filter(|fate| !fate.may_be_tried_again()) {
                puts.push(Put::Known(fate));
                continue;
            }
            let count = of_meters
                .entry(key.meter)
                .or_insert_with(|| count_of(&waiting, key.meter, is_judged));
            if *count >= of_meter || new.len() >= most {
                puts.push(Put::TooMany);
            } else {
                *count = count.saturating_add(1);
                puts.push(Put::New);
                new.insert(key, one);
            }
        }
        let has_room = waiting.len().saturating_add(new.len()) <= self.limits.messages;
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
}

fn count_of(all: &BTreeMap<Key, Waiting>, meter: u32, is_judged: bool) -> usize {
    let same = of_meter(all, meter).filter(|one| one.is_judged == is_judged);
    same.count()
}
