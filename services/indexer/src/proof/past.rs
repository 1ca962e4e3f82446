//! Transactions of accounts, read back to a time.

use std::collections::HashSet;

use futures_util::{stream, StreamExt, TryStreamExt};
use joulebook_cluster::{Cluster, ClusterError, PastSignature, PastTransaction};
use solana_address::Address;
use solana_signature::Signature;

use crate::store::Span;

/// How much earlier it is looked for events than those that are needed can have come, seconds: one from before tells that none is missing.
pub(super) const BEFORE: i64 = 86_400;
/// How far clocks of blocks and of programs may be apart, seconds.
pub(super) const SLACK: i64 = 3_600;
/// Lists of signatures that are asked for, of one account.
const MOST_LISTS: usize = 1_000;
/// Transactions that are read.
const MOST_TRANSACTIONS: usize = 200_000;
/// Transactions that are asked for at the same time.
const AT_ONCE: usize = 8;

/// What a history was, as far as it is there.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// The earliest first.
    pub transactions: Vec<PastTransaction>,
    /// Transactions that no endpoint has.
    lost: u64,
    /// There are more than are looked through.
    is_cut: bool,
}

impl Past {
    /// Why not all is there; none if it is.
    pub fn why_short(&self) -> Option<&'static str> {
        match (self.is_cut, self.lost) {
            (true, _) => Some("there are more transactions of that time than are looked through"),
            (false, 0) => None,
            (false, _) => Some("no endpoint has some of the transactions of that time any more"),
        }
    }
}

/// All transactions of some accounts that came in a span, unix seconds; where blocks have no time, all.
pub(super) async fn transactions(
    cluster: &Cluster,
    accounts: &[Address],
    span: Span,
) -> Result<Past, ClusterError> {
    let mut past = Past::default();
    let mut found = Found::default();
    let endpoints = cluster.each();
    for account in accounts {
        let mut silent = None;
        let mut has_told = false;
        // One may leave out what another tells.
        for endpoint in &endpoints {
            let mut newest_first = Vec::new();
            match list(endpoint, *account, span, &mut newest_first).await {
                Ok(is_whole) => {
                    has_told = true;
                    past.is_cut |= !is_whole;
                }
                Err(error) => silent = Some(error),
            }
            found.add(newest_first);
        }
        match silent {
            Some(error) if !has_told => return Err(error),
            _ => {}
        }
    }
    past.is_cut |= found.earliest_first.len() > MOST_TRANSACTIONS;
    let some = found.earliest_first.into_iter().take(MOST_TRANSACTIONS);
    let asked = stream::iter(some.map(|one| async move {
        let transaction = cluster.transaction(one.signature).await?;
        Ok::<_, ClusterError>(transaction)
    }));
    let all: Vec<Option<PastTransaction>> = asked.buffered(AT_ONCE).try_collect().await?;
    for transaction in all {
        match transaction {
            Some(transaction) => past.transactions.push(transaction),
            None => past.lost = past.lost.saturating_add(1),
        }
    }
    // Those of a slot stay as they were listed.
    past.transactions.sort_by_key(|one| one.slot);
    Ok(past)
}

/// What endpoints have listed, each once.
#[derive(Default)]
struct Found {
    seen: HashSet<Signature>,
    /// Of each list: an endpoint lists the transactions of a slot in their order, too.
    earliest_first: Vec<PastSignature>,
}

impl Found {
    fn add(&mut self, newest_first: Vec<PastSignature>) {
        for one in newest_first.into_iter().rev() {
            if self.seen.insert(one.signature) {
                self.earliest_first.push(one);
            }
        }
    }
}

/// Adds what an endpoint lists of an account in that span; whether that is all.
async fn list(
    endpoint: &Cluster,
    account: Address,
    span: Span,
    newest_first: &mut Vec<PastSignature>,
) -> Result<bool, ClusterError> {
    let mut before = None;
    for _ in 0..MOST_LISTS {
        let list = endpoint.signatures(account, before, None).await?;
        let earlier = |one: &PastSignature| one.time.is_some_and(|time| time < span.since);
        let later = |one: &PastSignature| one.time.is_some_and(|time| time >= span.until);
        before = list.signatures.last().map(|one| one.signature);
        let is_over = list.is_last || list.signatures.iter().any(earlier) || before.is_none();
        let within = |one: &PastSignature| !one.has_failed && !earlier(one) && !later(one);
        newest_first.extend(list.signatures.into_iter().filter(within));
        if is_over {
            return Ok(true);
        }
        if newest_first.len() > MOST_TRANSACTIONS {
            break;
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signature(byte: u8) -> PastSignature {
        PastSignature {
            signature: Signature::from([byte; 64]),
            slot: 7,
            time: None,
            has_failed: false,
        }
    }

    fn order_of(found: &Found) -> Vec<u8> {
        let of = |one: &PastSignature| one.signature.as_ref().first().copied();
        found.earliest_first.iter().filter_map(of).collect()
    }

    #[test]
    fn given_transactions_of_one_slot_when_they_are_listed_newest_first_then_they_are_read_in_their_order(
    ) {
        let mut found = Found::default();
        found.add([1, 3, 2].map(signature).to_vec());
        assert_eq!(order_of(&found), [2, 3, 1]);
    }

    #[test]
    fn given_a_transaction_in_two_lists_when_they_are_added_then_it_is_there_once() {
        let mut found = Found::default();
        found.add([1, 3, 2].map(signature).to_vec());
        found.add([4, 3].map(signature).to_vec());
        assert_eq!(order_of(&found), [2, 3, 1, 4]);
    }
}
