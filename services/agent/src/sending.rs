//! Transactions that are never sent twice: each is noted before it is sent, and as long as nobody knows what became of it, nothing
//! is sent in its place.

use anyhow::Result;
use futures_util::{stream, StreamExt};
use joulebook_client::{
    layout::market::OrderRef,
    market::types::StandingEntry,
    order_packing::{pack_orders, SeatOrders},
    packing::{fitting, with_limits},
    program_error::ProgramError,
    Addresses,
};
use joulebook_cluster::{Cluster, Fate, Outgoing, SendError};
use joulebook_units::{UnixTime, SECONDS_PER_DAY};
use solana_address::Address;
use solana_instruction::Instruction;
use solana_keypair::Keypair;
use solana_message::AddressLookupTableAccount;
use solana_signature::Signature;
use solana_signer::Signer;
use tracing::{info, warn};

use crate::{
    doubt::InDoubt,
    figures,
    rest::believed,
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

/// A transaction that nothing is known of for so long counts as lost, seconds: a blockhash can be signed with for minutes.
const DOUBT_LASTS: i64 = SECONDS_PER_DAY;

/// What became of a window's orders.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Placed {
    /// How many seats have theirs in the book.
    pub seats: usize,
    /// How many seats' may not be there.
    pub others: usize,
    /// Seats whose orders, sent by themselves, landed and failed.
    pub failed: Vec<u16>,
}

impl Placed {
    fn and(mut self, other: Placed) -> Placed {
        self.seats += other.seats;
        self.others += other.others;
        self.failed.extend(other.failed);
        self
    }
}

impl Sending<'_> {
    /// Finds out what became of all that was sent; what may yet land.
    ///
    /// # Errors
    /// If cluster or store can't be asked: then nothing must be sent.
    pub async fn in_doubt(&self) -> Result<InDoubt> {
        let mut in_doubt = InDoubt::default();
        for (signature, intent) in self.store.intents()? {
            let outcome = match self.cluster.fate(signature, intent.last_valid).await? {
                Fate::Landed { is_done: true } => intent.done(),
                Fate::Landed { is_done: false } => "failed",
                Fate::Lost => "lost",
                // Its last block was a lie.
                Fate::Open if believed(self.now).saturating_sub(intent.at) > DOUBT_LASTS => {
                    warn!(%signature, "nobody knows of a transaction for a day; it counts as lost");
                    "lost"
                }
                Fate::Open => {
                    in_doubt.note(intent.start, intent.seats);
                    continue;
                }
            };
            let fee = if outcome == "lost" { 0 } else { intent.fee };
            info!(%signature, outcome, "what became of a transaction is known");
            self.settle(&signature, outcome, fee)?;
        }
        metrics::gauge!("joulebook_agent_in_doubt").set(in_doubt.count() as f64);
        Ok(in_doubt)
    }

    /// Sends the orders of a window.
    pub async fn place(&self, start: i64, seats: &[SeatOrders]) -> Placed {
        let trader = self.key.pubkey();
        let batches = pack_orders(self.addresses, &trader, start, seats, self.tables);
        let sent = batches.into_iter().map(|batch| {
            let seats = seats.get(batch.range).unwrap_or_default();
            self.place_batch(start, seats)
        });
        let sent = stream::iter(sent).buffer_unordered(AT_ONCE);
        let none = Placed::default();
        sent.fold(none, |all, placed| async move { all.and(placed) })
            .await
    }

    /// Halves what is refused, or lands and fails, until it is known whose orders they are: those of others are sent without. A seat
    /// can have a transaction fail that passed its trial, by changing in between, so each half that fails costs a fee: of n seats
    /// with one such, 2 log₂ n at the most.
    async fn place_batch(&self, start: i64, seats: &[SeatOrders]) -> Placed {
        let mut placed = Placed::default();
        let mut waiting = vec![seats];
        while let Some(seats) = waiting.pop() {
            let trader = self.key.pubkey();
            let batches = pack_orders(self.addresses, &trader, start, seats, self.tables);
            let [batch] = &batches[..] else {
                placed.others += seats.len();
                continue;
            };
            let indices: Vec<u16> = seats.iter().map(|seat| seat.seat).collect();
            let sent = self.send(Some(start), indices.clone(), &batch.instructions);
            let Err(error) = sent.await else {
                figures::placed(seats);
                placed.seats += seats.len();
                continue;
            };
            let is_over = is_too_late(&error);
            let is_theirs = error.error().is_some() && !is_over;
            if is_theirs && seats.len() > 1 {
                let (first, second) = seats.split_at(seats.len() / 2);
                waiting.extend([second, first]);
                continue;
            }
            warn!(start, seats = ?indices, %error, "orders were not placed");
            placed.others += seats.len();
            if is_theirs && matches!(error, SendError::Failed { .. }) {
                placed.failed.extend(indices);
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
            self.send(Some(*start), vec![seat], &[cancel]).await?;
        }
        Ok(())
    }

    /// Enters the standing orders of a seat, as many in a transaction as fit.
    ///
    /// # Errors
    /// [`SendError`].
    pub async fn enter(
        &self,
        seat: u16,
        owner: &Address,
        entries: &[StandingEntry],
    ) -> Result<(), SendError> {
        let trader = self.key.pubkey();
        let mut rest = entries;
        while !rest.is_empty() {
            let enter = |count: usize| {
                let entries = rest.iter().take(count).cloned().collect();
                self.addresses.set_standing_orders(trader, owner, entries)
            };
            let count = fitting(&trader, rest.len(), |count| with_limits(enter(count)));
            self.send(None, vec![seat], &[enter(count)]).await?;
            rest = rest.get(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// Sends what concerns these seats, in the window that starts at `start`, or their standing orders.
    async fn send(
        &self,
        start: Option<i64>,
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
            at: believed(self.now),
            last_valid: signed.last_valid,
            seats,
            fee: signed.fee,
        };
        let noted = self.store.intend(&signed.signature, &intent);
        noted.map_err(|error| SendError::Unsigned(error.to_string()))?;
        let sent = self.cluster.send_signed(&signed).await;
        let (outcome, fee) = match &sent {
            Ok(landed) => (intent.done(), landed.fee),
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

    fn settle(&self, signature: &Signature, outcome: &'static str, fee: u64) -> Result<()> {
        self.store
            .settle(signature, UnixTime(self.now).day(), fee)?;
        figures::sent(outcome, fee);
        Ok(())
    }
}

impl Intent {
    /// What is said of it once it has done its work.
    fn done(&self) -> &'static str {
        match self.start {
            Some(_) => "landed",
            None => "standing_orders",
        }
    }
}

/// Whether the window takes no orders any more, whosever they are.
fn is_too_late(error: &SendError) -> bool {
    use joulebook_client::market::errors::MarketError::{GateClosed, NotOpen};
    matches!(
        error.program_error(),
        Some(ProgramError::Market(GateClosed | NotOpen))
    )
}
