//! Transactions of accounts, read back to a time.

use std::collections::BTreeMap;

use futures_util::{stream, StreamExt, TryStreamExt};
use joulebook_cluster::{Cluster, ClusterError, PastSignature, PastTransaction};
use solana_address::Address;
use solana_signature::Signature;

/// Lists of signatures that are asked for, of one account.
const MOST_LISTS: usize = 1_000;
/// Transactions that are asked for at the same time.
const AT_ONCE: usize = 8;

/// What a history was, as far as it is there.
#[derive(Debug, Default)]
pub(super) struct Past {
    /// The earliest first.
    pub transactions: Vec<PastTransaction>,
    /// Transactions that no endpoint has.
    pub lost: u64,
}

/// All transactions of some accounts that came at `since` or later, unix seconds; where blocks have no time, all.
pub(super) async fn transactions(
    cluster: &Cluster,
    accounts: &[Address],
    since: i64,
) -> Result<Past, ClusterError> {
    let mut found: BTreeMap<Signature, PastSignature> = BTreeMap::new();
    for account in accounts {
        let mut before = None;
        for _ in 0..MOST_LISTS {
            let list = cluster.signatures(*account, before, None).await?;
            let earlier = |one: &PastSignature| one.time.is_some_and(|time| time < since);
            let is_over = list.is_last || list.signatures.iter().any(earlier);
            before = list.signatures.last().map(|one| one.signature);
            for one in list.signatures {
                if !one.has_failed && !earlier(&one) {
                    found.insert(one.signature, one);
                }
            }
            if is_over || before.is_none() {
                break;
            }
        }
    }
    let asked = stream::iter(found.into_values().map(|one| async move {
        let transaction = cluster.transaction(one.signature).await?;
        Ok::<_, ClusterError>(transaction)
    }));
    let all: Vec<Option<PastTransaction>> = asked.buffered(AT_ONCE).try_collect().await?;
    let mut past = Past::default();
    for transaction in all {
        match transaction {
            Some(transaction) => past.transactions.push(transaction),
            None => past.lost = past.lost.saturating_add(1),
        }
    }
    past.transactions.sort_by_key(|one| one.slot);
    Ok(past)
}
