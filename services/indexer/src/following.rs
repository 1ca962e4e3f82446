//! A market's events, transaction by transaction, from the checkpoint on. It never passes what it could not read.

use std::{collections::VecDeque, future::Future, sync::Arc};

use anyhow::Result;
use futures_util::{stream, StreamExt, TryStreamExt};
use joulebook_cluster::{Cluster, ClusterError, PastSignature, PastSignatures, PastTransaction};
use solana_address::Address;
use solana_signature::Signature;

use crate::{
    rows::{number, GapRow},
    store::{Checkpoint, MarketId, Store, Told},
    told::{first_number, is_cut, tell, Missing},
};

/// Signatures that are kept at once: the earliest ones; what comes later is found again next time.
const KEPT: usize = 100_000;
/// Lists of signatures that are asked for in one go: ten million transactions.
const MOST_LISTS: usize = 10_000;
/// Transactions that are written at once.
const BATCH: usize = 100;
/// Transactions that are asked for at the same time.
const AT_ONCE: usize = 8;

/// What keeps transactions.
pub trait Past: Sync {
    /// As [`Cluster::signatures`].
    fn signatures(
        &self,
        address: Address,
        before: Option<Signature>,
        until: Option<Signature>,
    ) -> impl Future<Output = Result<PastSignatures, ClusterError>> + Send;

    /// As [`Cluster::transaction`].
    fn transaction(
        &self,
        signature: Signature,
    ) -> impl Future<Output = Result<Option<PastTransaction>, ClusterError>> + Send;
}

impl Past for Cluster {
    async fn signatures(
        &self,
        address: Address,
        before: Option<Signature>,
        until: Option<Signature>,
    ) -> Result<PastSignatures, ClusterError> {
        Cluster::signatures(self, address, before, until).await
    }

    async fn transaction(
        &self,
        signature: Signature,
    ) -> Result<Option<PastTransaction>, ClusterError> {
        Cluster::transaction(self, signature).await
    }
}

/// The events of one market.
pub struct Following<P> {
    pub past: Arc<P>,
    pub store: Arc<Store>,
    pub id: MarketId,
    pub market: Address,
    /// Whose transactions are read.
    pub ledger: Address,
    /// Whether missing events are noted and passed.
    pub passes_gaps: bool,
}

/// How far events could be followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    pub transactions: usize,
    /// Why it goes no further; none if it has come to now.
    pub trouble: Option<String>,
}

impl<P: Past> Following<P> {
    /// Reads all transactions from the checkpoint to now.
    ///
    /// # Errors
    /// If the cluster or the database can't be asked. What was read until then is kept.
    pub async fn advance(&self) -> Result<Followed> {
        let found = self.store.checkpoint(self.id).await?;
        let mut checkpoint = found.unwrap_or_default();
        let mut signatures = self.signatures(&checkpoint).await?;
        let mut read = 0usize;
        while !signatures.is_empty() {
            let some = whole_slots(&mut signatures);
            let count = some.len();
            let goes_on = self.read(&mut checkpoint, some).await?;
            read = read.saturating_add(count);
            if !goes_on {
                break;
            }
        }
        Ok(Followed {
            transactions: read,
            trouble: checkpoint.trouble,
        })
    }

    /// Those behind the checkpoint, the earliest first.
    async fn signatures(&self, checkpoint: &Checkpoint) -> Result<VecDeque<PastSignature>> {
        let until: Option<Signature> = match &checkpoint.signature {
            Some(text) => Some(text.parse()?),
            None => None,
        };
        let mut kept = VecDeque::new();
        let mut before = None;
        for _ in 0..MOST_LISTS {
            let list = self.past.signatures(self.ledger, before, until).await?;
            before = list.signatures.last().map(|one| one.signature);
            for one in list.signatures {
                kept.push_front(one);
            }
            forget_latest(&mut kept);
            if list.is_last || before.is_none() {
                break;
            }
        }
        Ok(kept)
    }

