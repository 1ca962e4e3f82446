//! Which accounts a proof stands on.

use super::{work::Work, Witness};
use crate::store::Span;

impl Work<'_> {
    /// Names the accounts that were read.
    pub fn name_accounts(&mut self) {
        let Span { since, until } = self.proof.worked_out;
        let slot = self.view.slot;
        let length = self.length();
        let witness = |what, address, windows| Witness {
            what,
            address,
            slot,
            windows,
        };
        for page in self.view.pages() {
            let start = page.header.start;
            let end = start.saturating_add(page.header.length());
            let (from, to) = (start.max(since), end.min(until));
            if from < to {
                let windows = u64::try_from((to - from) / length).unwrap_or(0);
                self.proof.witnesses.extend([
                    witness("prices and positions", self.addresses.page(start), windows),
                    witness("readings", self.addresses.interval_page(start), windows),
                ]);
            }
        }
        let household = self.addresses.participant(&self.proof.question.household);
        self.proof.witnesses.extend([
            witness("the household's seat", household, 0),
            witness("its meters' keys", self.addresses.meter_table, 0),
            witness("what its silence keeps", self.addresses.ledger, 0),
        ]);
    }
}
