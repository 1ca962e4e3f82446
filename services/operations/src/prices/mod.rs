//! Posted prices: what a source says, in exact numbers; which windows that can still change; as few transactions as they fit into.

mod fetch;
mod plan;
mod source;
mod unit;

pub use fetch::{fetch, FetchError, LONGEST_SOURCE};
pub use plan::{plan, Post, PricePlan};
pub use source::{parse, Entry, PriceError, Reading};
pub use unit::PriceUnit;

use joulebook_client::{
    packing::{fitting, with_limits},
    tables::PageTable,
    Addresses,
};

use crate::{OperationError, Plan, Session};

impl Session {
    /// The market's pages that are there.
    ///
    /// # Errors
    /// [`OperationError`].
    pub async fn pages(&self) -> Result<Vec<PageTable>, OperationError> {
        let slots: Vec<_> = (0..self.addresses.pages)
            .map(|slot| self.addresses.page_slot(slot))
            .collect();
        let found = self.cluster.accounts(&slots).await?;
        let pages = found.all_data().into_iter();
        Ok(pages
            .filter_map(|data| PageTable::from_bytes(data).ok())
            .collect())
    }

    /// What posts prices, as many windows in a transaction as fit.
    pub fn post(&self, posts: &[Post]) -> Vec<Plan> {
        let wallet = self.wallet();
        let mut plans = vec![];
        for post in posts {
            plans.extend(split(&self.addresses, &wallet, post));
        }
        plans
    }
}

fn split(addresses: &Addresses, wallet: &solana_address::Address, post: &Post) -> Vec<Plan> {
    let mut plans = vec![];
    let (mut start, mut rest) = (post.start, &post.prices[..]);
    while !rest.is_empty() {
        let some = |count: usize| addresses.post_prices(*wallet, start, rest[..count].to_vec());
        let count = fitting(wallet, rest.len(), |count| with_limits(some(count)));
        plans.push(Plan::new(
            format!("prices of {count} windows from {}", crate::time_of(start)),
            some(count),
        ));
        let seconds = i64::from(addresses.window_seconds);
        let passed = seconds.saturating_mul(i64::try_from(count).unwrap_or(i64::MAX));
        start = start.saturating_add(passed);
        rest = &rest[count..];
    }
    plans
}