    /// Reads some transactions and writes what they tell; whether it can go on.
    async fn read(&self, checkpoint: &mut Checkpoint, some: Vec<PastSignature>) -> Result<bool> {
        let asked = stream::iter(some.into_iter().map(|one| async move {
            let transaction = match one.has_failed {
                true => None,
                false => self.past.transaction(one.signature).await?,
            };
            Ok::<_, anyhow::Error>((one, transaction))
        }));
        let all: Vec<_> = asked.buffered(AT_ONCE).try_collect().await?;
        let mut told = Told::default();
        let mut trouble = None;
        let before = checkpoint.clone();
        for slot in all.chunk_by(|(one, _), (other, _)| one.slot == other.slot) {
            let has_cut = slot
                .iter()
                .any(|(_, found)| found.as_ref().is_some_and(is_cut));
            // Until the first event was told, what came before is noted as missing.
            let passes_gaps = self.passes_gaps || checkpoint.next_event == 0;
            // Events that nobody has are no reason to wait.
            let passes = passes_gaps || checkpoint.is_cut || has_cut;
            match self.read_slot(checkpoint.next_event, slot, passes_gaps, passes)? {
                Ok((next, mut slot_told)) => {
                    told.append(&mut slot_told);
                    let has_told = next > checkpoint.next_event;
                    checkpoint.is_cut = has_cut || (checkpoint.is_cut && !has_told);
                    checkpoint.next_event = next;
                }
                Err(why) => {
                    trouble = Some(why);
                    break;
                }
            }
            if let Some((last, _)) = slot.last() {
                checkpoint.signature = Some(last.signature.to_string());
                checkpoint.slot = last.slot;
            }
        }
        let goes_on = trouble.is_none();
        checkpoint.trouble = trouble;
        if *checkpoint != before {
            self.store.tell(self.id, &told, checkpoint).await?;
        }
        Ok(goes_on)
    }

    /// Reads the transactions of one slot, in the sequence of their events: not every node has kept that. The number of the next
    /// event, and what was told; or why that can't be said.
    fn read_slot(
        &self,
        mut next: u64,
        slot: &[(PastSignature, Option<PastTransaction>)],
        passes_lost: bool,
        passes_gaps: bool,
    ) -> Result<Result<(u64, Told), String>> {
        let lost = |(one, found): &&(PastSignature, Option<PastTransaction>)| {
            found.is_none() && !one.has_failed
        };
        // The number of the next event says which ones it had.
        if let Some((one, _)) = slot.iter().find(lost).filter(|_| !passes_lost) {
            return Ok(Err(format!(
                "no endpoint has transaction {}; add one that keeps the history, or set `pass-event-gaps`, and its events are \
                 noted as missing",
                one.signature
            )));
        }
        let done = slot
            .iter()
            .filter_map(|(one, found)| Some((one, found.as_ref()?)));
        let mut done: Vec<_> = done.collect();
        done.sort_by_key(|(_, transaction)| first_number(&self.market, transaction));
        let mut told = Told::default();
        for (one, transaction) in done {
            let mut missing = tell(&self.market, transaction, one.time, &mut next, &mut told)?;
            while let (Some(gap), true) = (missing, passes_gaps) {
                told.gaps.push(gap_row(gap)?);
                next = gap.until;
                missing = tell(&self.market, transaction, one.time, &mut next, &mut told)?;
            }
            if let Some(missing) = missing {
                return Ok(Err(says(missing, &one.signature)));
            }
        }
        Ok(Ok((next, told)))
    }
}

/// Keeps the earliest, and of no slot a part only.
fn forget_latest(signatures: &mut VecDeque<PastSignature>) {
    let Some(first_beyond) = signatures.get(KEPT).map(|one| one.slot) else {
        return;
    };
    let count = signatures.partition_point(|one| one.slot < first_beyond);
    signatures.truncate(if count == 0 { KEPT } else { count });
}

/// The next signatures, without tearing those of one slot apart.
fn whole_slots(signatures: &mut VecDeque<PastSignature>) -> Vec<PastSignature> {
    let last = signatures.get(BATCH.saturating_sub(1)).map(|one| one.slot);
    let is_taken = |one: &PastSignature| last.is_none_or(|last| one.slot <= last);
    let count = signatures.iter().take_while(|one| is_taken(one)).count();
    signatures.drain(..count).collect()
}

fn gap_row(missing: Missing) -> Result<GapRow> {
    Ok(GapRow {
        kind: "events".to_owned(),
        since: number("the number of an event", missing.from)?,
        until: number("the number of an event", missing.until)?,
    })
}

fn says(missing: Missing, signature: &Signature) -> String {
    format!(
        "events {} to {} are missing before or in transaction {signature}; add an endpoint that keeps the history, or set \
         `pass-event-gaps`, and they are noted as missing",
        missing.from,
        missing.until.saturating_sub(1),
    )
}
