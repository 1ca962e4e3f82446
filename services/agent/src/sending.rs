//! Transactions that are never sent twice: each is noted before it is sent, and as long as nobody knows what became of it, nothing
//! is sent in its place.

use std::collections::BTreeSet;

use anyhow::Result;
use futures_util::{stream, StreamExt};
use joulebook_client::{
    layout::market::OrderRef,
    market::types::StandingEntry,
    order_packing::{pack_orders, SeatOrders},
    packing::{fitting, with_limits},
    Addresses,
};
use joulebook_cluster::{Cluster, Fate, Outgoing, SendError, LAMPORTS_PER_SIGNATURE};
use joulebook_units::UnixTime;
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signer::Signer;
use tracing::{info, warn};

use crate::{
    figures,
    store::{Intent, Store},
};

/// Transactions that are under way at once.
const AT_ONCE: usize = 8;

/// Who sends.
pub struct Sending<'a> {
    pub cluster: &'a Cluster,
    pub key: &'a Keypair,
    pub store: &'a Store,
    pub addresses: &'a Addresses,
    pub tables: &'a [AddressLookupTableAccount],
    /// The chain's clock, unix seconds.
    pub now: i64,
}

impl Sending<'_> {
    /// Finds out what became of all that was sent; what may yet land.
    ///
    /// # Errors
    /// If cluster or store can't be asked: then nothing must be sent.
    pub async fn in_doubt(&self) -> Result<BTreeSet<(i64, u16)>> {
        let mut in_doubt = BTreeSet::new();
        for (signature, intent) in self.store.intents()? {
            match self.cluster.fate(signature, intent.last_valid).await? {
                Fate::Landed { is_done } => {
                    let outcome = if is_done { "landed" } else { "failed" };
                    info!(%signature, outcome, "what became of a transaction is known");
                    self.settle(&signature, outcome, intent.fee)?;
                }
                Fate::Lost => self.settle(&signature, "lost", 0)?,
                Fate::Open => {
                    in_doubt.extend(intent.seats.iter().map(|seat| (intent.start, *seat)));
                }
            }
        }
        metrics::gauge!("joulebook_agent_in_doubt").set(in_doubt.len() as f64);
        Ok(in_doubt)
    }

    /// Sends the orders of a window; how many seats' are in the book.
    pub async fn place(&self, start: i64, seats: &[SeatOrders]) -> usize {
        let trader = self.key.pubkey();
        let batches = pack_orders(self.addresses, &trader, start, seats, self.tables);
        let sent = batches.into_iter().map(|batch| {
            let seats = seats.get(batch.range).unwrap_or_default();
            self.place_batch(start, seats)
        });
        let sent = stream::iter(sent).buffer_unordered(AT_ONCE);
        sent.fold(0, |sum, count| async move { sum + count }).await
    }

    /// Halves what is refused until it is known whose orders they are.
    async fn place_batch(&self, start: i64, seats: &[SeatOrders]) -> usize {
        let mut placed = 0;
        let mut waiting = vec![seats];
        while let Some(seats) = waiting.pop() {
            let trader = self.key.pubkey();
            let batches = pack_orders(self.addresses, &trader, start, seats, self.tables);
            let [batch] = &batches[..] else {
                continue;
            };
            let indices = seats.iter().map(|seat| seat.seat).collect();
            match self.send(start, indices, &batch.instructions).await {
                Ok(()) => {
                    figures::placed(seats);
                    placed += seats.len();
                }
                Err(SendError::Refused { .. }) if seats.len() > 1 => {
                    let (first, second) = seats.split_at(seats.len() / 2);
                    waiting.extend([second, first]);
                }
                Err(error) => {
                    let seats: Vec<u16> = seats.iter().map(|seat| seat.seat).collect();
                    warn!(start, ?seats, %error, "orders were not placed");
                }
            }
        }
        placed
    }

    /// Takes a seat's own orders out of windows.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn cancel(
        &self,
        seat: u16,
        orders: &[(i64, Vec<OrderRef>)],
    ) -> Result<(), SendError> {
        for (start, orders) in orders {
            let trader = self.key.pubkey();
            let cancel = self
                .addresses
                .cancel_orders(trader, seat, *start, orders.clone());
            let outgoing = Outgoing {
                instructions: &[cancel],
                payer: self.key,
                signers: &[],
            };
            let landed = self.cluster.send(outgoing).await?;
            self.spend(landed.fee);
        }
        Ok(())
    }

    /// Enters a household's standing orders, as many in a transaction as fit.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn enter(&self, owner: &Address, entries: &[StandingEntry]) -> Result<(), SendError> {
        let trader = self.key.pubkey();
        let mut rest = entries;
        while !rest.is_empty() {
            let enter = |count: usize| {
                let entries = rest.iter().take(count).cloned().collect();
                self.addresses.set_standing_orders(trader, owner, entries)
            };
            let count = fitting(&trader, rest.len(), |count| with_limits(enter(count)));
            let outgoing = Outgoing {
                instructions: &[enter(count)],
                payer: self.key,
                signers: &[],
            };
            let landed = self.cluster.send(outgoing).await?;
            self.spend(landed.fee);
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    async fn send(
        &self,
        start: i64,
        seats: Vec<u16>,
        instructions: &[Instruction],
    ) -> Result<(), SendError> {
        let outgoing = Outgoing {
            instructions,
            payer: self.key,
            signers: &[],
        };
        let signed = self.cluster.sign(outgoing, self.tables).await?;
        let intent = Intent {
            start,
            last_valid: signed.last_valid,
            seats,
            fee: signed.fee,
        };
        let noted = self.store.intend(&signed.signature, &intent);
        noted.map_err(|error| SendError::Unsigned(error.to_string()))?;
        let sent = self.cluster.send_signed(&signed).await;
        let (outcome, fee) = match &sent {
            Ok(landed) => ("landed", landed.fee),
            Err(SendError::Failed { .. }) => ("failed", signed.fee),
            Err(SendError::Expired { .. }) => ("lost", 0),
            // It may have been sent: the next look finds out.
            Err(_) => return sent.map(|_| ()),
        };
        if let Err(error) = self.settle(&signed.signature, outcome, fee) {
            warn!(%error, "what became of a transaction was not noted; it is looked up again");
        }
        sent.map(|_| ())
    }

    fn settle(
        &self,
        signature: &solana_signature::Signature,
        outcome: &'static str,
        fee: u64,
    ) -> Result<()> {
        self.store
            .settle(signature, UnixTime(self.now).day(), fee)?;
        figures::sent(outcome, fee);
        Ok(())
    }

    fn spend(&self, fee: u64) {
        figures::sent("standing_orders", fee);
        let spent = self
            .store
            .spend(UnixTime(self.now).day(), fee.max(LAMPORTS_PER_SIGNATURE));
        if let Err(error) = spent {
            warn!(%error, "what was spent was not noted");
        }
    }
}
