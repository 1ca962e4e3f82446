use std::collections::BTreeMap;

use solana_signature::Signature;

use super::{Intent, Store, StoreError};
use crate::message::Key;

impl Store {
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
}
