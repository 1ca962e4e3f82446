//! What the database has of a market, and what is to be written next.

use std::sync::Arc;

use joulebook_client::{tables::HistoryTable, Addresses};

use crate::{
    changes::{changes, past_windows, Changes, Known, MarketFacts},
    rows::RowError,
    store::{MarketId, Store, StoreError},
    view::View,
};

/// Pages beyond those of the ring that are remembered.
const PAGES_BEYOND: usize = 64;

/// A market in the database.
pub struct Writing {
    store: Arc<Store>,
    addresses: Addresses,
    pub id: MarketId,
    known: Known,
    /// What was written last.
    before: Option<View>,
    /// Slot of the last read that brought other rows; 0 for none yet.
    changed_slot: u64,
}

impl Writing {
    /// Enters the market, if it is not there, and takes up what is known of it.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn open(
        store: Arc<Store>,
        addresses: Addresses,
        view: &View,
        decimals: u8,
    ) -> Result<Writing, StoreError> {
        let facts = MarketFacts::of(&addresses, view, decimals);
        let id = store.enter(&facts).await?;
        let pages = kept(&addresses);
        let known = store
            .known(id, i64::try_from(pages).unwrap_or(i64::MAX))
            .await?;
        Ok(Writing {
            store,
            addresses,
            id,
            known,
            before: None,
            changed_slot: 0,
        })
    }

    /// What is to be written.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn changes(&self, view: &View) -> Result<Changes, RowError> {
        changes(self.before.as_ref(), &self.known, view)
    }

    /// Adds what the history tells of windows that were missed.
    ///
    /// # Errors
    /// [`RowError`].
    pub fn repair(&self, changes: &mut Changes, history: &HistoryTable) -> Result<(), RowError> {
        changes.past_windows = past_windows(&self.addresses, &changes.gaps, history)?;
        Ok(())
    }

    /// Writes it, all or nothing.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn apply(&mut self, view: View, changes: &Changes) -> Result<(), StoreError> {
        self.store.apply(self.id, changes).await?;
        self.known.apply(changes);
        self.known.forget(kept(&self.addresses));
        if !changes.is_empty() {
            self.changed_slot = view.newest_slot;
        }
        self.before = Some(view);
        Ok(())
    }

    /// Slot of the last read that brought other rows; 0 for none yet.
    pub fn changed_slot(&self) -> u64 {
        self.changed_slot
    }
}

/// Pages that are remembered.
fn kept(addresses: &Addresses) -> usize {
    usize::from(addresses.pages).saturating_add(PAGES_BEYOND)
}
