//! When a household's way of ordering is reviewed: once a week, and at once when what it was reviewed with has changed.

use std::collections::BTreeMap;

use joulebook_client::layout::market::DelegateBounds;
use joulebook_units::SECONDS_PER_DAY;
use serde::{Deserialize, Serialize};
use solana_address::Address;

use crate::{
    configuration::Limits,
    rest::Rest,
    store::{Store, StoreError},
};

/// Seconds of the chain's clock between reviews of a household, and after one that came to nothing.
const WEEK: i64 = 7 * SECONDS_PER_DAY;
const AGAIN: i64 = 3_600;

/// What a household's standing orders depend on beside its past and the market's prices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ground {
    /// On chain, milli-atoms and atoms per kWh.
    daily_limit: u64,
    highest_buy: i32,
    lowest_sell: i32,
    /// Those of the agent's configuration.
    limits: Limits,
}

impl Ground {
    pub fn new(bounds: &DelegateBounds, limits: Limits) -> Ground {
        Ground {
            daily_limit: bounds.daily_limit,
            highest_buy: bounds.highest_buy,
            lowest_sell: bounds.lowest_sell,
            limits,
        }
    }
}

/// A review that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Unix seconds.
    pub at: i64,
    pub ground: Ground,
}

/// The latest reviews, by owner.
#[derive(Clone, Debug, Default)]
pub struct Reviews(BTreeMap<Address, (Rest, Ground)>);

impl Reviews {
    /// Whether a household is reviewed at `now`.
    ///
    /// # Errors
    /// Those of the store.
    pub fn is_due(
        &mut self,
        store: &Store,
        owner: &Address,
        ground: Ground,
        now: i64,
    ) -> Result<bool, StoreError> {
        let known = match self.0.get(owner) {
            Some(known) => Some(*known),
            None => store.reviewed(owner)?.map(after),
        };
        if let Some(known) = known {
            self.0.insert(*owner, known);
        }
        Ok(known.is_none_or(|(rest, before)| before != ground || rest.is_over(now)))
    }

    /// Notes a review that found something.
    ///
    /// # Errors
    /// Those of the store.
    pub fn note(
        &mut self,
        store: &Store,
        owner: &Address,
        reviewed: Reviewed,
    ) -> Result<(), StoreError> {
        store.note_review(owner, &reviewed)?;
        self.0.insert(*owner, after(reviewed));
        Ok(())
    }

    /// Has a household wait an hour until it is tried again.
    pub fn put_off(&mut self, owner: &Address, ground: Ground, now: i64) {
        let rest = Rest {
            since: now,
            seconds: AGAIN,
        };
        self.0.insert(*owner, (rest, ground));
    }
}

fn after(reviewed: Reviewed) -> (Rest, Ground) {
    let rest = Rest {
        since: reviewed.at,
        seconds: WEEK,
    };
    (rest, reviewed.ground)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OWNER: Address = Address::new_from_array([1; 32]);

    fn ground(highest_buy: i32) -> Ground {
        let bounds = DelegateBounds {
            highest_buy,
            ..DelegateBounds::of_a_day(5)
        };
        Ground::new(&bounds, Limits::default())
    }

    fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(&folder.path().join("agent.redb"), &OWNER).expect("made");
        (folder, store)
    }

    #[test]
    fn given_a_review_when_a_week_is_over_or_its_ground_has_changed_then_another_is_due() {
        let (_folder, store) = store();
        let mut reviews = Reviews::default();
        let is_due =
            |reviews: &mut Reviews, bound, now| reviews.is_due(&store, &OWNER, ground(bound), now);
        assert!(is_due(&mut reviews, 280, 0).expect("read"));
        let reviewed = Reviewed {
            at: 100,
            ground: ground(280),
        };
        reviews.note(&store, &OWNER, reviewed).expect("noted");
        // Also by whoever starts anew.
        for mut reviews in [reviews, Reviews::default()] {
            assert!(!is_due(&mut reviews, 280, 100 + WEEK - 1).expect("read"));
            assert!(is_due(&mut reviews, 280, 100 + WEEK).expect("read"));
            assert!(is_due(&mut reviews, 250, 101).expect("read"));
            reviews.put_off(&OWNER, ground(250), 101);
            assert!(!is_due(&mut reviews, 250, 100 + AGAIN).expect("read"));
            assert!(is_due(&mut reviews, 250, 101 + AGAIN).expect("read"));
        }
    }

    /// As a clock that was a lie leaves it in a store.
    #[test]
    fn given_a_review_that_is_yet_to_come_when_asked_then_one_is_due() {
        let (_folder, store) = store();
        let reviewed = Reviewed {
            // 2100-01-01.
            at: 4_102_444_800,
            ground: ground(280),
        };
        let mut reviews = Reviews::default();
        reviews.note(&store, &OWNER, reviewed).expect("noted");
        for mut reviews in [reviews, Reviews::default()] {
            let is_due = reviews.is_due(&store, &OWNER, ground(280), 1_793_577_600);
            assert!(is_due.expect("read"));
        }
    }
}
