use super::{Store, StoreError};
use crate::message::{Key, Signed};

impl Store {
    /// Messages that the next gateway does not have yet, and that do not rest, at most so many.
    pub fn to_forward(&self, most: usize, rests: impl Fn(&Key) -> bool) -> Vec<(Key, Signed)> {
        let waiting = self.waiting();
        let forward = self.forward();
        let keys = forward.iter().filter(|key| !rests(key));
        let found = keys.filter_map(|key| Some((*key, waiting.get(key)?.message.signed.clone())));
        found.take(most).collect()
    }

    /// The next gateway is told of these once more, if they wait.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn forward_again(&self, keys: &[Key]) -> Result<(), StoreError> {
        let waiting = self.waiting();
        let mut forward = self.forward();
        let is_new = |key: &&Key| waiting.contains_key(*key) && !forward.contains(*key);
        let new: Vec<Key> = keys.iter().filter(is_new).copied().collect();
        if !new.is_empty() {
            self.file.forward_again(&new)?;
            forward.extend(new);
        }
        Ok(())
    }

    /// The next gateway has these.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn have_forwarded(&self, keys: &[Key]) -> Result<(), StoreError> {
        if keys.is_empty() {
            return Ok(());
        }
        let mut forward = self.forward();
        self.file.have_forwarded(keys)?;
        for key in keys {
            forward.remove(key);
        }
        Ok(())
    }
}
