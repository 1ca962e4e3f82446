//! What an agent does about standing orders: looks whose are due for a review, and enters what that finds.

use anyhow::Result;
use joulebook_client::layout::market::Seat;
use joulebook_cluster::SendError;
use joulebook_strategy::bidding::{Comparison, Fees};
use joulebook_units::Seconds;
use solana_address::Address;
use solana_signer::Signer;
use tracing::{info, warn};

use crate::{
    agent::Agent,
    decision::own_orders,
    doubt::InDoubt,
    review::{review, Grounds, Review},
    reviews::{Ground, Reviewed},
    view::View,
};

impl Agent<'_> {
    /// Whether anything was sent, or may have been.
    pub(crate) async fn review_all(
        &mut self,
        view: &View,
        fees: &Fees,
        in_doubt: &InDoubt,
    ) -> Result<bool> {
        let mut is_changed = false;
        let seats = view.seats_of(&self.key.pubkey());
        let length = Seconds(i64::from(view.state.market.window_seconds));
        for (index, seat) in &seats {
            // What may yet land and what would be entered could be for the same energy.
            if in_doubt.blocks_review(*index) {
                continue;
            }
            let owner = Address::from(seat.owner.0);
            let limits = self.limits.of(&owner);
            let ground = Ground::new(&seat.delegate_bounds, limits);
            if !self.reviews.is_due(self.store, &owner, ground, view.now)? {
                continue;
            }
            let grounds = Grounds {
                fees,
                seats: seats.len(),
                lag: self.lag,
                client_id: self.configuration.client_id,
                limits,
            };
            let measured = self.values.get(&owner);
            let measured = measured.and_then(|values| values.measured(length, view.now));
            let found =
                measured.and_then(|measured| review(view, *index, seat, &measured, grounds));
            let Some(found) = found else {
                self.reviews.put_off(&owner, ground, view.now);
                continue;
            };
            is_changed |= !found.entries.is_empty();
            if let Err(error) = self.enter(view, *index, seat, &found).await {
                warn!(household = %owner, %error, "standing orders were not entered; in an hour it is tried again");
                self.reviews.put_off(&owner, ground, view.now);
                continue;
            }
            match found.both {
                Some(both) => {
                    say(&owner, &found, &both);
                    let reviewed = Reviewed {
                        at: view.now,
                        ground,
                    };
                    self.reviews.note(self.store, &owner, reviewed)?;
                }
                // Nothing traded yet says nothing: it is looked at again sooner.
                None => self.reviews.put_off(&owner, ground, view.now),
            }
        }
        Ok(is_changed)
    }

    /// Enters what a review found. Its bids in windows that are open end with that: else both would be placed.
    async fn enter(
        &self,
        view: &View,
        index: u16,
        seat: &Seat,
        found: &Review,
    ) -> Result<(), SendError> {
        let sending = self.sending(view.now, &[]);
        let begins = found.entries.iter().any(|entry| entry.rule.is_some());
        if begins && view.standing(index, seat).is_empty() {
            let own = own_orders(view, index, self.configuration.client_id);
            sending.cancel(index, &own).await?;
        }
        let owner = Address::from(seat.owner.0);
        sending.enter(index, &owner, &found.entries).await
    }
}

fn say(owner: &Address, found: &Review, both: &Comparison) {
    let way = match found.is_standing {
        true => "standing orders",
        false => "bids for each window",
    };
    info!(
        household = %owner,
        own_atoms = (both.own / 1_000.0) as i64,
        standing_atoms = (both.standing / 1_000.0) as i64,
        bids = both.bids,
        "{way} bring it more, by the last days"
    );
}
