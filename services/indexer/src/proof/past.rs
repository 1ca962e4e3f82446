//! Transactions of accounts, read back to a time.

use std::collections::BTreeMap;

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
    let mut found: BTreeMap<Signature, PastSignature> = BTreeMap::new();
    let endpoints = cluster.each();
    for account in accounts {
        let mut silent = None;
        let mut has_told = false;
        // One may leave out what another tells.
        for endpoint in &endpoints {
            match list(endpoint, *account, span, &mut found).await {
                Ok(is_whole) => {
                    has_told = true;
                    past.is_cut |= !is_whole;
                }
                Err(error) => silent = Some(error),
            }
        }
        match silent {
            Some(error) if !has_told => return Err(error),
            _ => {}
        }
    }
    past.is_cut |= found.len() > MOST_TRANSACTIONS;
    let some = found.into_values().take(MOST_TRANSACTIONS);
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
    past.transactions.sort_by_key(|one| one.slot);
    Ok(past)
}

/// Adds what an endpoint lists of an account in that span; whether that is all.
async fn list(
    endpoint: &Cluster,
    account: Address,
    span: Span,
    found: &mut BTreeMap<Signature, PastSignature>,
) -> Result<bool, ClusterError> {
    let mut before = None;
    for _ in 0..MOST_LISTS {
        let list = endpoint.signatures(account, before, None).await?;
        let earlier = |one: &PastSignature| one.time.is_some_and(|time| time < span.since);
        let later = |one: &PastSignature| one.time.is_some_and(|time| time >= span.until);
        before = list.signatures.last().map(|one| one.signature);
        let is_over = list.is_last || list.signatures.iter().any(earlier) || before.is_none();
        for one in list.signatures {
            if !one.has_failed && !earlier(&one) && !later(&one) {
                found.insert(one.signature, one);
            }
        }
        if is_over {
            return Ok(true);
        }
        if found.len() > MOST_TRANSACTIONS {
            break;
        }
    }
    Ok(false)
}
