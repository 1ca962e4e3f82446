//! One transaction after the other, until it is known of each message why it can't be sent.

use std::sync::PoisonError;

use anyhow::{Context, Result};
use joulebook_cluster::{Outgoing, SendError};
use tokio::time::Instant;
use tracing::{debug, info, warn};

use super::Delivery;
use crate::{
    batch::{pack, Batch, Item},
    fate::Fate,
    figures,
    intake::Told,
    message::{Key, Message},
    view::View,
};

impl Delivery {
    /// Halves what is refused until it is known whose message it is.
    pub(super) async fn send(&self, batch: Batch, view: &View) -> Result<()> {
        let mut rest = vec![batch];
        while let Some(batch) = rest.pop() {
            if self.stop.is_cancelled() {
                return Ok(());
            }
            match self.send_one(&batch).await? {
                Ok(()) => {}
                Err(error) if error.is_of_wallet() => {
                    return Err(error).context(format!(
                        "the wallet {} can't pay; send it lamports",
                        self.policy.payer
                    ))
                }
                Err(SendError::Refused { error, .. }) if batch.items.len() > 1 => {
                    debug!(%error, messages = batch.items.len(), "refused together; tried apart");
                    let (first, second) = batch.items.split_at(batch.items.len() / 2);
                    rest.extend(self.again(second, view));
                    rest.extend(self.again(first, view));
                }
                Err(error @ SendError::Refused { .. }) => {
                    let now = Instant::now();
                    for key in batch.keys() {
                        let rests = self.rests().refused(key, now);
                        warn!(id = %key, %error, ?rests, "refused; tried again");
                    }
                }
                Err(error) => {
                    let ids: Vec<String> = batch.keys().iter().map(Key::to_string).collect();
                    warn!(?ids, %error, "not confirmed; looked up, and tried again");
                }
            }
        }
        Ok(())
    }

    fn again(&self, items: &[Item], view: &View) -> Vec<Batch> {
        let keys = items.iter().map(|item| item.key);
        let waiting = self.store.waiting_of_keys(keys);
        let items = items.iter().filter_map(|item| {
            let message = &waiting.get(&item.key)?.message;
            Some((*item, message))
        });
        let items: Vec<(Item, &Message)> = items.collect();
        pack(&self.addresses, &self.policy.payer, &view.table, &items)
    }

    /// What became of one, if it may be sent at all.
    async fn send_one(&self, batch: &Batch) -> Result<Result<(), SendError>> {
        let outgoing = Outgoing {
            instructions: &batch.instructions,
            payer: &self.key,
            signers: &[],
        };
        let signed = match self.cluster.sign(outgoing, &[]).await {
            Ok(signed) => signed,
            Err(error) => return Ok(Err(error)),
        };
        let keys = batch.keys();
        // Whatever is said to have become of it: what is paid for it, nobody but the chain knows.
        self.take_fee(signed.fee)?;
        self.store
            .intend(&signed.signature, signed.last_valid, &keys)?;
        for key in &keys {
            self.tell_sent(key, &signed.signature.to_string());
        }
        let sent = self.cluster.send_signed(&signed).await;
        let (outcome, fee) = match &sent {
            Ok(landed) => ("landed", landed.fee),
            Err(SendError::Failed { .. }) => ("failed", signed.fee),
            Err(SendError::Expired { .. }) => ("lost", 0),
            // It may have been sent: the next look finds out.
            Err(_) => return Ok(sent.map(|_| ())),
        };
        figures::sent(outcome, fee);
        let settled = self
            .store
            .settle(&signed.signature, &keys, outcome == "landed");
        if let Err(error) = settled {
            warn!(%error, "what became of a transaction was not noted; it is looked up again");
        }
        self.rest_after(&keys, outcome);
        if let Ok(landed) = &sent {
            info!(messages = keys.len(), fee, signature = %landed.signature, "landed");
        }
        Ok(sent.map(|_| ()))
    }

    fn take_fee(&self, fee: u64) -> Result<()> {
        let mut fees = self.fees.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(fees.take(fee, Instant::now().into_std())?)
    }

    fn tell_sent(&self, key: &Key, transaction: &str) {
        if let Ok(Some(known)) = self.store.fate(key) {
            let transaction = transaction.to_owned();
            let fate = Fate::Sent { transaction };
            let _ = self.fates.send(Told::of(&known.key, known.boundary, &fate));
        }
    }
}
