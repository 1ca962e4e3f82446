//! The loop of one market: look, decide, wait for one's turn, look again, send.

use std::{
    collections::BTreeSet,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use anyhow::Result;
use joulebook_client::{
    layout::market::SeatStatus,
    steps::{retries, MarketState, Step, StepBatch},
};
use joulebook_cluster::{ChainTime, Cluster, Landed, Outgoing, SendError};
use joulebook_daemon::{
    fees::{DailyFees, FeesUsedUp},
    observe::Health,
};
use solana_address::Address;
use solana_keypair::Keypair;
use solana_signer::Signer;
use tokio::time::{sleep, Instant};
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::{
    decision::{decide, Decision, Keeper, Pace},
    figures::Figures,
    trouble::Troubles,
    turn,
    watch::{Look, Watch},
};

/// How long a market may say nothing before the keeper counts as broken.
const SILENCE: Duration = Duration::from_secs(120);
/// Pause behind a market that could not be looked at.
const AFTER_FAULT: Duration = Duration::from_secs(2);

/// The part of its health that says whether transactions get through.
const SENDING: &str = "sending";

/// What a look found, and what is to be done.
struct Seen {
    state: Box<MarketState>,
    now: ChainTime,
    keeper: Keeper,
    decision: Decision,
}

/// What came of a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Round {
    Nothing,
    /// There may be more.
    Done,
    /// Something was not confirmed, or could not be paid.
    Fault,
}

/// Why nothing more is sent in a round.
#[derive(Debug, thiserror::Error)]
enum Halt {
    #[error("transactions are not confirmed; see the log")]
    Unconfirmed,
    #[error("the wallet {0} can't pay; send it lamports")]
    Wallet(Address),
    #[error(transparent)]
    Fees(#[from] FeesUsedUp),
}

/// Keeps one market.
pub struct Keeping<'a> {
    pub cluster: &'a Cluster,
    pub key: &'a Keypair,
    pub market: Address,
    pub poll: Duration,
    pub stagger: Duration,
    pub earns_reward: bool,
    pub pace: Pace,
    /// Its own, so that two that pay from one wallet take turns.
    pub salt: u64,
    pub health: Health,
    /// Of all markets that the wallet pays for.
    pub fees: &'a Mutex<DailyFees>,
    pub stop: CancellationToken,
}

impl Keeping<'_> {
    /// Until it is stopped. Whatever goes wrong is said, and tried again.
    pub async fn keep(&self) {
        let mut figures = Figures::of(self.market.to_string());
        while !self.stop.is_cancelled() {
            if let Err(error) = self.keep_watch(&mut figures).await {
                self.complain(&error);
                self.rest(AFTER_FAULT).await;
            }
        }
        let (lamports, each) = figures.cost();
        let each = each.map_or_else(|| "none cleared".to_owned(), |each| each.to_string());
        info!(market = %self.market, lamports, per_window = each, "stopped");
    }

    async fn keep_watch(&self, figures: &mut Figures) -> Result<()> {
        let mut watch = Watch::new(self.cluster, self.market).await?;
        let payer = self.key.pubkey();
        info!(market = %self.market, %payer, "keeping");
        let mut troubles = Troubles::default();
        while !self.stop.is_cancelled() {
            match self.round(&mut watch, &mut troubles, figures).await {
                Ok(Round::Done) => {}
                Ok(Round::Nothing) => self.rest(self.poll).await,
                Ok(Round::Fault) => self.rest(AFTER_FAULT).await,
                Err(error) => {
                    self.complain(&error);
                    watch.forget();
                    self.rest(AFTER_FAULT).await;
                }
            }
        }
        Ok(())
    }

    /// Looks once, and does what is due.
    async fn round(
        &self,
        watch: &mut Watch<'_>,
        troubles: &mut Troubles,
        figures: &mut Figures,
    ) -> Result<Round> {
        if troubles.is_one_over(Instant::now()) {
            watch.forget();
        }
        let Some(mut seen) = self.look(watch, figures, troubles).await? else {
            return Ok(Round::Nothing);
        };
        if !seen.decision.batches.is_empty() && !self.stagger.is_zero() {
            let length = i64::from(watch.addresses.window_seconds).max(1);
            let window = seen.now.unix_timestamp.div_euclid(length);
            let pause = turn::pause(&seen.keeper.payer, self.salt, window, self.stagger);
            self.rest(pause).await;
            // Somebody may have been faster.
            watch.forget();
            let Some(again) = self.look(watch, figures, troubles).await? else {
                return Ok(Round::Nothing);
            };
            seen = again;
        }
        if seen.decision.batches.is_empty() {
            return Ok(Round::Nothing);
        }
        watch.forget();
        for batch in &seen.decision.batches {
            if self.stop.is_cancelled() {
                break;
            }
            let taken = self.take(watch, &seen, batch, troubles, figures).await;
            if let Err(halt) = taken {
                // What comes behind may need it.
                self.health.fails(SENDING, halt.to_string());
                return Ok(Round::Fault);
            }
        }
        self.health.works(SENDING, Duration::MAX);
        Ok(Round::Done)
    }

    async fn look(
        &self,
        watch: &mut Watch<'_>,
        figures: &Figures,
        troubles: &mut Troubles,
    ) -> Result<Option<Seen>> {
        let look = watch.look().await?;
        match watch.standing {
            Ok(()) => self.health.works(&self.part(), SILENCE),
            Err(trouble) => {
                warn!(market = %self.market, %trouble, "what was seen may be of the past");
                self.health.fails(&self.part(), trouble.to_string());
            }
        }
        let whole = matches!(look, Look::State(..));
        figures.looked(whole);
        let Look::State(state, now) = look else {
            return Ok(None);
        };
        let payer = self.key.pubkey();
        let keeper = Keeper {
            payer,
            reward_seat: reward_seat(&state, &payer).filter(|_| self.earns_reward),
            pace: self.pace,
        };
        let instant = Instant::now();
        let rests = |step: &Step| troubles.rests(step, instant);
        let decision = decide(&state, &watch.addresses, keeper, now.unix_timestamp, rests);
        watch.due = decision.next_due;
        troubles.keep_only(&decision.due);
        figures.found(
            &state,
            now.unix_timestamp,
            troubles.count(),
            keeper.reward_seat,
        );
        Ok(Some(Seen {
            state,
            now,
            keeper,
            decision,
        }))
    }

    /// Sends a batch; if it fails, what can be tried in its place.
    async fn take(
        &self,
        watch: &Watch<'_>,
        seen: &Seen,
        batch: &StepBatch,
        troubles: &mut Troubles,
        figures: &mut Figures,
    ) -> Result<(), Halt> {
        let Keeper {
            payer, reward_seat, ..
        } = seen.keeper;
        let mut left = vec![batch.clone()];
        while let Some(batch) = left.pop() {
            let outgoing = Outgoing {
                instructions: &batch.instructions,
                payer: self.key,
                signers: &[],
            };
            let (sent, fee) = self.send(outgoing).await?;
            let error = match sent {
                Ok(landed) => {
                    figures.sent("landed", landed.fee);
                    figures.took(&batch.steps);
                    info!(market = %self.market, steps = ?batch.steps, fee = landed.fee,
                        signature = %landed.signature, "landed");
                    let now = Instant::now();
                    // The same step may be there several times.
                    for step in batch.steps.iter().copied().collect::<BTreeSet<Step>>() {
                        if let Some(rest) = troubles.taken(step, now) {
                            warn!(market = %self.market, ?step, rests = ?rest,
                                "taken again and again, and still due");
                        }
                    }
                    continue;
                }
                Err(error) => error,
            };
            let paid = match error {
                SendError::Failed { .. } => fee,
                _ => 0,
            };
            figures.sent(outcome(&error), paid);
            if error.is_of_wallet() {
                warn!(market = %self.market, steps = ?batch.steps, %error, "the wallet can't pay");
                return Err(Halt::Wallet(payer));
            }
            if error.error().is_none() {
                // The next look tells whether it is still due.
                warn!(market = %self.market, steps = ?batch.steps, %error, "not confirmed");
                if matches!(error, SendError::Expired { .. }) {
                    self.note_lost(&batch, troubles);
                }
                return Err(Halt::Unconfirmed);
            }
            let too_much = error.computed_too_much();
            let instead = retries(
                &batch,
                &seen.state,
                &watch.addresses,
                &payer,
                reward_seat,
                too_much,
            );
            if let ([step], true) = (&batch.steps[..], instead.is_empty()) {
                let now = Instant::now();
                // The same step may be there several times.
                if !troubles.rests(step, now) {
                    let rest = troubles.failed(*step, now);
                    warn!(market = %self.market, ?step, %error, rests = ?rest, "failed");
                }
            }
            left.extend(instead.into_iter().rev());
        }
        Ok(())
    }

    /// What became of a transaction, and its fee, lamports; 0 of one that was not signed.
    async fn send(&self, outgoing: Outgoing<'_>) -> Result<(Result<Landed, SendError>, u64), Halt> {
        let signed = match self.cluster.sign(outgoing, &[]).await {
            Ok(signed) => signed,
            Err(error) => return Ok((Err(error), 0)),
        };
        // Whatever is said to have become of it: what is paid for it, nobody but the chain knows.
        self.take_fee(signed.fee)?;
        Ok((self.cluster.send_signed(&signed).await, signed.fee))
    }

    fn take_fee(&self, fee: u64) -> Result<(), FeesUsedUp> {
        let mut fees = self.fees.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = fees.take(fee, Instant::now().into_std());
        taken.inspect_err(|used_up| warn!(market = %self.market, "{used_up}"))
    }

    /// That no block takes a transaction happens; it is untrue where an endpoint says so again and again.
    fn note_lost(&self, batch: &StepBatch, troubles: &mut Troubles) {
        let now = Instant::now();
        for step in batch.steps.iter().copied().collect::<BTreeSet<Step>>() {
            if let Some(rest) = troubles.taken(step, now) {
                warn!(market = %self.market, ?step, rests = ?rest, "lost again and again");
            }
        }
    }

    fn complain(&self, error: &anyhow::Error) {
        warn!(market = %self.market, error = format!("{error:#}"), "could not look");
        self.health.fails(&self.part(), format!("{error:#}"));
    }

    fn part(&self) -> String {
        format!("market {}", self.market)
    }

    async fn rest(&self, length: Duration) {
        tokio::select! {
            () = sleep(length) => {}
            () = self.stop.cancelled() => {}
        }
    }
}

/// The open seat of a wallet.
fn reward_seat(state: &MarketState, wallet: &Address) -> Option<u16> {
    let seats = (0u16..).zip(&state.ledger.seats);
    let mut own = seats.filter(|(_, seat)| {
        seat.owner.0 == wallet.to_bytes() && seat.status == SeatStatus::Open as u8
    });
    own.next().map(|(index, _)| index)
}

fn outcome(error: &SendError) -> &'static str {
    match error {
        SendError::Refused { .. } => "refused",
        SendError::Failed { .. } => "failed",
        SendError::Expired { .. } => "expired",
        SendError::Unknown { .. } | SendError::Waiting { .. } => "unknown",
        _ => "unsent",
    }
}
